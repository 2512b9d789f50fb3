"""Marking by a person, in a terminal and through a spreadsheet; what is marked counts, and nothing is lost."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from reported import CLASS, DAY, DUE, HOSTILE, collect, grade, handed_in, mark, question, released, response

from proverka.classroom.grade_files import code_of
from proverka.classroom.gradebook import Gradebook, open_gradebook
from proverka.cli import main
from proverka.model import JSON, State

ESSAY, TEXT, BLANKS = "q-canary-essay", "q-canary-text", "q-canary-blanks"
Rows = list[dict[str, str]]


def answers(essay: str, **more: JSON) -> dict[str, JSON]:
    return {ESSAY: {"text": essay}, **{f"q-canary-{name}": each for name, each in more.items()}}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gradebook]:
    """Three essays and two answers that are nearly right, waiting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROVERKA_GRADEBOOK", raising=False)
    release = released()
    with open_gradebook("gradebook.sqlite") as book:
        handins = [
            handed_in(release, "anna", answers("Anna wrote this.", text="Canary Acepted")),
            handed_in(release, "boris", answers('=1+1\nSecond line; “quoted”, "twice".')),
            handed_in(release, "vera", answers("Vera’s.", blanks={"canarytyped": "CanaryWurd", "canarychosen": "two"})),
        ]
        collect(book, release, iter(handins))
        grade(book)
        yield book


def run(*arguments: str, typed: str = "", code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["mark", "first-week", *arguments], input=typed, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def scored(book: Gradebook, student: str, name: str) -> Any:
    return next(each for each in book.scores_of("first-week", student) if each.question == name)


# ---------------------------------------------------------------------------------------------------
# In the terminal

#: The queue goes by question: “blanks”, “essay” (Anna, Boris, Vera), “text”.
ALL = "0.5\n\n2\n1\nVery good.\n1,5\n0\n\n0\n0\n\n1\n\n"


def test_all_that_waits_is_asked_and_counts_at_once(book: Gradebook) -> None:
    result = run(typed=ALL)
    assert "5 answers marked, no" not in result.output
    assert "5 answers marked, 0 left" in result.output
    essay = scored(book, "boris", ESSAY)
    assert (essay.points, essay.of, essay.state) == (0.5, 1, State.PARTIAL)
    assert essay.mark.marks == {"canarysource": 1.5, "canarydoubt": 0}
    assert scored(book, "anna", ESSAY).mark.comment == "Very good."
    assert (scored(book, "anna", TEXT).points, scored(book, "anna", TEXT).doubtful) == (1, False)
    assert (scored(book, "vera", BLANKS).points, scored(book, "vera", BLANKS).state) == (0.5, State.PARTIAL)
    assert {each.state for each in book.grades("first-week") if each.handin} == {"graded"}


def test_the_questions_are_asked_together_with_what_is_accepted(book: Gradebook) -> None:
    output = run(typed=ALL).output
    assert output.count("What about essay?") == 1
    assert "Accepted: CanaryModel answer." in output
    assert "canarysource: CanaryRubric (0 to 2;" in output
    assert "[5 of 5, anna, nearly right]" in output
    assert output.index("Anna wrote this.") < output.index("Vera’s.")


def test_nobody_is_named_if_it_is_anonymous(book: Gradebook) -> None:
    output = run("--anonymous", typed=ALL).output
    assert "[2 of 5]" in output
    for each in CLASS:
        assert each.id not in output.replace("Anna wrote this.", "").replace("Vera’s.", "")


@pytest.mark.parametrize("end", ["q\n", ""])
def test_what_was_marked_before_the_end_is_kept_and_counts(book: Gradebook, end: str) -> None:
    """The end is a word, or that there is no more input, as after Ctrl-C."""
    result = run(typed=f"0.5\n\n2\n1\nGood.\n{end}")
    assert "2 answers marked, 3 left" in result.output
    assert scored(book, "anna", ESSAY).points == 1


def test_who_ends_at_the_comment_keeps_the_mark(book: Gradebook) -> None:
    result = run(typed="0.5\n")
    assert "1 answer marked, 4 left" in result.output
    assert scored(book, "vera", BLANKS).points == 0.5


def test_the_end_is_taken_at_the_first_criterion(book: Gradebook) -> None:
    output = run(typed="s\nq\n").output
    assert "canarysource" in output
    assert "canarydoubt" not in output
    assert "no answers marked, 5 left" in output


def test_what_is_skipped_waits_on(book: Gradebook) -> None:
    assert "no answers marked, 5 left" in run(typed="s\n" * 5).output
    assert "1 answer marked, 4 left" in run(typed="0\n\ns\ns\ns\ns\n").output


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("3\n1\n", "canarysource: 3 is not between 0 and 2"),
        ("2\n-1\n", "canarydoubt: -1 is not between 0 and 1"),
        ("two\n1\n", "canarysource: “two” is no number"),
        ("nan\n1\n", "canarysource: nan is not between 0 and 2"),
        ("2\n\n", "canarydoubt: there is no mark"),
    ],
)
def test_a_mark_that_cannot_be_is_asked_for_again(book: Gradebook, typed: str, told: str) -> None:
    result = run(typed=f"s\n{typed}1\n1\n\nq\n")
    assert f"{told}; once more, please" in result.output
    assert "1 answer marked" in result.output
    assert scored(book, "anna", ESSAY).mark.marks == {"canarysource": 1, "canarydoubt": 1}


