"""Notebooks made from the bank, and the command that writes them."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from proverka.cli import main
from proverka.jupyter import Quiz
from proverka.model import Choice, Claim, Foreseen, Number, Option, Outcome, Question, Source, Status, Text
from proverka.render.notebook import quiz_json, render_notebook

PROBLEMS = Path(__file__).parent.parent / "problems"

BIB = """
@book{chronicle, title = {Chronicle}, year = {1979}}
@book{diary, title = {Diary}, year = {1980}}
"""
LEDGER = """
- id: c-mill-built
  says: The mill was built in 1889.
  values: {year: 1889}
  status: confirmed
  sources: [{key: chronicle, at: p. 3}, {key: diary, at: p. 1}]
"""
NUMBER = """
- id: q-%(stem)s-built-%(name)s
  type: number
  outcome: %(outcome)s
  claims: [c-mill-built]
  level: recall
  stem: When was the mill built?
  answer: {claim: c-mill-built, value: year}
  explain: The chronicle gives the year.
"""


def question(stem: str, name: str, outcome: str) -> str:
    return NUMBER % {"stem": stem, "name": name, "outcome": outcome}


def chapter(stem: str, *outcomes: str) -> str:
    lines = "\n".join(f"{each}: Explain {each}." for each in outcomes)
    return f"# The *{stem}*\n\n```{{outcomes}}\n{lines}\n```\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two chapters with questions, one without, and a bank whose chapter is not in the book."""
    files = {
        "pyproject.toml": "[tool.proverka]\n",
        "_toc.yml": "root: book/index\nchapters:\n  - file: book/mill\n  - file: book/barn\n",
        "book/references.bib": BIB,
        "book/ledger/mill.yml": LEDGER,
        "book/index.md": "# Index\n",
        "book/mill.md": chapter("mill", "lo-mill-age", "lo-mill-use"),
        "book/barn.md": chapter("barn", "lo-barn-age"),
        "book/loft.md": chapter("loft", "lo-loft-age"),
        "quizzes/bank/mill.yml": question("mill", "one", "lo-mill-use") + question("mill", "two", "lo-mill-age"),
        "quizzes/bank/barn.yml": question("barn", "one", "lo-mill-age") + question("barn", "two", "lo-barn-age"),
        "quizzes/bank/loft.yml": question("loft", "one", "lo-loft-age"),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def proverka(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(project), *arguments], catch_exceptions=False)


# Rendering


def option_question(name: str, outcome: str, text: str = "Text") -> Choice:
    return Choice(
        id=f"q-{name}",
        outcome=outcome,
        claims=("c-one", "c-unknown"),
        level="recall",
        stem=text,
        explain=text,
        options=(Option("a", text, correct=True), Option("b", "B", why=text)),
    )


QUESTIONS = [option_question("first", "lo-b"), option_question("second", "lo-a"), option_question("third", "lo-b")]
OUTCOMES = [Outcome("lo-a", "Tell *A*."), Outcome("lo-b", "Tell <b>."), Outcome("lo-c", "Tell C.")]
CLAIMS = {"c-one": Claim("c-one", "One isn’t 'two'.", Status.SINGLE_SOURCE, ())}
SOURCES: dict[str, Source] = {}


def rendered(questions: list[Any] = QUESTIONS, title: str = "A *title*") -> str:
    return render_notebook("alpha", title, questions, OUTCOMES, CLAIMS, SOURCES)


def quiz_in(text: str) -> Quiz:
    """The quiz that a notebook’s set-up cell makes."""
    names: dict[str, Any] = {}
    exec(cell(text, "setup").source, names)
    assert isinstance(names["quiz"], Quiz)
    return names["quiz"]


def cell(text: str, name: str) -> Any:
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return next(each for each in notebook.cells if each.id == name)


def test_a_notebook_is_valid_and_as_nbformat_would_write_it() -> None:
    text = rendered()
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(notebook)
    assert nbformat.writes(notebook) + "\n" == text  # type: ignore[no-untyped-call]
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info.name == "python"


