"""The nouns: sources, claims, outcomes, questions, responses, scores.

Nothing here reads files or needs more than the standard library, so it runs in a browser's Python too.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias, cast

JSON: TypeAlias = "None | bool | int | float | str | list[JSON] | dict[str, JSON]"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was written: a file as the author knows it, and a line counted from 1."""

    file: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


NOWHERE = Place("", 0)

# --------------------------------------------------------------------------------------------------
# The ledger


class Status(StrEnum):
    """How well a claim is supported."""

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single-source"
    DISPUTED = "disputed"
    UNVERIFIED = "unverified"


class Verdict(StrEnum):
    """What a check of somebody else's statement came to."""

    SUPPORTED = "supported"
    MISLEADING = "misleading"
    FALSE = "false"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Source:
    """A work in the bibliography; ``fields`` as its entry gives them."""

    key: str
    type: str
    fields: dict[str, str]
    place: Place = NOWHERE

    @property
    def short(self) -> str:
        """“Tsymbal 2022”, “English Wikipedia”: enough to find the entry."""
        fields = self.fields
        if author := fields.get("author"):
            names = [part.split(" (")[0].strip() for part in author.split(" and ")]
            shown = names[0] if len(names) < 3 else f"{names[0]} and others"
            if len(names) == 2:
                shown = f"{names[0]} and {names[1]}"
        else:
            shown = fields.get("organization") or fields.get("journaltitle") or fields["title"]
        return f"{shown}, {fields['year']}" if "year" in fields else shown


