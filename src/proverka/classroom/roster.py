"""Rosters: CSV files of Moodle, Canvas and anybody’s own."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from proverka.classroom.model import Student


@dataclass(frozen=True, slots=True)
class _Form:
    """What the columns of a kind of roster are called, in lower case; the first with something in it counts."""

    #: A file that has these is of this kind.
    has: tuple[str, ...]
    id: tuple[str, ...]
    #: Joined by a space.
    name: tuple[str, ...]
    email: tuple[str, ...]
    lms: tuple[str, ...] = ()


_CANVAS = _Form(("student", "id", "section"), ("sis user id", "sis login id", "id"), ("student",), (), ("id",))
_MOODLE = _Form(
    ("email address",),
    ("id number", "username", "email address"),
    ("first name", "last name", "surname"),
    ("email address",),
)
_PLAIN = _Form(
    (),
    ("id", "student id", "id number", "student", "username", "login", "email", "e-mail"),
    ("name", "full name", "first name", "last name", "surname"),
    ("email", "e-mail"),
    ("lms", "lms id", "canvas id"),
)
#: Rows of Canvas that are no students.
_NOBODY = ("points possible", "student, test", "test student")

MAX_BYTES = 20_000_000


class RosterError(Exception):
    """A roster cannot be used; each line of the text names a place and what to do."""


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a CSV file, in its order.

    :raises RosterError: the file cannot be read, lacks a column that names students, or names one twice.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RosterError(f"{path}: larger than {MAX_BYTES:,} bytes; is it a roster?")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RosterError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RosterError(f"{path}:{line}: not UTF-8; save the file as “CSV UTF-8”") from error
    return parse_roster(text, str(path))


def parse_roster(text: str, shown: str) -> tuple[Student, ...]:
    """As :func:`read_roster`, from text.

    :param shown: The file’s name in messages.
    """
    head = text.partition("\n")[0]
    # Spreadsheets of many countries write semicolons.
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), skipinitialspace=True, strict=True
    )
    try:
        rows = [(reader.line_num, [" ".join(each.split()) for each in row]) for row in reader]
    except csv.Error as error:
        raise RosterError(f"{shown}:{reader.line_num + 1}: {error}") from error
    names = [each.casefold() for each in rows[0][1]] if rows else []
    form = next(each for each in (_CANVAS, _MOODLE, _PLAIN) if set(each.has) <= set(names))
    if not set(form.id) & set(names):
        wanted = ", ".join(f"“{each}”" for each in form.id)
        raise RosterError(f"{shown}:1: no column names the students; it should have one of {wanted}")
    students: dict[str, Student] = {}
    lines: dict[str, int] = {}
    problems = []
    for line, row in rows[1:]:
        cells = dict(zip(names, row, strict=False))
        student = _student(cells, form)
        if not any(row) or student.name.casefold() in _NOBODY:
            continue
        if not student.id:
            problems.append(f"{shown}:{line}: this student has no id; fill in column “{form.id[0]}”")
        elif student.id in students:
            problems.append(f"{shown}:{line}: “{student.id}” stands already in line {lines[student.id]}")
        else:
            students[student.id], lines[student.id] = student, line
    if problems:
        raise RosterError("\n".join(problems))
    if not students:
        raise RosterError(f"{shown}: there are no students in it")
    return tuple(students.values())


def _student(cells: Mapping[str, str], form: _Form) -> Student:
    def first(names: tuple[str, ...]) -> str:
        return next((cells[each] for each in names if cells.get(each)), "")

    name = " ".join(filter(None, (cells.get(each, "") for each in form.name)))
    return Student(first(form.id), name, first(form.email), first(form.lms))