def test_an_answer_cannot_steer_the_terminal(book: Gradebook) -> None:
    book.add_handins("first-week", [handed_in(released(), "gleb", answers(f"{HOSTILE}\ud800"))], now=3)
    grade(book)
    output = run(typed="q\n").output + run(typed="s\ns\ns\ns\nq\n").output
    assert r"\x1b\u202egnp.exe\u202c" in output
    assert not set(output) & set("\x00\x1b\u202e\ud800")


def test_answers_of_hand_ins_that_do_not_count_are_not_asked(book: Gradebook) -> None:
    again = handed_in(released(), "anna", answers("Anna wrote more."), at=DUE - DAY // 2, file="again.ipynb")
    book.add_handins("first-week", [again], now=3)
    grade(book)
    output = run(typed="s\n" * 4).output
    assert "Anna wrote more." in output
    assert "Anna wrote this." not in output
    assert "[1 of 4" in output


# ---------------------------------------------------------------------------------------------------
# Marks that change, marks that were interrupted


def test_a_second_mark_replaces_the_first_in_the_grade_and_both_stay_stored(
    book: Gradebook, query: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    mark(book, "anna", ESSAY, {"canarysource": 0, "canarydoubt": 1}, "Too short.")
    first = scored(book, "anna", ESSAY)
    mark(book, "anna", ESSAY, {"canarysource": 2, "canarydoubt": 1}, "I overlooked the end.")
    second = scored(book, "anna", ESSAY)
    assert (round(first.points, 4), second.points) == (0.3333, 1)
    assert second.mark.comment == "I overlooked the end."
    stored = query("gradebook.sqlite", f"SELECT comment FROM marks WHERE response = {second.response} ORDER BY id")
    assert stored == [("Too short.",), ("I overlooked the end.",)]
    points = query("gradebook.sqlite", f"SELECT points FROM scores WHERE response = {second.response} ORDER BY run")
    assert [round(each, 4) for (each,) in points] == [0, 0.3333, 1]


def test_marks_count_although_a_run_before_them_was_stopped(book: Gradebook) -> None:
    book.begin_run("first-week", "mark", now=4)
    run(typed=ALL)
    assert scored(book, "anna", ESSAY).points == 1
    assert {each.state for each in book.grades("first-week") if each.handin} == {"graded"}


def test_marks_that_were_stored_and_not_scored_count_the_next_time(book: Gradebook) -> None:
    book.mark(response(book, "anna", ESSAY), {"canarysource": 2, "canarydoubt": 0}, marker="x", now=4)
    assert scored(book, "anna", ESSAY).state is State.WAITING
    run(typed="q\n")
    assert round(scored(book, "anna", ESSAY).points, 4) == 0.6667


def test_who_marked_is_kept(book: Gradebook, query: Callable[[str, str], list[tuple[Any, ...]]]) -> None:
    run("--marker", "Tsymbal", typed="1\n\nq\n")
    assert query("gradebook.sqlite", "SELECT marker FROM marks") == [("Tsymbal",)]


# ---------------------------------------------------------------------------------------------------
# Through a spreadsheet


def written(*arguments: str) -> Rows:
    run("--write", "queue.csv", *arguments)
    return list(csv.DictReader(io.StringIO(Path("queue.csv").read_text(encoding="utf-8"), newline="")))


def filled(rows: Rows, *, marks: str = "1", comment: str = "") -> Rows:
    return [{**each, "mark": marks, "comment": comment} for each in rows]


def save(
    rows: Rows, *, delimiter: str = ",", start: str = "", ends: str = "\n", quoting: int = csv.QUOTE_MINIMAL
) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=ends, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    Path("queue.csv").write_bytes((start + text.getvalue()).encode())


def test_the_table_holds_all_that_is_needed_to_mark(book: Gradebook) -> None:
    rows = written()
    assert [each["criterion"] for each in rows] == [
        "share",
        *["canarysource: CanaryRubric", "canarydoubt: CanaryDoubt"] * 3,
        "share",
    ]
    assert [each["student"] for each in rows] == ["vera", "anna", "anna", "boris", "boris", "vera", "vera", "anna"]
    assert {each["mark"] for each in rows} == {""}
    assert rows[0]["accepted"] == "canarytyped: CanaryWord; canarychosen: one"
    assert rows[3]["answer"] == '\'=1+1\nSecond line; “quoted”, "twice".'
    assert [each["most"] for each in rows] == ["1", *["2", "1"] * 3, "1"]


def test_an_answer_that_no_file_can_hold_is_written_all_the_same(book: Gradebook) -> None:
    book.add_handins("first-week", [handed_in(released(), "gleb", answers(f" \t=cmd|{HOSTILE}\ud800\r\nx"))], now=3)
    grade(book)
    (row, _) = [each for each in written() if each["student"] == "gleb"]
    assert row["answer"].startswith("'")
    assert r"\x00\x1b\u202egnp.exe\u202c" in row["answer"]
    assert row["answer"].endswith("\\ud800\nx")
    save(filled(written()))
    assert "6 answers marked, 0 left" in run("--read", "queue.csv").output


@pytest.mark.parametrize(
    "dialect",
    [
        {},
        {"start": "\ufeff"},
        {"ends": "\r\n"},
        {"delimiter": ";"},
        {"delimiter": "\t", "start": "\ufeff", "ends": "\r\n"},
        {"quoting": csv.QUOTE_ALL},
    ],
    ids=str,
)
def test_however_a_spreadsheet_saves_it_all_marks_are_read(book: Gradebook, dialect: dict[str, Any]) -> None:
    save(filled(written(), marks="0,5", comment="Half; “so” it is,\nisn’t it?"), **dialect)
    assert "5 answers marked, 0 left" in run("--read", "queue.csv").output
    assert scored(book, "anna", ESSAY).mark.marks == {"canarysource": 0.5, "canarydoubt": 0.5}
    assert scored(book, "anna", ESSAY).mark.comment == "Half; “so” it is,\nisn’t it?"
    assert scored(book, "anna", TEXT).points == 0.5


def test_rows_can_be_sorted_deleted_and_left_blank(book: Gradebook) -> None:
    rows = filled(written())
    rows = sorted((each for each in rows if each["student"] != "boris"), key=lambda each: each["criterion"])
    rows[-1]["mark"] = ""
    save(rows)
    assert "3 answers marked, 2 left" in run("--read", "queue.csv").output
    assert scored(book, "vera", ESSAY).state is not State.WAITING
    assert scored(book, "boris", ESSAY).state is State.WAITING


def test_columns_can_be_moved_and_those_not_needed_deleted(book: Gradebook) -> None:
    names = ["mark", "criterion", "response"]
    save([{name: each[name] for name in names} for each in filled(written())])
    assert "5 answers marked, 0 left" in run("--read", "queue.csv").output


def test_comments_in_several_lines_of_an_answer_are_all_kept(book: Gradebook) -> None:
    rows = filled(written())
    for number, each in enumerate(rows):
        each["comment"] = f"Comment {number}." if number in (1, 2) else "Same."
    save(rows)
    run("--read", "queue.csv")
    assert scored(book, "anna", ESSAY).mark.comment == "Comment 1.\nComment 2."
    assert scored(book, "boris", ESSAY).mark.comment == "Same."


@pytest.mark.parametrize(
    ("row", "changes", "told"),
    [
        (1, {"mark": "2.5"}, "response {}: canarysource: 2.5 is not between 0 and 2"),
        (1, {"mark": "good"}, "response {}: canarysource: “good” is no number"),
        (2, {"mark": ""}, "response {}: canarydoubt: there is no mark"),
        (2, {"criterion": "doubt"}, "response {}: canarydoubt: there is no mark"),
        (7, {"mark": "", "comment": "?"}, "response {}: share: there is no mark"),
    ],
)
def test_what_is_wrong_with_a_mark_is_told_and_the_others_are_kept(
    book: Gradebook, row: int, changes: dict[str, str], told: str
) -> None:
    rows = filled(written())
    rows[row] |= changes
    save(rows)
    result = run("--read", "queue.csv", code=1)
    assert f"queue.csv: {told.format(rows[row]['response'])}\n" in result.output
    assert "4 answers marked, 1 left" in result.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "queue.csv: line 1: there is no column “criterion”"),
        ("response,mark\n1,1\n", "queue.csv: line 1: there is no column “criterion”"),
        ("response,criterion,mark\nx,share,1\n", "queue.csv: line 2: response x does not wait for a mark; left alone"),
        (f"response,criterion,mark\n1,share,{'1' * 140_000}\n", "queue.csv: line 2: field larger than field limit"),
    ],
    ids=["empty", "no-criterion", "nobody", "endless"],
)
def test_a_file_that_is_no_such_table_changes_nothing(book: Gradebook, text: str, told: str) -> None:
    Path("queue.csv").write_text(text, encoding="utf-8", newline="")
    result = run("--read", "queue.csv", code=1)
    assert told in result.output
    assert "no answers marked, 5 left" in result.output


