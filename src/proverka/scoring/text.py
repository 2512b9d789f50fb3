"""A word or a few, compared after folding: all points or none."""

from __future__ import annotations

from proverka.model import JSON, Score, State, Text
from proverka.scoring.common import MAX_ANSWER, is_empty, nothing, share
from proverka.text import fold


def score(question: Text, answer: object) -> Score:
    """``answer`` is text; what has no letter or digit counts as empty."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    if not isinstance(answer, str) or len(answer) > MAX_ANSWER:
        return nothing(question, State.MALFORMED)
    given = fold(answer)
    if not given:
        return nothing(question, State.EMPTY)
    if given in {fold(each) for each in question.accept}:
        return share(question, 1)
    whys = [each.why for each in question.wrong if fold(each.is_) == given]
    return share(question, 0, whys[:1])


def key_answer(question: Text) -> JSON:
    """The first accepted answer."""
    return question.accept[0]


def wrong_answers(question: Text) -> list[JSON]:
    """Every foreseen mistake, and a word that no answer is."""
    foreseen: list[JSON] = [each.is_ for each in question.wrong]
    return [*foreseen, f"{question.accept[0]} and something else"]
