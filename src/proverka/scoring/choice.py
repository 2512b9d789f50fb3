"""One correct option: all points or none."""

from __future__ import annotations

from proverka.model import JSON, Choice, Score, State
from proverka.scoring.common import is_empty, nothing, share


def score(question: Choice, answer: object) -> Score:
    """``answer`` is the id of an option."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    for option in question.options:
        if isinstance(answer, str) and option.id == answer:
            return share(question, float(option.correct), [option.why])
    return nothing(question, State.MALFORMED)


def key_answer(question: Choice) -> JSON:
    """The correct option."""
    return next(option.id for option in question.options if option.correct)


def wrong_answers(question: Choice) -> list[JSON]:
    """Every other option."""
    return [option.id for option in question.options if not option.correct]
