from __future__ import annotations

import dataclasses
import io
import json
import multiprocessing
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from questions import QUESTIONS

from proverka.classroom import side_by_side
from proverka.classroom.collect import Tally, collect
from proverka.classroom.damaged import UnreadableError, read_notebook
from proverka.classroom.found import Found, Kind, find_handins
from proverka.classroom.gradebook import open_gradebook
from proverka.classroom.hand_out import write_hand_out
from proverka.classroom.model import HandIn, HandInState, Policy, Student
from proverka.classroom.opening import MOST_BYTES, Reader, Where
from proverka.classroom.release import Release
from proverka.classroom.whose import Whose, hint_of
from proverka.cli import main
from proverka.jupyter import assignment as graded
from proverka.jupyter.handed_in import read_handed_in
from proverka.jupyter.receipt import code_of
from proverka.render.assignment import render_assignment
from proverka.task import Task

OK, REPAIRED, UNREADABLE = HandInState.OK, HandInState.REPAIRED, HandInState.UNREADABLE

CLASS = (
    Student("s1", "Anna Berg", "anna@example.org", "9001"),
    Student("s2", "María José García López", "maria@example.org", "9002"),
    Student("s3", "Дмитрий Орлов", "dima@example.org", "9003"),
    Student("s4", "Kim Lee", "kim@example.org", "9004"),
    Student("s5", "Lee Kim", "lee@example.org", "9005"),
)
DUE = int(datetime(2026, 12, 4, 20, 59, tzinfo=UTC).timestamp())
RELEASE = Release(
    assignment="first-week",
    title="First week",
    seed="a seed that nobody guesses",
    students=CLASS,
    pool=tuple((each,) for each in QUESTIONS),
    policy=Policy(due=DUE),
)


def an_answer(task: Task) -> Any:
    letters = [part.id for part in task.parts]
    return {
        "choice": lambda: letters[0],
        "choices": lambda: letters[:2],
        "number": lambda: "1979",
        "text": lambda: "Сталкер",
        "order": lambda: letters,
        "match": lambda: {line.id: letters[0] for line in task.lines},
        "blanks": lambda: {gap.id: gap.words[0] if gap.words else "a word" for gap in task.gaps},
        "pin": lambda: letters[-1],
        "essay": lambda: "A text of my own, with “quotes” and {braces}.",
    }[task.type]()


def data_of(student: str, *, release: Release = RELEASE, leave: int = 0) -> dict[str, Any]:
    """A notebook as the graded notebook leaves it, with every question answered but the last ``leave``."""
    sheet = release.sheet(student)
    text = render_assignment(
        sheet, assignment=release.assignment, title=release.title, instructions="", due="", files={"plan.svg": "<svg/>"}
    )
    notebook: dict[str, Any] = json.loads(text)
    cells = {each["id"]: each for each in notebook["cells"]}
    setup = re.search(r"r'''\n(.*)\n'''", "".join(cells["setup"]["source"]), re.DOTALL)
    assert setup
    quiz = graded.Assignment.from_json(setup[1])
    for task in sheet.tasks[: len(sheet.tasks) - leave]:
        if task.type == "code":
            cells[f"{task.id}-answer"]["source"][-1:] = ["    return number + number\n"]
            continue
        published: list[Any] = []
        with patch.object(graded, "publish", lambda bundle, to=published, **_: to.append(bundle)):
            quiz.ask(task.id)
            quiz.answer(task.id, an_answer(task))
        cells[task.id]["execution_count"] = 1
        cells[task.id]["outputs"] = [
            {"output_type": "display_data", "data": each, "metadata": {}} for each in published
        ]
    return notebook


def text_of(notebook: Any) -> str:
    """As Jupyter saves it."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


NOTEBOOKS = {each.id: text_of(data_of(each.id)) for each in CLASS}
ANSWERS = {each.id: read_handed_in(json.loads(NOTEBOOKS[each.id])).answers for each in CLASS}


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def packed(files: dict[str, str | bytes], **changes: Any) -> bytes:
    """A zip; ``changes`` to the entries in its list."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 12, 1, 10, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            for field, value in changes.items():
                setattr(info, field, value)
            archive.writestr(info, content)
    return file.getvalue()


def collected(path: Path, *, release: Release = RELEASE, tally: Tally | None = None, jobs: int = 1) -> list[HandIn]:
    return list(collect(find_handins(path), release, tally=tally or Tally(), jobs=jobs))


def only(path: Path, *, release: Release = RELEASE) -> HandIn:
    (handin,) = collected(path, release=release)
    return handin


def states(path: Path) -> dict[str, tuple[str, str]]:
    """Student and state by file."""
    return {each.file: (each.student, str(each.state)) for each in collected(path)}