def test_questions_stand_under_their_outcomes_in_the_order_of_the_chapter() -> None:
    cells = json.loads(rendered())["cells"]
    assert [(each["cell_type"], each["id"]) for each in cells] == [
        ("markdown", "title"),
        ("code", "setup"),
        ("markdown", "lo-a"),
        ("code", "q-second"),
        ("markdown", "lo-b"),
        ("code", "q-first"),
        ("code", "q-third"),
        ("code", "results"),
    ]
    assert cells[2]["source"] == ["## Tell *A*."]
    assert cells[4]["source"] == ["## Tell \\<b>."]
    assert cells[3]["source"] == ['quiz.ask("q-second")']
    assert cells[7]["source"] == ["quiz.results()"]
    assert all(each.get("outputs", []) == [] for each in cells)


def test_what_readers_of_the_page_need_not_see_is_tagged() -> None:
    text = rendered()
    assert cell(text, "setup").metadata == {"jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}
    assert cell(text, "q-first").metadata == {"tags": ["remove-input"]}
    assert cell(text, "results").metadata == {"tags": ["remove-cell"]}


def test_the_first_cell_says_what_it_is_and_how_it_is_used() -> None:
    source = cell(rendered(title="{ru}`Сталкер` <i>,\n *again*"), "title").source
    assert source.splitlines()[0] == "# Quiz: Сталкер \\<i>, *again*"
    assert "carries its key" in source
    assert "pip install proverka" in source
    assert "quiz.answer(" in source
    assert source.splitlines()[-3:] == ["- Tell *A*.", "- Tell \\<b>.", "- Tell C."]


def test_a_long_id_makes_a_valid_cell_id_of_its_own() -> None:
    names = ["long-" * 14 + "one", "long-" * 14 + "two"]
    cells = json.loads(rendered([option_question(each, "lo-a") for each in names]))["cells"]
    ids = [each["id"] for each in cells if each["source"][0].startswith("quiz.ask")]
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each) for each in ids)


def test_the_notebook_carries_the_questions_their_outcomes_and_their_evidence() -> None:
    quiz = quiz_in(rendered())
    assert list(quiz.questions.values()) == QUESTIONS
    assert quiz.fingerprints == {each.id: each.fingerprint for each in QUESTIONS}
    assert quiz.outcomes == {"lo-a": "Tell *A*.", "lo-b": "Tell <b>.", "lo-c": "Tell C."}
    assert (quiz.stem, quiz.title) == ("alpha", "A *title*")
    assert list(quiz.evidence) == ["c-one"]
    assert (quiz.evidence["c-one"].says, quiz.evidence["c-one"].status) == ("One isn’t 'two'.", "one source")


def test_each_question_has_a_line_of_its_own() -> None:
    lines = quiz_json("alpha", "Title", QUESTIONS, OUTCOMES, CLAIMS, SOURCES).splitlines()
    assert [json.loads(each.rstrip(","))["id"] for each in lines if each.startswith('{"id"')] == [
        "q-first",
        "q-second",
        "q-third",
    ]


ANY = st.text(st.characters(exclude_categories=["Cs"]))


@given(ANY, ANY)
@example("'''", "\\")
@example("''' + boom() + r'''", "\\'''")
@example("\\u0027 \\n \\", '"')
@example("%reset -f\n!ls\n?x\n>>> 1\nIn [1]: 2", "\r\n\x0b\x0c\x1c\x85\u2028%pwd\u2029!ls\x00")
def test_any_text_survives_the_set_up_cell(first: str, second: str) -> None:
    questions: list[Question] = [
        option_question("option", "lo-a", first),
        Text(
            id="q-text",
            outcome="lo-a",
            claims=(),
            level="recall",
            stem=second,
            explain=first,
            accept=(second, first),
            wrong=(Foreseen(first, second),),
        ),
        Number(
            id="q-number",
            outcome="lo-b",
            claims=(),
            level="recall",
            stem=first,
            explain="E",
            low=0,
            high=0.1,
            unit=second,
        ),
    ]
    claims = {"c-one": Claim("c-one", first, Status.DISPUTED, ())}
    text = render_notebook("alpha", second, questions, [Outcome("lo-a", first), Outcome("lo-b", "B")], claims, SOURCES)
    quiz = quiz_in(text)
    assert list(quiz.questions.values()) == questions
    assert quiz.evidence["c-one"].says == first
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert nbformat.writes(notebook) + "\n" == text  # type: ignore[no-untyped-call]


