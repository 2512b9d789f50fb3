"""The book’s own rules: what every chapter has, and that nothing generated is stale."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from proverka.model import Status, Verdict
from proverka.problems import render_problems
from proverka.project import Project, check_project, load_project

ROOT = Path(__file__).parent.parent.parent
#: Pages that tell no story and ask no questions.
REFERENCE = {"index", "glossary", "evidence", "bibliography", "colophon", "progress", "timeline", "errata", "downloads"}


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(ROOT)


CHAPTERS = [stem for stem in load_project(ROOT).chapters if stem not in REFERENCE]


def text_of(stem: str) -> str:
    return (ROOT / "book" / f"{stem}.md").read_text(encoding="utf-8")


def test_the_book_has_no_problems(project: Project) -> None:
    problems = check_project(project).errors
    assert not problems, render_problems(problems)


def test_the_article_has_its_54_statements(project: Project) -> None:
    tally = Counter(each.verdict for each in project.ledger.statements.values())
    assert tally == {Verdict.SUPPORTED: 29, Verdict.MISLEADING: 10, Verdict.UNVERIFIABLE: 9, Verdict.FALSE: 6}


def test_the_ledger_holds_the_844_claims_of_the_first_edition_and_more(project: Project) -> None:
    assert len(project.ledger.claims) >= 844


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_chapter_has_a_bank_and_a_notebook_of_its_name(stem: str, project: Project) -> None:
    assert project.bank.chapters.get(stem)
    assert (ROOT / "quizzes" / f"{stem}.ipynb").is_file()
    assert f"- file: quizzes/{stem}\n" in (ROOT / "_toc.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_chapter_asks_each_of_its_questions_once(stem: str, project: Project) -> None:
    asked = [each for each, _ in project.chapters[stem].questions]
    assert len(asked) >= 10
    assert sorted(asked) == sorted(project.bank.chapters[stem])


@pytest.mark.parametrize("stem", CHAPTERS)
def test_no_more_than_a_third_of_a_bank_is_recall(stem: str, project: Project) -> None:
    questions = project.bank.of_chapter(stem)
    assert sum(question.level == "recall" for question in questions) <= len(questions) / 3


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_chapter_has_its_parts_in_order(stem: str) -> None:
    headings = re.findall(r"^## (.+)$", text_of(stem), re.MULTILINE)
    parts = ["What we do not know", "Summary", "Key terms", "Exercises", "Further reading", "Where next"]
    assert [each for each in headings if each in parts] == parts


@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_chapter_has_three_to_five_outcomes(stem: str, project: Project) -> None:
    assert 3 <= len(project.chapters[stem].outcomes) <= 5


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.md")), ids=lambda path: path.stem)
def test_a_page_has_one_title_no_skipped_level_and_a_description(path: Path) -> None:
    text = re.sub(r"^(```+|:::+).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    levels = [len(each) for each in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    description = re.search(r"^description: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert description
    assert len(description[1]) <= 160


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.md")), ids=lambda path: path.stem)
def test_figures_are_named_mentioned_described_and_captioned(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for figure in re.findall(r"^```\{figure\}.*?^```", text, re.MULTILINE | re.DOTALL):
        name = re.search(r"^:name: (fig-\S+)$", figure, re.MULTILINE)
        alt = re.search(r"^:alt: (.+)$", figure, re.MULTILINE)
        assert name
        assert re.search(rf"\{{(numref|ref)\}}`{name[1]}`", text)
        assert alt
        assert alt[1].endswith(".")
        assert len(alt[1].split()) < 45
        assert figure.split("\n\n", 1)[1].strip("`\n ")


@pytest.mark.parametrize("script", sorted((ROOT / "book/figures").glob("draw_*.py")), ids=lambda path: path.stem)
def test_a_drawing_is_what_its_script_draws(script: Path) -> None:
    ran = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{ran.stdout}{ran.stderr}\nrun: python {script.relative_to(ROOT)}"


def test_drawings_share_what_stands_in_drawing_and_nothing_else() -> None:
    """So that the script of a chapter can change without a thought for the others."""
    for script in (ROOT / "book/figures").glob("*.py"):
        taken = re.findall(r"^\s*(?:from|import) (draw\w+)", script.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(taken) <= {"drawing"}, script.name


@pytest.mark.parametrize("drawing", sorted((ROOT / "book/figures").rglob("*.svg")), ids=lambda path: path.stem)
def test_a_drawing_is_light_and_has_its_text_as_text(drawing: Path) -> None:
    svg = drawing.read_text(encoding="utf-8")
    assert len(svg) <= 40_000
    assert "viewBox=" in svg
    assert "<text" in svg
    assert "<script" not in svg
    assert not re.search(r'(?:href|src)="(?!#)', svg)


@pytest.mark.parametrize("table", sorted((ROOT / "book/data").glob("*.csv")), ids=lambda path: path.stem)
def test_tables_cite_claims_and_sources_that_exist(table: Path, project: Project) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for each in filter(None, (row.get("claims") or "").split(";")):
                assert each in project.ledger.claims
            for each in filter(None, (row.get("sources") or row.get("source_key") or "").split(";")):
                assert each.strip() in project.ledger.sources


@pytest.mark.parametrize("name", ["chronology", "scenes"])
def test_a_row_has_the_weakest_status_of_its_claims(name: str, project: Project) -> None:
    order = list(Status)
    with (ROOT / f"book/data/{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cited = [project.ledger.claims[each].status for each in row["claims"].split(";")]
            assert row["status"] == max(cited, key=order.index), row


def test_addresses_of_the_web_stand_in_the_bibliography_alone() -> None:
    """So that ``make links`` can ask whether each still leads somewhere."""
    kinds = {".md", ".yml", ".csv", ".ipynb", ".svg", ".css", ".py", ".geojson"}
    formats = r"www\.w3\.org/(2000/svg|1999/xlink)\b|www\.sitemaps\.org/schemas/"
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in sorted([*(ROOT / "book").rglob("*"), *(ROOT / "quizzes").rglob("*"), ROOT / "_toc.yml"])
        if path.suffix in kinds
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        # What is written like an address but only names a format is none.
        if re.search(rf"https?://(?!{formats})|\]\(//|<www\.", line)
    ]
    assert found == [], "move each to book/references.bib, and write {source}`key` where it stood"


def test_nothing_committed_names_a_package_index_or_a_folder_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".svg", ".png", ".woff2"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not re.search(r"--(extra-)?index-url|/simple/[a-z]|registry\.npmjs", text), name
        assert not re.search(r"(?<![\w.])/(home|root|work)/\w", text), name


@pytest.mark.parametrize("stem", CHAPTERS)
def test_key_terms_are_in_the_glossary_and_used_in_the_text(stem: str) -> None:
    """A term is found in the text by its link or, where it is defined, in bold."""
    glossary = text_of("glossary").split("```{glossary}")[1]
    headwords = {line.casefold() for line in glossary.splitlines() if line and not line.startswith((" ", "`"))}
    before, _, after = text_of(stem).partition("## Key terms\n")
    terms = re.findall(r"\{term\}`([^`<]+?)(?: <([^>`]+)>)?`", after.split("\n## ")[0])
    assert terms
    body = re.sub(r"\s+", " ", before).casefold()
    for shown, target in terms:
        assert (target or shown).casefold() in headwords
        assert (target or shown).casefold() in body or shown.casefold() in body, f"{shown} is not in the text"


FIGURES = [each for stem in CHAPTERS for each in re.findall(r"^```{figure} .*?^```", text_of(stem), re.M | re.S)]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.split("\n")[0][12:])
def test_a_figure_leads_to_its_data(figure: str) -> None:
    data = re.findall(r"{download}`[^`]*<((?:data|ledger)/[^>]*)>`", figure)
    assert data
    assert all((ROOT / "book" / each).is_file() for each in data)
