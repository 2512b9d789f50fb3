"""The ledger over several pages, with an index that keeps old addresses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent.parent / "sourcedirs" / "basic"


def build(folder: Path, builder: str = "html") -> tuple[Path, str]:
    """Build a project; its output and what was warned of."""
    command = [sys.executable, "-m", "sphinx", "-qn", "-b", builder, str(folder), str(folder / "_build" / builder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return folder / "_build" / builder / "book", done.stderr


@pytest.fixture
def split(tmp_path: Path) -> Path:
    """The basic project with a page of evidence for each ledger."""
    folder = tmp_path / "split"
    shutil.copytree(SOURCES, folder)
    book = folder / "book"
    (book / "evidence.md").write_text(
        "# Evidence\n\n```{evidence-index}\n```\n\n```{toctree}\nevidence/alpha\nevidence/beta\n```\n", encoding="utf-8"
    )
    (book / "evidence").mkdir()
    for stem in ("alpha", "beta"):
        text = f"# Evidence: The {stem}\n\n```{{evidence}} {stem}\n```\n"
        (book / "evidence" / f"{stem}.md").write_text(text, encoding="utf-8")
    return folder


def test_each_page_has_the_claims_of_its_ledger_and_chapters_link_there(split: Path) -> None:
    book, warned = build(split)
    assert warned == ""
    alpha = (book / "evidence" / "alpha.html").read_text(encoding="utf-8")
    beta = (book / "evidence" / "beta.html").read_text(encoding="utf-8")
    assert '<li id="c-alpha-accepted">' in alpha
    assert "c-alpha-accepted" not in beta
    assert 'href="evidence/alpha.html#c-alpha-accepted"' in (book / "alpha.html").read_text(encoding="utf-8")


def test_the_index_counts_links_and_keeps_every_anchor(split: Path) -> None:
    index = (build(split)[0] / "evidence.html").read_text(encoding="utf-8")
    link = '<a class="reference internal" href="evidence/alpha.html#claims-of-alpha"><span>The alpha</span></a>'
    assert link in index
    entry = index.partition('<li id="c-alpha-accepted">')[2].partition("</li>")[0]
    assert 'href="evidence/alpha.html#c-alpha-accepted"' in entry
    assert index.count("<th") - 1 == index.partition("<tbody>")[2].partition("</tr>")[0].count("<td")


def test_the_rows_stand_as_the_pages_do_and_the_sum_last(split: Path) -> None:
    page = split / "book" / "evidence.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("evidence/alpha\nevidence/beta", "evidence/beta\nevidence/alpha"), encoding="utf-8")
    body = (build(split)[0] / "evidence.html").read_text(encoding="utf-8").partition("<tbody>")[2]
    assert body.index("The beta") < body.index("The alpha") < body.index(">All<")


def test_other_builders_leave_out_the_list_of_anchors(split: Path) -> None:
    text = (build(split, "text")[0] / "evidence.txt").read_text(encoding="utf-8")
    assert "The alpha" in text
    assert "c-alpha-accepted" not in text


def test_an_unknown_ledger_is_an_error_with_a_hint(split: Path) -> None:
    page = split / "book" / "evidence" / "alpha.md"
    page.write_text(page.read_text(encoding="utf-8").replace("{evidence} alpha", "{evidence} alhpa"), encoding="utf-8")
    warned = build(split)[1]
    assert "alpha.md:3: ERROR: the ledger has no file “alhpa”; did you mean alpha?" in warned
