"""Questions as plain text, for terminals, for print and for front ends that show no HTML."""

from __future__ import annotations

from collections.abc import Iterator

from proverka.bank.draw import shown_order
from proverka.model import Choice, Choices, Match, Number, Order, Question, Text
from proverka.render.html import key_text
from proverka.render.inline import to_plain


def question_lines(question: Question, *, seed: str = "") -> Iterator[str]:
    """What is asked: the options with their ids, in the order shown."""
    order = shown_order(question, seed)
    match question:
        case Choice() | Choices():
            texts = {option.id: option.text for option in question.options}
        case Order():
            texts = {item.id: item.text for item in question.items}
        case Match():
            texts = {pair.id: pair.right for pair in question.pairs}
            texts |= {each.id: each.text for each in question.distractors}
            yield from (f"{pair.id}: {to_plain(pair.left)} → ?" for pair in question.pairs)
        case _:
            texts = {}
    yield from (f"{each}: {to_plain(texts[each])}" for each in order)


def answer_lines(question: Question) -> Iterator[str]:
    """What is right."""
    match question:
        case Choice() | Choices():
            yield from (to_plain(option.text) for option in question.options if option.correct)
        case Number():
            yield key_text(question)
        case Text():
            yield question.accept[0]
        case Order():
            yield from (to_plain(item.text) for item in question.items)
        case Match():
            yield from (f"{to_plain(pair.left)}: {to_plain(pair.right)}" for pair in question.pairs)