@given(ANY)
@example("a\n%reset -f\n!ls\n?x\n>>> 1\nIn [1]: 2\n\x85!ls\u2028%pwd\u2029?x")
def test_ipython_takes_the_set_up_cell_as_it_is(text: str) -> None:
    transform = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager().transform_cell
    source = cell(rendered([option_question("one", "lo-a", text)], title=text), "setup").source
    assert transform(source).rstrip("\n") == source.rstrip("\n")


# The command


def test_a_notebook_is_written_for_each_chapter_that_has_questions(project: Path) -> None:
    result = proverka(project, "notebooks")
    assert result.exit_code == 0
    assert result.stdout == "wrote quizzes/mill.ipynb\nwrote quizzes/barn.ipynb\n"
    assert result.stderr == "2 notebooks: 2 written, 0 unchanged\n"
    assert sorted(each.name for each in (project / "quizzes").iterdir()) == ["bank", "barn.ipynb", "mill.ipynb"]
    quiz = quiz_in((project / "quizzes/mill.ipynb").read_text(encoding="utf-8"))
    assert quiz.title == "The *mill*"
    assert quiz.evidence["c-mill-built"].sources == "Chronicle, 1979; Diary, 1980"


def test_an_outcome_of_another_chapter_comes_last(project: Path) -> None:
    proverka(project, "notebooks", "barn")
    cells = json.loads((project / "quizzes/barn.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [each["id"] for each in cells if each["id"].startswith("lo-")] == ["lo-barn-age", "lo-mill-age"]


def test_an_unchanged_notebook_is_left_alone(project: Path) -> None:
    proverka(project, "notebooks")
    paths = [project / "quizzes/mill.ipynb", project / "quizzes/barn.ipynb"]
    before = [each.stat() for each in paths]
    result = proverka(project, "notebooks")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "2 notebooks: 0 written, 2 unchanged\n"
    assert [(each.stat().st_mtime_ns, each.stat().st_ino) for each in paths] == [
        (each.st_mtime_ns, each.st_ino) for each in before
    ]


def test_only_the_notebooks_named_are_written_and_none_is_removed(project: Path) -> None:
    (project / "quizzes/old.ipynb").write_text("{}")
    assert proverka(project, "notebooks", "barn").stdout == "wrote quizzes/barn.ipynb\n"
    assert not (project / "quizzes/mill.ipynb").exists()
    assert (project / "quizzes/old.ipynb").read_text() == "{}"


def test_check_reports_what_is_missing_or_stale_and_writes_nothing(project: Path) -> None:
    proverka(project, "notebooks", "mill")
    assert proverka(project, "notebooks", "--check", "mill").exit_code == 0
    bank = project / "quizzes/bank/mill.yml"
    bank.write_text(bank.read_text().replace("gives the year", "gives it"))
    before = (project / "quizzes/mill.ipynb").read_bytes()
    result = proverka(project, "notebooks", "--check")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if "hint" not in line] == [
        "quizzes/barn.ipynb:1: the notebook does not exist [proverka.notebook-stale]",
        "quizzes/mill.ipynb:1: the notebook is not what the bank gives [proverka.notebook-stale]",
    ]
    assert (project / "quizzes/mill.ipynb").read_bytes() == before
    assert not (project / "quizzes/barn.ipynb").exists()


@pytest.mark.parametrize("command", ["notebooks", "validate"])
@pytest.mark.parametrize(
    ("stem", "told"),
    [("mil", "there is no quiz “mil”; did you mean mill?"), ("loft", "there is no quiz “loft”; there are: mill, barn")],
)
def test_a_stem_without_a_quiz_is_wrong_usage(project: Path, command: str, stem: str, told: str) -> None:
    result = proverka(project, command, "barn", stem)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (project / "quizzes/barn.ipynb").exists()


@pytest.mark.parametrize("command", [["notebooks"], ["notebooks", "--check"], ["validate"]])
@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("quizzes/bank/barn.yml", "level: recall", "level: recal", "field-type"),
        ("quizzes/bank/barn.yml", "lo-mill-age", "lo-mill-aeg", "outcome-unknown"),
        ("book/ledger/mill.yml", "key: diary", "key: dairy", "source-unknown"),
        ("book/references.bib", "@book{diary,", "@book{", "bib"),
        ("pyproject.toml", "[tool.proverka]", "[tool.proverka]\nbnak = 'x'", "field-unknown"),
    ],
)
def test_with_errors_in_the_bank_or_the_ledger_nothing_is_done(
    project: Path, command: list[str], file: str, old: str, new: str, code: str
) -> None:
    path = project / file
    path.write_text(path.read_text().replace(old, new))
    result = proverka(project, *command, "mill")
    assert result.exit_code == 1
    assert f"[proverka.{code}]" in result.stdout
    assert "nothing was done" in result.stderr
    assert not (project / "quizzes/mill.ipynb").exists()


