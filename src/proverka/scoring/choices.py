"""Several correct options: right ones taken less wrong ones taken, as a share of the right ones."""

from __future__ import annotations

from proverka.model import JSON, Choices, Score, State
from proverka.scoring.common import is_empty, nothing, share


def score(question: Choices, answer: object) -> Score:
    """``answer`` is a list of ids; one named twice counts once."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    known = {option.id: option for option in question.options}
    if not isinstance(answer, list) or not all(isinstance(each, str) and each in known for each in answer):
        return nothing(question, State.MALFORMED)
    given = set(answer)
    taken = [option for option in question.options if option.id in given]
    right = sum(option.correct for option in taken)
    wrong = len(taken) - right
    whys = [option.why for option in taken if not option.correct]
    return share(question, (right - wrong) / sum(option.correct for option in question.options), whys)


def key_answer(question: Choices) -> JSON:
    """All correct options."""
    return [option.id for option in question.options if option.correct]


def wrong_answers(question: Choices) -> list[JSON]:
    """The key with one option too many or too few, and each wrong option alone."""
    key = [option.id for option in question.options if option.correct]
    wrong = [option.id for option in question.options if not option.correct]
    more: list[JSON] = [[*key, each] for each in wrong]
    fewer: list[JSON] = [[other for other in key if other != each] for each in key]
    alone: list[JSON] = [[each] for each in wrong]
    return [*more, *fewer, *alone]
