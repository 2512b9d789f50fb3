"""Grades as tables for spreadsheets and learning platforms."""

from __future__ import annotations

import csv
import io
from typing import Any, get_args

import pytest

from proverka.classroom.grade_files import Form, anonymous, code_of, render_grades
from proverka.classroom.gradebook import Grade

SALT = "00112233445566778899aabbccddeeff"


def grade(student: str, **more: Any) -> Grade:
    fields: dict[str, Any] = {
        "name": "",
        "email": "",
        "lms": "",
        "state": "graded",
        "points": 7.5,
        "of": 10.0,
        "days_late": 0,
        "grade": 7.5,
        "doubtful": 0,
        "handin": 1,
        "at": 1_796_418_000,
        "file": "a.ipynb",
        "receipt": "r1",
        "reason": "",
    }
    return Grade(student=student, **(fields | more))


def nothing(student: str, state: str = "nothing handed in", **more: Any) -> Grade:
    empty = {"points": None, "of": None, "grade": None, "handin": None, "at": None, "file": "", "receipt": ""}
    return grade(student, state=state, **(empty | more))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


ANNA = grade("anna", name="Anna, K.", email="anna@x.org", lms="417", days_late=1, grade=6.75)
BORIS = nothing("boris", name="Boris", email="boris@x.org")


def test_the_plain_table_tells_everything() -> None:
    assert rows(render_grades([ANNA, BORIS], "csv", title="The film")) == [
        ["student", "name", "email", "state", "points", "of", "days late", "grade", "handed in at", "file", "receipt"],
        [
            *("anna", "Anna, K.", "anna@x.org", "graded", "7.5", "10", "1", "6.75", "2026-12-04T21:00:00Z"),
            *("a.ipynb", "r1"),
        ],
        ["boris", "Boris", "boris@x.org", "nothing handed in", "", "", "", "", "", "", ""],
    ]


def test_moodle_gets_the_columns_of_its_own_export() -> None:
    assert render_grades([ANNA, BORIS], "moodle", title="The film") == (
        "ID number,Email address,The film\nanna,anna@x.org,6.75\nboris,boris@x.org,\n"
    )


def test_moodle_is_not_asked_for_addresses_that_are_not_known() -> None:
    assert render_grades([ANNA, grade("vera")], "moodle", title="The film") == (
        "ID number,The film\nanna,6.75\nvera,7.5\n"
    )


def test_canvas_gets_its_five_columns_and_the_points_possible() -> None:
    text = render_grades([ANNA, BORIS, grade("vera", of=9.0)], "canvas", title="The film (12345)")
    assert text == (
        "Student,ID,SIS User ID,SIS Login ID,Section,The film (12345)\n"
        "    Points Possible,,,,,10\n"
        '"Anna, K.",417,anna,anna@x.org,,6.75\n'
        "Boris,,boris,boris@x.org,,\n"
        "vera,,vera,,,7.5\n"
    )


@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize("state", ["nothing handed in", "unreadable", "wrong student", "waiting", "not graded yet"])
def test_what_has_no_grade_is_an_empty_cell_and_never_a_zero(form: Form, state: str) -> None:
    table = rows(render_grades([nothing("vera", state)], form, title="The film"))
    assert "0" not in {cell for row in table for cell in row}
    column = table[0].index("grade" if form == "csv" else "The film")
    assert table[-1][column] == ""


def test_a_grade_of_zero_is_a_zero() -> None:
    assert rows(render_grades([grade("vera", grade=0.0)], "moodle", title="x"))[1] == ["vera", "0"]


@pytest.mark.parametrize(
    ("value", "shown"), [(1 / 3, "0.3333"), (2.50001, "2.5"), (10.0, "10"), (100.0, "100"), (1e-9, "0"), (-1e-9, "0")]
)
def test_numbers_have_at_most_four_decimals(value: float, shown: str) -> None:
    assert rows(render_grades([grade("vera", grade=value)], "moodle", title="x"))[1][1] == shown


@pytest.mark.parametrize(
    "name", ["=1+1", "+49 30 1", "-x", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n@x", "-1+1", "+", "＝1", "-", "--5"]
)
@pytest.mark.parametrize("form", get_args(Form))
def test_no_cell_is_a_formula(name: str, form: Form) -> None:
    each = grade(name, name=name, email=name, lms=name, file=name, receipt=name)
    for row in rows(render_grades([each], form, title=name)):
        for cell in row:
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))


@pytest.mark.parametrize("name", ["-5", "-0.25", "+5", "007", "Anna", "a=b", "’=", ""])
def test_numbers_and_other_text_stay_as_they_are(name: str) -> None:
    assert rows(render_grades([grade("x", name=name)], "csv", title=""))[1][1] == name


def test_a_row_is_a_line() -> None:
    text = render_grades([grade("x", name="Anna\r\nK.\x85\u2028\x00")], "csv", title="")
    assert len(text.splitlines()) == 2
    assert rows(text)[1][1] == "Anna  K.   "


def test_anonymous_tables_tell_nobody() -> None:
    people = [ANNA, BORIS, grade("vera", name="Vera", email="v@x.org", file="vera.ipynb", reason="for boris")]
    coded = anonymous(people, SALT)
    for form in get_args(Form):
        text = render_grades(coded, form, title="The film").lower()
        assert not [word for word in ("anna", "boris", "vera", "x.org", "417", "r1") if word in text]
    assert sorted(str(each.grade) for each in coded) == ["6.75", "7.5", "None"]
    assert [each.student for each in coded] == sorted(code_of(each.student, SALT) for each in people)


def test_codes_are_stable_and_of_one_gradebook() -> None:
    assert code_of("anna", SALT) == code_of("anna", SALT)
    assert code_of("anna", SALT) != code_of("anna", SALT[::-1])
    codes = {code_of(str(number), SALT) for number in range(20_000)}
    assert len(codes) == 20_000
    assert all(code.isalnum() and code.isascii() and code[0] == "s" and len(code) == 11 for code in codes)
