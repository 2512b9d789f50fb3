"""What the gradebook gives back."""

from __future__ import annotations

from dataclasses import dataclass

from proverka.classroom.model import HandInState, Policy
from proverka.model import JSON, State


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """A release, as far as it is needed to grade."""

    id: str
    title: str
    #: Tells this release from any other of the same assignment.
    tag: str
    #: In seconds since 1970.
    released: int
    policy: Policy
    #: The manifest without the seed and without the roster.
    data: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gave: points by criterion for an essay, else ``{"share": 0 to 1}``."""

    marker: str
    at: int
    marks: JSON
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ToScore:
    """A response that a run has to score. ``response`` is its number in the gradebook."""

    response: int
    question: str
    #: Of the question as the student saw it.
    fingerprint: str
    answer: JSON
    #: The latest mark that this run takes into account.
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class ToMark:
    """A response that waits for a person, or whose score is doubtful, or a marked one that is to be marked again."""

    response: int
    question: str
    fingerprint: str
    student: str
    answer: JSON
    doubtful: bool
    #: Whether the grade depends on it: it is part of the hand-in that counts, or the best one counts.
    counts: bool
    #: The latest, if it is to be marked again.
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A student’s standing in an assignment: the hand-in that counts and what it earned."""

    student: str
    name: str
    email: str
    lms: str
    #: “graded”, “waiting”, “not graded yet”, “nothing handed in”, or why nothing could be graded.
    state: str
    #: Before anything is taken off for lateness; what is scored so far unless the state is “graded”.
    points: float | None
    of: float | None
    days_late: int
    #: ``None`` unless the state is “graded”.
    grade: float | None
    doubtful: int
    handin: int | None
    #: When the hand-in first came, in seconds since 1970.
    at: int | None
    file: str
    receipt: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """One answer of the hand-in that counts, and its current score; ``state`` is ``None`` before there is one."""

    response: int
    question: str
    fingerprint: str
    answer: JSON
    #: Fingerprint of the question as it was when this was scored.
    key: str
    points: float
    of: float
    state: State | None
    feedback: tuple[str, ...]
    reason: str
    stdout: str
    stderr: str
    doubtful: bool
    results: JSON
    #: The latest mark that the score takes into account.
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came in. ``student`` is empty if nobody can tell whose it is."""

    student: str
    file: str
    at: int
    state: HandInState
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a run changed in one response. ``before`` is ``None`` if it had no score."""

    response: int
    student: str
    question: str
    before: float | None
    after: float
    of: float
    key_before: str
    key_after: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How far an assignment is."""

    students: int
    #: Of these, how many have nothing that could be read.
    missing: int
    handins: dict[HandInState, int]
    #: Files of which nobody can tell whose they are.
    nobodys: int
    responses: int
    #: Responses with a score of a finished run, those that wait for a person included.
    scored: int
    waiting: int
    doubtful: int
