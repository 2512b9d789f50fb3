"""What was answered and what is right, in the words that were shown: no ids, no letters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proverka.model import (
    GAP,
    JSON,
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
    State,
    Text,
)
from proverka.render.answers import key_text
from proverka.render.inline import to_plain
from proverka.scoring import score
from proverka.scoring.pin import spot_at
from proverka.text import fold

#: Characters of an answer that is not what the question asks for.
MOST_RAW = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A part of an answer."""

    #: Inline Markdown, or if ``plain`` text in which nothing is markup.
    text: str
    plain: bool = False
    #: Inline Markdown: what the part answers, where an answer has several.
    label: str = ""
    #: Whether it is right; ``None`` where only the whole can be.
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """An answer: lines, Python source, or prose. All are empty if there is none."""

    lines: tuple[Line, ...] = ()
    #: Whether the order of the lines is the answer.
    ordered: bool = False
    code: str = ""
    prose: str = ""


def asked_in_words(question: Question) -> str:
    """Inline Markdown: what is asked beside the stem, such as a text with numbered gaps. Often nothing."""
    if not isinstance(question, Blanks):
        return ""
    numbers = {blank.id: number for number, blank in enumerate(question.blanks, 1)}
    return GAP.sub(lambda gap: f"({numbers[gap[1]]}) …" if gap[1] in numbers else gap[0], question.text)


def answer_in_words(asked: Question, key: Question, answer: JSON) -> Words:
    """What a student answered.

    :param asked: The question as the student saw it.
    :param key: The same as it is scored.
    """
    state = score(asked, answer).state
    if state is State.EMPTY:
        return Words()
    if state is State.MALFORMED:
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return Words((Line(text if len(text) <= MOST_RAW else f"{text[:MOST_RAW]}…", plain=True),))
    match asked, answer:
        case Code(), {"source": str(source)}:
            return Words(code=source)
        case Essay(), {"text": str(text)}:
            return Words(prose=text)
        case Order(), list():
            texts = {each.id: each.text for each in asked.items}
            return Words(tuple(Line(texts[str(each)]) for each in answer), ordered=True)
    return Words(tuple(_lines(asked, key, answer)))


def _lines(asked: Question, key: Question, answer: JSON) -> Iterator[Line]:
    match asked, answer:
        case Choice(), str():
            yield Line(_texts(asked.options)[answer])
        case Choices(), list():
            right = {each.id: each.correct for each in key.options} if isinstance(key, Choices) else {}
            taken = [each for each in asked.options if each.id in answer]
            yield from (Line(each.text, right=right.get(each.id)) for each in taken)
        case Number(), _:
            typed = answer if isinstance(answer, str) else json.dumps(answer)
            yield Line(f"{typed} {asked.unit}".rstrip(), plain=True)
        case Text(), str():
            yield Line(answer, plain=True)
        case Match(), dict():
            texts = {each.id: each.right for each in asked.pairs}
            texts |= {each.id: each.text for each in asked.distractors}
            for pair in asked.pairs:
                if given := answer.get(pair.id):
                    yield Line(texts[str(given)], label=pair.left, right=given == pair.id)
        case Blanks(), dict():
            accept = {each.id: set(map(fold, each.accept)) for each in key.blanks} if isinstance(key, Blanks) else {}
            for number, blank in enumerate(asked.blanks, 1):
                given = answer.get(blank.id)
                if isinstance(given, str) and fold(given):
                    right_here = fold(given) in accept[blank.id] if blank.id in accept else None
                    yield Line(given, plain=True, label=f"({number})", right=right_here)
        case Pin(), {"x": int() | float() as x, "y": int() | float() as y}:
            spot = spot_at(asked, float(x), float(y))
            yield Line(spot.text if spot else "a place beside all those named")
        case Pin(), str():
            yield Line(_texts(asked.spots)[answer])


def key_in_words(key: Question) -> Words:
    """What earns all points."""
    match key:
        case Choice() | Choices():
            return Words(tuple(Line(each.text) for each in key.options if each.correct))
        case Pin():
            return Words(tuple(Line(each.text) for each in key.spots if each.correct))
        case Number():
            return Words((Line(key_text(key), plain=True),))
        case Text():
            return Words(tuple(Line(each, plain=True) for each in key.accept))
        case Order():
            return Words(tuple(Line(each.text) for each in key.items), ordered=True)
        case Match():
            return Words(tuple(Line(each.right, label=each.left) for each in key.pairs))
        case Blanks():
            numbered = enumerate(key.blanks, 1)
            return Words(tuple(Line(each.accept[0], plain=True, label=f"({number})") for number, each in numbered))
        case Code():
            return Words(code=key.solution)
        case Essay():
            return Words(prose=to_plain(key.model))
    return Words()


def mistakes_in_words(asked: Question, key: Question, answer: JSON) -> list[str]:
    """What is wrong about an answer that does not earn all points, in plain text: a part each, or all of it.

    Nothing for functions and texts of one’s own, and for what only leaves something out.
    """
    words = answer_in_words(asked, key, answer)
    if words.ordered:
        return [" → ".join(to_plain(each.text) for each in words.lines)]
    parted = isinstance(asked, Choices | Match | Blanks)
    return [_flat(each) for each in words.lines if each.right is False or (each.right is None and not parted)]


def _flat(line: Line) -> str:
    text = line.text if line.plain else to_plain(line.text)
    return f"{to_plain(line.label)} → {text}" if line.label else text


def _texts(parts: Sequence[Option] | Sequence[Spot]) -> dict[str, str]:
    return {each.id: each.text for each in parts}


def call_in_words(question: Code, args: Sequence[JSON]) -> str:
    """“double(2)”."""
    return f"{question.function}({', '.join(map(value_in_words, args))})"


def value_in_words(value: JSON, most: int = 300) -> str:
    """A value as Python writes it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}…"