def snapshot(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every file below a folder, so that it can be seen whether one was written."""
    found = {}
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            status = os.lstat(os.path.join(above, name))  # noqa: PTH118
            found[f"{above}/{name}"] = (status.st_size, status.st_mtime_ns, status.st_mode)
    return found


# ---------------------------------------------------------------------------------------------------
# Layouts


def moodle(*, folders: bool) -> dict[str, str | bytes]:
    last = "/" if folders else ""
    return {
        f"Anna Berg_1001_assignsubmission_file_{last}first-week-s1.ipynb": NOTEBOOKS["s1"],
        f"Group 7-García López María José_1002_assignsubmission_file_{last}homework.ipynb": NOTEBOOKS["s2"],
        f"Participant_9003_assignsubmission_file_{last}x_y.ipynb": NOTEBOOKS["s3"],
        f"Kim Lee_1004_assignsubmission_file_{last}first-week-s4 (1).ipynb": NOTEBOOKS["s4"],
    }


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize("zipped", [True, False])
def test_moodle_with_and_without_folders_packed_and_unpacked(tmp_path: Path, folders: bool, zipped: bool) -> None:
    files = moodle(folders=folders)
    if zipped:
        path = tmp_path / "First week-submissions.zip"
        path.write_bytes(packed(files))
    else:
        path = put(tmp_path / "in", files)
    expected = dict(zip(files, ("s1", "s2", "s3", "s4"), strict=True))
    assert states(path) == {file: (student, "ok") for file, student in expected.items()}


@pytest.mark.parametrize("zipped", [True, False])
def test_canvas(tmp_path: Path, zipped: bool) -> None:
    files: dict[str, str | bytes] = {
        "berganna_9001_70001_first-week-s1.ipynb": NOTEBOOKS["s1"],
        "garcialopezmariajose_LATE_9002_70002_first-week-s2-1.ipynb": NOTEBOOKS["s2"],
        "orlovdmitry_9003_70003_anything at all_1_2.ipynb": NOTEBOOKS["s3"],
        "leekim_9004_70004_broken.ipynb": "{",
    }
    path = put(tmp_path / "in", files)
    if zipped:
        path = tmp_path / "submissions.zip"
        path.write_bytes(packed(files))
    told = zip(files, ("s1", "s2", "s3", "s4"), ("ok", "ok", "ok", "unreadable"), strict=True)
    assert states(path) == {file: (student, state) for file, student, state in told}


def test_any_files_at_any_depth(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a/b/c/some name.ipynb": NOTEBOOKS["s1"],
        "s2/homework.ipynb": NOTEBOOKS["s2"],
        "first-week-s3.ipynb": NOTEBOOKS["s3"],
        "first-week-s4.ipynb.txt": NOTEBOOKS["s4"],
    }
    told = zip(sorted(files), ("s1", "s3", "s4", "s2"), strict=True)
    assert states(put(tmp_path, files)) == {file: (student, "ok") for file, student in told}


def test_what_was_handed_out_comes_back_empty(tmp_path: Path) -> None:
    write_hand_out(RELEASE, tmp_path, lambda _: {}, done=lambda: None)
    for path in (tmp_path / "hand-out", tmp_path / "hand-out.zip"):
        handins = collected(path)
        assert [(each.student, each.state) for each in handins] == [(s.id, HandInState.EMPTY) for s in CLASS]
        assert all(len(each.answers) == len(QUESTIONS) for each in handins)


def test_a_single_notebook_can_be_collected(tmp_path: Path) -> None:
    put(tmp_path, {"mine.ipynb": NOTEBOOKS["s1"]})
    assert only(tmp_path / "mine.ipynb").state is OK


@pytest.mark.parametrize("zipped", [True, False])
def test_a_students_zip_is_opened(tmp_path: Path, zipped: bool) -> None:
    inner = packed({"work/first-week-s1.ipynb": NOTEBOOKS["s1"], "__MACOSX/work/._first-week-s1.ipynb": b"\0\5"})
    files: dict[str, str | bytes] = {"Anna Berg_1001_assignsubmission_file_/all.ZIP": inner}
    path = put(tmp_path / "in", files)
    if zipped:
        path = tmp_path / "in.zip"
        path.write_bytes(packed(files))
    assert only(path).file == "Anna Berg_1001_assignsubmission_file_/all.ZIP/work/first-week-s1.ipynb"
    assert only(path).state is OK


def test_names_in_zips_that_do_not_say_their_encoding_are_read_as_what_they_are(tmp_path: Path) -> None:
    data = packed({"Дмитрий Орлов_1_assignsubmission_file_/x.ipynb": "{"})
    # As some programs write it: the same bytes, without the flag for UTF-8.
    data = data.replace(b"PK\1\2\x14\x03\x14\x00\x00\x08", b"PK\1\2\x14\x03\x14\x00\x00\x00")
    data = data.replace(b"PK\3\4\x14\x00\x00\x08", b"PK\3\4\x14\x00\x00\x00")
    (tmp_path / "in.zip").write_bytes(data.replace(b"Berg/x", b"Berg\\x"))
    assert only(tmp_path / "in.zip").student == "s3"


def test_what_programs_leave_behind_is_counted_and_not_taken(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "s1/first-week-s1.ipynb": NOTEBOOKS["s1"],
        "s1/.ipynb_checkpoints/first-week-s1-checkpoint.ipynb": NOTEBOOKS["s1"],
        "s1/._first-week-s1.ipynb": b"\0\5\x16\7",
        ".DS_Store": b"\0",
        "s1/notes.pdf": b"%PDF",
        "read me.txt": b"",
    }
    tally = Tally()
    assert [each.state for each in collected(put(tmp_path, files), tally=tally)] == [OK]
    assert (tally.debris, tally.others) == (3, 2)


def test_a_file_of_another_kind_counts_if_there_is_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, {"s1/essay.pdf": b"%PDF", "s1/essay.html": b"<p>", "nobody/x.py": b""})
    tally = Tally()
    (handin,) = collected(tmp_path, tally=tally)
    assert (handin.student, handin.file, handin.state) == ("s1", "s1/essay.html", UNREADABLE)
    assert handin.reason == "a file of this kind is no notebook (.html)"
    assert tally.others == 2


# ---------------------------------------------------------------------------------------------------
# Whose


WHOSE = Whose(CLASS, assignment="first-week")


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("berg ANNA_1_assignsubmission_file_/x.ipynb", "s1"),
        ("Garcia Lopez Maria Jose_1_assignsubmission_file_/x.ipynb", "s2"),
        ("Kim Lee_1_assignsubmission_file_/x.ipynb", ""),  # or Lee Kim
        ("Kim Lee_1_assignsubmission_file_/s4.ipynb", ""),  # not even if a student says so
        ("Nobody_1_assignsubmission_onlinetext_/onlinetext.html", ""),
        ("Participant_9003_assignsubmission_file_/x.ipynb", "s3"),
        ("Participant_9_assignsubmission_file_/first-week-s1.ipynb", "s1"),
        # Moodle’s number is another one.
        ("Anna Berg_9003_assignsubmission_file_/x.ipynb", "s1"),
        ("leekim_9005_1_x.ipynb", "s5"),
        ("berganna_9002_1_x.ipynb", ""),  # contradicts itself
        ("anna@example.org/x.ipynb", "s1"),
        ("S1/deep/er/x.ipynb", "s1"),
        ("s1/s2.ipynb", "s1"),  # the folder is the teacher’s
        ("s1/s2/x.ipynb", ""),
        ("first-week-s2-Copy1.ipynb", "s2"),
        ("first-week-s2 - Copy (2).ipynb", "s2"),
        ("s12.ipynb", ""),
        ("x.ipynb", ""),
    ],
)
def test_a_place_tells_whose_it_is_or_nothing(path: str, student: str) -> None:
    *folders, file = path.split("/")
    assert WHOSE.student(hint_of(folders, [file])) == student


def test_the_folder_of_one_and_the_sheet_of_another(tmp_path: Path) -> None:
    put(tmp_path, {"Anna Berg_1_assignsubmission_file_/first-week-s2.ipynb": NOTEBOOKS["s2"]})
    handin = only(tmp_path)
    assert (handin.student, handin.state, handin.answers) == ("s1", HandInState.WRONG_STUDENT, ())
    assert handin.reason == "it is the sheet of María José García López (s2)"


def test_the_tag_decides_where_the_place_could_mean_two(tmp_path: Path) -> None:
    put(tmp_path, {"Kim Lee_1_assignsubmission_file_/x.ipynb": NOTEBOOKS["s5"]})
    assert (only(tmp_path).student, only(tmp_path).state) == ("s5", OK)


def test_the_folder_of_one_of_two_and_the_sheet_of_a_third(tmp_path: Path) -> None:
    put(tmp_path, {"Kim Lee_1_assignsubmission_file_/x.ipynb": NOTEBOOKS["s1"]})
    assert (only(tmp_path).student, only(tmp_path).state) == ("", HandInState.WRONG_STUDENT)


# ---------------------------------------------------------------------------------------------------
# States


def test_answers_come_in_the_questions_own_ids_with_the_receipt_that_the_student_saw(tmp_path: Path) -> None:
    handin = only(put(tmp_path, {"x.ipynb": NOTEBOOKS["s1"]}))
    sheet = RELEASE.sheet("s1")
    assert handin.answers == sheet.answered(ANSWERS["s1"])
    assert len(ANSWERS["s1"]) == len(QUESTIONS)
    assert handin.receipt == code_of(read_handed_in(json.loads(NOTEBOOKS["s1"])))
    assert handin.reason == ""


def test_a_number_beyond_64_bits_keeps_its_digits_and_the_receipt(tmp_path: Path) -> None:
    text = NOTEBOOKS["s1"].replace('"answer": "1979"', f'"answer": {10**25 + 1}')
    assert text != NOTEBOOKS["s1"]
    handin = only(put(tmp_path, {"x.ipynb": text}))
    assert 10**25 + 1 in [each.answer for each in handin.answers]
    assert handin.receipt == code_of(read_handed_in(json.loads(text)))


def test_nothing_answered(tmp_path: Path) -> None:
    handin = only(put(tmp_path, {"x.ipynb": text_of(data_of("s1", leave=len(QUESTIONS)))}))
    assert (handin.student, handin.state) == ("s1", HandInState.EMPTY)
    assert [each.answer for each in handin.answers] == [None] * len(QUESTIONS)


def test_the_same_bytes_again(tmp_path: Path) -> None:
    put(tmp_path, {"a/x.ipynb": NOTEBOOKS["s1"], "b/y.ipynb": NOTEBOOKS["s1"], "c/z.ipynb": NOTEBOOKS["s2"]})
    first, second, third = collected(tmp_path)
    assert (first.state, second.state, third.state) == (OK, HandInState.DUPLICATE, OK)
    assert (second.reason, second.answers) == ("the same, to the byte, as a/x.ipynb", ())


def test_another_assignment_or_another_release(tmp_path: Path) -> None:
    other = dataclasses.replace(RELEASE, assignment="second-week")
    again = dataclasses.replace(RELEASE, seed="another seed of some length")
    practice = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    line = {"cell_type": "code", "source": 'quiz.answer("q1", "a")', "outputs": []}
    put(
        tmp_path,
        {
            "s1/1.ipynb": text_of(data_of("s1", release=other)),
            "s1/2.ipynb": text_of(data_of("s1", release=again)),
            "s1/3.ipynb": text_of(practice),
            "s1/4.ipynb": text_of(practice | {"cells": [line]}),
        },
    )
    handins = collected(tmp_path)
    assert {(each.student, each.state) for each in handins} == {("s1", HandInState.WRONG_ASSIGNMENT)}
    nothing = "nothing in it shows which release it belongs to"
    assert [each.reason for each in handins] == [
        "it is of the assignment “second-week”",
        "its tag is of another release, or was changed",
        nothing,
        nothing,
    ]


def test_what_a_file_says_of_itself_cannot_steer_a_terminal(tmp_path: Path) -> None:
    notebook = json.loads(NOTEBOOKS["s1"])
    notebook["metadata"]["proverka"] |= {"assignment": "\x1b[2J\u202eevil\n", "tag": "other"}
    notebook["cells"] = []
    handin = only(put(tmp_path, {"x.ipynb": text_of(notebook)}))
    assert handin.reason == r"it is of the assignment “\x1b[2J\u202eevil ”"


def without_metadata(notebook: dict[str, Any]) -> None:
    notebook["metadata"] = {}


def with_other_metadata(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["proverka"]["tag"] = "a" * 26


def without_setup(notebook: dict[str, Any]) -> None:
    notebook["metadata"] = {}
    notebook["cells"] = [each for each in notebook["cells"] if each.get("id") != "setup"]


def in_another_notebook(notebook: dict[str, Any]) -> None:
    notebook["metadata"] = json.loads(text_of(data_of("s1", release=dataclasses.replace(RELEASE, assignment="o"))))[
        "metadata"
    ]


def with_a_classmates_records(notebook: dict[str, Any]) -> None:
    notebook["cells"] += [each for each in json.loads(NOTEBOOKS["s2"])["cells"] if each.get("outputs")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without_metadata, "whose it is was taken from its set-up cell"),
        (with_other_metadata, "whose it is was taken from its cells"),
        (without_setup, "whose it is was taken from its records"),
        (in_another_notebook, "whose it is was taken from its cells"),
        (with_a_classmates_records, r"\d+ of its records, which belong to no question of this sheet, left out"),
    ],
)
def test_what_is_found_elsewhere_is_repaired(tmp_path: Path, change: Callable[[Any], None], reason: str) -> None:
    notebook = json.loads(NOTEBOOKS["s1"])
    change(notebook)
    handin = only(put(tmp_path, {"x.ipynb": text_of(notebook)}))
    assert (handin.student, handin.state) == ("s1", REPAIRED)
    assert re.search(reason, handin.reason)
    assert handin.answers == RELEASE.sheet("s1").answered(ANSWERS["s1"])


def test_records_of_two_sheets_and_nothing_else_are_those_of_whose_folder_it_is(tmp_path: Path) -> None:
    notebook = json.loads(NOTEBOOKS["s1"])
    without_setup(notebook)
    with_a_classmates_records(notebook)
    put(tmp_path, {"s1/x.ipynb": text_of(notebook), "who/x.ipynb": text_of(notebook)})
    own, unknown = collected(tmp_path)
    assert (own.student, own.state) == ("s1", REPAIRED)
    assert own.answers == RELEASE.sheet("s1").answered(ANSWERS["s1"])
    assert (unknown.student, unknown.state) == ("", HandInState.WRONG_ASSIGNMENT)


# ---------------------------------------------------------------------------------------------------
# Damaged files


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "saved with a byte order mark"),
        (lambda data: data.decode().encode("utf-16"), "saved as UTF-16"),
        (lambda data: data.decode().encode("utf-16-be"), "saved as UTF-16"),
        (lambda data: data + b"\n<!-- saved -->", "14 characters after its end left out"),
        (lambda data: data + b"\0" * 512, "not strictly JSON"),
        (lambda data: data.replace(b'"nbformat": 4', b'"nbformat": NaN'), "not strictly JSON"),
        (lambda data: data.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 5_000), "not strictly JSON"),
        (lambda data: data.replace(b"First week", b"First\xff week", 1), "1 place where the bytes are no text"),
        (lambda data: data.replace(b"First week", b"First\tweek", 1), "not strictly JSON"),
    ],
)
def test_odd_but_whole_files_are_repaired(tmp_path: Path, change: Callable[[bytes], bytes], reason: str) -> None:
    data = NOTEBOOKS["s1"].encode()
    assert change(data) != data
    handin = only(put(tmp_path, {"x.ipynb": change(data)}))
    assert (handin.student, handin.state) == ("s1", REPAIRED)
    assert reason in handin.reason
    assert handin.answers == RELEASE.sheet("s1").answered(ANSWERS["s1"])


def test_of_two_keys_the_last_counts_as_in_jupyter(tmp_path: Path) -> None:
    text = NOTEBOOKS["s1"].replace('{\n "cells"', '{\n "cells": [],\n "cells"', 1)
    assert only(put(tmp_path, {"x.ipynb": text})).state is OK


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\0" * 4096, "the file holds nothing but zeros"),
        (b"<!DOCTYPE html>\n<html>", "it is a web page; the notebook itself has to be downloaded"),
        (b"%PDF-1.7", "it is no notebook"),
        (b"[]", "it is no notebook"),
        (b"null", "it is no notebook"),
        (b"{}", "it is no notebook: it has no list of cells"),
        (b'{"cells": 1}', "it is no notebook: it has no list of cells"),
        (b'{"worksheets": [], "nbformat": 3}', "but one of a format before 4"),
        (b'{"cells": ' + DEEP + b"}", "its values are nested too deep"),
        (b'{"cells": [' + b"[]," * 1_000_001 + b"[]]}", "more values than a notebook can have"),
        (b'{"cells": [' + b"1," * 10_000_001 + b"1]}", "more values than a notebook can have"),
        (b'{"cells": [', "before any whole cell"),
        (b"{", "before any whole cell"),
        (b"\xff\xfe{\0", "before any whole cell"),
    ],
)
def test_what_is_no_notebook_says_what_it_is(tmp_path: Path, data: bytes, reason: str) -> None:
    handin = only(put(tmp_path, {"s1/x.ipynb": data}))
    assert (handin.student, handin.state, handin.answers) == ("s1", UNREADABLE, ())
    assert reason in handin.reason


def test_a_hundred_thousand_cells_are_not_all_looked_at(tmp_path: Path) -> None:
    notebook = json.loads(NOTEBOOKS["s1"])
    notebook["cells"] += [{"cell_type": "markdown", "source": ""}] * 100_000
    handin = only(put(tmp_path, {"x.ipynb": text_of(notebook)}))
    assert handin.state is REPAIRED
    assert "only the first 5,000 of its 100,0" in handin.reason


def test_wherever_a_file_breaks_off_nothing_is_made_up() -> None:
    """Every answer that is read is one that was given, in whole, and those before the cut are all there."""
    text = NOTEBOOKS["s1"]
    most, states_seen = 0, set()
    for cut in range(0, len(text) - 1, 97):
        try:
            read = read_notebook(text[:cut].encode())
        except UnreadableError:
            states_seen.add("unreadable")
            assert most == 0
            continue
        found = read_handed_in(
            read.notebook, starters={t.id: t.starter for t in RELEASE.sheet("s1").tasks if t.starter}
        )
        assert found.answers.items() <= ANSWERS["s1"].items()
        assert len(found.answers) >= most
        most = len(found.answers)
    assert most == len(ANSWERS["s1"])
    assert states_seen == {"unreadable"}


def test_a_cut_file_names_what_is_lost(tmp_path: Path) -> None:
    text = NOTEBOOKS["s1"]
    whole = only(put(tmp_path / "whole", {"x.ipynb": text}))
    handin = only(put(tmp_path / "cut", {"x.ipynb": text[: text.index('"id": "q6"')]}))
    assert (handin.student, handin.state) == ("s1", REPAIRED)
    assert re.match(r"damaged at character [\d,]+ of [\d,]+; \d+ whole cells before that read; ", handin.reason)
    assert "the cells are missing that ask q6, q7, q8, q9, q10" in handin.reason
    assert handin.answers[:5] == whole.answers[:5]
    assert [each.answer for each in handin.answers[5:]] == [None] * 5


def test_what_a_cut_cell_recorded_counts_and_what_stands_in_its_source_does_not(tmp_path: Path) -> None:
    notebook = json.loads(NOTEBOOKS["s1"])
    cell = next(each for each in notebook["cells"] if each.get("id") == "q1")
    first = {"cell_type": "code", "outputs": cell["outputs"], "metadata": {}}
    second = {"cell_type": "code", "source": 'quiz.answer("q2", "z")', "outputs": []}
    setup = next(each for each in notebook["cells"] if each.get("id") == "setup")
    whole = json.dumps({"cells": [setup, first]})
    put(tmp_path, {"1.ipynb": whole[: whole.rindex("]")][: whole.rindex(', "metadata"')]})
    whole = json.dumps({"cells": [setup, first, second]})
    put(tmp_path, {"2.ipynb": whole[: whole.rindex('"outputs"') + 11]})
    for handin in collected(tmp_path):
        given = {each.question for each in handin.answers if each.answer is not None}
        assert given == {RELEASE.sheet("s1").questions[0].id}


def test_a_number_at_the_cut_may_have_had_more_digits() -> None:
    read = read_notebook(b'{"cells": [{"cell_type": "code"}], "nbformat": 4')
    assert read.notebook == {"cells": [{"cell_type": "code"}]}


def test_a_damaged_file_without_answers_is_not_called_empty(tmp_path: Path) -> None:
    text = NOTEBOOKS["s1"]
    handin = only(put(tmp_path, {"x.ipynb": text[: text.index('"id": "q1"')]}))
    assert (handin.state, handin.answers) == (UNREADABLE, ())
    assert "and no answer in them" in handin.reason


# ---------------------------------------------------------------------------------------------------
# Hostile files


def test_links_devices_and_pipes_are_refused(tmp_path: Path) -> None:
    put(tmp_path, {"outside/first-week-s1.ipynb": NOTEBOOKS["s1"], "in/good.ipynb": NOTEBOOKS["s2"]})
    folder = tmp_path / "in"
    (folder / "link.ipynb").symlink_to(tmp_path / "outside/first-week-s1.ipynb")
    (folder / "loop.ipynb").symlink_to("loop.ipynb")
    (folder / "up").symlink_to("..")
    (folder / "passwd.zip").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.ipynb")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(folder / "socket.ipynb"))
        found = {each.file: each for each in collected(folder)}
    assert found.pop("good.ipynb").state is OK
    assert {each.state for each in found.values()} == {UNREADABLE}
    link, no_file = "it is a link, and links are not followed", "it is a device, a pipe or the like, and no file"
    assert {file: each.reason for file, each in found.items()} == {
        **dict.fromkeys(("link.ipynb", "loop.ipynb", "up", "passwd.zip"), link),
        **dict.fromkeys(("pipe.ipynb", "socket.ipynb"), no_file),
    }


def test_a_folder_that_cannot_be_told_from_a_file_any_more_is_refused_by_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    with Reader() as reader:
        for name in ("pipe", "link", "nothing", "."):
            with pytest.raises(Exception, match=r"no file|cannot be opened"):
                reader.read(Where(str(tmp_path / name)))


def test_two_gigabytes_are_refused_unread(tmp_path: Path) -> None:
    for name in ("s1.ipynb", "s2.zip", "s3.mp4"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2_000_000_000)
    began = time.process_time()
    handins = {each.file: each.reason for each in collected(tmp_path)}
    assert time.process_time() - began < 1
    assert handins["s1.ipynb"] == f"it has 2,000,000,000 bytes; more than {MOST_BYTES:,} are not read"
    assert handins["s2.zip"].startswith("the zip is broken")
    assert handins["s3.mp4"] == "a file of this kind is no notebook (.mp4)"


def test_fifty_folders_within_one_another_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "/".join("d" * 60)
    path.mkdir(parents=True)
    handin = only(tmp_path)
    assert handin.reason == "it lies in more than 50 folders within one another"


def with_password() -> bytes:
    data = bytearray(packed({"s1/x.ipynb": NOTEBOOKS["s1"]}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def of_method(method: int) -> bytes:
    data = bytearray(packed({"s1/x.ipynb": NOTEBOOKS["s1"]}))
    for signature, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", data, data.index(signature) + offset, method)
    return bytes(data)


def with_size(size: int) -> bytes:
    data = bytearray(packed({"s1/x.ipynb": NOTEBOOKS["s1"]}))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 24, size)
    return bytes(data)


def with_damage() -> bytes:
    data = bytearray(packed({"s1/x.ipynb": NOTEBOOKS["s1"]}))
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def over_one_another() -> bytes:
    """Many members with one and the same content."""
    data = packed({f"s1/{number}.ipynb": b"\0" * 900_000 for number in range(3)})
    count, listing = 300, b""
    entry = data[data.index(b"PK\1\2") : data.index(b"PK\1\2", data.index(b"PK\1\2") + 1)]
    listing = entry * count
    start = data.index(b"PK\1\2")
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listing), start, 0)
    return data[:start] + listing + end


HOSTILE_ZIPS: dict[str, tuple[bytes, str]] = {
    "bomb": (packed({"s1/x.ipynb": b"0" * 40_000_000}), "more than 200 times larger by unpacking"),
    "too large": (with_size(60_000_000), "60,000,000 bytes"),
    "too large in truth": (with_size(1_000), "damaged within the zip"),
    "many members": (packed({f"{number}": b"" for number in range(1_001)}), "the zip has 1,001 members"),
    "long listing": (packed({f"{number:0200}": b"" for number in range(5_000)}), "list of the zip’s members"),
    "over one another": (over_one_another(), "lie over one another"),
    "nested": (packed({"s1/b.zip": packed({"s1/x.ipynb": NOTEBOOKS["s1"]})}), "zip in a zip that a student made"),
    "up": (packed({"../../s1/evil.ipynb": NOTEBOOKS["s1"]}), "leads out of the zip"),
    "up, by Windows": (packed({"..\\evil.ipynb": NOTEBOOKS["s1"]}), "leads out of the zip"),
    "absolute": (packed({"/tmp/evil.ipynb": NOTEBOOKS["s1"]}), "leads out of the zip"),
    "drive": (packed({"C:\\evil.ipynb": NOTEBOOKS["s1"]}), "leads out of the zip"),
    "drive of another kind": (packed({"c:evil.txt": b""}), "leads out of the zip"),
    "link": (packed({"s1/x.ipynb": "/etc/passwd"}, external_attr=0o120777 << 16), "links are not followed"),
    "pipe": (packed({"s1/x.ipynb": ""}, external_attr=0o010644 << 16), "a pipe or the like"),
    "password": (with_password(), "encrypted with a password"),
    "method": (of_method(99), "packed by method 99"),
    "lzma": (of_method(14), "packed by method 14"),
    "damage": (with_damage(), "damaged within the zip"),
    "no end": (packed({"s1/x.ipynb": NOTEBOOKS["s1"]})[:-30], "the zip is broken (it breaks off before its end)"),
    "half a listing": (
        packed({"s1/x.ipynb": NOTEBOOKS["s1"]})[:-60] + packed({"s1/x.ipynb": ""})[-22:],
        "the zip is broken",
    ),
    "no zip": (b"Rar!\x1a\7", "the zip is broken (no list of members in it)"),
    "empty": (b"", "the zip is broken"),
    "nothing in it": (packed({}), "there is no file in the zip"),
    "only debris": (packed({"__MACOSX/._x.ipynb": b""}), "there is no file in the zip"),
}


@pytest.mark.parametrize("name", HOSTILE_ZIPS)
@pytest.mark.parametrize("zipped", [True, False])
def test_a_hostile_zip_is_refused_and_the_others_are_read(tmp_path: Path, name: str, zipped: bool) -> None:
    data, reason = HOSTILE_ZIPS[name]
    good = "Дмитрий Орлов_1_assignsubmission_file_/x.ipynb"
    bad = "Anna Berg_2_assignsubmission_file_/work.zip"
    files: dict[str, str | bytes] = {good: NOTEBOOKS["s3"], bad: data}
    path = put(tmp_path / "in", files)
    if zipped:
        path = tmp_path / "in.zip"
        path.write_bytes(packed(files))
    before = snapshot(tmp_path)
    handins = collected(path)
    assert snapshot(tmp_path) == before
    honest = [each for each in handins if each.file == good]
    assert [each.state for each in honest] == [OK]
    others = [each for each in handins if each.file != good]
    assert {(each.student, each.state) for each in others} == {("s1", UNREADABLE)}
    assert all(reason in each.reason for each in others), [each.reason for each in others]
    assert others


@pytest.mark.parametrize("name", sorted(HOSTILE_ZIPS.keys() - {"many members", "long listing", "nested"}))
def test_the_zip_that_is_collected_may_be_hostile_too(tmp_path: Path, name: str) -> None:
    data, reason = HOSTILE_ZIPS[name]
    (tmp_path / "in.zip").write_bytes(data)
    before = snapshot(tmp_path)
    handins = collected(tmp_path / "in.zip")
    assert snapshot(tmp_path) == before
    assert {each.state for each in handins} <= {UNREADABLE}
    assert all(reason in each.reason for each in handins)
    assert handins or "no file in the zip" in reason


def test_a_zip_with_two_members_of_a_name_gives_one(tmp_path: Path) -> None:
    data = packed({"s1/x.ipynb": NOTEBOOKS["s1"], "s1/y.ipynb": NOTEBOOKS["s2"]})
    (tmp_path / "in.zip").write_bytes(data.replace(b"y.ipynb", b"x.ipynb"))
    first, second = collected(tmp_path / "in.zip")
    assert (first.state, second.state) == (OK, UNREADABLE)
    assert second.reason == "the zip has two of this name"


NAMES = ("two\nlines.ipynb", "bell\a.ipynb", "turned\u202eright.ipynb", "back\\slash.ipynb", "zero\u200bwidth.ipynb")


def test_odd_names_are_told_on_one_line_and_stay_different(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = dict.fromkeys(NAMES, NOTEBOOKS["s1"])
    (tmp_path / "in").mkdir()
    with open(os.fsencode(tmp_path / "in") + b"/\xff\xfe.ipynb", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(NOTEBOOKS["s2"])
    handins = collected(put(tmp_path / "in", files))
    assert [each.state for each in handins].count(HandInState.DUPLICATE) == len(NAMES) - 1
    names = [each.file for each in handins]
    assert len(set(names)) == len(NAMES) + 1
    assert all(each.isprintable() and each.isascii() for each in names)
    assert r"turned\u202eright.ipynb" in names


def test_a_name_of_thousands_of_characters_is_shortened(tmp_path: Path) -> None:
    names = [f"{'n' * 3_000}{number}{'n' * 300}.ipynb" for number in range(2)]
    (tmp_path / "in.zip").write_bytes(packed(dict(zip(names, (NOTEBOOKS["s1"], NOTEBOOKS["s2"]), strict=True))))
    handins = collected(tmp_path / "in.zip")
    assert [each.state for each in handins] == [OK, OK]
    assert len({each.file for each in handins}) == 2
    assert all(len(each.file) <= 300 for each in handins)


ANSWERED = NOTEBOOKS["s1"].encode()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_became_of_a_notebook_it_is_read_or_told(data: st.DataObject) -> None:
    """No change of bytes upsets the reader, and none makes another student’s of a notebook."""
    changed = bytearray(ANSWERED)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed)))
        match data.draw(st.sampled_from(["replace", "insert", "delete", "move"])):
            case "replace":
                changed[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "insert":
                changed[at:at] = data.draw(st.sampled_from([b'"', b"{", b"}", b"]", b",", b"\\", b"null", b"\xff"]))
            case "delete":
                del changed[at : at + data.draw(st.integers(1, 2_000))]
            case "move":
                part = changed[at : at + 500]
                del changed[at : at + 500]
                changed += part
    handin = judged_alone(bytes(changed))
    assert "upset" not in handin.reason
    assert handin.student in ("", "s1")


@settings(max_examples=100, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    place=st.integers(0, 400),
)
def test_whatever_stands_in_the_place_of_a_value_it_is_read_or_told(value: Any, place: int) -> None:
    notebook = json.loads(NOTEBOOKS["s1"])
    places = list(values_in(notebook))
    above, key = places[place % len(places)]
    above[key] = value
    assert "upset" not in judged_alone(json.dumps(notebook).encode()).reason


def values_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every value within another, by what it is in and its place there."""
    if isinstance(value, dict | list):
        for key, each in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, key
            yield from values_in(each)


class _Memory(Reader):
    """Reads from memory what a fuzzer made."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    def read(self, where: Where) -> bytes:
        return self._data


def judged_alone(data: bytes) -> HandIn:
    found = Found("x.ipynb", hint_of([], ["x.ipynb"]), 0, Where("x.ipynb"), Kind.NOTEBOOK)
    return side_by_side.Judge(RELEASE, side_by_side.Times(), _Memory(data)).handin(found)


def test_an_unforeseen_error_is_one_files_and_not_the_batchs(tmp_path: Path) -> None:
    """The only way to an error that nobody foresaw is to put one in."""

    def fails(notebook: Any, **_: Any) -> None:
        raise ZeroDivisionError("of the test")

    put(tmp_path, {"s1/x.ipynb": NOTEBOOKS["s1"], "s2/x.ipynb": "{"})
    with patch("proverka.classroom.judge.read_handed_in", fails):
        first, second = collected(tmp_path)
    assert first.reason == "this file upset the reader: ZeroDivisionError: of the test"
    assert (first.student, first.state) == ("s1", UNREADABLE)
    assert "before any whole cell" in second.reason


# ---------------------------------------------------------------------------------------------------
# Several processes


def many(folder: Path, count: int) -> Path:
    """Files of which no two are the same."""
    return put(folder, {f"{number:04}/x.ipynb": NOTEBOOKS["s1"] + "\n" * number for number in range(count)})


def test_processes_find_what_one_finds_in_the_same_order(tmp_path: Path) -> None:
    path = many(tmp_path / "in", side_by_side.WORTH_IT + 25)
    put(path, {"0007/x.ipynb": "{", "0008/y.zip": packed({"x.ipynb": NOTEBOOKS["s2"]})})
    one, several = Tally(), Tally()
    assert collected(path, tally=one) == collected(path, tally=several, jobs=2)
    assert one == several


def test_a_process_that_ends_loses_nothing(tmp_path: Path) -> None:
    path = many(tmp_path / "in", side_by_side.WORTH_IT + 25)
    handins = collect(find_handins(path), RELEASE, tally=Tally(), jobs=2)
    got = [next(handins)]
    for process in multiprocessing.active_children():
        process.kill()
    got += handins
    assert [each.file for each in got] == [f"{number:04}/x.ipynb" for number in range(side_by_side.WORTH_IT + 25)]
    assert {each.state for each in got} == {OK}
    assert multiprocessing.active_children() == []


# ---------------------------------------------------------------------------------------------------
# The command


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_hand_out(RELEASE, tmp_path / "out", lambda _: {}, done=lambda: None)
    return tmp_path / "out"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["collect", *map(str, arguments)])


def test_the_command_fills_a_gradebook_and_says_what_is_not_as_it_should_be(
    tmp_path: Path, out: Path, where: str, query: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    path = put(
        tmp_path / "in",
        {
            "s1/x.ipynb": NOTEBOOKS["s1"],
            "s1/y.ipynb": NOTEBOOKS["s1"],
            "s2/x.ipynb": NOTEBOOKS["s2"] + "?",
            "s3/x.ipynb": NOTEBOOKS["s1"],
            "s4/.DS_Store": b"",
        },
    )
    result = run(path, "--release", out, "--gradebook", where)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "s1/y.ipynb: duplicate: the same, to the byte, as s1/x.ipynb",
        "s2/x.ipynb: repaired: 1 character after its end left out",
        "s3/x.ipynb: wrong student: it is the sheet of Anna Berg (s1)",
        "ok                    1",
        "repaired              1",
        "wrong student         1",
        "duplicate             1",
        "4 hand-ins, 4 new, 1 of them a duplicate",
    ]
    assert "passed over: 1 file that is no notebook" in result.stderr
    kept = query(where, "SELECT student, file, state FROM handins ORDER BY file")
    assert kept == [
        ("s1", "s1/x.ipynb", "ok"),
        ("s1", "s1/y.ipynb", "duplicate"),
        ("s2", "s2/x.ipynb", "repaired"),
        ("s3", "s3/x.ipynb", "wrong student"),
    ]
    assert query(where, "SELECT COUNT(*) FROM responses") == [(2 * len(QUESTIONS),)]
    with open_gradebook(where) as book:
        record = book.assignment("first-week")
        assert "seed" not in record.data
        assert RELEASE.seed not in json.dumps(record.data)
        assert book.key(QUESTIONS[0].id, QUESTIONS[0].fingerprint) == QUESTIONS[0]


def test_running_again_adds_only_what_is_new(tmp_path: Path, out: Path) -> None:
    book = tmp_path / "book.sqlite"
    path = put(tmp_path / "in", {"s1/x.ipynb": NOTEBOOKS["s1"], "s2/x.ipynb": "{", "s3/x.pdf": b"%PDF"})
    assert "3 hand-ins, 3 new" in run(path, "--release", out, "--gradebook", book).stdout
    put(path, {"s3/x.ipynb": NOTEBOOKS["s3"]})
    assert "3 hand-ins, 1 new" in run(path, "--release", out, "--gradebook", book).stdout
    again = run(path, "--release", out / "keep/manifest.json", "--gradebook", book)
    assert "3 hand-ins, 0 new" in again.stdout
    assert again.exit_code == 1
    (path / "s3/x.ipynb").rename(path / "s3/the same.ipynb")
    assert "3 hand-ins, 1 new, 1 of them a duplicate" in run(path, "--release", out, "--gradebook", book).stdout


def test_all_readable_is_status_0_and_the_current_folder_gets_the_gradebook(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(put(tmp_path / "here", {"in/x.ipynb": NOTEBOOKS["s1"], "in/y.ipynb": NOTEBOOKS["s1"]}))
    before = snapshot(tmp_path)
    result = run("in", "--release", out)
    assert result.exit_code == 0, result.output
    assert {Path(each).name for each in snapshot(tmp_path).keys() - before.keys()} == {"gradebook.sqlite"}


def test_json_for_machines(tmp_path: Path, out: Path) -> None:
    path = put(tmp_path / "in", {"s1/x.ipynb": NOTEBOOKS["s1"], "s2/x.ipynb": "{"})
    result = run(path, "--release", out, "--gradebook", tmp_path / "b.sqlite", "--format", "json")
    data = json.loads(result.stdout)
    assert {state: count for state, count in data["states"].items() if count} == {"ok": 1, "unreadable": 1}
    assert data["new"] == data["states"]
    (unusual,) = data["unusual"]
    assert (unusual["file"], unusual["student"], unusual["state"]) == ("s2/x.ipynb", "s2", "unreadable")


def test_times_are_those_of_files_and_members_unless_a_file_says_otherwise(tmp_path: Path, out: Path) -> None:
    path = put(tmp_path / "in", {f"s{number}/x.ipynb": NOTEBOOKS[f"s{number}"] for number in (1, 2, 3)})
    for number in (1, 2, 3):
        os.utime(path / f"s{number}/x.ipynb", (DUE - 10, DUE - 10))
    zipped = tmp_path / "four.zip"
    zipped.write_bytes(packed({"s4/x.ipynb": NOTEBOOKS["s4"]}, date_time=(2026, 12, 4, 10, 0, 2)))
    times = put(
        tmp_path,
        {
            "times.csv": "student;file;time\n"
            "Anna Berg;;2026-12-05T00:00:01+03:00\n"
            ";s2/x.ipynb;2026-12-04T20:58:59Z\n"
            "s2;;2027-01-01T00:00Z\n"
        },
    )
    book = tmp_path / "b.sqlite"
    result = run(path, zipped, "--release", out, "--gradebook", book, "--times", times / "times.csv")
    assert "4 hand-ins, 4 new, 1 late" in result.stdout, result.output
    with open_gradebook(book) as kept:
        at = {each.student: each.at for each in kept.grades("first-week")}
    assert at == {
        "s1": DUE + 61,
        "s2": DUE - 1,
        "s3": DUE - 10,
        "s4": int(datetime(2026, 12, 4, 10, 0, 2).timestamp()),
        "s5": None,
    }


def test_a_member_with_a_time_in_utc_needs_no_zone(tmp_path: Path) -> None:
    extra = struct.pack("<HHBL", 0x5455, 5, 1, DUE)
    (tmp_path / "in.zip").write_bytes(packed({"x.ipynb": NOTEBOOKS["s1"]}, extra=extra))
    assert only(tmp_path / "in.zip").at == DUE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,time\n", "times.csv:1: there should be a column “time”, and “student” or “file”"),
        ("student,time\ns1,2026-12-04T23:59\n", "times.csv:2: “2026-12-04T23:59” is no time with a zone"),
        ("student,time\nZoe,2026-12-04T23:59Z\n", "times.csv:2: nobody on the roster, or more than one, is “Zoe”"),
        (b"\xff\xfe", "times.csv: not UTF-8"),
    ],
)
def test_times_that_make_no_sense_are_told_by_line(tmp_path: Path, out: Path, text: str | bytes, message: str) -> None:
    put(tmp_path, {"times.csv": text, "in/x.ipynb": NOTEBOOKS["s1"]})
    result = run(tmp_path / "in", "--release", out, "--times", tmp_path / "times.csv")
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_folder_that_is_no_release_is_wrong_usage(tmp_path: Path) -> None:
    result = run(tmp_path, "--release", tmp_path, "--gradebook", tmp_path / "b.sqlite")
    assert result.exit_code == 2
    assert "name the folder that “proverka release” wrote" in result.stderr
    assert not (tmp_path / "b.sqlite").exists()


def test_another_release_of_the_same_assignment_is_not_mixed_in(tmp_path: Path, out: Path) -> None:
    book = tmp_path / "b.sqlite"
    path = put(tmp_path / "in", {"s1/x.ipynb": NOTEBOOKS["s1"]})
    run(path, "--release", out, "--gradebook", book)
    other = dataclasses.replace(RELEASE, seed="another seed of some length")
    write_hand_out(other, tmp_path / "other", lambda _: {}, done=lambda: None)
    result = run(path, "--release", tmp_path / "other", "--gradebook", book)
    assert result.exit_code == 1
    assert "is here from another release" in result.stderr


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "proverka", "collect", *map(str, arguments)]


def test_the_program_itself_with_two_processes(tmp_path: Path, out: Path) -> None:
    path = many(tmp_path / "in", side_by_side.WORTH_IT + 5)
    arguments = command(path, "--release", out, "--gradebook", tmp_path / "b.sqlite", "--jobs", "2")
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{side_by_side.WORTH_IT + 5} hand-ins, {side_by_side.WORTH_IT + 5} new" in done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_was_read_before_ctrl_c_stays_and_the_rest_follows(
    tmp_path: Path, out: Path, jobs: str, query: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    path, book = many(tmp_path / "in", 600), str(tmp_path / "b.sqlite")
    arguments = command(path, "--release", out, "--gradebook", book, "--jobs", jobs)
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        wait_until(lambda: Path(book).exists() and kept_in(query, book) > 0)
        # As a terminal does it: to every process of the group.
        os.killpg(program.pid, signal.SIGINT)
        _, told = program.communicate(timeout=60)
    assert program.returncode == 130
    assert told == "stopped; what was read is kept: run the same again to go on\n"
    before = kept_in(query, book)
    assert 0 < before < 600
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert f"600 hand-ins, {600 - before} new" in done.stdout
    assert query(book, "SELECT COUNT(*), COUNT(DISTINCT digest) FROM handins") == [(600, 600)]
    assert query(book, "SELECT COUNT(*) FROM responses") == [(600 * len(QUESTIONS),)]


def kept_in(query: Callable[[str, str], list[tuple[Any, ...]]], book: str) -> int:
    tables = Counter(name for (name,) in query(book, "SELECT name FROM sqlite_master"))
    return int(query(book, "SELECT COUNT(*) FROM handins")[0][0]) if tables["handins"] else 0


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
