"""The gradebook as the commands use it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from proverka.classroom.gradebook import queries
from proverka.classroom.gradebook.arrivals import insert_handins, new_handins
from proverka.classroom.gradebook.coding import decode, encode, storable
from proverka.classroom.gradebook.database import address, connect, shown
from proverka.classroom.gradebook.errors import GradebookError
from proverka.classroom.gradebook.rows import (
    Arrived,
    AssignmentRecord,
    Change,
    Counts,
    Grade,
    Mark,
    ScoredAnswer,
    ToMark,
    ToScore,
)
from proverka.classroom.gradebook.schema import (
    about,
    assignments,
    corrections,
    forgetting,
    handins,
    keys,
    marks,
    responses,
    rosters,
    runs,
    scores,
    students,
)
from proverka.classroom.model import HandIn, HandInState, Policy, Scored, Student
from proverka.model import JSON, Question, State, question_from_data

Kind = Literal["grade", "mark", "regrade"]

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"

#: Hand-ins in one transaction: enough that its fsync is not felt, few enough that others need not wait.
BATCH = 200


def open_gradebook(where: str | Path, *, create: bool = True, patience: float = 60) -> Gradebook:
    """The gradebook in a file or at a ``postgresql://`` address.

    :param create: Begin one where there is none.
    :param patience: How many seconds to wait for another program that is writing.
    :raises GradebookError: there is none, it is newer than this program, or it cannot be used.
    """
    url = address(where)
    return Gradebook(connect(url, create=create, patience=patience), shown(url))


class Gradebook:
    """A gradebook that is open; as a context manager it is closed at the end.

    Every method that writes does so in transactions: whatever stops it, each is kept whole or not at all,
    and doing the same again completes it. All raise :class:`GradebookError` for what is wrong outside.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        #: The file or the address, without a password.
        self.where = where

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    # ----------------------------------------------------------------------------------------------
    # Assignments and keys

    def add_assignment(self, assignment: AssignmentRecord, roster: Iterable[Student]) -> None:
        """Make a release known, and its students. Title, policy, names and addresses follow what is given last.

        :raises GradebookError: another release of the same assignment is known.
        """
        if private := {"seed", "students", "roster"} & assignment.data.keys():
            raise ValueError(f"the data of an assignment must not hold {sorted(private)}")
        row = {
            "id": assignment.id,
            "title": storable(assignment.title),
            "tag": assignment.tag,
            "released": assignment.released,
            **dataclasses.asdict(assignment.policy),
            "data": encode(assignment.data),
        }
        people = [{name: storable(each) for name, each in dataclasses.asdict(student).items()} for student in roster]
        with self._writing() as connection:
            known = connection.scalar(select(assignments.c.tag).where(assignments.c.id == assignment.id))
            if known not in (None, assignment.tag):
                raise GradebookError(
                    f"{self.where}: assignment “{assignment.id}” is here from another release; collect with that"
                    " release, give the new one another id, or name another gradebook"
                )
            self._upsert(connection, assignments, [row])
            self._upsert(connection, students, people)
            listed = [{"assignment": assignment.id, "student": each["id"]} for each in people]
            self._add_new(connection, rosters, listed)

    def assignment(self, id_: str) -> AssignmentRecord:
        """A release by the id of its assignment.

        :raises GradebookError: there is none.
        """
        for each in self.assignments():
            if each.id == id_:
                return each
        known = ", ".join(each.id for each in self.assignments()) or "none"
        raise GradebookError(f"{self.where}: there is no assignment “{id_}”; there are: {known}")

    def assignments(self) -> list[AssignmentRecord]:
        """All releases, the earliest first."""
        return [
            AssignmentRecord(
                id=row.id,
                title=row.title,
                tag=row.tag,
                released=row.released,
                policy=Policy(row.due, row.closes, row.per_day, row.at_most, row.counts),
                data=_mapping(row.data),
            )
            for row in self._read(select(assignments).order_by(assignments.c.released, assignments.c.id))
        ]

    def add_keys(self, questions: Iterable[Question], *, now: int) -> None:
        """Keep versions of questions; one that is known stays as it is."""
        rows = [
            {"question": each.id, "fingerprint": each.fingerprint, "data": encode(each.to_data()), "added": now}
            for each in questions
        ]
        with self._writing() as connection:
            self._add_new(connection, keys, rows)

    def key(self, question: str, fingerprint: str) -> Question | None:
        """A question as it was, or ``None`` if that version was never kept."""
        statement = select(keys.c.data).where(keys.c.question == question, keys.c.fingerprint == fingerprint)
        for row in self._read(statement):
            return question_from_data(_mapping(row.data))
        return None

    def add_corrections(self, run: int, corrected: Mapping[str, Question]) -> None:
        """Note by which questions a run scores, by fingerprint as they were asked; their keys have to be known."""
        rows = [
            {"run": run, "asked": asked, "question": each.id, "fingerprint": each.fingerprint}
            for asked, each in corrected.items()
        ]
        with self._writing() as connection:
            self._add_new(connection, corrections, rows)

    def corrections(self, assignment: str) -> dict[str, Question]:
        """The questions by which others are scored now, by fingerprint as those were asked."""
        statement = (
            select(corrections.c.asked, keys.c.data)
            .join(runs, runs.c.id == corrections.c.run)
            .join(keys, (keys.c.question == corrections.c.question) & (keys.c.fingerprint == corrections.c.fingerprint))
            .where(runs.c.assignment == assignment, runs.c.finished.is_not(None))
            .order_by(runs.c.id)
        )
        # Of several the latest stays.
        return {row.asked: question_from_data(_mapping(row.data)) for row in self._read(statement)}

    # ----------------------------------------------------------------------------------------------
    # Hand-ins

    def add_handins(self, assignment: str, found: Iterable[HandIn], *, now: int) -> Counter[HandInState]:
        """Keep hand-ins as they come; count by state those that were not here before.

        A file that the student has handed in already under another name, to the byte, is kept as a
        duplicate without its answers.
        """
        counts: Counter[HandInState] = Counter()
        source = iter(found)
        while batch := list(islice(source, BATCH)):
            with self._writing() as connection:
                added = new_handins(connection, assignment, batch)
                insert_handins(connection, assignment, added, now)
            counts.update(each.state for each in added)
        if counts:
            self._analyse(handins, responses)
        return counts

    # ----------------------------------------------------------------------------------------------
    # Runs

    def begin_run(self, assignment: str, kind: Kind, note: str = "", *, now: int) -> int:
        """The number of a new run, or of the unfinished one of the same kind and note."""
        same = (runs.c.assignment == assignment, runs.c.kind == kind, runs.c.note == note, runs.c.finished.is_(None))
        with self._writing() as connection:
            known: int | None = connection.scalar(select(func.max(runs.c.id)).where(*same))
            if known is not None:
                return known
            row = {
                "assignment": assignment,
                "kind": kind,
                "note": note,
                "started": now,
                "last_mark": connection.scalar(select(func.coalesce(func.max(marks.c.id), 0))),
            }
            number: int = connection.execute(insert(runs).returning(runs.c.id), row).scalar_one()
            return number

    def finish_run(self, run: int, *, now: int) -> None:
        """Let the run’s scores count. A run that is finished stays as it is."""
        with self._writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run, runs.c.finished.is_(None)).values(finished=now))
        self._analyse(scores)

    def waiting(self, assignment: str, run: int, size: int) -> Iterator[list[ToScore]]:
        """Batches, of at most ``size``, of the responses that have no score in this run nor in any finished one."""
        return self._batches(lambda after, last: queries.waiting(assignment, run, after, last), size)

    def to_rescore(self, assignment: str, run: int, questions: Sequence[str], size: int) -> Iterator[list[ToScore]]:
        """Batches, of at most ``size``, of the responses to these questions that have no score in this run."""
        return self._batches(lambda after, last: queries.to_rescore(assignment, run, questions, after, last), size)

    def marked(self, assignment: str, run: int, size: int) -> Iterator[list[ToScore]]:
        """Batches, of at most ``size``, of the responses marked since the run of their current score began."""
        return self._batches(lambda after, last: queries.marked(assignment, run, after, last), size)

    def _batches(self, statement: Callable[[int, int], queries.Query], size: int) -> Iterator[list[ToScore]]:
        # Each batch is a transaction of its own, so that scores can be written in between and memory stays flat.
        after = 0
        while (last := self._read(queries.next_responses(after, size))[0][0]) is not None:
            rows = self._read(statement(after, last))
            after = last
            if rows:
                yield [ToScore(row.id, row.question, row.fingerprint, decode(row.answer), _mark(row)) for row in rows]

    def add_scores(self, run: int, scored: Sequence[Scored]) -> None:
        """Keep scores. Where the run has one already it stays: two graders may do the same work."""
        rows = [
            {
                "response": each.response,
                "run": run,
                "fingerprint": each.fingerprint,
                "points": float(each.points),
                "of": float(each.of),
                "state": str(each.state),
                "feedback": encode(each.feedback),
                "reason": storable(each.reason),
                "seconds": float(each.seconds),
                "stdout": storable(each.stdout),
                "stderr": storable(each.stderr),
                "doubtful": each.doubtful,
                "results": None if each.results is None else encode(each.results),
            }
            for each in scored
        ]
        with self._writing() as connection:
            self._add_new(connection, scores, rows)

    def changes(self, run: int) -> list[Change]:
        """What a run changed, by question: each of its scores beside the one that was current before."""
        return [
            Change(
                row.response,
                row.student or "",
                row.question,
                row.before,
                row.after,
                row.of,
                row.key_before or "",
                row.key_after,
            )
            for row in self._read(queries.changes(run))
        ]

    # ----------------------------------------------------------------------------------------------
    # Marks

    def marking_queue(self, assignment: str, *, again: bool = False) -> list[ToMark]:
        """What waits for a person, by question: unmarked answers, and those with a doubtful score.

        :param again: What was marked already instead, with its latest mark.
        """
        counting = {each.handin for each in self.grades(assignment)}
        best = self.assignment(assignment).policy.counts == "best"
        return [
            ToMark(
                response=row.id,
                question=row.question,
                fingerprint=row.fingerprint,
                student=row.student or "",
                answer=decode(row.answer),
                doubtful=row.doubtful,
                counts=best or row.handin in counting,
                mark=_mark(row) if again else None,
            )
            for row in self._read(queries.marking_queue(assignment, again=again))
        ]

    def mark(self, response: int, given: JSON, *, marker: str, now: int, comment: str = "") -> None:
        """Keep what a person gave; it counts once a run has scored the response again.

        :param given: Points by criterion for an essay, else ``{"share": 0 to 1}``.
        """
        row = {"response": response, "marker": storable(marker), "at": now}
        row |= {"marks": encode(given), "comment": storable(comment)}
        with self._writing() as connection:
            connection.execute(insert(marks), row)

    # ----------------------------------------------------------------------------------------------
    # Results

    def grades(self, assignment: str) -> list[Grade]:
        """A row for each student on the roster, by name."""
        return [
            Grade(
                student=row.student,
                name=row.name,
                email=row.email,
                lms=row.lms,
                state=row.state,
                points=row.points,
                of=row.of,
                days_late=row.days_late or 0,
                grade=row.grade,
                doubtful=row.doubtful or 0,
                handin=row.handin,
                at=row.at,
                file=row.file or "",
                receipt=row.receipt or "",
                reason=row.reason or "",
            )
            for row in self._read(queries.grades_of(assignment))
        ]

    def scores_of(self, assignment: str, student: str) -> list[ScoredAnswer]:
        """The answers of the student’s hand-in that counts, in the order of the sheet, with their scores."""
        rows = self._read(queries.counting(assignment, student))
        return self.answers_of(rows[0].handin) if rows else []

    def answers_of(self, handin: int) -> list[ScoredAnswer]:
        """The answers of a hand-in, in the order of the sheet, with their scores.

        To find the one that counts takes as long for one student as for all: for a class take it from :meth:`grades`.
        """
        return [
            ScoredAnswer(
                response=row.id,
                question=row.question,
                fingerprint=row.fingerprint,
                answer=decode(row.answer),
                key=row.key or "",
                points=row.points or 0,
                of=row.of or 0,
                state=None if row.state is None else State(row.state),
                feedback=tuple(_list(row.feedback)),
                reason=row.reason or "",
                stdout=row.stdout or "",
                stderr=row.stderr or "",
                doubtful=bool(row.doubtful),
                results=decode(row.results),
                mark=_mark(row),
            )
            for row in self._read(queries.answers_of(handin))
        ]

    def regrades(self, assignment: str) -> list[int]:
        """The numbers of the regrading runs that count, the earliest first."""
        return [row.id for row in self._read(queries.regrades(assignment))]

    def files(self, assignment: str) -> list[Arrived]:
        """Every file that came in, by name."""
        return [
            Arrived(row.student or "", row.file, row.at, HandInState(row.state), row.reason)
            for row in self._read(queries.files_of(assignment))
        ]

    def counts(self, assignment: str) -> Counts:
        """How far an assignment is."""
        files = self._read(queries.handin_counts(assignment))
        on_roster, missing = self._read(queries.roster_counts(assignment))[0]
        answers, scored, waiting, doubtful = self._read(queries.response_counts(assignment))[0]
        return Counts(
            students=on_roster,
            missing=missing,
            handins={HandInState(state): count for state, count, _ in files},
            nobodys=sum(count for _, _, count in files),
            responses=answers,
            scored=scored,
            waiting=waiting,
            doubtful=doubtful,
        )

    @property
    def salt(self) -> str:
        """A secret of this gradebook’s own, from which students’ codes are made."""
        value: str = self._read(select(about.c.value).where(about.c.name == "salt"))[0].value
        return value

    # ----------------------------------------------------------------------------------------------
    # One student’s data

    def data_of(self, student: str) -> dict[str, list[dict[str, JSON]]]:
        """All rows about a student, by table."""
        return {
            table.name: [dict(row._mapping) for row in self._read(select(table).where(of_student))]
            for table, of_student in queries.rows_of(student)
        }

    def forget(self, student: str) -> dict[str, int]:
        """Delete all rows about a student and, in an SQLite file, the bytes too; count the rows by table.

        :raises GradebookError: nobody of this id is here.
        """
        with self._writing() as connection:
            connection.execute(insert(forgetting), {"student": student})
            counts = {
                table.name: connection.execute(delete(table).where(of_student)).rowcount
                for table, of_student in queries.rows_of(student)
            }
            connection.execute(delete(forgetting))
        # Also if there was nothing: the time before, this may have been stopped here.
        self._wipe()
        if not any(counts.values()):
            raise GradebookError(f"{self.where}: there is no student “{student}”")
        return counts

    # ----------------------------------------------------------------------------------------------

    def _wipe(self) -> None:
        """Leave nothing in an SQLite file of what was deleted: no free page, no journal."""
        if self._engine.dialect.name != "sqlite":
            return
        with self._engine.connect().execution_options(vacuum=True) as connection:
            connection.execute(text("VACUUM"))
            busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalars().first()
        if busy:
            raise GradebookError(
                f"{self.where}: the rows are deleted, but the file’s journal still holds them, for another program"
                " is reading; end it, then run the same command again"
            )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    def _analyse(self, *tables: Table) -> None:
        """Tell PostgreSQL what has grown; by itself it looks once a minute, and until then plans for empty tables."""
        if self._engine.dialect.name == "postgresql":
            with self._writing() as connection:
                connection.execute(text(f"ANALYZE {', '.join(each.name for each in tables)}"))

    def _read(self, statement: queries.Query) -> Sequence[AnyRow]:
        with self._engine.connect() as connection:
            return connection.execute(statement).all()

    def _inserting(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._engine.dialect.name == "sqlite" else postgresql.insert(table)

    def _add_new(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            connection.execute(self._inserting(table).on_conflict_do_nothing(), rows)

    def _upsert(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            statement = self._inserting(table)
            values = {each.name: statement.excluded[each.name] for each in table.c if not each.primary_key}
            connection.execute(statement.on_conflict_do_update(index_elements=[table.c.id], set_=values), rows)


def _mark(row: AnyRow) -> Mark | None:
    return None if row.marker is None else Mark(row.marker, row.at, decode(row.marks), row.comment)


def _mapping(text: str) -> dict[str, Any]:
    value = decode(text)
    assert isinstance(value, dict)
    return value


def _list(text: str | None) -> list[str]:
    value: Any = decode(text)
    return value or []
