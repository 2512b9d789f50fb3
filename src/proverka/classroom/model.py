"""What a class is made of: students, a policy, hand-ins, scored answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from proverka.model import JSON, State


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody on a roster. ``id`` is what the roster calls them, ``lms`` what a hand-in’s file name does."""

    id: str
    name: str = ""
    email: str = ""
    #: The learning platform’s own number, as in the names of Canvas’s downloads.
    lms: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """When work is due, what lateness costs, and which of several hand-ins counts.

    Times are seconds since 1970 in UTC. Each day begun after ``due`` takes ``per_day`` of the points, but
    never more than ``at_most``; after ``closes`` nothing is earned.
    """

    due: int | None = None
    closes: int | None = None
    per_day: float = 0
    at_most: float = 1
    #: “last”, “first” or “best”.
    counts: str = "last"


class HandInState(StrEnum):
    """What became of a file, in a word."""

    OK = "ok"
    #: Something was damaged or moved, and nothing had to be guessed.
    REPAIRED = "repaired"
    UNREADABLE = "unreadable"
    WRONG_STUDENT = "wrong student"
    WRONG_ASSIGNMENT = "wrong assignment"
    #: Readable, and no question is answered.
    EMPTY = "empty"
    #: The same answers, to the byte, as another file of this student.
    DUPLICATE = "duplicate"


#: The states whose answers are scored.
SCORED = frozenset({HandInState.OK, HandInState.REPAIRED, HandInState.EMPTY})


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of a student’s sheet and the answer to it, in the question’s own ids; ``None`` if there is none."""

    question: str
    fingerprint: str
    answer: JSON


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file that came in."""

    #: The student’s id on the roster; empty if nobody can tell.
    student: str
    #: Where it was found, from the folder or zip collected.
    file: str
    #: SHA-256 of its bytes, 64 hex digits.
    digest: str
    #: When it was handed in, in seconds since 1970.
    at: int
    state: HandInState
    #: Why, in words: what was repaired or is wrong. Empty for “ok”.
    reason: str = ""
    #: Every question of the sheet, in its order, if the state is one that is scored.
    answers: tuple[Answered, ...] = ()
    #: A short code that a student can compute from the file too.
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of one response in one run."""

    #: The response’s number in the gradebook.
    response: int
    #: Of the question as it was when this was scored.
    fingerprint: str
    points: float
    of: float
    state: State
    feedback: tuple[str, ...] = ()
    #: Why there are no points, where the feedback does not tell: a time limit, an error.
    reason: str = ""
    #: How long it took, in seconds.
    seconds: float = 0
    stdout: str = ""
    stderr: str = ""
    #: A typed answer so near to an accepted one that a person should look.
    doubtful: bool = False
    #: What a function gave, by trial.
    results: JSON = field(default=None)
