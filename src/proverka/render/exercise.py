"""Questions for paper: what is asked, and apart from it the answer. Texts are inline Markdown.

What can be chosen is called a, b, c in the order shown, lines and gaps 1, 2, 3, so that an answer can
name them pages away.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass

from proverka.model import (
    GAP,
    Blanks,
    Choice,
    Choices,
    Code,
    Essay,
    Match,
    Number,
    Option,
    Order,
    Pin,
    Question,
    Spot,
    Text,
)
from proverka.render.answers import key_text
from proverka.render.inputs import points_text
from proverka.task import Task, task_of

#: With what a sentence ends.
_ENDS = (".", "!", "?", "…", "”", ")")


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question without its key."""

    stem: str
    #: How to answer.
    note: str = ""
    #: Numbered.
    lines: tuple[str, ...] = ()
    #: Lettered.
    options: tuple[str, ...] = ()
    code: str = ""
    drawing: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is right and why, and why the rest is not: a label and a reason each."""

    explain: str
    #: Without a full stop.
    key: str = ""
    #: An answer in full, where no key can be given.
    model: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    code: str = ""


def exercise_of(question: Question) -> Exercise:
    """What is asked."""
    task = task_of(question)
    return Exercise(
        stem=task.stem,
        note=_note(task),
        lines=_lines(task),
        options=tuple(part.text for part in task.parts),
        code=task.starter,
        drawing=task.drawing,
        alt=task.alt,
    )


def _note(task: Task) -> str:
    match task.type:
        case "choices":
            return "One or more are right."
        case "number" if task.unit:
            return f"\\_\\_\\_\\_\\_ {task.unit}"
        case "order":
            return "Put them in order."
        case "match":
            return "Which letter belongs to each number?"
        case "pin":
            return "Which place on the drawing is it?"
        case "essay" if task.words:
            return f"Write about {task.words} words."
    return ""


def _lines(task: Task) -> tuple[str, ...]:
    if not task.gaps:
        return tuple(line.text for line in task.lines)
    numbers = {gap.id: number for number, gap in enumerate(task.gaps, 1)}
    text = GAP.sub(lambda gap: f"({numbers[gap[1]]}) \\_\\_\\_\\_\\_" if gap[1] in numbers else "", task.text)
    words = (f"({numbers[gap.id]}) is one of: {', '.join(gap.words)}." for gap in task.gaps if gap.words)
    return (text, *words)


def answer_of(question: Question) -> Answer:
    """What is right, and why."""
    letters = _letters(task_of(question))
    reasons: list[tuple[str, str]] = []
    key = model = code = ""
    match question:
        case Choice() | Choices():
            key = _named(letters, (each for each in question.options if each.correct))
            reasons = [(letters[each.id], each.why) for each in question.options]
        case Pin():
            key = _named(letters, (each for each in question.spots if each.correct))
            reasons = [(letters[each.id], each.why) for each in question.spots]
        case Number():
            key = f"**{key_text(question)}**"
            reasons = [(each.is_, each.why) for each in question.wrong]
        case Text():
            key = f"**{question.accept[0]}**"
            reasons = [(each.is_, each.why) for each in question.wrong]
        case Order():
            key = _join(letters[each.id] for each in question.items)
            reasons = [(letters[each.id], each.why) for each in question.items]
        case Match():
            key = _join(f"{number} {letters[pair.id]}" for number, pair in enumerate(question.pairs, 1))
            reasons = [(str(number), pair.why) for number, pair in enumerate(question.pairs, 1)]
            reasons += [(letters[each.id], each.why) for each in question.distractors]
        case Blanks():
            key = _join(f"({number}) {blank.accept[0]}" for number, blank in enumerate(question.blanks, 1))
            reasons = [(f"({number})", blank.why) for number, blank in enumerate(question.blanks, 1)]
        case Code():
            code = question.solution
        case Essay():
            model = question.model
            reasons = [(points_text(each.points), each.text) for each in question.rubric]
    if letters:
        reasons = sorted((label, why) for label, why in reasons if why)
    said = tuple((label, why if why.endswith(_ENDS) else f"{why}.") for label, why in reasons)
    return Answer(question.explain, key, model, said, code)


def _letters(task: Task) -> dict[str, str]:
    return dict(zip((part.id for part in task.parts), string.ascii_lowercase, strict=False))


def _join(parts: Iterable[str]) -> str:
    return f"**{', '.join(parts)}**"


def _named(letters: dict[str, str], parts: Iterable[Option | Spot]) -> str:
    texts = sorted((letters[each.id], each.text.rstrip(".")) for each in parts)
    return "; ".join(f"**{letter}** {text}" for letter, text in texts)