def test_an_error_in_a_chapter_alone_does_not_stop_the_notebooks(project: Path) -> None:
    with (project / "book/mill.md").open("a") as file:
        file.write("\nIt was built in 1789.{claim}`c-mill-built`\n")
    assert "figure-unsupported" in proverka(project, "check").stdout
    assert proverka(project, "notebooks").exit_code == 0


def test_the_folder_of_the_notebooks_can_be_set(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.proverka]\nnotebooks = 'out/quizzes'\n")
    assert proverka(project, "notebooks", "mill").stdout == "wrote out/quizzes/mill.ipynb\n"
    assert (project / "out/quizzes/mill.ipynb").is_file()


def test_a_file_that_cannot_be_written_is_told_in_a_line(project: Path) -> None:
    (project / "quizzes/mill.ipynb").mkdir()
    result = proverka(project, "notebooks", "mill")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: cannot write \S*mill\.ipynb: Is a directory\n", result.stderr)
    assert sorted(each.name for each in (project / "quizzes").iterdir()) == ["bank", "mill.ipynb"]


def link_to_itself(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


@pytest.mark.parametrize("command", ["notebooks", "validate"])
@pytest.mark.parametrize(
    "name",
    [
        "pyproject.toml",
        "book/references.bib",
        "book/ledger",
        "book/ledger/mill.yml",
        "book/ledger/names.yml",
        "book/ledger/article.yml",
        "quizzes/bank",
        "quizzes/bank/mill.yml",
    ],
)
def test_a_link_that_leads_back_to_itself_is_refused(project: Path, name: str, command: str) -> None:
    link_to_itself(project / name)
    result = proverka(project, command)
    assert result.exit_code == 1
    assert re.search(rf"^{name}:1: .* \[proverka.file-missing\]$", result.stdout, re.MULTILINE)
    assert "nothing was done" in result.stderr
    assert list(project.glob("quizzes/*.ipynb")) == []


@pytest.mark.parametrize("name", ["_toc.yml", "book/loft.md"])
def test_such_a_link_elsewhere_is_no_hindrance(project: Path, name: str) -> None:
    link_to_itself(project / name)
    assert proverka(project, "notebooks", "mill").stdout == "wrote quizzes/mill.ipynb\n"


def test_a_notebook_is_not_written_over_such_a_link(project: Path) -> None:
    link_to_itself(project / "quizzes/mill.ipynb")
    result = proverka(project, "notebooks", "mill")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: cannot write \S*mill\.ipynb: Too many levels of symbolic links\n", result.stderr)
    assert (project / "quizzes/mill.ipynb").is_symlink()


# What the messages look like


@pytest.mark.parametrize(
    "case", sorted(PROBLEMS.glob("notebook-*/*")), ids=lambda each: f"{each.parent.name}/{each.name}"
)
def test_problems_are_told_as_expected(case: Path) -> None:
    arguments = (case / "command.txt").read_text(encoding="utf-8").split()
    result = proverka(case, *arguments)
    assert result.stdout == (case / "expected.txt").read_text(encoding="utf-8")
    assert result.exit_code == 1
