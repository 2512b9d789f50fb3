"""References that reference managers take."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pybtex.database import parse_string

from proverka.citation import Chapter, Work, as_bibtex, as_csl, as_text, load_work
from proverka.problems import Problems

WORK = Work("On Mills & Rivers", (("Müller", "Anna"), ("The 100% Club",)), "1.2", date(2026, 3, 5))
CHAPTER = Chapter("mills-mill", "The mill: 50 % {of} it_all", WORK, "https://mills.example/a_b/mill.html")
CFF = """\
cff-version: 1.2.0
title: "On Mills"
abstract: >-
  Two
  lines.
authors:
  - family-names: Müller
    given-names: Anna
  - name: The Club
version: 1.2
date-released: 2026-03-05
"""


def loaded(root: Path, text: str) -> tuple[Work | None, list[str]]:
    (root / "CITATION.cff").write_text(text, encoding="utf-8")
    problems = Problems()
    work = load_work(root, problems)
    return work, [f"{each.place}: {each.message}" for each in problems.in_order()]


def test_a_file_for_citation_is_read(tmp_path: Path) -> None:
    work = Work("On Mills", (("Müller", "Anna"), ("The Club",)), "1.2", date(2026, 3, 5))
    assert loaded(tmp_path, CFF) == (work, [])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2026-03-05", "in spring", "CITATION.cff:11: “in spring” is not a date"),
        ("version: 1.2\n", "", "CITATION.cff:1: field “version” is missing"),
        ("  - name: The Club\n", "  - The Club\n", "CITATION.cff:9: an entry should be a mapping of fields"),
    ],
)
def test_what_is_wrong_in_it_is_told_with_its_line(old: str, new: str, problem: str, tmp_path: Path) -> None:
    assert loaded(tmp_path, CFF.replace(old, new)) == (None, [problem])


def test_without_the_file_there_is_nothing_to_cite(tmp_path: Path) -> None:
    assert load_work(tmp_path, Problems()) is None


def test_the_line_names_everything_once() -> None:
    assert as_text(CHAPTER) == (
        "Anna Müller and The 100% Club, “The mill: 50 % {of} it_all”, in On Mills & Rivers, version 1.2, "
        "5 March 2026, https://mills.example/a_b/mill.html."
    )


def test_bibtex_is_read_as_it_was_meant() -> None:
    entry = parse_string(as_bibtex(CHAPTER), "bibtex").entries["mills-mill"]
    assert entry.type == "incollection"
    assert [each.last_names for each in entry.persons["author"]] == [["Müller"], [r"{The 100\% Club}"]]
    assert entry.persons["author"][0].first_names == ["Anna"]
    assert entry.fields["title"] == r"{The mill: 50 \% \{of\} it\_all}"
    assert entry.fields["booktitle"] == r"{On Mills \& Rivers}"
    assert entry.fields["year"] == "2026"
    assert entry.fields["url"] == "https://mills.example/a_b/mill.html"


def test_csl_holds_the_day_and_both_kinds_of_names() -> None:
    (item,) = json.loads(as_csl(CHAPTER))
    assert item["type"] == "chapter"
    assert item["author"] == [{"family": "Müller", "given": "Anna"}, {"literal": "The 100% Club"}]
    assert item["issued"] == {"date-parts": [[2026, 3, 5]]}
    assert item["URL"] == CHAPTER.address


def test_an_address_that_is_not_known_is_left_out() -> None:
    nowhere = Chapter("mills-mill", "The mill", WORK)
    assert "url" not in as_bibtex(nowhere)
    assert "URL" not in json.loads(as_csl(nowhere))[0]
    assert as_text(nowhere).endswith("5 March 2026.")
