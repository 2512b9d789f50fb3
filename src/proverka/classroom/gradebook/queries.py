"""What is asked of the database, as statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    ScalarSelect,
    Select,
    Table,
    Text,
    and_,
    case,
    column,
    exists,
    func,
    or_,
    select,
    table,
)

from proverka.classroom.gradebook.schema import handins, marks, responses, rosters, runs, scores, students
from proverka.classroom.model import SCORED

current_scores = table(
    "current_scores",
    column("response", BigInteger),
    column("run", BigInteger),
    column("fingerprint", Text),
    column("points", Double),
    column("of", Double),
    column("state", Text),
    column("feedback", Text),
    column("reason", Text),
    column("stdout", Text),
    column("stderr", Text),
    column("doubtful", Boolean),
    column("results", Text),
)

grades = table(
    "grades",
    *(column(name, Text) for name in ("assignment", "student", "name", "email", "lms", "state")),
    column("handin", BigInteger),
    *(column(name, Double) for name in ("points", "of", "grade")),
    column("days_late", BigInteger),
    column("doubtful", BigInteger),
    column("at", BigInteger),
    *(column(name, Text) for name in ("file", "receipt", "reason")),
)

#: Statements whose rows have columns of any types.
Query: TypeAlias = "Select[*tuple[Any, ...]]"

_responses_of_handins = responses.join(handins, handins.c.id == responses.c.handin)


def _latest_mark(until: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The number of a response’s latest mark among those up to a number."""
    return (
        select(func.max(marks.c.id))
        .where(marks.c.response == responses.c.id, marks.c.id <= until)
        .correlate(responses, runs)
        .scalar_subquery()
    )


def next_responses(after: int, size: int) -> Query:
    """The last of the next responses by number, whatever they belong to; ``None`` at the end."""
    numbers = select(responses.c.id).where(responses.c.id > after).order_by(responses.c.id).limit(size).subquery()
    return select(func.max(numbers.c.id))


def _of_run(assignment: str, run: int, after: int, last: int) -> Query:
    """Those of a range of responses that belong to an assignment and have no score in the run; their latest marks."""
    until = select(runs.c.last_mark).where(runs.c.id == run).scalar_subquery()
    chosen = marks.alias("chosen")
    # Not a join, for which SQLite would go through all of the assignment again in every batch.
    belongs = select(handins.c.assignment).where(handins.c.id == responses.c.handin).scalar_subquery()
    return (
        select(
            responses.c.id,
            responses.c.question,
            responses.c.fingerprint,
            responses.c.answer,
            chosen.c.marker,
            chosen.c.at,
            chosen.c.marks,
            chosen.c.comment,
        )
        .select_from(responses.outerjoin(chosen, chosen.c.id == _latest_mark(until)))
        .where(
            responses.c.id > after,
            responses.c.id <= last,
            belongs == assignment,
            ~exists().where(scores.c.response == responses.c.id, scores.c.run == run),
        )
        .order_by(responses.c.id)
    )


def waiting(assignment: str, run: int, after: int, last: int) -> Query:
    """Of a range, the responses without a score in this run or in any that is finished."""
    finished = exists().where(
        scores.c.response == responses.c.id, runs.c.id == scores.c.run, runs.c.finished.is_not(None)
    )
    return _of_run(assignment, run, after, last).where(~finished)


def to_rescore(assignment: str, run: int, questions: Sequence[str], after: int, last: int) -> Query:
    """Of a range, the responses to these questions without a score in this run."""
    return _of_run(assignment, run, after, last).where(responses.c.question.in_(questions))


def marked(assignment: str, run: int, after: int, last: int) -> Query:
    """Of a range, the responses that were marked after their current score was begun."""
    until = select(runs.c.last_mark).where(runs.c.id == run).scalar_subquery()
    known = runs.alias("known")
    older = (
        exists()
        .where(
            current_scores.c.response == responses.c.id,
            known.c.id == current_scores.c.run,
            known.c.last_mark < _latest_mark(until),
        )
        .correlate(responses)
    )
    return _of_run(assignment, run, after, last).where(older)


def marking_queue(assignment: str, *, again: bool) -> Query:
    """Responses whose current score waits or is doubtful, and that have no mark since; or those with their marks."""
    since = exists().where(marks.c.response == responses.c.id, marks.c.id > runs.c.last_mark)
    waits = and_(or_(current_scores.c.state == "waiting", current_scores.c.doubtful), ~since)
    chosen = marks.alias("chosen")
    latest = select(func.max(marks.c.id)).where(marks.c.response == responses.c.id).scalar_subquery()
    return (
        select(
            responses.c.id,
            responses.c.question,
            responses.c.fingerprint,
            responses.c.answer,
            handins.c.student,
            handins.c.id.label("handin"),
            current_scores.c.doubtful,
            *(chosen.c[name] for name in ("marker", "at", "marks", "comment")),
        )
        .select_from(
            _responses_of_handins.join(current_scores, current_scores.c.response == responses.c.id)
            .join(runs, runs.c.id == current_scores.c.run)
            .outerjoin(chosen, chosen.c.id == latest)
        )
        .where(handins.c.assignment == assignment, chosen.c.id.is_not(None) if again else waits)
        .order_by(responses.c.question, responses.c.id)
    )


