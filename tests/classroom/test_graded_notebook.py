"""A graded notebook: what is in it, what it takes down, what it says, and what it keeps."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbclient import NotebookClient
from questions import QUESTIONS, SECRETS

from proverka.classroom.model import Policy, Student
from proverka.classroom.release import Release
from proverka.jupyter import Assignment, kept
from proverka.jupyter import assignment as runtime
from proverka.jupyter.errors import UnknownChoiceError, UnreadableAnswerError
from proverka.jupyter.front_end import WIDGET_TYPE
from proverka.jupyter.handed_in import read_handed_in
from proverka.jupyter.record import RESPONSE_TYPE
from proverka.jupyter.task_answers import line_to_type, taken_down
from proverka.model import JSON
from proverka.receipt import receipt_code
from proverka.render.assignment import Shown, render_assignment
from proverka.render.surface import Surface
from proverka.render.task_form import task_form
from proverka.task import Gap, Part, Task

NAME = "Ada <b>*Lovelace*</b> [x](y) $1$ `z`"
RELEASE = Release(
    assignment="first-week",
    title="First *week*",
    due="",
    seed="0123456789abcdef0123456789",
    students=(Student("s1", NAME), Student("s2")),
    pool=tuple((each,) for each in QUESTIONS),
    policy=Policy(),
)
SHEET = RELEASE.sheet("s1")
TASKS = {each.type: each for each in SHEET.tasks}
PLAN = '<svg viewBox="0 0 100 50" class="drawing" role="img" aria-label="A plan."></svg>'


class Plain(NamedTuple):
    """What of a sheet a notebook is made of."""

    student: Student
    tag: str
    tasks: tuple[Task, ...]


def render(sheet: Shown = SHEET, **other: Any) -> str:
    given: dict[str, Any] = {
        "assignment": "first-week", "title": RELEASE.title, "instructions": "", "due": "", "files": {"plan.svg": PLAN}
    }  # fmt: skip
    return render_assignment(sheet, **{**given, **other})


def cells(text: str) -> dict[str, str]:
    """The sources of a notebook’s cells by id."""
    return {each["id"]: "".join(each["source"]) for each in json.loads(text)["cells"]}


def loaded(text: str) -> Assignment:
    """What the set-up cell makes."""
    names: dict[str, Any] = {}
    exec(cells(text)["setup"], names)
    found: Assignment = names["quiz"]
    return found


# --------------------------------------------------------------------------------------------------
# The file


def test_a_sheet_is_a_sound_notebook_and_always_the_same() -> None:
    text = render()
    assert text == render()
    nbformat.validate(json.loads(text))  # type: ignore[no-untyped-call]
    code = TASKS["code"].id
    names = [each.id for each in SHEET.tasks]
    names.insert(names.index(code) + 1, f"{code}-answer")
    assert list(cells(text)) == ["title", "setup", *names, "receipt"]
    assert cells(text)[f"{code}-answer"] == f"# Answer to {code}: this whole cell.\ndef double(number):\n    ..."
    assert json.loads(text)["metadata"]["proverka"] == {
        "version": 1, "assignment": "first-week", "student": "s1", "tag": SHEET.tag
    }  # fmt: skip


def test_nothing_that_tells_of_a_key_is_in_it() -> None:
    text = render().casefold()
    for sign in ("canary", *SECRETS, *(each.fingerprint for each in QUESTIONS), "hint", "explain", "q-"):
        assert sign not in text, sign


def test_only_what_the_sheet_shows_travels_with_it() -> None:
    stem = Task(id="q1", type="text", stem="Who is ![him](a.png)?")
    sheet = Plain(SHEET.student, "t", (stem,))
    files = {"a.png": "data:image/png;base64,AA==", "other.png": "data:image/png;base64,BB=="}
    assert loaded(render(sheet, files=files)).files == {"a.png": files["a.png"]}


def test_the_set_up_cell_holds_every_text_as_it_was() -> None:
    text = "'''\\'\u2028\x85\u2029\\N{DASH} \\u0041 \"\"\" {x} %s \U0001f600"
    task = Task(id="q1", type="code", stem=text, function="f", starter=f"def f():\n    return {text!r}\n")
    sheet = Plain(SHEET.student, "t", (task,))
    assert loaded(render(sheet, title=text)).tasks == {"q1": task}


def test_names_and_times_are_no_markup() -> None:
    text = render(due="4 *December*", instructions="Answer **all** <b>.")
    html = MarkdownIt("commonmark", {"html": True}).render(cells(text)["title"])
    shown = re.sub(r"</?(strong|p|h1|ol|li|code|em)>", "", html)
    assert "<" not in shown
    assert "Ada &lt;b&gt;*Lovelace*&lt;/b&gt; [x](y) $1$ `z`" in shown
    assert "It is due on 4 *December*." in shown
    assert "<strong>all</strong> &lt;b&gt;." in html
    assert "due" not in cells(render())["title"]


def test_somebody_without_a_name_is_called_by_their_id() -> None:
    assert "This is the sheet of **s2**" in cells(render(RELEASE.sheet("s2")))["title"]


# --------------------------------------------------------------------------------------------------
# The form


@pytest.mark.parametrize("task", SHEET.tasks, ids=lambda each: each.type)
def test_a_form_asks_and_says_nothing_else(task: Task) -> None:
    html = task_form(task, number=7, surface=Surface(interactive=True, cell_below=True))
    assert html.count("<fieldset") == html.count("</fieldset>") == 1
    assert f'<legend><span class="pv-number">7</span> <span class="pv-stem">{task.stem}</span> ' in html
    assert f"({task.points} point{'' if task.points == 1 else 's'})" in html
    for sign in ("<details", "data-for", "<script", "hint", "tried"):
        assert sign not in html
    # Every control has a name of the sheet’s and a label.
    names = re.findall(r' name="([^"]*)"', html)
    assert all(each.split(".")[0] == task.id for each in names)
    assert html.count("<label") + html.count("aria-label=") == (len(names))
    assert ("Write it in the cell below." in html) == (task.type == "code")


def test_where_no_script_takes_answers_down_controls_take_none() -> None:
    assert "<fieldset class=" in task_form(TASKS["choice"], number=1, surface=Surface(interactive=True))
    assert re.search("<fieldset [^>]* disabled>", task_form(TASKS["choice"], number=1, surface=Surface()))


# --------------------------------------------------------------------------------------------------
# What is taken down

PARTS = (Part("a", "A *mill*"), Part("b", "A ship"), Part("c", "A bus"))
LINES = (Part("1", "Boris"), Part("2", "Alexander"))
GAPS = (Gap("1", ("April", "May"), 0), Gap("2", (), 16))
BY_TYPE = {
    each: Task(id="q3", type=each, stem="What?", parts=parts)
    for each, parts in (("choice", PARTS), ("choices", PARTS), ("order", PARTS), ("pin", PARTS), ("number", ()),
                        ("text", ()), ("essay", ()))
}  # fmt: skip
BY_TYPE["match"] = Task(id="q3", type="match", stem="Who?", parts=PARTS, lines=LINES)
BY_TYPE["blanks"] = Task(id="q3", type="blanks", stem="When?", text="In {1} {2}.", gaps=GAPS)
BY_TYPE["code"] = Task(id="q3", type="code", stem="Write.", function="double", starter="def double(): ...")

TYPED: list[tuple[str, object, JSON, str]] = [
    ("choice", "b", "b", "b — A ship"),
    ("choice", " A ", "a", "a — A mill"),
    ("choice", "", None, "no answer"),
    ("choices", ["c", "a"], ["c", "a"], "a — A mill; c — A bus"),
    ("choices", ("c", "c"), ["c"], "c — A bus"),
    ("choices", "b", ["b"], "b — A ship"),
    ("choices", [], None, "no answer"),
    ("order", ["c", "a", "b"], ["c", "a", "b"], "1. c — A bus; 2. a — A mill; 3. b — A ship"),
    ("match", ["b", "a"], {"1": "b", "2": "a"}, "Boris: b — A ship; Alexander: a — A mill"),
    ("match", {"1": "B"}, {"1": "b"}, "Boris: b — A ship; Alexander: –"),
    ("match", {1: "b"}, {"1": "b"}, "Boris: b — A ship; Alexander: –"),
    ("match", {"1": "", "2": None}, None, "no answer"),
    ("blanks", ["may", 1979], {"1": "May", "2": "1979"}, "1. May; 2. 1979"),
    ("blanks", {"2": "1979"}, {"2": "1979"}, "1. –; 2. 1979"),
    ("blanks", ["", " "], None, "no answer"),
    ("pin", "c", "c", "c — A bus"),
    ("pin", {"x": 1.5, "y": 2}, {"x": 1.5, "y": 2}, "the point 1.5, 2"),
    ("number", 17, 17, "17"),
    ("number", "1 979,5", "1 979,5", "1 979,5"),
    ("text", "Мосфильм", "Мосфильм", "Мосфильм"),
    ("text", 1979, "1979", "1979"),
    ("essay", "One\nsays so.", {"text": "One\nsays so."}, "One says so."),
    ("essay", {"text": "x", "marks": {"all": 9}}, {"text": "x"}, "x"),
    ("essay", {"text": " "}, None, "no answer"),
    ("text", None, None, "no answer"),
]

ADVICE = "choose from a (A mill), b (A ship), c (A bus)"
REFUSED: list[tuple[str, object, str]] = [
    ("choice", "d", f"q3 has no “d”; {ADVICE}"),
    ("choice", ["a"], 'q3 is answered by a line like quiz.answer("q3", "…")'),
    ("choice", 1, 'q3 is answered by a line like quiz.answer("q3", "…")'),
    ("choices", ["a", "ship"], f"q3 has no “ship”; {ADVICE}"),
    ("choices", [1], f"q3 has no “1”; {ADVICE}"),
    ("order", ["a", "b"], "q3 wants each of these once: a (A mill), b (A ship), c (A bus)"),
    ("order", ["a", "b", "b"], "q3 wants each of these once: a (A mill), b (A ship), c (A bus)"),
    ("match", ["a"], "q3 wants 2 answers in a list, and this has 1"),
    ("match", {"3": "a"}, "q3 has no place “3”; its places are 1, 2"),
    ("match", {"1": "z"}, f"q3 has no “z”; {ADVICE}"),
    ("blanks", ["June", "1979"], "q3 has no “June” for its blank 1; choose April or May"),
    ("blanks", [["May"], "1979"], 'q3 is answered by a line like quiz.answer("q3", ["…", "…"])'),
    ("pin", {"x": 1}, 'q3 is answered by a line like quiz.answer("q3", "…")'),
    ("number", True, 'q3 is answered by a line like quiz.answer("q3", 1234)'),
    ("number", [17], 'q3 is answered by a line like quiz.answer("q3", 1234)'),
    ("code", "def double(): ...", "q3 is answered by the cell that begins with “# Answer to q3”: write double there"),
    ("text", object(), "an answer is text, a number, a list or a mapping, not object"),
]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """Everything published, in order; no notebook’s file is near."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(runtime, "publish", bundles.append)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    return bundles


