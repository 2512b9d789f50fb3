"""Grades as tables for spreadsheets and learning platforms."""

from __future__ import annotations

import base64
import csv
import dataclasses
import hashlib
import hmac
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from proverka.classroom.gradebook import Grade

Form = Literal["csv", "moodle", "canvas"]

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def render_grades(grades: Iterable[Grade], form: Form, *, title: str) -> str:
    """A table in CSV. Where there is no grade the cell is empty, never 0.

    :param title: Heads the column of the grades, in the platforms’ forms. Canvas finds an assignment by its
        title, or by the number in “title (number)”.
    """
    rows = _FORMS[form](list(grades), title)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def anonymous(grades: Iterable[Grade], salt: str) -> list[Grade]:
    """The grades with a code for each student instead of everything that tells who it is, sorted by code.

    :param salt: The gradebook’s own, so that codes stay the same in all its tables and cannot be computed elsewhere.
    """
    coded = [
        dataclasses.replace(
            each, student=code_of(each.student, salt), name="", email="", lms="", file="", receipt="", reason=""
        )
        for each in grades
    ]
    return sorted(coded, key=lambda each: each.student)


def code_of(student: str, salt: str) -> str:
    """A student’s code: 11 letters and digits."""
    # It begins with a letter: a spreadsheet would take “2e34567” for a number.
    digest = hmac.digest(bytes.fromhex(salt), student.encode(), hashlib.sha256)
    return "s" + base64.b32encode(digest)[:10].decode().lower()


def _plain(grades: Sequence[Grade], _: str) -> list[list[str]]:
    head = [
        "student",
        "name",
        "email",
        "state",
        "points",
        "of",
        "days late",
        "grade",
        "handed in at",
        "file",
        "receipt",
    ]
    return [
        head,
        *(
            [
                each.student,
                each.name,
                each.email,
                each.state,
                _number(each.points),
                _number(each.of),
                "" if each.at is None else str(each.days_late),
                _number(each.grade),
                moment(each.at),
                each.file,
                each.receipt,
            ]
            for each in grades
        ),
    ]


def _moodle(grades: Sequence[Grade], title: str) -> list[list[str]]:
    """The columns that Moodle’s own export has. An address is given only if all have one: it looks up every row."""
    by_email = all(each.email for each in grades)
    return [
        ["ID number", *(["Email address"] if by_email else []), title],
        *([each.student, *([each.email] if by_email else []), _number(each.grade)] for each in grades),
    ]


def _canvas(grades: Sequence[Grade], title: str) -> list[list[str]]:
    """What Canvas’s import asks for: these five columns in this order, and the row of the points possible."""
    most = max((each.of for each in grades if each.of is not None and each.grade is not None), default=None)
    return [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title],
        ["    Points Possible", "", "", "", "", _number(most)],
        *([each.name or each.student, each.lms, each.student, each.email, "", _number(each.grade)] for each in grades),
    ]


_FORMS = {"csv": _plain, "moodle": _moodle, "canvas": _canvas}


def moment(at: int | None) -> str:
    """“2026-12-04T20:59:00Z”; empty for none."""
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _number(value: float | None) -> str:
    """At most four decimals, none that are 0."""
    if value is None:
        return ""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def defused(cell: str) -> str:
    """The cell in one line, and so that no spreadsheet takes it for a formula; a number stays one."""
    cell = _CONTROL.sub(" ", cell)
    starts = cell.lstrip()[:1]
    return f"'{cell}" if starts and starts in "=+-@＝＋－＠" and not _NUMBER.fullmatch(cell) else cell
