"""Notebooks run in a real kernel: a good one passes, and what is wrong with others is told exactly."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from proverka import validate
from proverka.cli import main
from proverka.model import (
    Choice,
    Choices,
    Distractor,
    Foreseen,
    Item,
    Match,
    Number,
    Option,
    Order,
    Outcome,
    Pair,
    Place,
    Question,
    Text,
)
from proverka.problems import Problems
from proverka.render.notebook import render_notebook
from proverka.validate import QuizNotebook, validate_notebooks

CASES = Path(__file__).parent.parent / "problems"


def common(name: str, line: int, **other: Any) -> dict[str, Any]:
    fields = {"outcome": "lo-alpha", "claims": (), "level": "recall", "stem": "What’s 'it'?", "explain": "So it is."}
    return {"id": f"q-{name}", "place": Place("quizzes/bank/alpha.yml", line), **fields, **other}


CHOICE = Choice(**common("choice", 1), options=(Option("a", "A", correct=True), Option("b", "B", why="No.")))
QUESTIONS: tuple[Question, ...] = (
    CHOICE,
    Choices(
        **common("choices", 10, points=3),
        options=(Option("a", "A", correct=True), Option("b", "B", correct=True), Option("c", "C", why="No.")),
    ),
    Number(**common("number", 20), low=0.1, high=0.3, wrong=(Foreseen("1", "No."),)),
    Text(**common("text", 30), accept=("L'\"\\été\n", "b"), wrong=(Foreseen("c", "No."),)),
    Order(**common("order", 40), items=(Item("x", "X"), Item("y", "Y"), Item("z", "Z"))),
    Match(**common("match", 50), pairs=(Pair("m", "M", "1"), Pair("n", "N", "2")), distractors=(Distractor("o", "3"),)),
)
#: The bank after somebody changed the key.
CHANGED = Choice(**common("choice", 1), options=(Option("a", "A", why="No."), Option("b", "B", correct=True)))

#: Notebooks with one more cell before the last, and what is told of each, if anything.
CELLS = {
    "leaves-a-name": (
        "assert 'left' not in globals()\nleft = True",
        "",
    ),
    "fails": (
        "1 / 0",
        "1: the cell “1 / 0” fails: ZeroDivisionError: division by zero [notebook-failed]",
    ),
    "fails-though-tagged": (
        "raise ValueError('''a\nb''')",
        "1: the cell “raise ValueError('''a b''')” fails: ValueError: a b [notebook-failed]",
    ),
    "writes-to-stderr": (
        "import sys\nprint('low water', file=sys.stderr)",
        (
            "1: the cell “import sys print('low water', file=sys.stderr)” writes to standard error: “low water” "
            "[notebook-failed]"
        ),
    ),
    "misspells-an-id": (
        "quiz.ask('q-chioce')",
        (
            "1: the cell “quiz.ask('q-chioce')” fails: UnknownQuestionError: there is no question “q-chioce” in "
            "this quiz; did you mean q-choice? [notebook-failed]"
        ),
    ),
    "gives-points": (
        "quiz.answer('q-choice', 'a')",
        "bank 1: question q-choice gives 1 of 1 without an answer [notebook-score]",
    ),
    "gives-points-for-anything": (
        "quiz.score_of = lambda question, answer: type('Score', (), {'points': 1.0, 'of': 1.0})",
        "bank 1: question q-choice gives 1 of 1 for the wrong answer “b” [notebook-score]",
    ),
    "breaks-a-question": (
        "quiz.questions['q-choice'] = None\nquiz.ask('q-choice')",
        (
            "1: the cell “quiz.questions['q-choice'] = None quiz.ask('q-choice')” fails: AttributeError: "
            "'NoneType' object has no attribute 'id' [notebook-failed]"
        ),
    ),
    "takes-too-long": (
        "import time\ntime.sleep(60)",
        "1: the cell “import time time.sleep(60)” runs longer than 4 seconds [notebook-failed]",
    ),
    "ends-the-kernel": (
        "import os\nos._exit(1)",
        "1: the cell “import os os._exit(1)” ends the kernel [notebook-failed]",
    ),
}
#: Files as they are, the questions of the bank, and what is told.
FILES: dict[str, tuple[str | None, tuple[Question, ...], tuple[str, ...]]] = {
    "good": (None, QUESTIONS, ()),
    "changed": (
        None,
        (CHANGED, *QUESTIONS[1:]),
        (
            "bank 1: question q-choice gives 0 of 1 for its key [notebook-score]",
            "bank 1: question q-choice gives 1 of 1 for the wrong answer “a” [notebook-score]",
        ),
    ),
    "fewer": (
        None,
        QUESTIONS[:-1],
        ("1: question q-match is in the notebook alone [notebook-stale]",),
    ),
    "more": (
        None,
        (*QUESTIONS, Choice(**common("new", 60), options=CHOICE.options)),
        ("1: question q-new is in the bank alone [notebook-stale]",),
    ),
    "broken": (
        "{",
        QUESTIONS,
        ("1: not a notebook: Notebook does not appear to be JSON: '{' [notebook-failed]",),
    ),
    "list": ("[]", QUESTIONS, ("1: not a notebook: 'list' object has no attribute 'get' [notebook-failed]",)),
}


def notebook(*questions: Question) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        render_notebook("alpha", "Alpha", questions, [Outcome("lo-alpha", "Tell.")], {}, {})
    )
    return data


def with_cell(data: dict[str, Any], source: str) -> dict[str, Any]:
    extra = {
        "cell_type": "code",
        "id": "extra",
        "metadata": {"tags": ["raises-exception"]},
        "outputs": [],
        "execution_count": None,
        "source": source,
    }
    data["cells"].insert(-1, extra)
    return data


def one_line_each(problems: Problems) -> tuple[str, ...]:
    """The messages without the names of files and packages; “bank” stands for the bank’s file."""
    found = []
    for each in problems.in_order():
        place, rest = str(each).splitlines()[0].split(": ", 1)
        file, line = place.rsplit(":", 1)
        rest = rest.split(", in ", 1)[0] + " [" + rest.rsplit(" [", 1)[1] if ", in " in rest else rest
        rest = rest.replace("[proverka.", "[")
        found.append(f"{'bank ' if file.endswith('.yml') else ''}{line}: {rest}")
    return tuple(found)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, ...]]:
    """What is told of every notebook, from one kernel that runs them all."""
    folder = tmp_path_factory.mktemp("notebooks")
    notebooks = []

    def add(name: str, text: str | None, questions: tuple[Question, ...]) -> None:
        path = folder / f"{name}.ipynb"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        notebooks.append(QuizNotebook(path, path.name, questions))

    for name, (text, questions, _) in FILES.items():
        add(name, json.dumps(notebook(*QUESTIONS)) if text is None else text, questions)
    for name, (source, _) in CELLS.items():
        add(name, json.dumps(with_cell(notebook(CHOICE), source)), (CHOICE,))
    unnamed = notebook(CHOICE)
    unnamed["cells"][1]["source"] = "pass"
    add("unnamed", json.dumps(unnamed), (CHOICE,))
    results = notebook(CHOICE)
    results["cells"].pop()
    add("no-results", json.dumps(results), (CHOICE,))
    add("missing", None, (CHOICE,))
    add("good-again", json.dumps(notebook(*QUESTIONS)), QUESTIONS)

    found: dict[str, tuple[str, ...]] = {}
    problems = validate_notebooks(
        notebooks, jobs=1, timeout=4, done=lambda each, its, _: found.update({each.path.stem: one_line_each(its)})
    )
    assert len(problems) == sum(map(len, found.values()))
    assert list(found) == [each.path.stem for each in notebooks]
    return found


def test_a_good_notebook_passes(told: dict[str, tuple[str, ...]]) -> None:
    assert told["good"] == ()


def test_a_good_notebook_passes_in_a_kernel_that_ran_bad_ones(told: dict[str, tuple[str, ...]]) -> None:
    assert told["good-again"] == ()


@pytest.mark.parametrize("name", FILES)
def test_a_notebook_that_is_not_what_the_bank_gives_is_told_exactly(
    told: dict[str, tuple[str, ...]], name: str
) -> None:
    assert told[name] == FILES[name][2]


@pytest.mark.parametrize("name", CELLS)
def test_what_a_cell_does_wrong_is_told_exactly(told: dict[str, tuple[str, ...]], name: str) -> None:
    assert "\n".join(told[name]) == CELLS[name][1]


def test_names_of_one_notebook_do_not_serve_the_next(told: dict[str, tuple[str, ...]]) -> None:
    """What fails is a cell that asks, so the message stands at the question in the bank."""
    assert told["unnamed"] == (
        "bank 1: the cell “quiz.ask(\"q-choice\")” fails: NameError: name 'quiz' is not defined [notebook-failed]",
    )


def test_a_notebook_without_results_is_told(told: dict[str, tuple[str, ...]]) -> None:
    assert told["no-results"] == ("1: the notebook shows no results [notebook-failed]",)


def test_a_notebook_that_is_not_there_is_told(told: dict[str, tuple[str, ...]]) -> None:
    assert told["missing"] == ("1: the notebook does not exist [notebook-stale]",)


# The command


def write_project(folder: Path, *extra: str) -> Path:
    """A project whose notebook has further cells."""
    project = CASES / "notebook-stale" / "missing"
    for path in project.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(project)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert CliRunner().invoke(main, ["--project", str(folder), "notebooks"]).exit_code == 0
    path = folder / "quizzes" / "mill.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    for source in extra:
        with_cell(data, source)
    path.write_text(json.dumps(data), encoding="utf-8")
    return folder


def test_a_clean_run_writes_nothing_but_progress(tmp_path: Path) -> None:
    """In a process of its own: what the kernel’s process says at its start stays out of sight."""
    write_project(tmp_path)
    before = (tmp_path / "quizzes" / "mill.ipynb").read_bytes()
    run = subprocess.run(
        [sys.executable, "-m", "proverka", "validate", "--jobs", "3"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (0, "")
    first, last = run.stderr.splitlines()
    assert first.startswith("quizzes/mill.ipynb: ok (")
    assert last == "1 notebook, 2 questions: no problems"
    assert (tmp_path / "quizzes" / "mill.ipynb").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_the_kernel_too(tmp_path: Path) -> None:
    started = tmp_path / "started"
    write_project(
        tmp_path,
        f"import os, pathlib, time\npathlib.Path({str(started)!r}).write_text(str(os.getpid()) + ' ')\ntime.sleep(60)",
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "proverka", "validate"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end and not (started.exists() and started.read_text().endswith(" ")):
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    finally:
        run.kill()
    assert (run.returncode, out, err) == (130, "", "stopped\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


@pytest.mark.parametrize("missing", ["nbclient", "ipykernel"])
def test_without_the_extra_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    module = importlib.import_module("proverka.cli.validate")
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == missing else object())
    result = CliRunner().invoke(main, ["--project", str(tmp_path), "validate"])
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f'Error: {missing} cannot be found; run: pip install "proverka[book]"'
    assert result.stdout == ""


def test_a_kernel_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise validate.KernelError("no space left")

    monkeypatch.setattr(validate, "validate_notebooks", fail)
    result = CliRunner().invoke(main, ["--project", str(write_project(tmp_path)), "validate"])
    assert result.exit_code == 1
    assert result.stderr == "Error: no kernel can be started: no space left\n"


def test_nothing_to_run_is_no_error(tmp_path: Path) -> None:
    for name in ("book/ledger", "quizzes/bank"):
        (tmp_path / name).mkdir(parents=True)
    result = CliRunner().invoke(main, ["--project", str(tmp_path), "validate"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no notebooks, no questions: no problems\n")