def sheet_with(task: Task) -> Assignment:
    return Assignment("first-week", "First week", "s1", "tag", "", {task.id: task})


@pytest.mark.parametrize(("kind", "value", "answer", "words"), TYPED)
def test_what_is_typed_is_recorded_and_told_in_words(
    shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, kind: str, value: object, answer: JSON, words: str
) -> None:
    monkeypatch.setattr(runtime, "now", lambda: "2026-11-25T04:32:10.123456Z")
    sheet_with(BY_TYPE[kind]).answer("q3", value)
    (bundle,) = shown
    assert bundle[RESPONSE_TYPE] == {
        "question": "q3", "answer": answer, "sheet": "tag", "version": 1, "at": "2026-11-25T04:32:10.123456Z"
    }  # fmt: skip
    assert bundle["text/plain"] == f"Recorded: {words}"
    assert bundle.keys() == {"text/html", "text/plain", RESPONSE_TYPE}
    assert taken_down(BY_TYPE[kind], answer) == answer


@pytest.mark.parametrize(("kind", "value", "message"), REFUSED)
def test_what_cannot_be_an_answer_is_refused_in_one_line(
    shown: list[dict[str, Any]], kind: str, value: object, message: str
) -> None:
    with pytest.raises((UnknownChoiceError, UnreadableAnswerError)) as caught:
        sheet_with(BY_TYPE[kind]).answer("q3", value)
    assert str(caught.value) == message
    assert shown == []


