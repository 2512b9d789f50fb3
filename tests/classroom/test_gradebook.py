"""What the gradebook keeps and what it makes of it, in both databases."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import os
import pwd
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from proverka.classroom.gradebook import (
    AssignmentRecord,
    Change,
    Counts,
    Gradebook,
    GradebookError,
    Mark,
    ToScore,
    open_gradebook,
)
from proverka.classroom.model import Answered, HandIn, HandInState, Policy, Scored, Student
from proverka.model import JSON, Number, State

DAY = 86_400
DUE = 1_000_000
Query = Callable[[str, str], list[tuple[Any, ...]]]

ANNA, BORIS, VERA = Student("anna", "Anna", "anna@x.org", "7"), Student("boris", "Boris"), Student("vera", "Vera")


def release(policy: Policy | None = None, tag: str = "one", id_: str = "stalker") -> AssignmentRecord:
    return AssignmentRecord(id_, "The film", tag, 1, policy or Policy(), {"version": 1})


def handin(student: str, file: str, answers: dict[str, JSON] | None = None, **more: Any) -> HandIn:
    given = answers if answers is not None else {"q-a": "x", "q-b": "y"}
    fields: dict[str, Any] = {"at": 10, "state": HandInState.OK, "receipt": f"r-{file}"} | more
    digest = fields.pop("digest", hashlib.sha256(repr(file).encode()).hexdigest())
    sheet = tuple(Answered(question, f"f-{question}", answer) for question, answer in given.items())
    return HandIn(student, file, digest, answers=sheet, **fields)


def scored(each: ToScore, points: float = 1, of: float = 1, state: State = State.RIGHT, **more: Any) -> Scored:
    return Scored(each.response, more.pop("fingerprint", each.fingerprint), points, of, state, **more)


def grade_all(
    book: Gradebook, score: Callable[[ToScore], Scored] = scored, *, assignment: str = "stalker", now: int = 20
) -> int:
    run = book.begin_run(assignment, "grade", now=now)
    for batch in book.waiting(assignment, run, 50):
        book.add_scores(run, [score(each) for each in batch])
    book.finish_run(run, now=now)
    return run


@pytest.fixture
def book(where: str) -> Iterator[Gradebook]:
    with open_gradebook(where) as book:
        book.add_assignment(release(), [ANNA, BORIS, VERA])
        yield book


def states(book: Gradebook) -> dict[str, str]:
    return {each.student: each.state for each in book.grades("stalker")}


# --------------------------------------------------------------------------------------------------
# Opening


def test_a_gradebook_is_made_once_and_found_again(where: str) -> None:
    with open_gradebook(where) as book:
        book.add_assignment(release(Policy(5, 6, 0.25, 0.5, "best")), [ANNA])
        salt = book.salt
    with open_gradebook(where, create=False) as book:
        assert book.assignments() == [release(Policy(5, 6, 0.25, 0.5, "best"))]
        assert book.salt == salt
        assert len(salt) == 32


def test_no_gradebook_is_made_where_one_should_be(where: str, query: Query) -> None:
    with pytest.raises(GradebookError, match="there is no gradebook; “proverka collect” begins one"):
        open_gradebook(where, create=False)
    if "://" in where:
        assert query(where, "SELECT * FROM pg_tables WHERE schemaname = current_schema()") == []
    else:
        assert not Path(where).exists()


def test_a_newer_gradebook_is_refused_and_left_alone(where: str, query: Query) -> None:
    open_gradebook(where).close()
    query(where, "UPDATE about SET value = '2' WHERE name = 'version'")
    with pytest.raises(GradebookError, match="is of version 2, and this proverka knows 1; install a newer one"):
        open_gradebook(where)
    assert query(where, "SELECT value FROM about WHERE name = 'version'") == [("2",)]


def test_a_database_of_something_else_is_refused_and_left_alone(where: str, query: Query) -> None:
    query(where, "CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(GradebookError, match="holds something else"):
        open_gradebook(where)
    assert query(where, "SELECT * FROM recipes") == []


def test_a_table_of_the_same_name_makes_no_gradebook(where: str, query: Query) -> None:
    query(where, "CREATE TABLE about (name TEXT, value TEXT)")
    with pytest.raises(GradebookError, match="holds something else"):
        open_gradebook(where)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://host/name", "not “mysql”"),
        ("postgresql+asyncpg://host/name", r"not “postgresql\+asyncpg”"),
        ("://", "should be like postgresql://user@host/name"),
    ],
)
def test_other_databases_are_refused(address: str, told: str) -> None:
    with pytest.raises(GradebookError, match=told):
        open_gradebook(address)


def test_a_password_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="PostgreSQL says: connection") as caught:
        open_gradebook(f"postgresql://teacher:sesame@/none?host={tmp_path}")
    assert "teacher:***@" in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Milk, bread. " * 500)
    with pytest.raises(GradebookError, match=r"notes\.txt: this is no gradebook or it is damaged"):
        open_gradebook(file)
    assert file.read_text() == "Milk, bread. " * 500


@pytest.mark.parametrize("name", ["none/gradebook.sqlite", ""])
def test_a_place_that_cannot_hold_a_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(GradebookError, match="cannot be opened; look whether the folder exists and can be written to"):
        open_gradebook(tmp_path / name)


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may write everywhere: then as somebody who may not."""
    nobody = pwd.getpwnam("nobody").pw_uid
    if os.getuid() == 0:
        os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(os.getuid())


