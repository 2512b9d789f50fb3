"""A class from release to report, with the commands that a teacher types."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from questions import QUESTIONS
from students import MARKS, Answer, answered, answers_by

from proverka.classroom.gradebook import open_gradebook
from proverka.classroom.hand_out import write_hand_out
from proverka.classroom.model import HandInState, Policy, Student
from proverka.classroom.release import Release, Sheet
from proverka.cli import main

SIZE = 200
ASSIGNMENT = "class"

#: What happens to a file on its way, the state that it then has, and whether its answers are still scored.
Damage = tuple[Callable[[dict[str, Any]], str | bytes], HandInState, bool]


def run(*arguments: str | Path, gradebook: str | Path, exit_code: int = 0) -> str:
    given = [str(each) for each in arguments]
    result = CliRunner().invoke(main, [*given, "--gradebook", str(gradebook)], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def cut(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook)[:200]


def without_metadata(notebook: dict[str, Any]) -> str:
    return json.dumps({**notebook, "metadata": {}})


def with_a_mark_at_its_head(notebook: dict[str, Any]) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps(notebook).encode()


def with_every_cell_twice(notebook: dict[str, Any]) -> str:
    return json.dumps({**notebook, "cells": [each for cell in notebook["cells"] for each in (cell, cell)]})


def of_another_assignment(notebook: dict[str, Any]) -> str:
    text = json.dumps(notebook)
    tag = notebook["metadata"]["proverka"]["tag"]
    return text.replace(tag, "a" * 26).replace(f'"assignment": "{ASSIGNMENT}"', '"assignment": "other"')


def blank(notebook: dict[str, Any]) -> str:
    cells = [{**cell, "outputs": []} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    cells = [cell for cell in cells if not cell["id"].endswith("-answer")]
    return json.dumps({**notebook, "cells": cells})


def no_notebook(notebook: dict[str, Any]) -> bytes:
    del notebook
    return b"%PDF-1.7 \x00\xff"


DAMAGES: list[Damage] = [
    (cut, HandInState.UNREADABLE, False),
    (without_metadata, HandInState.REPAIRED, True),
    (with_a_mark_at_its_head, HandInState.REPAIRED, True),
    (with_every_cell_twice, HandInState.REPAIRED, True),
    (of_another_assignment, HandInState.WRONG_ASSIGNMENT, False),
    (blank, HandInState.EMPTY, False),
    (no_notebook, HandInState.UNREADABLE, False),
]


class Class:
    """Students, their sheets, and what each of them hands in."""

    def __init__(self, folder: Path) -> None:
        students = tuple(Student(f"s{n:03}", f"Student Number{n:03}", f"s{n}@example.org") for n in range(SIZE))
        pool = tuple((each,) for each in QUESTIONS)
        self.folder = folder
        self.release = Release(
            assignment=ASSIGNMENT, title="A class", seed="a seed for a whole class", students=students, pool=pool,
            policy=Policy(),
        )  # fmt: skip
        write_hand_out(self.release, folder / "out", lambda _: {"plan.svg": "<svg/>"}, done=lambda: None)
        self.sheets: dict[str, Sheet] = {each.id: self.release.sheet(each.id) for each in students}
        self.answers: dict[str, dict[str, Answer]] = {
            name: answers_by(sheet, "class") for name, sheet in self.sheets.items()
        }
        chance = random.Random("damage")
        damaged = chance.sample(sorted(self.sheets), SIZE // 20)
        self.damaged: dict[str, Damage] = {
            name: DAMAGES[number % len(DAMAGES)] for number, name in enumerate(sorted(damaged))
        }

    def hand_in(self) -> Path:
        """The zip that Moodle gives a teacher."""
        path = self.folder / "submissions.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number, (name, sheet) in enumerate(self.sheets.items()):
                text = (self.folder / f"out/hand-out/{ASSIGNMENT}-{name}.ipynb").read_text(encoding="utf-8")
                notebook = answered(text, sheet, self.answers[name])
                damage = self.damaged.get(name)
                data = damage[0](notebook) if damage else json.dumps(notebook, indent=1)
                folder = f"{sheet.student.name}_{9000 + number}_assignsubmission_file_"
                archive.writestr(f"{folder}/{ASSIGNMENT}-{name}.ipynb", data)
        return path

    def truth(self, name: str) -> float | None:
        """What a student has earned; ``None`` if nothing could be read."""
        damage = self.damaged.get(name)
        if damage and not damage[2]:
            return 0.0 if damage[1] is HandInState.EMPTY else None
        return sum(each.points for each in self.answers[name].values())


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return Class(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def graded(course: Class) -> Path:
    """The gradebook after collecting, grading and marking."""
    gradebook = course.folder / "gradebook.sqlite"
    told = run("collect", course.hand_in(), "--release", course.folder / "out", gradebook=gradebook, exit_code=1)
    assert "unreadable" in told
    run("grade", ASSIGNMENT, gradebook=gradebook)
    queue = course.folder / "queue.csv"
    run("mark", ASSIGNMENT, "--write", queue, gradebook=gradebook)
    rows = list(csv.DictReader(io.StringIO(queue.read_text(encoding="utf-8"))))
    for row in rows:
        # What was nearly right stays wrong.
        row["mark"] = str(MARKS.get(row["criterion"].partition(":")[0], 0))
    with queue.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    run("mark", ASSIGNMENT, "--read", queue, gradebook=gradebook)
    return gradebook


def test_every_file_has_the_state_that_it_should_have(course: Class, graded: Path) -> None:
    wanted = Counter({HandInState.OK: SIZE - len(course.damaged)})
    wanted.update(state for _, state, _ in course.damaged.values())
    with open_gradebook(graded) as book:
        assert book.counts(ASSIGNMENT).handins == wanted


def test_every_student_has_exactly_what_was_earned(course: Class, graded: Path) -> None:
    rows = csv.DictReader(io.StringIO(run("grades", ASSIGNMENT, gradebook=graded)))
    points = {row["student"]: float(row["grade"]) if row["grade"] else None for row in rows}
    assert points == {name: pytest.approx(course.truth(name), abs=1e-4) for name in course.sheets}


def test_grading_again_changes_nothing(course: Class, graded: Path) -> None:
    before = run("grades", ASSIGNMENT, gradebook=graded)
    run("collect", course.hand_in(), "--release", course.folder / "out", gradebook=graded, exit_code=1)
    assert "no answers scored" in run("grade", ASSIGNMENT, gradebook=graded)
    assert run("grades", ASSIGNMENT, gradebook=graded) == before


def test_anonymous_grades_tell_nobody_s_name(course: Class, graded: Path) -> None:
    text = run("grades", ASSIGNMENT, "--anonymous", gradebook=graded)
    assert not [each for each in course.release.students if each.id in text or each.name in text or each.email in text]
    assert text.count("\n") == SIZE + 1


def test_reports_are_written_for_all_whose_work_could_be_read(course: Class, graded: Path) -> None:
    out = course.folder / "reports"
    run("report", ASSIGNMENT, "-o", out, gradebook=graded)
    pages = {re.sub(r".*-(s\d+)\.html", r"\1", path.name) for path in (out / "feedback").glob("*.html")}
    assert {name for name in course.sheets if course.truth(name) is not None} <= pages
    assert (out / "class.html").exists()


def test_a_receipt_is_what_the_student_can_work_out_from_the_file(course: Class, graded: Path) -> None:
    name = next(each for each in course.sheets if each not in course.damaged)
    rows = csv.DictReader(io.StringIO(run("grades", ASSIGNMENT, gradebook=graded)))
    receipt = next(row["receipt"] for row in rows if row["student"] == name)
    text = (course.folder / f"out/hand-out/{ASSIGNMENT}-{name}.ipynb").read_text(encoding="utf-8")
    file = course.folder / "mine.ipynb"
    file.write_text(json.dumps(answered(text, course.sheets[name], course.answers[name])), encoding="utf-8")
    result = CliRunner().invoke(main, ["receipt", str(file)], catch_exceptions=False)
    assert receipt
    assert receipt in result.output
