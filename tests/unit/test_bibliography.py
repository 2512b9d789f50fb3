from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proverka.ledger.bibliography import load_sources, parse_sources
from proverka.model import Source
from proverka.problems import Code, Problems

TWO = """\
% Works on the mill

@Book{chronicle,
  Author  = {Anna {van der} Berg and others},
  title   = "Chronicle of
             the parish",
  year    = 1890,
  url     = {https://example.org/a=b,c},
  date-added = {today},
}
Notes between entries, to anna@example.org.

@article {diary, title={Diary \\{of a miller\\}}, note = {A } # {B}}
  @misc{map,title={Map}}
"""


def parse(text: str) -> tuple[dict[str, Source], list[tuple[int, str]]]:
    problems = Problems()
    sources = parse_sources(text, "x.bib", problems)
    return sources, [(each.place.line, each.message) for each in problems.in_order()]


def test_entries_have_type_fields_and_the_line_that_they_begin_on() -> None:
    sources, problems = parse(TWO)
    chronicle = sources["chronicle"]
    assert (chronicle.type, chronicle.place.line) == ("book", 3)
    assert chronicle.fields == {
        "author": "Anna van der Berg and others",
        "title": "Chronicle of the parish",
        "year": "1890",
        "url": "https://example.org/a=b,c",
        "date-added": "today",
    }
    assert sources["map"].place.line == 14
    assert problems == [(13, "entry “diary” has a field that cannot be read")]


def test_comments_preambles_and_strings_are_passed_over() -> None:
    text = '@comment{x, title = {X}}\n@preamble{"x"}\n@string{a = {b}}\n@misc{y, title = {Y}}\n'
    sources, problems = parse(text)
    assert (list(sources), problems) == (["y"], [])


def test_escaped_braces_do_not_count() -> None:
    assert parse(r"@misc{x, title = {a \} b \{ c}}")[1] == []


def test_an_entry_left_open_ends_where_a_line_begins_the_next() -> None:
    text = "@misc{a, title = {A}\n\n@misc{b, title = {B}}\n\n@misc{c,\n  title = {C\n}\n@misc{d, title = {D}}\n"
    sources, problems = parse(text)
    assert problems == [(1, "entry “a” is never closed"), (5, "entry “c” is never closed")]
    assert [(key, each.place.line, each.fields["title"]) for key, each in sources.items()] == [
        ("a", 1, "a"),
        ("b", 3, "B"),
        ("c", 5, "c"),
        ("d", 8, "D"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@misc{, title = {A}}", "entry “@misc” has no key with a comma after it"),
        ("@misc{a}", "entry “@misc” has no key with a comma after it"),
        ("@misc{a, title {A}}", "entry “a” has a field that cannot be read"),
        ('@misc{a, title = "A}', "entry “a” has a field that cannot be read"),
        ("@misc{a, year = 1979}", "entry “a” has no title"),
        ("@misc{a, title = {}}", "entry “a” has no title"),
        ("@misc{a, title = {A}}@misc{a, title = {B}}", "source “a” stands already at x.bib:1"),
        ("@misc{", "entry “@misc{” is never closed"),
    ],
)
def test_a_broken_entry_is_noted_once_and_stays_citable(text: str, message: str) -> None:
    sources, problems = parse(text)
    assert problems == [(1, message)]
    assert all(each.fields["title"] and each.short for each in sources.values())


@pytest.mark.parametrize("text", ["", "% nothing yet\n", "title = {A}"])
def test_a_bibliography_without_entries_is_empty(text: str) -> None:
    problems = Problems()
    assert parse_sources(text, "x.bib", problems) == {}
    assert [each.code for each in problems] == [Code.EMPTY]
    assert problems.unread == {"x.bib"}


def test_windows_line_ends_count_once(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_bytes(TWO.replace("\n", "\r\n").encode())
    assert load_sources(tmp_path / "x.bib", "x.bib", Problems())["map"].place.line == 14


@pytest.mark.parametrize("text", ["@a{" * 100_000, "@a{}" * 50_000, "@a{b, t = {" * 50_000, "\n@a{b, t = {" * 20_000])
def test_long_nonsense_comes_to_an_end(text: str) -> None:
    """A scan to the end of the text for each entry would take hours."""
    parse(text)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.text('@{}=,"\\ \nabc#')))
def test_reading_sources_never_raises(text: str) -> None:
    sources, problems = parse(text)
    assert all(each.short for each in sources.values())
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in problems)