@dataclass(frozen=True, slots=True)
class Citation:
    """A source and the place in it; ``quote`` holds at most 15 words in the language ``lang``."""

    key: str
    at: str = ""
    quote: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement, its values, its status and its sources."""

    id: str
    says: str
    status: Status
    citations: tuple[Citation, ...]
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reading: bool = False
    note: str = ""
    #: Claims with one matter speak of one thing: values of one name must agree among them.
    matter: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the article under examination, paraphrased, with its verdict."""

    id: str
    section: str
    says: str
    verdict: Verdict
    correction: str = ""
    claims: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reader can do after a chapter."""

    id: str
    text: str
    place: Place = NOWHERE


# --------------------------------------------------------------------------------------------------
# Questions

#: A gap in the text of a question of type blanks: the id of a blank in braces.
GAP = re.compile(r"\{([a-z0-9-]+)\}")

LEVELS = ("recall", "understand", "apply", "analyse")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice; ``why`` is the feedback for those who take it."""

    id: str
    text: str
    correct: bool = False
    why: str = ""
    #: Stays where it was written when the others are shuffled.
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to be put in order."""

    id: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A left-hand side and the right-hand side that belongs to it."""

    id: str
    left: str
    right: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Distractor:
    """A right-hand side that belongs to nothing."""

    id: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap in a text. Typed if ``among`` is empty, else chosen from ``accept[0]`` and ``among``."""

    id: str
    accept: tuple[str, ...]
    among: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A named place on a drawing: a circle in the units of the drawing’s ``viewBox``."""

    id: str
    text: str
    x: float
    y: float
    radius: float
    correct: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A call of a function, and what it should give. Both are JSON."""

    args: tuple[Any, ...]
    gives: Any


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of a rubric and the most that it can earn."""

    id: str
    text: str
    points: float = 1


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A wrong answer that somebody may well type, and its feedback."""

    is_: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What all types share. The subclasses add what is shown and what is right."""

    type: ClassVar[str] = ""
    #: Fields that bear on what is asked or on what is right; see :attr:`fingerprint`.
    scored: ClassVar[tuple[str, ...]] = ()

    id: str
    outcome: str
    claims: tuple[str, ...]
    level: str
    stem: str
    explain: str
    points: float = 1
    #: Shown one after another on request.
    hints: tuple[str, ...] = ()
    #: Keeps its place in a quiz when the other questions are shuffled.
    pinned: bool = False
    about_dispute: bool = False
    place: Place = field(default=NOWHERE, compare=False)

    @functools.cached_property
    def fingerprint(self) -> str:
        """16 hex digits over everything that bears on scoring: an edited question has another."""
        data = self.to_data()
        names = ("type", "stem", "points", *self.scored)
        seen = {name: _without_feedback(data.get(name)) for name in names}
        text = json.dumps(seen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_data(self) -> dict[str, JSON]:
        """The question as JSON-like data, empty fields left out. :func:`question_from_data` reads it."""
        data: dict[str, JSON] = {"id": self.id, "type": self.type}
        for each in dataclasses.fields(self):
            value = getattr(self, each.name)
            if each.name not in ("id", "place") and value != each.default:
                data[each.name] = _plain(value)
        return data


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """One correct option. An answer is its id."""

    type: ClassVar[str] = "choice"
    scored: ClassVar[tuple[str, ...]] = ("options",)
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Choices(Question):
    """One or more correct options. An answer is a list of ids."""

    type: ClassVar[str] = "choices"
    scored: ClassVar[tuple[str, ...]] = ("options",)
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number between ``low`` and ``high``, both included. An answer is a number or text that reads as one."""

    type: ClassVar[str] = "number"
    scored: ClassVar[tuple[str, ...]] = ("low", "high", "unit")
    low: float
    high: float
    unit: str = ""
    wrong: tuple[Foreseen, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Text(Question):
    """A word or a few, compared after folding. ``accept`` holds every spelling, the one to show first."""

    type: ClassVar[str] = "text"
    scored: ClassVar[tuple[str, ...]] = ("accept",)
    accept: tuple[str, ...]
    wrong: tuple[Foreseen, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """Items in the right order. An answer is a list of all their ids."""

    type: ClassVar[str] = "order"
    scored: ClassVar[tuple[str, ...]] = ("items",)
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Match(Question):
    """Pairs to be found again. An answer maps the id of a pair to the id of the pair or distractor chosen."""

    type: ClassVar[str] = "match"
    scored: ClassVar[tuple[str, ...]] = ("pairs", "distractors")
    pairs: tuple[Pair, ...]
    distractors: tuple[Distractor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Blanks(Question):
    """A text with gaps, written ``{id}``. An answer maps ids of blanks to the words put in."""

    type: ClassVar[str] = "blanks"
    scored: ClassVar[tuple[str, ...]] = ("text", "blanks")
    text: str
    blanks: tuple[Blank, ...]


@dataclass(frozen=True, kw_only=True)
class Pin(Question):
    """A place on a drawing. An answer is the id of a spot or a point ``{"x": …, "y": …}``."""

    type: ClassVar[str] = "pin"
    scored: ClassVar[tuple[str, ...]] = ("drawing", "spots")
    #: Path of an SVG from the folder of the chapters.
    drawing: str
    #: What the drawing shows, for those who do not see it.
    alt: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, kw_only=True)
class Code(Question):
    """A Python function. An answer holds its ``source`` and, once it ran, the ``results`` of the trials."""

    type: ClassVar[str] = "code"
    scored: ClassVar[tuple[str, ...]] = ("function", "trials")
    function: str
    starter: str
    solution: str
    trials: tuple[Trial, ...]


@dataclass(frozen=True, kw_only=True)
class Essay(Question):
    """A text of one’s own, marked by a person. An answer holds ``text`` and, once marked, ``marks`` by criterion."""

    type: ClassVar[str] = "essay"
    scored: ClassVar[tuple[str, ...]] = ("rubric",)
    rubric: tuple[Criterion, ...]
    #: An answer that would earn full marks.
    model: str
    #: How much to write, in words; 0 leaves it open.
    words: int = 0


QUESTION_TYPES: dict[str, type[Question]] = {
    each.type: each for each in (Choice, Choices, Number, Text, Order, Match, Blanks, Pin, Code, Essay)
}

_PARTS: dict[str, type[Any]] = {
    "options": Option,
    "items": Item,
    "pairs": Pair,
    "distractors": Distractor,
    "wrong": Foreseen,
    "blanks": Blank,
    "spots": Spot,
    "trials": Trial,
    "rubric": Criterion,
}


def question_from_data(data: dict[str, Any]) -> Question:
    """The question that :meth:`Question.to_data` wrote.

    :raises KeyError: the type is unknown. :raises TypeError: a field is unknown or missing.
    """
    fields = dict(data)
    cls = QUESTION_TYPES[fields.pop("type")]
    for name, value in fields.items():
        if name in _PARTS:
            part = _PARTS[name]
            fields[name] = tuple(part(**_tupled(each)) for each in value)
        elif isinstance(value, list):
            fields[name] = tuple(value)
    return cls(**fields)


def _tupled(part: dict[str, Any]) -> dict[str, Any]:
    lists = ("accept", "among", "args")
    return {name: tuple(value) if name in lists else value for name, value in part.items()}


def _plain(value: Any) -> JSON:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: _plain(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if getattr(value, each.name) != each.default
        }
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return cast("JSON", value)


def _without_feedback(value: JSON) -> JSON:
    if isinstance(value, list):
        return [_without_feedback(each) for each in value]
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name not in ("why", "pinned")}
    return value


# --------------------------------------------------------------------------------------------------
# Responses and scores


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody answered: never overwritten, scored as often as the key changes."""

    question: str
    fingerprint: str
    answer: JSON
    shown: tuple[str, ...] = ()

    def to_data(self) -> dict[str, JSON]:
        """JSON-like data, as it is kept in a notebook."""
        return {
            "question": self.question,
            "fingerprint": self.fingerprint,
            "answer": self.answer,
            "shown": list(self.shown),
        }


class State(StrEnum):
    """What became of an answer, in a word."""

    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"
    EMPTY = "empty"
    MALFORMED = "malformed"
    #: Somebody has to mark it, or something has to run it, first.
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` of ``of``, and the feedback that the answer earned."""

    points: float
    of: float
    state: State
    feedback: tuple[str, ...] = ()
