"""What was handed in is read from whatever became of a notebook, and what is unusual is told."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from questions import QUESTIONS

from proverka.classroom.model import Policy, Student
from proverka.classroom.release import Release
from proverka.cli import main
from proverka.jupyter.handed_in import HandedIn, read_handed_in
from proverka.jupyter.record import RESPONSE_TYPE
from proverka.model import JSON
from proverka.receipt import receipt_code
from proverka.render.assignment import render_assignment

RELEASE = Release(
    assignment="first-week",
    title="First week",
    due="",
    seed="0123456789abcdef0123456789",
    students=(Student("s1", "Ada"), Student("s2", "Bob")),
    pool=tuple((each,) for each in QUESTIONS),
    policy=Policy(),
)
SHEET, OTHER = RELEASE.sheet("s1"), RELEASE.sheet("s2")
NAME = {each.type: each.id for each in SHEET.tasks}
CODE = NAME["code"]
STARTER = f"# Answer to {CODE}: this whole cell.\ndef double(number):\n    ..."
SOLVED = f"# Answer to {CODE}: this whole cell.\ndef double(number):\n    return number * 2"

Notebook = dict[str, Any]


def released(sheet: Any = SHEET) -> Notebook:
    text = render_assignment(
        sheet, assignment="first-week", title="First week", instructions="", due="", files={"plan.svg": "<svg></svg>"}
    )
    found: Notebook = json.loads(text)
    return found


def cell(notebook: Notebook, name: str) -> Notebook:
    found: Notebook = next(each for each in notebook["cells"] if each["id"] == name)
    return found


def record(name: str, answer: JSON, *, tag: str = SHEET.tag, at: str = "2026-11-25T10:00:00.000000Z") -> Notebook:
    data = {"question": name, "answer": answer, "sheet": tag, "version": 1, "at": at}
    return {"output_type": "display_data", "metadata": {}, "data": {RESPONSE_TYPE: data, "text/plain": "Recorded"}}


def code_cell(source: str, *outputs: Notebook, name: str = "new") -> Notebook:
    return {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": list(outputs)}


ANSWERS: dict[str, JSON] = {NAME["choice"]: "b", NAME["match"]: {"1": "a"}, CODE: {"source": SOLVED}}


@pytest.fixture
def notebook() -> Notebook:
    """With two records and a function."""
    notebook = released()
    for kind in ("choice", "match"):
        cell(notebook, NAME[kind])["outputs"] = [record(NAME[kind], ANSWERS[NAME[kind]])]
    cell(notebook, f"{CODE}-answer")["source"] = SOLVED
    return notebook


def test_a_sound_notebook_is_read_and_nothing_is_unusual(notebook: Notebook) -> None:
    found = read_handed_in(notebook)
    assert found == HandedIn(
        assignment="first-week",
        student="s1",
        tag=SHEET.tag,
        answers=ANSWERS,
        foreign=0,
        tags=frozenset({SHEET.tag}),
        notes=(),
        questions=tuple(each.id for each in SHEET.tasks),
    )
    assert list(found.answers) == [each.id for each in SHEET.tasks if each.id in ANSWERS]


def test_a_sheet_that_nobody_touched_has_no_answers() -> None:
    found = read_handed_in(released())
    assert (found.answers, found.notes, found.foreign) == ({}, (), 0)


def without_metadata(notebook: Notebook) -> None:
    del notebook["metadata"]["proverka"]


def without_setup(notebook: Notebook) -> None:
    notebook["cells"] = [each for each in notebook["cells"] if each["id"] != "setup"]


def without_ids(notebook: Notebook) -> None:
    for each in notebook["cells"]:
        del each["id"]


def in_lines(notebook: Notebook) -> None:
    for each in notebook["cells"]:
        each["source"] = "".join(each["source"]).splitlines(keepends=True)


def backwards(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def twice(notebook: Notebook) -> None:
    notebook["cells"] += copy.deepcopy([each for each in notebook["cells"] if each["id"] in NAME.values()])


def without_questions(notebook: Notebook) -> None:
    kept = ("title", "setup", NAME["choice"], NAME["match"], f"{CODE}-answer")
    notebook["cells"] = [each for each in notebook["cells"] if each["id"] in kept]


def gone(kinds: set[str]) -> str:
    names = [each.id for each in SHEET.tasks if each.type not in kinds]
    return f"the cells are missing that ask {', '.join(names)}"


def another_line(notebook: Notebook) -> None:
    setup = cell(notebook, "setup")
    setup["source"] = ["%pip install proverka\n", *setup["source"]]


def cut_setup(notebook: Notebook) -> None:
    setup = cell(notebook, "setup")
    setup["source"] = "".join(setup["source"])[:500]


def as_text(notebook: Notebook) -> None:
    cell(notebook, f"{CODE}-answer")["cell_type"] = "markdown"


def without_first_line(notebook: Notebook) -> None:
    answer = cell(notebook, f"{CODE}-answer")
    answer["source"] = answer["source"].split("\n", 1)[1]


def other_first_line(notebook: Notebook) -> None:
    answer = cell(notebook, f"{CODE}-answer")
    answer["source"] = f"\n\n  #  ANSWER TO {CODE}\n" + answer["source"].split("\n", 1)[1]


def copied_answer(notebook: Notebook) -> None:
    notebook["cells"].append(code_cell(STARTER))
    notebook["cells"].insert(0, code_cell(SOLVED.replace("* 2", "* 3")))


DAMAGE: dict[Callable[[Notebook], None], tuple[str, ...]] = {
    without_metadata: ("whose it is was taken from its set-up cell, as the notebook’s metadata do not say",),
    without_setup: ("the set-up cell is missing",),
    without_ids: (),
    in_lines: (),
    backwards: (),
    twice: (),
    without_questions: (gone({"choice", "match"}),),
    another_line: ("the set-up cell was changed",),
    cut_setup: ("the set-up cell was damaged",),
    as_text: (f"the answer cell of {CODE} is no code cell any more",),
    copied_answer: (f"there are 3 answer cells of {CODE}: the last one that was changed counts",),
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda each: each.__name__)
def test_answers_outlive_damage_and_what_is_unusual_is_told(
    notebook: Notebook, damage: Callable[[Notebook], None]
) -> None:
    damage(notebook)
    found = read_handed_in(notebook)
    assert found.answers == ANSWERS
    assert found.notes == DAMAGE[damage]
    assert (found.assignment, found.student, found.tag, found.foreign) == ("first-week", "s1", SHEET.tag, 0)


def test_with_metadata_and_set_up_cell_gone_the_records_say_whose_it_is(notebook: Notebook) -> None:
    without_metadata(notebook)
    without_setup(notebook)
    found = read_handed_in(notebook)
    assert (found.assignment, found.student, found.tag) == ("", "", SHEET.tag)
    assert found.answers == ANSWERS
    assert found.notes == (
        "the set-up cell is missing",
        "whose it is was taken from its records: neither metadata nor set-up cell say",
    )


def test_records_of_several_sheets_say_nothing(notebook: Notebook) -> None:
    without_metadata(notebook)
    without_setup(notebook)
    notebook["cells"].append(code_cell("", record("q1", "a", tag=OTHER.tag)))
    found = read_handed_in(notebook)
    assert (found.tag, found.foreign, found.tags) == ("", 3, {SHEET.tag, OTHER.tag})
    assert found.answers == {CODE: ANSWERS[CODE]}
    assert "nothing says whose it is, and its records are of 2 sheets" in found.notes


def test_what_says_nothing_belongs_to_nobody() -> None:
    found = read_handed_in({"cells": [code_cell("print(1)")]})
    assert (found.tag, found.answers) == ("", {})
    assert found.notes == ("the set-up cell is missing", "nothing says whose it is")


def test_records_of_another_sheet_are_counted_and_left_out(notebook: Notebook) -> None:
    """Also if they are later, and also if they are of no sheet."""
    late = "2027-01-01T00:00:00.000000Z"
    foreign = [record(NAME["choice"], "c", tag=OTHER.tag, at=late), record(NAME["text"], "x", tag=OTHER.tag)]
    practice = record("q-alpha", "mill")
    del practice["data"][RESPONSE_TYPE]["sheet"]
    cell(notebook, NAME["choice"])["outputs"] += [*foreign, practice]
    found = read_handed_in(notebook)
    assert found.answers == ANSWERS
    assert (found.foreign, found.tags, found.notes) == (3, {SHEET.tag, OTHER.tag}, ())


def test_another_s_set_up_cell_is_told_of(notebook: Notebook) -> None:
    cell(notebook, "setup")["source"] = cell(released(OTHER), "setup")["source"]
    found = read_handed_in(notebook)
    assert (found.student, found.tag, found.answers) == ("s1", SHEET.tag, ANSWERS)
    assert found.notes == ("the set-up cell is that of another sheet",)


def test_another_s_set_up_cell_beside_one_s_own_changes_nothing(notebook: Notebook) -> None:
    notebook["cells"].insert(0, cell(released(OTHER), "setup"))
    assert read_handed_in(notebook).notes == ()
    without_metadata(notebook)
    found = read_handed_in(notebook)
    assert found.tag == OTHER.tag
    assert "there are set-up cells of several sheets; the first counts" in found.notes


def test_metadata_that_name_another_student_are_told_of(notebook: Notebook) -> None:
    notebook["metadata"]["proverka"]["student"] = "s2"
    found = read_handed_in(notebook)
    assert (found.student, found.tag) == ("s2", SHEET.tag)
    assert found.notes == ("the notebook’s metadata and its set-up cell name different students or assignments",)


# --------------------------------------------------------------------------------------------------
# Answers


def test_the_latest_record_counts_and_an_answer_taken_back_is_none(notebook: Notebook) -> None:
    outputs = cell(notebook, NAME["choice"])["outputs"]
    outputs.append(record(NAME["choice"], "c", at="2026-11-25T11:00:00.000000Z"))
    outputs.append(record(NAME["choice"], "a", at="2026-11-25T09:00:00.000000Z"))
    assert read_handed_in(notebook).answers[NAME["choice"]] == "c"
    outputs.append(record(NAME["choice"], None, at="2026-11-25T12:00:00.000000Z"))
    assert NAME["choice"] not in read_handed_in(notebook).answers


def test_lines_that_were_not_run_stand_in_for_records(notebook: Notebook) -> None:
    """As running them would have recorded them; a record counts more, also one that takes an answer back."""
    text, number, choices = NAME["text"], NAME["number"], NAME["choices"]
    cell(notebook, number)["outputs"] = [record(number, None)]
    notebook["cells"].append(
        code_cell(
            f'quiz.answer("{NAME["choice"]}", "c")\nquiz.answer("{number}", 18)\nquiz.answer("{text}", 1979)\n'
            f'quiz.answer("{NAME["blanks"]}", ["a word", "two"])\nquiz.answer("{choices}", "Z")\n'
            f'quiz.answer("{CODE}", "def double(): ...")\nquiz.answer("{NAME["essay"]}", open("/etc/passwd").read())'
        )
    )
    found = read_handed_in(notebook)
    typed = {text: "1979", NAME["blanks"]: {"1": "a word", "2": "two"}, choices: "Z"}
    assert found.answers == {**ANSWERS, **typed}
    assert found.notes == (f"read from a line that was not run: {text}, {NAME['blanks']}, {choices}",)
    without_setup(notebook)
    assert read_handed_in(notebook).answers[text] == 1979


def test_a_function_is_its_cell_and_no_record(notebook: Notebook) -> None:
    notebook["cells"].append(code_cell("", record(CODE, {"source": "def double(n): return 0", "results": [1]})))
    assert read_handed_in(notebook).answers == ANSWERS


@pytest.mark.parametrize("source", [STARTER, f"{STARTER}\n\n", STARTER.split("\n")[0], f"  {STARTER}"])
def test_a_starter_is_no_answer(notebook: Notebook, source: str) -> None:
    cell(notebook, f"{CODE}-answer")["source"] = source
    found = read_handed_in(notebook)
    assert CODE not in found.answers
    assert found.notes == ()
    without_setup(notebook)
    starter = next(each.starter for each in SHEET.tasks if each.id == CODE)
    assert CODE not in read_handed_in(notebook, starters={CODE: starter}).answers


def test_copies_that_nobody_changed_are_no_answer(notebook: Notebook) -> None:
    cell(notebook, f"{CODE}-answer")["source"] = STARTER
    notebook["cells"].append(code_cell(STARTER))
    found = read_handed_in(notebook)
    assert CODE not in found.answers
    assert found.notes == (f"there are 2 answer cells of {CODE}: none was changed",)


def test_a_first_line_can_be_written_otherwise(notebook: Notebook) -> None:
    other_first_line(notebook)
    found = read_handed_in(notebook)
    assert found.notes == ()
    assert found.answers[CODE] == {"source": cell(notebook, f"{CODE}-answer")["source"]}


def test_an_answer_cell_without_its_first_line_is_known_by_its_id(notebook: Notebook) -> None:
    without_first_line(notebook)
    found = read_handed_in(notebook)
    assert found.answers[CODE] == {"source": "def double(number):\n    return number * 2"}
    assert found.notes == (f"the answer cell of {CODE} has lost its first line and was known by its id",)


def test_a_function_in_another_cell_is_not_read_but_told_of(notebook: Notebook) -> None:
    cell(notebook, f"{CODE}-answer")["source"] = STARTER
    notebook["cells"].append(code_cell("%%time\ndef double(number):\n    return number * 2"))
    found = read_handed_in(notebook)
    assert CODE not in found.answers
    assert found.notes == (f"{CODE} is not answered in its cell, but double is defined in another",)
    notebook["cells"] = [each for each in notebook["cells"] if each["id"] != f"{CODE}-answer"]
    assert read_handed_in(notebook).notes[0] == f"the answer cell of {CODE} is missing"


# --------------------------------------------------------------------------------------------------
# Whatever it is

WHATEVER: list[object] = [
    None, 7, "text", [], {}, {"cells": None}, {"cells": {}}, {"cells": [None, 1, "x", []]}, {"metadata": []},
    {"cells": [{"cell_type": "code"}]}, {"cells": [{"cell_type": "code", "source": [1], "outputs": {"a": 1}}]},
    {"cells": [], "metadata": {"proverka": {"assignment": 1, "student": [], "tag": {}}}},
    {"cells": [], "metadata": {"proverka": {"assignment": "a", "student": "b", "tag": "x" * 1000}}},
]  # fmt: skip


@pytest.mark.parametrize("notebook", WHATEVER)
def test_what_is_no_notebook_has_no_answers(notebook: object) -> None:
    found = read_handed_in(notebook)
    assert (found.answers, found.tag) == ({}, "")
    assert "nothing says whose it is" in found.notes


WHOSE = '"version": 1, "assignment": "a", "student": "b", "tag": "c"'
SETUPS = [
    ("[]", "damaged"),
    ("{", "damaged"),
    ("[" * 100_000, "damaged"),
    ("Assignment.from_json(r'" * 100_000, "damaged"),
    (f"{{{WHOSE}}}", "damaged"),
    (f'{{{WHOSE}, "tasks": {{"a": 1}}}}', "damaged"),
    (f'{{{WHOSE.replace("1", "2")}, "tasks": []}}', "damaged"),
    (f'{{{WHOSE}, "tasks": [{", ".join(["{}"] * 1001)}]}}', "damaged"),
    (f'{{{WHOSE}, "tasks": [{{"id": ["q1"], "type": 7, "stem": null, "starter": 5}}]}}', "changed"),
    (f'{{{WHOSE}, "tasks": [{{"id": "q1", "type": "code", "stem": "", "starter": null}}]}}', "changed"),
]


@pytest.mark.parametrize(("text", "word"), SETUPS)
def test_a_set_up_cell_that_nobody_wrote_breaks_nothing(text: str, word: str) -> None:
    found = read_handed_in({"cells": [code_cell(f"quiz = Assignment.from_json(r'''{text}''')")]})
    assert f"the set-up cell was {word}" in found.notes
    assert found.questions == ()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([SOLVED, "code"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "outputs", "data", "metadata", "proverka", "tag", RESPONSE_TYPE]), inner
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_part_may_be_anything(data: st.DataObject) -> None:
    notebook = released()
    cell(notebook, NAME["choice"])["outputs"] = [record(NAME["choice"], "b")]
    place: Any = notebook
    for _ in range(data.draw(st.integers(0, 6))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys)) if keys else None
        if key is None:
            break
        if isinstance(place[key], dict | list) and data.draw(st.booleans()):
            place = place[key]
        else:
            place[key] = data.draw(values)
            break
    found = read_handed_in(notebook)
    json.dumps(found.answers)
    assert all(each is not None for each in found.answers.values())
    assert receipt_code(found.tag, found.answers)


# --------------------------------------------------------------------------------------------------
# The receipt


def test_the_command_tells_whose_it_is_how_much_is_answered_and_the_receipt(notebook: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "mine.ipynb"
    without_metadata(notebook)
    file.write_text(json.dumps(notebook), encoding="utf-8")
    done = CliRunner().invoke(main, ["receipt", str(file)])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        str(file),
        "  assignment  first-week",
        "  student     s1",
        "  answered    3 of 10 questions",
        f"  receipt     {receipt_code(SHEET.tag, ANSWERS)}",
    ]
    assert done.stderr.startswith(f"{file}: whose it is was taken from its set-up cell")


def test_a_file_that_cannot_be_read_is_told_of_and_the_others_are_read(notebook: Notebook, tmp_path: Path) -> None:
    contents = {
        "good": json.dumps(notebook).encode(), "cut": json.dumps(notebook).encode()[:900], "bytes": b"\xff\xfe\x00",
        "deep": b"[" * 100_000, "practice": b'{"cells": []}',
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / f"{name}.ipynb").write_bytes(content)
    files = [str(tmp_path / f"{name}.ipynb") for name in (*contents, "gone")]
    done = CliRunner().invoke(main, ["receipt", *files])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == files[0]
    assert len(done.stdout.splitlines()) == 5
    whole = "this is not a whole notebook; save it in Jupyter again"
    assert done.stderr.splitlines() == [
        f"{files[1]}: {whole}",
        f"{files[2]}: {whole}",
        f"{files[3]}: {whole}",
        f"{files[4]}: this is no notebook of a graded assignment, or all that says whose it is was deleted",
        f"{files[5]}: the file cannot be read: No such file or directory",
    ]
