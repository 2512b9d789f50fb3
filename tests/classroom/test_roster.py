from __future__ import annotations

from pathlib import Path

import pytest

from proverka.classroom.model import Student
from proverka.classroom.roster import RosterError, parse_roster, read_roster

MOODLE = """\
First name,Last name,ID number,Email address,Groups
Anna,Beta,4711,anna@example.org,A
Bo,Cyr,,bo@example.org,B
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,First (17)
    Points Possible,,,,,10
"Beta, Anna",101,4711,abeta,One,
"Cyr, Bo",102,,bcyr,One,
"Student, Test",103,,,One,
"""


def test_moodle_s_export_is_read() -> None:
    assert parse_roster(MOODLE, "m.csv") == (
        Student("4711", "Anna Beta", "anna@example.org"),
        Student("bo@example.org", "Bo Cyr", "bo@example.org"),
    )


def test_canvas_s_export_is_read_without_its_rows_that_are_no_students() -> None:
    assert parse_roster(CANVAS, "c.csv") == (
        Student("4711", "Beta, Anna", "", "101"),
        Student("bcyr", "Cyr, Bo", "", "102"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "id,name\ns1,Anna\n",
        "\ufeffid;name\r\ns1;Anna\r\n",
        "Name\tStudent ID\nAnna\ts1\n",
        'ID , "Full  Name"\n s1 ,Anna\n\n,,\n',
    ],
)
def test_a_plain_file_is_read_however_a_spreadsheet_wrote_it(text: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(text.encode())
    assert read_roster(tmp_path / "r.csv") == (Student("s1", "Anna"),)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no column names the students"),
        (b"id\n", "there are no students in it"),
        (b"id,name\n,Anna\n", "r.csv:2: this student has no id"),
        (b"id\ns1\ns1\n", "r.csv:3: “s1” stands already in line 2"),
        ("id,name\ns1,Ännä\n".encode("latin-1"), "r.csv:2: not UTF-8"),
        (b'id\n"s1\n', "r.csv"),
    ],
)
def test_what_is_wrong_with_a_roster_is_told_with_its_line(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(RosterError, match=said.replace("(", r"\(")):
        read_roster(tmp_path / "r.csv")