def grades_of(assignment: str) -> Query:
    """A row for each student on the roster, by name."""
    return select(grades).where(grades.c.assignment == assignment).order_by(grades.c.name, grades.c.student)


def counting(assignment: str, student: str) -> Query:
    """The hand-in of a student that counts; no row if there is none."""
    return select(grades.c.handin).where(
        grades.c.assignment == assignment, grades.c.student == student, grades.c.handin.is_not(None)
    )


def answers_of(handin: int) -> Query:
    """The answers of a hand-in, with their current scores, in the order of the sheet."""
    chosen = marks.alias("chosen")
    known = runs.alias("known")
    return (
        select(
            responses,
            current_scores.c.fingerprint.label("key"),
            *(current_scores.c[name] for name in ("points", "of", "state", "feedback", "reason", "stdout", "stderr")),
            current_scores.c.doubtful,
            current_scores.c.results,
            *(chosen.c[name] for name in ("marker", "at", "marks", "comment")),
        )
        .select_from(
            responses.outerjoin(current_scores, current_scores.c.response == responses.c.id)
            .outerjoin(known, known.c.id == current_scores.c.run)
            .outerjoin(chosen, chosen.c.id == _latest_mark(known.c.last_mark).correlate(responses, known))
        )
        .where(responses.c.handin == handin)
        .order_by(responses.c.id)
    )


def changes(run: int) -> Query:
    """The run’s scores beside those that were current before it."""
    old, before, other = scores.alias("old"), scores.alias("before"), runs.alias("other")
    latest = (
        select(func.max(before.c.run))
        .where(
            before.c.response == scores.c.response,
            before.c.run < run,
            other.c.id == before.c.run,
            other.c.finished.is_not(None),
        )
        .correlate(scores)
        .scalar_subquery()
    )
    return (
        select(
            scores.c.response,
            handins.c.student,
            responses.c.question,
            old.c.points.label("before"),
            scores.c.points.label("after"),
            scores.c.of,
            old.c.fingerprint.label("key_before"),
            scores.c.fingerprint.label("key_after"),
        )
        .select_from(
            _responses_of_handins.join(scores, scores.c.response == responses.c.id).outerjoin(
                old, and_(old.c.response == scores.c.response, old.c.run == latest)
            )
        )
        .where(
            handins.c.assignment == select(runs.c.assignment).where(runs.c.id == run).scalar_subquery(),
            scores.c.run == run,
        )
        .order_by(responses.c.question, responses.c.id)
    )


def regrades(assignment: str) -> Query:
    """The regrading runs that are finished, the earliest first."""
    done = (runs.c.assignment == assignment, runs.c.kind == "regrade", runs.c.finished.is_not(None))
    return select(runs.c.id).where(*done).order_by(runs.c.id)


def files_of(assignment: str) -> Query:
    """Every file that came in, by name."""
    columns = (handins.c.student, handins.c.file, handins.c.at, handins.c.state, handins.c.reason)
    return select(*columns).where(handins.c.assignment == assignment).order_by(handins.c.file, handins.c.id)


def handin_counts(assignment: str) -> Query:
    """How many files there are of each state, and of how many of them nobody knows the student."""
    nobodys = func.count().filter(handins.c.student.is_(None))
    return (
        select(handins.c.state, func.count(), nobodys)
        .where(handins.c.assignment == assignment)
        .group_by(handins.c.state)
        .order_by(handins.c.state)
    )


def response_counts(assignment: str) -> Query:
    """Responses; those with a score, those that wait, those that are doubtful."""
    return (
        select(
            func.count(responses.c.id),
            func.count(current_scores.c.response),
            func.count(case((current_scores.c.state == "waiting", 1))),
            func.count(case((current_scores.c.doubtful, 1))),
        )
        .select_from(_responses_of_handins.outerjoin(current_scores, current_scores.c.response == responses.c.id))
        .where(handins.c.assignment == assignment)
    )


def roster_counts(assignment: str) -> Query:
    """Students on the roster, and how many of them have no hand-in that can be scored."""
    readable = exists().where(
        handins.c.assignment == rosters.c.assignment,
        handins.c.student == rosters.c.student,
        handins.c.state.in_(sorted(SCORED)),
    )
    return select(func.count(), func.count().filter(~readable)).where(rosters.c.assignment == assignment)


def rows_of(student: str) -> list[tuple[Table, ColumnElement[bool]]]:
    """The tables that hold something about a student and which of their rows do, in an order to delete them."""
    own = select(handins.c.id).where(handins.c.student == student)
    answers = select(responses.c.id).where(responses.c.handin.in_(own))
    return [
        (scores, scores.c.response.in_(answers)),
        (marks, marks.c.response.in_(answers)),
        (responses, responses.c.handin.in_(own)),
        (handins, handins.c.student == student),
        (rosters, rosters.c.student == student),
        (students, students.c.id == student),
    ]