@pytest.mark.parametrize("name", ["q11", "", None, 3])
def test_a_question_that_is_not_on_the_sheet_is_told_of(name: Any) -> None:
    with pytest.raises(KeyError, match=f"there is no question “{name}” on this sheet; they are q1 to q10"):
        loaded(render()).ask(name)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 1, "tasks": [{"id": "q1"}]}'])
def test_a_broken_sheet_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole sheet; copy the set-up cell from your first file"):
        Assignment.from_json(text)


def test_a_sheet_of_a_later_version_asks_for_a_later_package() -> None:
    with pytest.raises(ValueError, match=r"version 2, and proverka here reads 1; run: pip install --upgrade proverka"):
        Assignment.from_json('{"version": 2}')


# --------------------------------------------------------------------------------------------------
# In a live front end


class Notebook:
    """Outputs as a front end has them: those with a name can be changed."""

    def __init__(self) -> None:
        self.outputs: list[tuple[str | None, dict[str, Any]]] = []

    def publish(self, bundle: dict[str, JSON], *, name: str | None = None, again: bool = False) -> None:
        json.dumps(bundle, allow_nan=False)
        if again:
            self.outputs = [(known, bundle if known == name else old) for known, old in self.outputs]
        else:
            self.outputs.append((name, bundle))

    def __getitem__(self, place: int) -> dict[str, Any]:
        return self.outputs[place][1]

    def saved(self) -> dict[str, Any]:
        """The released notebook with all outputs in its last cell."""
        notebook: dict[str, Any] = json.loads(render())
        outputs = [{"output_type": "display_data", "data": bundle, "metadata": {}} for _, bundle in self.outputs]
        notebook["cells"][-1]["outputs"] = outputs
        return notebook


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Notebook:
    """A live one, without a file."""
    notebook = Notebook()
    monkeypatch.setattr(runtime, "publish", notebook.publish)
    monkeypatch.setattr(runtime, "is_live", lambda: True)
    monkeypatch.setattr(kept, "_given", {})
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    return notebook


