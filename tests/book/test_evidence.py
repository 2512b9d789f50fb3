"""Every file of the ledger has its page of evidence, and the page its place in the contents."""

from __future__ import annotations

from pathlib import Path

import pytest

from proverka.project import load_project

ROOT = Path(__file__).parent.parent.parent
LEDGERS = [stem for stem, ids in load_project(ROOT).ledger.chapters.items() if ids]


@pytest.mark.parametrize("stem", LEDGERS)
def test_a_ledger_has_a_page_of_its_name(stem: str) -> None:
    text = (ROOT / f"book/evidence/{stem}.md").read_text(encoding="utf-8")
    assert text.startswith("---\ndescription: ")
    assert "\n# Evidence: " in text
    assert f"{{doc}}`../{stem}`" in text
    assert f"```{{evidence}} {stem}\n```" in text
    assert f"- file: book/evidence/{stem}\n" in (ROOT / "_toc.yml").read_text(encoding="utf-8")


def test_there_is_no_page_without_a_ledger() -> None:
    assert {path.stem for path in (ROOT / "book/evidence").glob("*.md")} == set(LEDGERS)
