"""A question as it is shown to those who are asked: no key in it, no reasons.

:func:`task_of` takes the key away. :func:`masked` also takes away the ids, which may tell of the key or
be found in a published bank: what can be chosen is called a, b, c in the order shown, lines and gaps
1, 2, 3. :class:`Mask` turns an answer to a masked task into one to the question.
"""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from proverka.bank.draw import shown_order, shuffled
from proverka.model import (
    GAP,
    JSON,
    Blank,
    Blanks,
    Choice,
    Choices,
    Code,
    Essay,
    Match,
    Number,
    Order,
    Pin,
    Question,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something to choose, to put in order or to fill a line with: what an answer calls it, and its text."""

    id: str
    text: str
    #: On a drawing: the circle that it is, in the units of the drawing.
    x: float = 0
    y: float = 0
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in a text: typed if there are no ``words`` to choose from. ``size`` is in characters."""

    id: str
    words: tuple[str, ...]
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is asked. Fields that a type has no use for are empty."""

    id: str
    type: str
    stem: str
    points: float = 1
    hints: tuple[str, ...] = ()
    #: Options, items, right-hand sides or places, in the order shown.
    parts: tuple[Part, ...] = ()
    #: The left-hand sides of a match.
    lines: tuple[Part, ...] = ()
    text: str = ""
    gaps: tuple[Gap, ...] = ()
    unit: str = ""
    words: int = 0
    function: str = ""
    starter: str = ""
    #: How often a function is tried.
    trials: int = 0
    drawing: str = ""
    alt: str = ""

    def texts(self) -> list[str]:
        """Every text in which a picture may stand."""
        return [self.stem, self.text, *(each.text for each in (*self.parts, *self.lines)), *self.hints]

    def to_data(self) -> dict[str, JSON]:
        """JSON-like data, empty fields left out. :func:`task_from_data` reads it."""
        return {
            each.name: _plain(value)
            for each in dataclasses.fields(self)
            if (value := getattr(self, each.name)) != each.default
        }


def task_from_data(data: dict[str, Any]) -> Task:
    """The task that :meth:`Task.to_data` wrote.

    :raises TypeError: a field is unknown or missing.
    """
    fields = dict(data)
    for name in ("parts", "lines"):
        fields[name] = tuple(Part(**each) for each in fields.get(name, ()))
    gaps = fields.get("gaps", ())
    fields["gaps"] = tuple(Gap(each["id"], tuple(each["words"]), each["size"]) for each in gaps)
    fields["hints"] = tuple(fields.get("hints", ()))
    return Task(**fields)


def task_of(question: Question, *, seed: str = "") -> Task:
    """The question without its key, in its own ids.

    :param seed: Decides the order in which things are shown.
    """
    order = shown_order(question, seed)
    task = Task(id=question.id, type=question.type, stem=question.stem, points=question.points, hints=question.hints)
    match question:
        case Choice() | Choices():
            return dataclasses.replace(task, parts=_parts(order, ((each.id, each.text) for each in question.options)))
        case Order():
            return dataclasses.replace(task, parts=_parts(order, ((each.id, each.text) for each in question.items)))
        case Match():
            right = [(pair.id, pair.right) for pair in question.pairs]
            right += [(each.id, each.text) for each in question.distractors]
            lines = tuple(Part(pair.id, pair.left) for pair in question.pairs)
            return dataclasses.replace(task, parts=_parts(order, right), lines=lines)
        case Pin():
            spots = {each.id: Part(each.id, each.text, each.x, each.y, each.radius) for each in question.spots}
            parts = tuple(spots[each] for each in order)
            return dataclasses.replace(task, parts=parts, drawing=question.drawing, alt=question.alt)
        case Blanks():
            gaps = tuple(_gap(question.id, each, seed) for each in question.blanks)
            return dataclasses.replace(task, text=question.text, gaps=gaps)
        case Number():
            return dataclasses.replace(task, unit=question.unit)
        case Code():
            return dataclasses.replace(
                task, function=question.function, starter=question.starter, trials=len(question.trials)
            )
        case Essay():
            return dataclasses.replace(task, words=question.words)
    return task


def _parts(order: tuple[str, ...], texts: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
    by_id = dict(texts)
    return tuple(Part(each, by_id[each]) for each in order)


def _gap(question: str, blank: Blank, seed: str) -> Gap:
    if not blank.among:
        return Gap(blank.id, (), max(6, min(24, max(map(len, blank.accept)) + 2)))
    salt = f"{seed}\0{question}\0{blank.id}" if seed else f"{question}\0{blank.id}"
    return Gap(blank.id, shuffled([blank.accept[0], *blank.among], salt), 0)


# --------------------------------------------------------------------------------------------------
# Without ids

#: How long a gap to be typed is shown where its length must not tell the answer’s.
_BLIND_SIZE = 16


@dataclass(frozen=True, slots=True)
class Mask:
    """What the ids in a masked task stand for."""

    type: str
    parts: dict[str, str]
    lines: dict[str, str]
    gaps: dict[str, str]

    def lifted(self, answer: JSON) -> JSON:
        """The answer in the question’s own ids.

        An id that was not in the task becomes one that is in no question, so that who knows the bank
        gains nothing. Of what only graders may add (marks, results) nothing is taken over.
        """
        match self.type, answer:
            case (("choice" | "pin"), str()):
                return self._part(answer)
            case "pin", {"x": x, "y": y}:
                return {"x": x, "y": y}
            case (("choices" | "order"), list()):
                return [self._part(each) for each in answer]
            case "match", dict():
                return {self.lines.get(name, f"?{name}"): self._part(each) for name, each in answer.items()}
            case "blanks", dict():
                return {self.gaps.get(name, f"?{name}"): each for name, each in answer.items()}
            case "essay", {"text": text}:
                return {"text": text}
            case "code", {"source": source}:
                return {"source": source}
        return answer

    def _part(self, each: JSON) -> JSON:
        return self.parts.get(each, f"?{each}") if isinstance(each, str) and each else each


def mask_of(question: Question, *, seed: str) -> Mask:
    """What the ids in the masked task of a question stand for.

    :param seed: That of its task.
    """
    lines = [pair.id for pair in question.pairs] if isinstance(question, Match) else []
    gaps = [each.id for each in question.blanks] if isinstance(question, Blanks) else []
    return Mask(
        question.type,
        dict(zip(_letters(), shown_order(question, seed), strict=False)),
        {str(number): each for number, each in enumerate(lines, 1)},
        {str(number): each for number, each in enumerate(gaps, 1)},
    )


def masked(task: Task, mask: Mask, *, name: str) -> Task:
    """The task under another name, its ids replaced and its hints left out."""
    letters, lines, gaps = ({old: new for new, old in each.items()} for each in (mask.parts, mask.lines, mask.gaps))
    return dataclasses.replace(
        task,
        id=name,
        hints=(),
        parts=tuple(dataclasses.replace(each, id=letters[each.id]) for each in task.parts),
        lines=tuple(dataclasses.replace(each, id=lines[each.id]) for each in task.lines),
        gaps=tuple(Gap(gaps[each.id], each.words, 0 if each.words else _BLIND_SIZE) for each in task.gaps),
        text=GAP.sub(lambda gap: f"{{{gaps.get(gap[1], gap[1])}}}", task.text),
    )


def _letters() -> Iterable[str]:
    yield from string.ascii_lowercase
    for first in string.ascii_lowercase:
        yield from (first + second for second in string.ascii_lowercase)


def _plain(value: Any) -> JSON:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Part):
        data: dict[str, JSON] = {"id": value.id, "text": value.text}
        return data | ({"x": value.x, "y": value.y, "radius": value.radius} if value.radius else {})
    if isinstance(value, Gap):
        return {"id": value.id, "words": list(value.words), "size": value.size}
    result: JSON = value
    return result