def test_a_file_that_is_not_utf_8_is_told(book: Gradebook) -> None:
    Path("queue.csv").write_bytes("response,criterion,mark\n1,share,½\n".encode("latin-1"))
    assert "cannot read queue.csv: " in run("--read", "queue.csv", code=1).output


def test_what_somebody_else_marked_in_the_meantime_is_left_alone(book: Gradebook) -> None:
    save(filled(written()))
    mark(book, "boris", ESSAY, {"canarysource": 0, "canarydoubt": 0}, "First come.")
    result = run("--read", "queue.csv", code=1)
    assert "4 answers marked, 0 left" in result.output
    assert result.output.count("does not wait for a mark; left alone") == 2
    assert scored(book, "boris", ESSAY).mark.comment == "First come."


def test_reading_the_same_file_again_marks_nothing_twice(
    book: Gradebook, query: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    save(filled(written()))
    run("--read", "queue.csv")
    run("--read", "queue.csv", code=1)
    assert query("gradebook.sqlite", "SELECT COUNT(*) FROM marks") == [(5,)]


def test_an_anonymous_table_has_codes_and_can_be_read_back(book: Gradebook) -> None:
    rows = written("--anonymous")
    assert rows[0]["student"] == code_of("vera", book.salt)
    assert {each["student"] for each in rows} == {code_of(each, book.salt) for each in ("anna", "boris", "vera")}
    text = Path("queue.csv").read_text(encoding="utf-8").replace("Anna wrote this.", "")
    assert not [each.id for each in CLASS if each.id in text]
    save(filled(rows))
    run("--read", "queue.csv")
    assert scored(book, "anna", ESSAY).mark is not None


def test_writing_and_reading_are_two_steps(book: Gradebook) -> None:
    written()
    assert "two steps" in run("--write", "queue.csv", "--read", "queue.csv", code=2).output


def test_a_corrected_rubric_counts_for_marks_to_come(book: Gradebook) -> None:
    """What is marked is the question as it is scored now, not as it was asked."""
    from reported import regrade

    old = question("essay")
    rubric = (*old.rubric[:1], dataclasses.replace(old.rubric[1], points=2))  # type: ignore[attr-defined]
    regrade(book, old, dataclasses.replace(old, rubric=rubric))  # type: ignore[call-arg]
    rows = [each for each in written() if each["question"] == ESSAY]
    assert [each["most"] for each in rows] == ["2"] * 6
    save(filled(rows, marks="2"))
    run("--read", "queue.csv")
    assert scored(book, "anna", ESSAY).state is State.RIGHT


# ---------------------------------------------------------------------------------------------------
# Again


def test_marks_are_corrected_in_the_terminal_and_enter_keeps_them(
    book: Gradebook, query: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    run(typed=ALL)
    # “blanks” as it was, Anna’s essay half a point less, without more to say, and no further.
    result = run("--again", typed="\n\n1.5\n\n\nq\n")
    assert "[1 of 5, vera]" in result.output
    assert "skips, q ends) [2]" in result.output
    assert "comment (may be left out) [Very good.]" in result.output
    assert "1 mark changed" in result.output
    essay = scored(book, "anna", ESSAY)
    assert essay.mark.marks == {"canarysource": 1.5, "canarydoubt": 1}
    assert essay.mark.comment == "Very good."
    assert round(essay.points, 4) == 0.8333
    assert query("gradebook.sqlite", "SELECT COUNT(*) FROM marks") == [(6,)]
    assert book.marking_queue("first-week") == []


def test_marks_are_corrected_in_a_table_and_what_was_left_as_it_was_stays(
    book: Gradebook, query: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    save(filled(written(), marks="0,3333333", comment="-1 for the end, “as told”\nbefore"))
    run("--read", "queue.csv")
    rows = written("--again")
    assert {each["mark"] for each in rows} == {"0.3333333"}
    assert {each["comment"] for each in rows} == {"'-1 for the end, “as told”\nbefore"}
    save(rows)
    assert "no marks changed" in run("--again", "--read", "queue.csv").output
    rows[1]["mark"] = "2"
    rows[3]["comment"] = rows[4]["comment"] = ""
    save(rows)
    assert "2 marks changed" in run("--again", "--read", "queue.csv").output
    assert scored(book, "anna", ESSAY).mark.marks == {"canarysource": 2, "canarydoubt": 0.3333333}
    assert scored(book, "boris", ESSAY).mark.comment == ""
    assert scored(book, "vera", ESSAY).mark.comment == "-1 for the end, “as told”\nbefore"
    assert query("gradebook.sqlite", "SELECT COUNT(*) FROM marks") == [(7,)]


def test_only_what_was_marked_is_corrected(book: Gradebook) -> None:
    mark(book, "anna", ESSAY, {"canarysource": 0, "canarydoubt": 1}, "Too short.")
    save(filled(written()))
    result = run("--again", "--read", "queue.csv", code=1)
    assert "no marks changed" in result.output
    assert result.output.count("has no mark to correct; left alone") == 6
    assert "1 answer marked before" in run("--again", "--write", "queue.csv").output
