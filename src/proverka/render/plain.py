"""Questions as plain text, for terminals, for print and for front ends that show no HTML."""

from __future__ import annotations

from collections.abc import Iterator

from proverka.bank.draw import shown_order
from proverka.model import GAP, Blanks, Choice, Choices, Code, Match, Order, Pin, Question
from proverka.render.inline import to_plain


def question_lines(question: Question, *, seed: str = "") -> Iterator[str]:
    """What is asked beside the stem: the options with their ids, in the order shown, or what to fill in."""
    texts: dict[str, str] = {}
    match question:
        case Choice() | Choices():
            texts = {option.id: option.text for option in question.options}
        case Order():
            texts = {item.id: item.text for item in question.items}
        case Pin():
            texts = {spot.id: spot.text for spot in question.spots}
        case Match():
            texts = {pair.id: pair.right for pair in question.pairs}
            texts |= {each.id: each.text for each in question.distractors}
            yield from (f"{pair.id}: {to_plain(pair.left)} → ?" for pair in question.pairs)
        case Blanks():
            numbers = {blank.id: number for number, blank in enumerate(question.blanks, 1)}
            yield GAP.sub(lambda gap: f"[{numbers.get(gap[1], gap[1])}] ____", to_plain(question.text))
            for blank in question.blanks:
                if blank.among:
                    yield f"[{numbers[blank.id]}] one of: {', '.join(sorted((blank.accept[0], *blank.among)))}"
        case Code():
            yield from question.starter.splitlines()
    yield from (f"{each}: {to_plain(texts[each])}" for each in shown_order(question, seed))