def give(quiz: Assignment, name: str, answer: JSON) -> None:
    """As the widget’s script does."""
    widget = quiz._widgets[name]
    with widget.hold_trait_notifications():
        widget.answer = answer
        widget.given += 1


@pytest.mark.parametrize("task", [each for each in SHEET.tasks if each.type != "code"], ids=lambda each: each.type)
def test_a_question_is_a_widget_with_form_and_text_beside_it(notebook: Notebook, task: Task) -> None:
    quiz = loaded(render())
    quiz.ask(task.id)
    assert notebook[0].keys() == {WIDGET_TYPE, "text/html", "text/plain"}
    assert line_to_type(task) in notebook[0]["text/plain"]
    assert " disabled>" in notebook[0]["text/html"]
    assert notebook[1]["text/plain"] == "Nothing is recorded yet."
    widget = quiz._widgets[task.id]
    assert "disabled" not in widget.html
    assert "quiz.answer" not in widget.html
    assert widget.task["type"] == task.type
    assert len(widget.task["spots"]) == (2 if task.type == "pin" else 0)
    assert widget.get_state()["_esm"].count("export default") == 1


def test_a_function_is_shown_and_nothing_is_recorded_of_it(notebook: Notebook) -> None:
    loaded(render()).ask(TASKS["code"].id)
    assert len(notebook.outputs) == 1
    assert "Write it in the cell below." in notebook[0]["text/html"]
    assert f"# Answer to {TASKS['code'].id}" in notebook[0]["text/plain"]


def test_an_answer_in_the_widget_changes_the_record_where_it_stands(notebook: Notebook) -> None:
    quiz, name = loaded(render()), TASKS["choice"].id
    quiz.ask(name)
    for count, letter in enumerate("aba", 1):
        give(quiz, name, letter)
        assert quiz._widgets[name].recorded == count
        assert len(notebook.outputs) == 2
        assert notebook[1][RESPONSE_TYPE]["answer"] == letter
        assert notebook[1]["text/plain"].startswith(f"Recorded: {letter} — ")
    give(quiz, name, None)
    assert notebook[1]["text/plain"] == "Recorded: no answer"
    assert read_handed_in(notebook.saved()).answers == {}


def test_a_typed_answer_reaches_the_widget_and_the_record(notebook: Notebook) -> None:
    quiz, name = loaded(render()), TASKS["number"].id
    quiz.ask(name)
    quiz.answer(name, 18)
    assert quiz._widgets[name].answer == 18
    assert notebook[1] == notebook[2]
    assert read_handed_in(notebook.saved()).answers == {name: 18}


