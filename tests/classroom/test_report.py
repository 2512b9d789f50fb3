"""Reports: what teachers see, which files are written, and the command."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from questions import QUESTIONS
from reported import (
    ANNA,
    BORIS,
    CLASS,
    asked,
    collect,
    document,
    every_file,
    fill,
    grade,
    handed_in,
    not_read,
    question,
    regrade,
    released,
    result,
    right_answers,
    slips,
    text_of,
    with_wider_key,
    write,
)

from proverka.classroom.feedback import feedback_of
from proverka.classroom.grade import data_scorer, write_run
from proverka.classroom.grade_files import code_of
from proverka.classroom.gradebook import Grade, Gradebook, open_gradebook
from proverka.classroom.model import HandInState, Policy, Student
from proverka.classroom.overview import columns_of
from proverka.classroom.report import moodle_folders
from proverka.classroom.score import Keys
from proverka.cli import main
from proverka.model import Code


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path_factory.mktemp("course") / "gradebook.sqlite") as book:
        fill(book)
        yield book


@pytest.fixture(scope="module")
def out(book: Gradebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(book, tmp_path_factory.mktemp("report"))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


# ---------------------------------------------------------------------------------------------------
# For teachers


def cells(out: Path, caption: str) -> list[list[str]]:
    (found,) = [each for each in document(out / "class.html").iter("table") if text_of(each.find("caption")) == caption]
    return [[text_of(cell) for cell in row] for row in found.iter("tr")]


def test_the_overview_counts_students_by_state(out: Path) -> None:
    rows = cells(out, "Students by state")[1:]
    assert rows[-1] == ["all", "7"]
    assert {tuple(each) for each in rows} == {
        ("waiting", "2"),
        ("graded", "2"),
        ("nothing handed in", "1"),
        ("unreadable", "1"),
        ("wrong student", "1"),
        ("all", "7"),
    }


def test_the_overview_tells_how_each_question_was_answered(out: Path) -> None:
    rows = {each[0].split()[-1]: each[1:] for each in cells(out, "How each question was answered")[1:]}
    assert list(rows) == [each.id for each in QUESTIONS]
    number = with_wider_key().fingerprint
    shown = asked(out, "_e_f_im", "number")[1]["Your answer"]
    assert rows["q-canary-number"] == ["4", "2 of 4", "1", "0", "0", f"{shown} (1)", f"{number} (4)"]
    assert rows["q-canary-essay"][:5] == ["2", "0.5 of 2", "1", "2", "0"]
    assert rows["q-canary-choices"][5] == "Second for choices (1)"
    assert rows["q-canary-match"][5] == "Left x → Right y (1)Left y → Right x (1)"
    assert rows["q-canary-order"][5] == "Step z → Step y → Step x (1)"
    assert rows["q-canary-code"][5].startswith("double(815) (1)")
    assert "%" not in "".join(each for row in rows.values() for each in row)


def test_the_overview_lists_everybody_by_name(out: Path) -> None:
    rows = cells(out, "Everybody on the roster")[1:]
    assert [each[0] for each in rows][:3] == ["Anna", "Boris", "Dina"]
    late = "Saturday 6 February 2027, 23:59:01 (UTC+03:00)"
    assert rows[1][1:7] == ["boris", "graded", "3.33 of 11", "2", "2.67", late]
    assert result(out, "boris")["Receipt"].startswith(rows[1][7])
    assert rows[2] == ["Dina", "dina", "nothing handed in", "–", "–", "–", "–", "–"]


def test_the_overview_tells_which_files_could_not_be_graded_and_why(out: Path) -> None:
    assert cells(out, "Files and why")[1:] == [
        ["gleb.ipynb", "gleb", "unreadable", "the file ends in the middle"],
        ["who.ipynb", "nobody knows", "unreadable", "nothing shows whose it is"],
        ["zoya.ipynb", "zoya", "wrong student", "it is the sheet of Anna (anna)"],
    ]


def test_shares_and_frequent_mistakes_are_told_of_ten_answers(empty: Gradebook, tmp_path: Path) -> None:
    students = tuple(Student(f"s{number:02}") for number in range(12))
    release = released(students=students, policy=Policy())
    typed = ["CanaryTyped", "canary typed!", "Riga", "riga", "RIGA", "Tartu", "Vilnius", "", "", "CanaryAccepted"]

    def given(number: int) -> Any:
        wrong = {"q-canary-text": typed[number]} if number < len(typed) else None
        return handed_in(release, students[number].id, wrong or right_answers())

    collect(empty, release, map(given, range(12)))
    grade(empty)
    rows = {
        each[0].split()[-1]: each[1:]
        for each in cells(write(empty, tmp_path / "out"), "How each question was answered")
    }
    # “canary typed!” is two words and another mistake; who answered nothing made none.
    assert rows["q-canary-text"][:6] == [
        "12",
        "25% (3 of 12)",
        "2",
        "0",
        "0",
        "Riga (3)canary typed! (1)CanaryTyped (1)",
    ]
    assert rows["q-canary-choice"][:3] == ["12", "17% (2 of 12)", "10"]


def test_a_key_that_was_corrected_for_some_is_told_in_both_versions(empty: Gradebook, tmp_path: Path) -> None:
    release = released(policy=Policy())
    collect(empty, release, iter([handed_in(release, "anna", right_answers())]))
    grade(empty)
    old = question("number")
    regrade(empty, old, with_wider_key())
    late = handed_in(release, "boris", slips())
    empty.add_handins("first-week", [late], now=9)
    run = empty.begin_run("first-week", "grade", now=9)
    with data_scorer(Keys({each.fingerprint: each for each in QUESTIONS})) as scorer:
        write_run(empty, run, empty.waiting("first-week", run, 50), scorer, now=lambda: 9, done=lambda _: None)
    rows = {
        each[0].split()[-1]: each for each in cells(write(empty, tmp_path / "out"), "How each question was answered")
    }
    both = sorted([f"{old.fingerprint} (1)", f"{with_wider_key().fingerprint} (1)"])
    assert rows["q-canary-number"][-1] == "".join(both)


def a_grade(points: float, of: float = 10) -> Grade:
    return Grade("s", "", "", "", "graded", points, of, 0, points, 0, 1, 1, "", "", "")


@pytest.mark.parametrize(
    ("points", "of", "width", "counts"),
    [
        ([0, 0.99, 1, 9, 9.5, 10], [10], 1, [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]),
        ([3], [3], 0.5, [0, 0, 0, 0, 0, 1]),
        ([11, 10, 9.99], [11], 2, [0, 0, 0, 0, 1, 2]),
        ([0.3], [1], 0.1, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        ([100, 0], [100], 10, [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ([0], [0], 0.1, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ([5, 10], [10, 20], 0.1, [0, 0, 0, 0, 0, 2, 0, 0, 0, 0]),
    ],
)
def test_grades_are_counted_in_round_columns(
    points: list[float], of: list[float], width: float, counts: list[int]
) -> None:
    grades = [a_grade(each, of[number % len(of)]) for number, each in enumerate(points)]
    columns, shares = columns_of(grades)
    assert [each.count for each in columns] == counts
    assert columns[0].high == pytest.approx(width)
    assert columns[0].low == 0
    assert shares is (len(of) > 1)


def test_the_chart_says_in_words_what_it_shows(out: Path) -> None:
    (chart,) = document(out / "class.html").iter("svg")
    told = "Students by points. 0 to 2: 1; 2 to 4: 1; 4 to 6: 0; 6 to 8: 0; 8 to 10: 0; 10 to 11: 0."
    assert chart.get("aria-label") == told
    assert [each.text for each in chart.iter("text")] == ["0", "1", "2", "1", "4", "6", "8", "10", "11"]
    assert cells(out, "Students by points, after lateness")[1:3] == [["0 to under 2", "1"], ["2 to under 4", "1"]]


def test_receipts_are_a_table(out: Path) -> None:
    rows = list(csv.reader(io.StringIO((out / "receipts.csv").read_text(encoding="utf-8"))))
    assert rows[0] == ["student", "name", "receipt", "handed in at", "file", "state"]
    assert len(rows) == 8
    boris = next(each for each in rows if each[0] == "boris")
    assert boris[3:] == ["2027-02-06T20:59:01Z", "first-week-boris.ipynb", "graded"]
    assert result(out, "boris")["Receipt"].startswith(boris[2])
    assert rows[3] == ["dina", "Dina", "", "", "", "nothing handed in"]


def test_no_receipt_is_a_formula(empty: Gradebook, tmp_path: Path) -> None:
    release = released(students=(Student("=1+1", "@x"),))
    collect(empty, release, iter([handed_in(release, "=1+1", {}, file="-2+3.ipynb")]))
    rows = list(csv.reader(io.StringIO((write(empty, tmp_path / "out") / "receipts.csv").read_text(encoding="utf-8"))))
    assert [rows[1][0], rows[1][1], rows[1][4]] == ["'=1+1", "'@x", "'-2+3.ipynb"]


# ---------------------------------------------------------------------------------------------------
# For Moodle

FOLDER = "Anna K_4711_assignsubmission_file_"


def placed(**files: str) -> list[Grade]:
    names = {"anna": "Anna K", "boris": "Boris"}
    return [
        dataclasses.replace(a_grade(1), student=id_, name=names[id_], file=file) for id_, file in sorted(files.items())
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"anna": f"{FOLDER}/first-week-anna.ipynb"}, {"anna": FOLDER}),
        ({"anna": f"{FOLDER[:-1]}/first-week-anna.ipynb"}, {"anna": FOLDER}),
        ({"anna": f"{FOLDER}first-week-anna.ipynb"}, {"anna": FOLDER}),
        ({"anna": f"{FOLDER}/deeper/x.ipynb"}, {"anna": FOLDER}),
        (
            {"anna": "Participant 4711_4711_assignsubmission_file_/x.ipynb"},
            {"anna": "Participant 4711_4711_assignsubmission_file_"},
        ),
        # A name that a student gave, below a folder that is not Moodle’s.
        ({"anna": f"handed-in/{FOLDER}/x.ipynb"}, {}),
        ({"anna": "anna_4711_99_x.ipynb", "boris": "b.ipynb"}, {}),
        ({"anna": "Boris_9_assignsubmission_file_/x.ipynb", "boris": ""}, {}),
        ({"anna": "Nobody_9_assignsubmission_file_/x.ipynb", "boris": "Boris_9_assignsubmission_file_/x.ipynb"}, {}),
        ({"anna": ""}, {}),
    ],
)
def test_moodle_s_folders_are_known_and_others_are_not(files: dict[str, str], found: dict[str, str]) -> None:
    assert dict(moodle_folders("first-week", placed(**files))) == found


def test_feedback_for_moodle_is_in_the_folders_of_its_own_download(empty: Gradebook, tmp_path: Path) -> None:
    release = released(students=(dataclasses.replace(ANNA, name="Anna K"), BORIS))
    collect(
        empty,
        release,
        iter(
            [handed_in(release, "anna", {}, file=f"{FOLDER}/x.ipynb"), handed_in(release, "boris", {}, file="b.ipynb")]
        ),
    )
    grade(empty)
    out = write(empty, tmp_path / "out")
    with zipfile.ZipFile(out / "feedback.zip") as archive:
        assert archive.namelist() == [f"{FOLDER}/first-week-anna.html"]
        assert archive.read(archive.namelist()[0]) == (out / "feedback/first-week-anna.html").read_bytes()
    before = every_file(out)
    assert every_file(write(empty, out)) == before


# ---------------------------------------------------------------------------------------------------
# The files


def test_writing_again_gives_the_same_bytes(book: Gradebook, out: Path, tmp_path: Path) -> None:
    before = every_file(out)
    assert every_file(write(book, tmp_path / "again")) == before
    assert every_file(write(book, tmp_path / "again")) == before


def test_both_databases_give_the_same_report(where: str, out: Path, tmp_path: Path) -> None:
    with open_gradebook(where) as other:
        fill(other)
        assert every_file(write(other, tmp_path / "out")) == every_file(out)


def test_an_anonymous_report_tells_nowhere_who_it_is(book: Gradebook, tmp_path: Path) -> None:
    files = every_file(write(book, tmp_path / "out", anonymous=True))
    codes = {each.id: code_of(each.id, book.salt) for each in CLASS}
    assert sorted(each for each in files if each.startswith("feedback")) == sorted(
        f"feedback/first-week-{each}.html" for each in codes.values()
    )
    assert "receipts.csv" not in files
    for name, data in files.items():
        text = data.decode()
        for each in CLASS:
            assert not re.search(rf"\b{re.escape(each.name.split()[0])}\b|\b{re.escape(each.id)}\b", text), name
        assert ".ipynb" not in text.replace("FILE.ipynb", "")
    assert result(tmp_path / "out", codes["boris"])["State"] == "graded"
    assert codes["boris"] in files["class.html"].decode()
    assert "3; their names are left out" in files["class.html"].decode()


def test_ids_that_would_make_one_file_name_make_two(empty: Gradebook, tmp_path: Path) -> None:
    students = tuple(Student(each) for each in ("a/b", "a:b", "A_b", "..", "../../etc/passwd"))
    release = released(students=students)
    collect(empty, release, iter([handed_in(release, each.id, {}) for each in students]))
    out = write(empty, tmp_path / "deep" / "out")
    names = sorted(path.name for path in (out / "feedback").iterdir())
    assert len({each.casefold() for each in names}) == 5
    assert [path for path in tmp_path.rglob("*.html") if (out / "feedback") not in path.parents] == [out / "class.html"]
    shown = [text_of(document(out / "feedback" / name).find("body/header/p[@class='who']")) for name in names]
    assert sorted(shown) == sorted(each.id for each in students)


def test_feedback_is_read_once_and_in_the_order_of_names(book: Gradebook) -> None:
    record = book.assignment("first-week")
    found = list(feedback_of(book, record, book.grades(record.id), keys=True))
    assert [each.student for each in found][:3] == ["Anna", "Boris", "Dina"]
    for each in found:
        scored = book.scores_of(record.id, each.grade.student)
        assert [judged.answer for judged in each.judged] == scored


def test_files_that_are_duplicates_are_not_among_those_not_graded(empty: Gradebook, tmp_path: Path) -> None:
    release = released()
    first = handed_in(release, "anna", right_answers())
    found = [
        first,
        dataclasses.replace(first, file="copy.ipynb"),
        not_read("", "x", HandInState.WRONG_ASSIGNMENT, "so"),
    ]
    collect(empty, release, iter(found))
    grade(empty)
    assert [each[0] for each in cells(write(empty, tmp_path / "out"), "Files and why")[1:]] == ["x"]


def test_code_answers_without_a_sandbox_are_not_graded_yet(empty: Gradebook, tmp_path: Path) -> None:
    release = released()
    collect(empty, release, iter([handed_in(release, "anna", right_answers())]))
    grade(empty)
    heading, told = asked(write(empty, tmp_path / "out"), "anna", "code")
    assert heading.endswith("… Not graded yet")
    assert isinstance(question("code"), Code)
    assert "def double" in told["Your answer"]


# ---------------------------------------------------------------------------------------------------
# The command


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An assignment that closed long ago, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROVERKA_GRADEBOOK", raising=False)
    add("first-week", Policy(due=10, closes=20))
    return tmp_path


def add(assignment: str, policy: Policy) -> None:
    release = released(assignment=assignment, policy=policy)
    with open_gradebook("gradebook.sqlite") as book:
        collect(book, release, iter([handed_in(release, "anna", slips(), at=1), handed_in(release, "boris", {}, at=2)]))
        grade(book, assignment)


def run(*arguments: str, code: int = 0, assignment: str = "first-week") -> Result:
    done = CliRunner().invoke(main, ["report", assignment, "-o", "out", *arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def test_the_command_says_what_it_wrote(course: Path) -> None:
    assert run("--notebooks").stdout.splitlines() == [
        "wrote out/feedback: 7 pages",
        "wrote out/notebooks: 7 notebooks",
        "wrote out/class.html",
        "wrote out/receipts.csv",
    ]
    assert {path.name for path in (course / "out").iterdir()} == {"feedback", "notebooks", "class.html", "receipts.csv"}


def test_without_notebooks_there_are_none(course: Path) -> None:
    run()
    assert not (course / "out/notebooks").exists()


@pytest.mark.parametrize(
    ("assignment", "arguments", "told", "notice"),
    [
        ("first-week", [], True, False),
        ("first-week", ["--no-keys"], False, False),
        ("open", [], False, True),
        ("open", ["--keys"], True, False),
        ("open", ["--no-keys"], False, False),
    ],
)
def test_keys_are_told_once_the_assignment_is_closed(
    course: Path, assignment: str, arguments: list[str], told: bool, notice: bool
) -> None:
    # In the year 2100.
    add("open", Policy(due=10, closes=4_102_444_800))
    done = run(*arguments, assignment=assignment)
    assert ("still open: keys and explanations are left out (--keys tells them)" in done.stderr) is notice
    text = (course / f"out/feedback/{assignment}-anna.html").read_text(encoding="utf-8")
    assert ("CanaryExplain" in text) is told
    assert ("assignment is still open" in text) is not told


def test_one_student_s_feedback_can_be_written_alone(course: Path) -> None:
    assert run("--students", "boris", "--students", "anna").stdout == "wrote out/feedback: 2 pages\n"
    assert sorted(path.name for path in (course / "out").rglob("*.*")) == [
        "first-week-anna.html",
        "first-week-boris.html",
    ]
    alone = every_file(course / "out")
    run()
    assert alone.items() <= every_file(course / "out").items()


def test_a_student_that_is_not_on_the_roster_is_told(course: Path) -> None:
    done = run("--students", "borris", code=2)
    assert "there is no student “borris” on the roster; did you mean boris?" in done.output
    assert not (course / "out").exists()


def test_who_is_not_in_the_zip_is_counted(course: Path) -> None:
    release = released(assignment="moodle", policy=Policy(), students=(ANNA, BORIS))
    with open_gradebook("gradebook.sqlite") as book:
        file = "Anna_5_assignsubmission_file_/x.ipynb"
        collect(book, release, iter([handed_in(release, "anna", {}, file=file), handed_in(release, "boris", {})]))
    done = run(assignment="moodle")
    assert "wrote out/feedback.zip" in done.stdout
    assert "1 student not in the zip: no hand-in came from a folder of Moodle’s" in done.stderr


def test_what_cannot_be_written_is_told(course: Path) -> None:
    (course / "out").mkdir()
    (course / "out/feedback").write_text("a file", encoding="utf-8")
    assert "Error: cannot write out/feedback: File exists" in run(code=1).output


def test_an_unknown_assignment_and_a_missing_gradebook_are_told(course: Path) -> None:
    assert "there is no assignment “first-weak”" in run(code=1, assignment="first-weak").output
    assert "there is no gradebook" in run("--gradebook", "none.sqlite", code=1).output
    assert not (course / "out").exists()


def test_the_stylesheet_is_shipped(course: Path) -> None:
    run()
    text = (course / "out/class.html").read_text(encoding="utf-8")
    assert "light-dark(" in text
    assert "url(" not in text
    assert "@import" not in text