@pytest.mark.parametrize("there", [True, False])
def test_a_read_only_place_is_told_and_changes_nothing(tmp_path: Path, there: bool) -> None:
    # What opening imports may be closed to others, as pytest’s folders are.
    open_gradebook(tmp_path / "gradebook.sqlite").close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "gradebook.sqlite"
        if there:
            shutil.copy(tmp_path / "gradebook.sqlite", file)
            file.chmod(0o444)
        folder.chmod(0o555)
        with without_rights(), pytest.raises(GradebookError, match=r"gradebook\.sqlite: .*can(not)? be written to"):
            open_gradebook(file)
        assert [each.name for each in folder.iterdir()] == (["gradebook.sqlite"] if there else [])
        assert not there or file.read_bytes() == (tmp_path / "gradebook.sqlite").read_bytes()
        folder.chmod(0o755)


def test_who_waits_too_long_for_another_writer_is_told(where: str) -> None:
    with open_gradebook(where) as book, open_gradebook(where, patience=0.2) as hasty:
        book.add_assignment(release(), [ANNA])
        other: Any
        if "://" in where:
            other = psycopg.connect(where)
            other.execute("LOCK TABLE runs IN EXCLUSIVE MODE")
        else:
            other = sqlite3.connect(where)
            other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match=r"another program has been writing for 0\.2 seconds"):
            hasty.begin_run("stalker", "grade", now=1)
        other.rollback()
        other.close()
        assert hasty.begin_run("stalker", "grade", now=1) == 1


# --------------------------------------------------------------------------------------------------
# Assignments and keys


def test_a_release_can_be_added_again_with_another_date_and_more_students(book: Gradebook) -> None:
    book.add_assignment(dataclasses.replace(release(Policy(due=5)), title="New"), [Student("anna", "Anna K."), VERA])
    assert book.assignment("stalker").title == "New"
    assert book.assignment("stalker").policy == Policy(due=5)
    assert [(each.student, each.name) for each in book.grades("stalker")] == [
        ("anna", "Anna K."),
        ("boris", "Boris"),
        ("vera", "Vera"),
    ]


def test_another_release_under_the_same_id_is_refused(book: Gradebook) -> None:
    with pytest.raises(GradebookError, match="“stalker” is here from another release; collect with that release"):
        book.add_assignment(release(tag="two"), [Student("new")])
    assert book.assignment("stalker").tag == "one"
    assert len(book.grades("stalker")) == 3


def test_an_unknown_assignment_is_told_with_those_there_are(book: Gradebook) -> None:
    with pytest.raises(GradebookError, match="there is no assignment “solaris”; there are: stalker"):
        book.assignment("solaris")