def test_where_widgets_fail_forms_and_lines_remain(notebook: Notebook) -> None:
    quiz = loaded(render())
    quiz.widgets = False
    quiz.ask("q1")
    assert notebook[0].keys() == {"text/html", "text/plain"}


def test_the_same_sheet_loaded_again_knows_the_answers(notebook: Notebook) -> None:
    quiz, name = loaded(render()), TASKS["text"].id
    quiz.ask(name)
    give(quiz, name, "A word")
    again = loaded(render())
    again.ask(name)
    assert again._widgets[name].answer == "A word"
    assert notebook[3] == notebook[1]


# --------------------------------------------------------------------------------------------------
# The file


@pytest.fixture
def file(notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notebook’s file, saved with two answers before the kernel was restarted."""
    quiz = loaded(render())
    quiz.answer(TASKS["choice"].id, "b")
    quiz.answer(TASKS["text"].id, "A word")
    path = tmp_path / "first-week-s1.ipynb"
    path.write_text(json.dumps(notebook.saved()), encoding="utf-8")
    notebook.outputs = []
    monkeypatch.setattr(kept, "_given", {})
    return path


def test_after_a_restart_answers_are_taken_up_from_the_file(
    file: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the server tells its name or not, and whatever its name has become."""
    places = ["told", "found", "renamed", "told wrongly"]
    for place in places:
        if place == "told":
            monkeypatch.chdir("/")
            monkeypatch.setenv("JPY_SESSION_NAME", str(file))
        if place == "found":
            monkeypatch.chdir(file.parent)
            monkeypatch.delenv("JPY_SESSION_NAME")
        if place == "renamed":
            file = file.rename(file.with_name("my answers.ipynb"))
        if place == "told wrongly":
            monkeypatch.setenv("JPY_SESSION_NAME", str(file.with_name("gone.ipynb")))
        notebook.outputs = []
        quiz = loaded(render())
        quiz.ask(TASKS["choice"].id)
        assert quiz._widgets[TASKS["choice"].id].answer == "b", place
        assert notebook[1][RESPONSE_TYPE]["sheet"] == SHEET.tag


def test_another_sheet_s_answers_are_not_taken_up(file: Path, notebook: Notebook) -> None:
    """Not from another’s file, and not from another’s records in one’s own."""
    other = RELEASE.sheet("s2")
    quiz = loaded(render(other))
    for task in other.tasks:
        quiz.ask(task.id)
    assert len(notebook.outputs) == 2 * len(other.tasks) - 1
    assert not any(RESPONSE_TYPE in bundle for _, bundle in notebook.outputs)
    quiz.receipt()
    assert "cannot be found" in notebook[-1]["text/plain"]
    text = file.read_text(encoding="utf-8").replace(f'"sheet": "{SHEET.tag}"', '"sheet": "another"')
    file.write_text(text, encoding="utf-8")
    quiz = loaded(render())
    quiz.receipt()
    lines = notebook[-1]["text/plain"].splitlines()
    assert "0 of 10 questions answered" in lines[0]
    assert "Records of another sheet are in it (2); they do not count." in lines


def test_the_receipt_tells_what_the_file_holds(file: Path, notebook: Notebook) -> None:
    os.utime(file, (0, 1_796_000_000))
    quiz = loaded(render())
    quiz.receipt()
    answers = {TASKS["choice"].id: "b", TASKS["text"].id: "A word"}
    lines = notebook[0]["text/plain"].splitlines()
    assert lines[0] == "first-week-s1.ipynb as saved on 30 November 2026, 00:53:20 UTC: 2 of 10 questions answered"
    assert lines[1:11] == [f"  {each.id}: {'answered' if each.id in answers else '–'}" for each in SHEET.tasks]
    assert lines[11] == f"Receipt: {receipt_code(SHEET.tag, answers)}"
    assert lines[12].startswith("Save first, then run this cell")
    assert receipt_code(SHEET.tag, answers) in notebook[0]["text/html"]
    name = TASKS["number"].id
    quiz.answer(name, 17)
    quiz.receipt()
    lines = notebook[-1]["text/plain"].splitlines()
    assert lines[12] == f"Not in the file as it was saved: the last answer to {name}. Save, and run this cell again."


def test_where_the_file_cannot_be_found_the_receipt_says_so(notebook: Notebook) -> None:
    quiz = loaded(render())
    quiz.answer(TASKS["text"].id)
    quiz.answer(TASKS["number"].id, 17)
    quiz.receipt()
    assert notebook[-1]["text/plain"].splitlines() == [
        "Recorded in this kernel",
        f"  {TASKS['number'].id}: recorded",
        "The file of this notebook cannot be found from here, so this is only what the kernel knows.",
        "Save the notebook, and for a receipt run in a terminal: proverka receipt FILE.ipynb",
    ]


# --------------------------------------------------------------------------------------------------
# Run by a real kernel


def run(text: str, folder: Path, *sources: str) -> dict[str, Any]:
    """The notebook with more cells before the last, run as nbconvert has it done."""
    node = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    node.cells[-1:-1] = [nbformat.v4.new_code_cell(each) for each in sources]  # type: ignore[no-untyped-call]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        resources = {"metadata": {"path": str(folder)}}
        client = NotebookClient(node, kernel_name="python3", timeout=60, allow_errors=True, resources=resources)
        # Where browser tests run in the same process, their loop runs in this thread.
        with ThreadPoolExecutor() as pool:
            pool.submit(asyncio.run, client.async_execute()).result()
    found: dict[str, Any] = json.loads(nbformat.writes(node))  # type: ignore[no-untyped-call]
    return found


def test_what_runs_unattended_records_lines_and_keeps_what_was_saved(tmp_path: Path) -> None:
    lines = [f'quiz.answer("{TASKS["choice"].id}", "b")', f'quiz.answer("{TASKS["match"].id}", ["a", "b", "c"])']
    refused = f'quiz.answer("{TASKS["choice"].id}", "z")'
    done = run(render(), tmp_path, *lines, refused)
    outputs = [output for cell in done["cells"] if cell["cell_type"] == "code" for output in cell["outputs"]]
    (error,) = (each for each in outputs if each["output_type"] == "error")
    assert error["ename"] == "UnknownChoiceError"
    assert len(error["traceback"]) == 1
    assert not any(WIDGET_TYPE in each.get("data", {}) for each in outputs)
    assert "widgets" not in done["metadata"]
    answers = {TASKS["choice"].id: "b", TASKS["match"].id: {"1": "a", "2": "b", "3": "c"}}
    handed = read_handed_in(done)
    assert (handed.answers, handed.notes) == (dict(sorted(answers.items(), key=lambda each: int(each[0][1:]))), ())

    # Saved, and run again without the lines: running clears outputs, and with them the records.
    done["cells"] = [
        cell for cell in done["cells"] if "quiz.answer" not in "".join(cell["source"]) or cell["id"] == "title"
    ]
    done["cells"][2]["outputs"] = [output for output in outputs if RESPONSE_TYPE in output.get("data", {})]
    text = json.dumps(done)
    (tmp_path / "saved.ipynb").write_text(text, encoding="utf-8")
    again = run(text, tmp_path)
    assert read_handed_in(again).answers == handed.answers
    (receipt,) = again["cells"][-1]["outputs"]
    shown = "".join(receipt["data"]["text/plain"])
    assert receipt_code(SHEET.tag, answers) in shown
    assert "Save first" not in shown


RUNTIME = """
import sys
from pathlib import Path
before = set(sys.modules)
exec(Path(sys.argv[1]).read_text())
quiz.ask("q1")
quiz.receipt()
for name in sorted(set(sys.modules) - before):
    print("imported", name, getattr(sys.modules[name], "__file__", None) or "")
"""


def test_a_browser_s_python_has_all_that_a_sheet_needs(tmp_path: Path) -> None:
    """No compiled package, and of the quiz with keys nothing at all."""
    (tmp_path / "setup.py").write_text(cells(render())["setup"], encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", RUNTIME, "setup.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    found = [line.split(" ", 2)[1:] for line in done.stdout.splitlines() if line.startswith("imported ")]
    outside = {name.split(".")[0]: file for name, file in found if "site-packages" in file}
    assert outside.keys() - {"proverka", "linkify_it"} == {"markdown_it", "mdurl"}
    assert not any(Path(file).suffix in {".so", ".pyd"} for file in outside.values())
    names = {name for name, _ in found}
    assert names.isdisjoint({"proverka.jupyter.quiz", "proverka.classroom", "IPython", "anywidget", "yaml"})
