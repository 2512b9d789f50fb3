"""Gaps in a text: the share of gaps that are filled rightly."""

from __future__ import annotations

from proverka.model import JSON, Blanks, Score, State
from proverka.scoring.common import MAX_ANSWER, is_empty, nothing, share
from proverka.text import fold


def score(question: Blanks, answer: object) -> Score:
    """``answer`` maps ids of blanks to the words put in; a blank left out is empty."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    known = {blank.id: blank for blank in question.blanks}
    if not isinstance(answer, dict) or not all(
        name in known and (value is None or (isinstance(value, str) and len(value) <= MAX_ANSWER))
        for name, value in answer.items()
    ):
        return nothing(question, State.MALFORMED)
    filled = {name: fold(value) for name, value in answer.items() if value and fold(value)}
    if not filled:
        return nothing(question, State.EMPTY)
    right = {name for name, value in filled.items() if value in {fold(each) for each in known[name].accept}}
    whys = tuple(blank.why for blank in question.blanks if blank.why and blank.id not in right)
    return share(question, len(right) / len(known), whys)


def key_answer(question: Blanks) -> JSON:
    """The first accepted word of each."""
    return {blank.id: blank.accept[0] for blank in question.blanks}


def wrong_answers(question: Blanks) -> list[JSON]:
    """The key with one blank left out, and with each wrong word that is offered."""
    key: dict[str, JSON] = {blank.id: blank.accept[0] for blank in question.blanks}
    answers: list[JSON] = [{**key, blank.id: each} for blank in question.blanks for each in blank.among]
    return [*answers, *({**key, blank.id: ""} for blank in question.blanks)]