@pytest.mark.parametrize("name", ["seed", "students"])
def test_the_seed_and_the_roster_stay_out(book: Gradebook, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        book.add_assignment(dataclasses.replace(release(), data={name: "x"}), [])


def test_each_assignment_has_its_own_roster(book: Gradebook) -> None:
    book.add_assignment(release(id_="solaris"), [VERA])
    assert [each.student for each in book.grades("solaris")] == ["vera"]
    assert len(book.grades("stalker")) == 3


def test_every_version_of_a_question_is_kept(book: Gradebook) -> None:
    old = Number(id="q-year", outcome="lo", claims=(), level="recall", stem="When?", explain="", low=1979, high=1979)
    new = dataclasses.replace(old, high=1980)
    book.add_keys([old], now=1)
    book.add_keys([old, new, dataclasses.replace(old, explain="Later.")], now=2)
    assert book.key("q-year", old.fingerprint) == old
    assert book.key("q-year", new.fingerprint) == new
    assert book.key("q-year", "none") is None


# --------------------------------------------------------------------------------------------------
# Hand-ins


def test_collecting_again_adds_nothing(book: Gradebook) -> None:
    found = [handin("anna", "a.ipynb"), handin("boris", "b.ipynb", state=HandInState.EMPTY)]
    assert book.add_handins("stalker", found, now=1) == {HandInState.OK: 1, HandInState.EMPTY: 1}
    assert book.add_handins("stalker", [*found, *found], now=2) == {}
    assert book.counts("stalker") == Counts(
        students=3,
        missing=1,
        handins={HandInState.EMPTY: 1, HandInState.OK: 1},
        nobodys=0,
        responses=4,
        scored=0,
        waiting=0,
        doubtful=0,
    )


def test_a_new_version_of_a_file_is_another_hand_in(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", digest="1")], now=1)
    assert book.add_handins("stalker", [handin("anna", "a.ipynb", digest="2")], now=1) == {HandInState.OK: 1}


@pytest.mark.parametrize("together", [True, False])
def test_the_same_bytes_under_another_name_are_a_duplicate(
    book: Gradebook, where: str, query: Query, together: bool
) -> None:
    found = [handin("anna", name, digest="1") for name in ("a.ipynb", "a (1).ipynb", "a (2).ipynb")]
    counts: Counter[HandInState] = Counter()
    for batch in [found] if together else [[each] for each in found]:
        counts += book.add_handins("stalker", batch, now=1)
    assert counts == {HandInState.OK: 1, HandInState.DUPLICATE: 2}
    reasons = query(where, "SELECT reason FROM handins ORDER BY id")
    assert reasons == [("",), *[("the same, to the byte, as a.ipynb",)] * 2]
    assert book.counts("stalker").responses == 2


def test_two_students_may_hand_in_the_same_bytes(book: Gradebook) -> None:
    found = [handin("anna", "a.ipynb", digest="1"), handin("boris", "b.ipynb", digest="1")]
    assert book.add_handins("stalker", found, now=1) == {HandInState.OK: 2}


def test_files_of_nobody_are_counted_and_not_compared(book: Gradebook) -> None:
    found = [handin("", name, {}, digest="1", state=HandInState.UNREADABLE) for name in ("a", "b")]
    assert book.add_handins("stalker", found, now=1) == {HandInState.UNREADABLE: 2}
    assert book.counts("stalker").nobodys == 2
    assert set(states(book).values()) == {"nothing handed in"}


def test_an_interrupted_collection_keeps_whole_batches(book: Gradebook) -> None:
    def stopping() -> Iterator[HandIn]:
        for number in range(250):
            yield handin("anna", f"{number}.ipynb")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book.add_handins("stalker", stopping(), now=1)
    assert book.counts("stalker").handins == {HandInState.OK: 200}
    assert book.counts("stalker").responses == 400


def test_answers_come_back_as_they_were(book: Gradebook) -> None:
    answers: dict[str, JSON] = {
        "q-none": None,
        "q-text": "Зона\0 \ud800 “’ \U0001f43a",
        "q-large": 10**30,
        "q-small": 5e-324,
        "q-list": ["b", "a", [], {}],
        "q-map": {"year": "1979", "": None, "constructor": True},
        "q-false": False,
    }
    book.add_handins("stalker", [handin("anna", "a\0\ud800.ipynb", answers, receipt="")], now=1)
    run = book.begin_run("stalker", "grade", now=1)
    (batch,) = book.waiting("stalker", run, 100)
    assert {each.question: each.answer for each in batch} == answers
    assert isinstance(batch[2].answer, int)
    grade_all(book, lambda each: scored(each, stdout="\0", results=math.inf, reason="\udfff", feedback=("Зона",)))
    (result, *_) = book.scores_of("stalker", "anna")
    assert (result.stdout, result.reason, result.results, result.feedback) == ("�", "�", math.inf, ("Зона",))
    assert book.grades("stalker")[0].file == "a��.ipynb"


# --------------------------------------------------------------------------------------------------
# Runs


def test_only_a_finished_run_counts(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb")], now=1)
    run = book.begin_run("stalker", "grade", now=1)
    for batch in book.waiting("stalker", run, 10):
        book.add_scores(run, [scored(each) for each in batch])
    assert states(book)["anna"] == "not graded yet"
    assert book.grades("stalker")[0].grade is None
    book.finish_run(run, now=2)
    assert states(book)["anna"] == "graded"
    assert book.grades("stalker")[0].grade == 2


def test_an_unfinished_run_is_taken_up(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {f"q-{number}": "x" for number in range(9)})], now=1)
    run = book.begin_run("stalker", "grade", now=1)
    first = next(book.waiting("stalker", run, 4))
    book.add_scores(run, [scored(each) for each in first])
    assert book.begin_run("stalker", "grade", now=2) == run
    assert book.begin_run("stalker", "grade", "another note", now=2) != run
    assert book.begin_run("stalker", "regrade", now=2) != run
    rest = [each.response for batch in book.waiting("stalker", run, 4) for each in batch]
    assert len(rest) == 5
    assert not set(rest) & {each.response for each in first}
    book.finish_run(run, now=3)
    assert book.begin_run("stalker", "grade", now=4) != run


def test_a_score_that_is_there_stays(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-a": "x"})], now=1)
    run = book.begin_run("stalker", "grade", now=1)
    (batch,) = book.waiting("stalker", run, 10)
    book.add_scores(run, [scored(batch[0], 1)])
    book.add_scores(run, [scored(batch[0], 0), scored(batch[0], 0)])
    book.add_scores(run, [])
    book.finish_run(run, now=2)
    assert book.grades("stalker")[0].points == 1


def test_what_came_later_is_all_that_waits(book: Gradebook) -> None:
    book.add_assignment(release(id_="solaris"), [ANNA])
    book.add_handins("stalker", [handin("anna", "a.ipynb")], now=1)
    book.add_handins("solaris", [handin("anna", "a.ipynb")], now=1)
    grade_all(book)
    book.add_handins("stalker", [handin("boris", "b.ipynb", {"q-new": "x"})], now=2)
    run = book.begin_run("stalker", "grade", now=3)
    assert [[each.question for each in batch] for batch in book.waiting("stalker", run, 1)] == [["q-new"]]


def test_a_regrade_shows_who_gains_and_who_loses(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", at=1), handin("boris", "b.ipynb", at=2)], now=1)
    grade_all(book, lambda each: scored(each, points=each.question == "q-a"))
    run = book.begin_run("stalker", "regrade", "q-b", now=3)
    (batch,) = book.to_rescore("stalker", run, ["q-b", "q-none"], 10)
    book.add_scores(run, [scored(batch[0], 0.5, fingerprint="new"), scored(batch[1], 0, fingerprint="new")])
    assert list(book.to_rescore("stalker", run, ["q-b"], 10)) == []
    assert [each.grade for each in book.grades("stalker")] == [1, 1, None]
    book.finish_run(run, now=4)
    assert [each.grade for each in book.grades("stalker")] == [1.5, 1, None]
    assert book.changes(run) == [
        Change(batch[0].response, "anna", "q-b", 0, 0.5, 1, "f-q-b", "new"),
        Change(batch[1].response, "boris", "q-b", 0, 0, 1, "f-q-b", "new"),
    ]


def test_a_change_of_what_had_no_score_has_no_before(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-a": "x"})], now=1)
    assert [(each.before, each.key_before, each.after) for each in book.changes(grade_all(book))] == [(None, "", 1)]


def test_a_run_begun_earlier_does_not_undo_a_later_one(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-a": "x"})], now=1)
    early = book.begin_run("stalker", "grade", now=1)
    (batch,) = book.waiting("stalker", early, 10)
    book.add_scores(early, [scored(batch[0], 0)])
    late = book.begin_run("stalker", "regrade", now=2)
    book.add_scores(late, [scored(batch[0], 1)])
    book.finish_run(late, now=3)
    assert list(book.waiting("stalker", early, 10)) == []
    book.finish_run(early, now=4)
    assert book.grades("stalker")[0].points == 1


# --------------------------------------------------------------------------------------------------
# Marks


def test_a_mark_counts_once_a_run_took_it_into_account(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-a": "x", "q-essay": {"text": "…"}})], now=1)
    grade_all(book, lambda each: scored(each, state=State.WAITING if each.question == "q-essay" else State.RIGHT))
    assert states(book)["anna"] == "waiting"
    assert book.grades("stalker")[0].grade is None
    (essay,) = book.marking_queue("stalker")
    assert (essay.question, essay.student, essay.answer, essay.doubtful, essay.counts) == (
        "q-essay",
        "anna",
        {"text": "…"},
        False,
        True,
    )
    assert book.counts("stalker").waiting == 1

    book.mark(essay.response, {"style": 1}, marker="Pavel", now=5)
    book.mark(essay.response, {"style": 2}, marker="Pavel", now=5, comment="Better.")
    assert book.marking_queue("stalker") == []
    assert states(book)["anna"] == "waiting"
    run = book.begin_run("stalker", "mark", now=5)
    (batch,) = book.marked("stalker", run, 10)
    mark = Mark("Pavel", 5, {"style": 2}, "Better.")
    assert [(each.response, each.mark) for each in batch] == [(essay.response, mark)]
    book.add_scores(run, [scored(batch[0], 2, 3, State.PARTIAL)])
    assert list(book.marked("stalker", run, 10)) == []
    book.finish_run(run, now=6)
    assert states(book)["anna"] == "graded"
    assert book.grades("stalker")[0].grade == 3
    assert [each.mark for each in book.scores_of("stalker", "anna")] == [None, mark]
    assert list(book.marked("stalker", book.begin_run("stalker", "mark", now=7), 10)) == []


def test_a_mark_given_while_a_run_is_open_is_for_the_next(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-essay": "x"})], now=1)
    run = book.begin_run("stalker", "grade", now=1)
    (batch,) = book.waiting("stalker", run, 10)
    book.mark(batch[0].response, {"style": 1}, marker="Pavel", now=1)
    (again,) = book.waiting("stalker", run, 10)
    assert again[0].mark is None
    book.add_scores(run, [scored(again[0], state=State.WAITING)])
    book.finish_run(run, now=1)
    assert book.marking_queue("stalker") == []
    following = book.begin_run("stalker", "mark", now=1)
    (batch,) = book.marked("stalker", following, 10)
    assert batch[0].mark == Mark("Pavel", 1, {"style": 1})


def test_a_regrade_keeps_what_was_marked(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-essay": "x"})], now=1)
    grade_all(book, lambda each: scored(each, state=State.WAITING))
    book.mark(book.marking_queue("stalker")[0].response, {"style": 1}, marker="Pavel", now=2)
    run = book.begin_run("stalker", "regrade", now=3)
    (batch,) = book.to_rescore("stalker", run, ["q-essay"], 10)
    assert batch[0].mark == Mark("Pavel", 2, {"style": 1})


def test_a_doubtful_score_counts_and_is_shown_to_a_person(book: Gradebook) -> None:
    book.add_handins("stalker", [handin("anna", "a.ipynb", {"q-b": "x"})], now=1)
    book.add_handins("stalker", [handin("boris", "b.ipynb", {"q-a": "x"})], now=1)
    grade_all(book, lambda each: scored(each, 0, state=State.WRONG, doubtful=True))
    assert [(each.question, each.doubtful) for each in book.marking_queue("stalker")] == [("q-a", True), ("q-b", True)]
    assert next((each.state, each.grade, each.doubtful) for each in book.grades("stalker")) == ("graded", 0, 1)
    assert book.counts("stalker").doubtful == 2


@pytest.mark.parametrize(
    ("counts", "expected"), [("last", [False, True]), ("first", [True, False]), ("best", [True] * 2)]
)
def test_the_queue_tells_which_answers_the_grade_depends_on(where: str, counts: str, expected: list[bool]) -> None:
    with open_gradebook(where) as book:
        book.add_assignment(release(Policy(counts=counts)), [ANNA])
        found = [handin("anna", f"{at}.ipynb", {"q-essay": "x"}, at=at) for at in (1, 2)]
        book.add_handins("stalker", found, now=3)
        grade_all(book, lambda each: scored(each, state=State.WAITING))
        assert [each.counts for each in book.marking_queue("stalker")] == expected


# --------------------------------------------------------------------------------------------------
# Grades


@pytest.mark.parametrize(
    ("at", "days", "grade"),
    [
        (DUE - 1, 0, 2),
        (DUE, 0, 2),
        (DUE + 1, 1, 1.5),
        (DUE + DAY, 1, 1.5),
        (DUE + DAY + 1, 2, 1.2),
        (DUE + 9 * DAY, 9, 1.2),
        (DUE + 9 * DAY + 1, 10, 0),
    ],
)
def test_every_day_begun_costs_until_nothing_is_earned(where: str, at: int, days: int, grade: float) -> None:
    with open_gradebook(where) as book:
        book.add_assignment(release(Policy(DUE, DUE + 9 * DAY, 0.25, 0.4)), [ANNA])
        book.add_handins("stalker", [handin("anna", "a.ipynb", at=at)], now=1)
        grade_all(book)
        (row,) = book.grades("stalker")
        assert (row.days_late, row.points, row.of, row.state, row.at) == (days, 2, 2, "graded", at)
        assert row.grade == pytest.approx(grade)


def test_what_cannot_be_graded_is_never_a_zero(book: Gradebook) -> None:
    found = [
        handin("anna", "a.ipynb", {}, state=HandInState.UNREADABLE, reason="it ends in the middle"),
        handin("boris", "b.ipynb", {}, state=HandInState.WRONG_STUDENT),
    ]
    book.add_handins("stalker", found, now=1)
    grade_all(book)
    assert states(book) == {"anna": "unreadable", "boris": "wrong student", "vera": "nothing handed in"}
    assert [(each.points, each.of, each.grade) for each in book.grades("stalker")] == [(None, None, None)] * 3
    assert [each.reason for each in book.grades("stalker")] == ["it ends in the middle", "", ""]


def test_an_empty_sheet_is_graded(book: Gradebook) -> None:
    sheet: dict[str, JSON] = {"q-a": None, "q-b": None}
    book.add_handins("stalker", [handin("anna", "a.ipynb", sheet, state=HandInState.EMPTY)], now=1)
    grade_all(book, lambda each: scored(each, 0, state=State.EMPTY))
    assert next((each.state, each.grade) for each in book.grades("stalker")) == ("graded", 0)


def test_an_unreadable_file_does_not_displace_an_earlier_one(book: Gradebook) -> None:
    later = handin("anna", "b.ipynb", {}, at=99, state=HandInState.UNREADABLE)
    book.add_handins("stalker", [handin("anna", "a.ipynb", at=1), later], now=1)
    grade_all(book)
    assert next((each.state, each.grade, each.file) for each in book.grades("stalker")) == ("graded", 2, "a.ipynb")


def test_going_back_to_an_earlier_version_counts_as_the_last_and_is_as_late_as_it_first_was(where: str) -> None:
    with open_gradebook(where) as book:
        book.add_assignment(release(Policy(due=10, per_day=0.5)), [ANNA])
        found = [
            handin("anna", "a.ipynb", digest="1", at=5),
            handin("anna", "b.ipynb", digest="2", at=15),
            handin("anna", "a again.ipynb", digest="1", at=20),
        ]
        book.add_handins("stalker", found, now=30)
        grade_all(book)
        (row,) = book.grades("stalker")
        assert (row.file, row.at, row.days_late, row.grade) == ("a.ipynb", 5, 0, 2)


def chosen(found: list[tuple[HandIn, float]], policy: Policy) -> tuple[str, float] | None:
    """The file and the grade that a policy comes to, told again in Python."""
    by_digest = {}
    for each, points in found:
        first, points, ats = by_digest.setdefault(each.digest, (each, points, []))
        ats.append(each.at)
    rows = []
    for first, points, ats in by_digest.values():
        late = max(0, math.ceil((min(ats) - policy.due) / DAY)) if policy.due is not None else 0
        closed = policy.closes is not None and min(ats) > policy.closes
        factor = 0 if closed else 1 - min(policy.at_most, late * policy.per_day)
        rows.append((closed, min(ats), max(ats), points * factor, first))
    rows = [each for each in rows if not each[0]] or rows
    if not rows:
        return None
    keys: dict[str, Callable[[Any], Any]] = {
        "last": lambda row: -row[2],
        "first": lambda row: row[1],
        "best": lambda row: -row[3],
    }
    # Of equals, the one collected last is the last, and the one collected first is the first and the best.
    order = list(reversed(rows)) if policy.counts == "last" else rows
    best = min(order, key=keys[policy.counts])
    return best[4].file, best[3]


@pytest.mark.parametrize("counts", ["last", "first", "best"])
def test_the_views_say_what_the_policy_says(where: str, counts: str) -> None:
    rng = random.Random(f"views {counts}")
    policies = {
        f"a{number}": Policy(
            due=rng.choice([None, DUE]),
            closes=rng.choice([None, DUE + 2 * DAY]),
            per_day=rng.choice([0, 0.125, 0.5]),
            at_most=rng.choice([1, 0.5]),
            counts=counts,
        )
        for number in range(12)
    }
    people = [Student(f"s{number}") for number in range(15)]
    points: dict[str, float] = {}
    expected = {}
    with open_gradebook(where) as book:
        for assignment, policy in policies.items():
            book.add_assignment(release(policy, id_=assignment), people)
            everything: list[HandIn] = []
            for person in people:
                found: list[tuple[HandIn, float]] = []
                for number in range(rng.randrange(5)):
                    digest = f"{person.id} {rng.randrange(4)}"
                    at = DUE + rng.choice([-DAY, 0, 1, DAY, DAY + 1, 2 * DAY, 2 * DAY + 1])
                    answer = f"{assignment} {digest}"
                    points.setdefault(answer, rng.randrange(5) / 4)
                    each = handin(person.id, f"{person.id} {number}", {"q-a": answer}, digest=digest, at=at)
                    found.append((each, points[answer]))
                everything += [each for each, _ in found]
                expected[assignment, person.id] = chosen(found, policy)
            book.add_handins(assignment, everything, now=1)
            grade_all(book, lambda each: scored(each, points[str(each.answer)]), assignment=assignment)
        result = {
            (assignment, each.student): (each.file, each.grade) if each.grade is not None else None
            for assignment in policies
            for each in book.grades(assignment)
        }
    assert result == expected
    assert len({each for each in result.values() if each}) > 50


# --------------------------------------------------------------------------------------------------
# What is kept, and what is forgotten


def fill(book: Gradebook) -> None:
    found = [handin(name, f"{name}-sesame.ipynb", {"q-a": f"{name}-mustard"}) for name in ("anna", "boris")]
    book.add_handins("stalker", found, now=1)
    grade_all(book, lambda each: scored(each, state=State.WAITING, stdout=f"{each.answer}", seconds=0.5))
    for each in book.marking_queue("stalker"):
        book.mark(each.response, {"share": 1}, marker="Pavel", now=2, comment=f"{each.student}-comment")


@pytest.mark.parametrize("table", ["keys", "handins", "responses", "corrections", "scores", "marks"])
def test_what_was_kept_cannot_be_changed_or_deleted(book: Gradebook, where: str, query: Query, table: str) -> None:
    fill(book)
    key = Number(id="q", outcome="", claims=(), level="", stem="", explain="", low=1, high=1)
    book.add_keys([key], now=1)
    book.add_corrections(1, {"f-q-a": key})
    column = {"keys": "data", "handins": "student", "responses": "answer", "scores": "reason", "marks": "comment"}
    before = query(where, f"SELECT * FROM {table}")
    assert before
    for statement in (f"UPDATE {table} SET {column.get(table, 'question')} = 'boris'", f"DELETE FROM {table}"):
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match=f"{table} are never"):
            query(where, statement)
    assert query(where, f"SELECT * FROM {table}") == before


def test_a_forgotten_student_is_nowhere(book: Gradebook, where: str, query: Query) -> None:
    fill(book)
    tables = ("scores", "marks", "responses", "handins", "rosters", "students")
    known = {name: len(query(where, f"SELECT * FROM {name}")) for name in tables}
    about_anna = book.data_of("anna")
    assert {name: len(rows) for name, rows in about_anna.items()} == dict.fromkeys(tables, 1)
    assert about_anna["students"] == [{"id": "anna", "name": "Anna", "email": "anna@x.org", "lms": "7"}]
    assert about_anna["marks"][0]["comment"] == "anna-comment"

    assert book.forget("anna") == dict.fromkeys(tables, 1)
    assert {name: len(query(where, f"SELECT * FROM {name}")) for name in tables} == {
        name: count - 1 for name, count in known.items()
    }
    assert book.data_of("anna") == {name: [] for name in tables}
    assert states(book) == {"boris": "waiting", "vera": "nothing handed in"}
    with pytest.raises(GradebookError, match="there is no student “anna”"):
        book.forget("anna")
    # The guards are back.
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="never deleted"):
        query(where, "DELETE FROM marks")


def test_the_bytes_of_a_forgotten_student_are_gone(tmp_path: Path) -> None:
    with open_gradebook(tmp_path / "gradebook.sqlite") as book:
        book.add_assignment(release(), [ANNA, BORIS])
        fill(book)

        def kept() -> bytes:
            return b"".join(each.read_bytes() for each in sorted(tmp_path.iterdir()))

        assert kept().count(b"anna") > 5
        book.forget("anna")
        assert b"anna" not in kept().lower()
        assert b"boris-mustard" in kept()
        assert b"boris-comment" in kept()


def test_a_reader_that_holds_the_journal_is_told_and_forgetting_can_be_completed(tmp_path: Path) -> None:
    file = tmp_path / "gradebook.sqlite"
    with open_gradebook(file, patience=0.2) as book:
        book.add_assignment(release(), [ANNA, BORIS])
        fill(book)
        reader = sqlite3.connect(file)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM students").fetchall()
        with pytest.raises(GradebookError, match="run the same command again"):
            book.forget("anna")
        reader.rollback()
        reader.close()
        with pytest.raises(GradebookError, match="there is no student “anna”"):
            book.forget("anna")
        assert all(b"anna" not in each.read_bytes() for each in tmp_path.iterdir())


def test_numbers_of_forgotten_answers_are_not_given_again(book: Gradebook) -> None:
    fill(book)
    run = book.begin_run("stalker", "regrade", now=5)
    old = {each.response for batch in book.to_rescore("stalker", run, ["q-a"], 10) for each in batch}
    book.forget("boris")
    book.add_handins("stalker", [handin("vera", "v.ipynb", {"q-a": "x"})], now=3)
    new = {each.response for batch in book.to_rescore("stalker", run, ["q-a"], 10) for each in batch}
    assert len(new) == 2
    assert len(new & old) == 1


def test_every_connection_to_sqlite_has_the_settings_that_the_promises_rest_on(tmp_path: Path) -> None:
    with open_gradebook(tmp_path / "gradebook.sqlite") as book, book._writing() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 60_000,
    }
