"""What a student is told of their work: the grade and what made it, and each question with its answer."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from proverka.classroom.gradebook import AssignmentRecord, Grade, Gradebook, GradebookError, ScoredAnswer
from proverka.classroom.model import HandInState, Policy
from proverka.jupyter.shown import short
from proverka.model import Question, State

#: A mark that can be seen without colour, and a word.
VERDICTS: dict[State | None, tuple[str, str]] = {
    State.RIGHT: ("✓", "Right"),
    State.PARTIAL: ("◐", "Partly right"),
    State.WRONG: ("✗", "Wrong"),
    State.EMPTY: ("–", "No answer"),
    State.MALFORMED: ("✗", "Cannot be read as an answer"),
    State.WAITING: ("…", "Waits to be marked"),
    None: ("…", "Not graded yet"),
}

#: Ends a time as an assignment gives it.
_ZONE = re.compile(r"\(UTC([+-])(\d\d):(\d\d)\)$", re.ASCII)

_STATES = {
    "graded": "graded",
    "waiting": "some answers wait to be marked: the points are those so far",
    "not graded yet": "not everything is graded yet: the points are those so far",
    "nothing handed in": "nothing was handed in",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A question of a student’s sheet, and what the answer to it earned."""

    number: int
    #: As the student saw it.
    asked: Question
    #: As it was scored.
    key: Question
    answer: ScoredAnswer
    #: The points before a corrected key changed them, or ``None``.
    before: float | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """All about one student’s work, and nothing about anybody else’s."""

    title: str
    grade: Grade
    judged: tuple[Judged, ...]
    policy: Policy
    #: When it was due, in words.
    due: str
    #: Learning outcomes in words, by id, as far as they are known.
    outcomes: Mapping[str, str]
    #: Whether what is right is told.
    keys: bool

    @property
    def student(self) -> str:
        """What to call the student."""
        return self.grade.name or self.grade.student


def feedback_of(
    book: Gradebook, record: AssignmentRecord, grades: Iterable[Grade], *, keys: bool
) -> Iterator[Feedback]:
    """The feedback for each grade.

    :param keys: Whether what is right is to be told.
    :raises GradebookError: it has not the questions of an answer.
    """
    before = _before_regrades(book, record.id)
    question = _questions(book)
    data: dict[str, Any] = record.data
    for grade in grades:
        answers = book.answers_of(grade.handin) if grade.handin is not None else []
        judged = tuple(
            Judged(
                number,
                question(each.question, each.fingerprint),
                question(each.question, each.key or each.fingerprint),
                each,
                _changed(before[each.response], each.points) if each.response in before else None,
            )
            for number, each in enumerate(answers, 1)
        )
        yield Feedback(
            title=record.title,
            grade=grade,
            judged=judged,
            policy=record.policy,
            due=data.get("due", ""),
            outcomes=data.get("outcomes", {}),
            keys=keys,
        )


def _questions(book: Gradebook) -> Callable[[str, str], Question]:
    """Finds questions by id and fingerprint; a class is asked the same ones."""

    @functools.cache
    def question(id_: str, fingerprint: str) -> Question:
        found = book.key(id_, fingerprint)
        if found is None:
            raise GradebookError(f"{book.where}: question “{id_}” ({fingerprint}) is not here; collect once more")
        return found

    return question


def _before_regrades(book: Gradebook, assignment: str) -> dict[int, tuple[float, float]]:
    """By response, its points before the first regrade that changed them and after the last."""
    moved: defaultdict[int, list[float]] = defaultdict(list)
    for run in book.regrades(assignment):
        for each in book.changes(run):
            if each.before is not None and each.before != each.after:
                moved[each.response] += [each.before, each.after]
    return {response: (points[0], points[-1]) for response, points in moved.items()}


def _changed(moved: tuple[float, float], points: float) -> float | None:
    """What the points were, if a regrade made them what they are."""
    before, after = moved
    return before if after == points != before else None


# --------------------------------------------------------------------------------------------------
# In words


def points_of(points: float, of: float) -> str:
    """“1.5 of 2 points”."""
    return f"{short(points)} of {short(of)} point{'' if of == 1 else 's'}"


def total_in_words(grade: Grade) -> str:
    """What the work earned, in a line: “7.2 of 10 points”."""
    if grade.points is None or grade.of is None:
        return "no grade"
    if grade.grade is None:
        return f"{points_of(grade.points, grade.of)} so far"
    return points_of(grade.grade, grade.of)


def state_in_words(grade: Grade) -> str:
    """What became of the work. A reason that speaks of somebody else is not told."""
    if grade.state in _STATES:
        return _STATES[grade.state]
    if grade.state == HandInState.WRONG_STUDENT:
        return "not graded: what was handed in is the sheet of somebody else"
    because = f": {grade.reason}" if grade.reason else ""
    return f"not graded: what was handed in is {_called(grade.state)}{because}"


def _called(state: str) -> str:
    return "of another assignment" if state == HandInState.WRONG_ASSIGNMENT else state


def lateness_in_words(grade: Grade, policy: Policy) -> str:
    """Whether the work came in time, and what it cost if not; nothing where no time was set."""
    if grade.at is None or (policy.due is None and policy.closes is None):
        return ""
    if policy.closes is not None and grade.at > policy.closes:
        return "handed in after it had closed: nothing is earned"
    if not grade.days_late:
        return "handed in in time"
    late = f"handed in late, on day {grade.days_late} after it was due"
    cost = min(grade.days_late * policy.per_day, policy.at_most)
    if not cost:
        return f"{late}; nothing is taken off"
    told = f"{late}: {short(100 * cost)}% of the points are taken off"
    if grade.points is None or grade.grade is None:
        return told
    return f"{told} ({short(grade.points)} → {short(grade.grade)})"


def counts_in_words(policy: Policy) -> str:
    """Which of several hand-ins counts."""
    return {"first": "the first file counts", "best": "the best file counts"}.get(policy.counts, "the last file counts")


def time_in_words(at: int, due: str) -> str:
    """“Friday 4 December 2026, 23:59:10 (UTC+03:00)”, in the zone in which it was said when it was due, or in UTC."""
    zone = _zone(due)
    time = datetime.fromtimestamp(at, zone)
    name = "UTC" if zone is UTC else f"UTC{time.isoformat()[-6:]}"
    return f"{time:%A} {time.day} {time:%B %Y, %H:%M:%S} ({name})"


def _zone(due: str) -> timezone:
    found = _ZONE.search(due)
    if not found:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)
