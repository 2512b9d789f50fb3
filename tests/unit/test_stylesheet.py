"""The book’s stylesheet is trimmed to what pages use, and loses nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent.parent / "book" / "_extensions"))

from stylesheet import trimmed

USED = {"box", "wide", "note-card", "menu"}


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        ("p { color: red; }", "p{color:red}"),
        (".box > p, .gone p { margin: 0 }", ".box > p{margin:0}"),
        ("#menu .box { a: b } #elsewhere .box { a: b }", "#menu .box{a:b}"),
        ("p:not(.gone) { a: b }", "p:not(.gone){a:b}"),
        (":is(.gone, .box) p, :is(h1, h2) { a: b }", ":is(.gone, .box) p,:is(h1, h2){a:b}"),
        ("a[href$='.gone'] { a: b }", "a[href$='.gone']{a:b}"),
        ("@media print { .gone { a: b } .wide { a: b } }", "@media print{.wide{a:b}}"),
        ("@media print { .gone { a: b } }", ""),
        ("@media print { @supports (a: b) { .box { a: b } } }", "@media print{@supports (a: b){.box{a:b}}}"),
        ("@keyframes turn { to { rotate: 1turn } }", "@keyframes turn{to{rotate:1turn}}"),
        ("/* .gone { */ .box { a: b /* c */ }", ".box{a:b}"),
        ('.box::before { content: "; } /* no end */" }', '.box::before{content:"; } /* no end */"}'),
        ("p { background: url('data:image/svg+xml;a,<b c=\"d\"/>') red }", "p{background:none red}"),
        ("p { src: url(fonts/text.woff2) }", "p{src:url(fonts/text.woff2)}"),
    ],
)
def test_a_rule_stays_if_a_page_can_match_it(sheet: str, kept: str) -> None:
    assert trimmed(sheet, USED) == kept


def test_variables_stay_if_a_rule_that_stays_asks_for_them() -> None:
    sheet = (
        "body { --a: 1px; --b: var(--a); --c: 2px; --d: var(--c) } .box { margin: var(--b) } .gone { margin: var(--d) }"
    )
    assert trimmed(sheet, USED) == "body{--a:1px;--b:var(--a);}.box{margin:var(--b)}"
