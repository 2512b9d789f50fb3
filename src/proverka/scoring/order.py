"""Items in order: each two of them earn when they stand the right way round and cost when not.

The share is Kendall’s rank correlation between the answer and the key, and never below 0
(M. G. Kendall, “A New Measure of Rank Correlation”, Biometrika 30, 1938).
"""

from __future__ import annotations

from itertools import combinations

from proverka.model import JSON, Order, Score, State
from proverka.scoring.common import is_empty, nothing, share


def score(question: Order, answer: object) -> Score:
    """``answer`` lists the ids of all items, each once."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    rank = {item.id: position for position, item in enumerate(question.items)}
    if (
        not isinstance(answer, list)
        or len(answer) != len(rank)
        or not all(isinstance(each, str) and each in rank for each in answer)
        or len(set(answer)) != len(rank)
    ):
        return nothing(question, State.MALFORMED)
    pairs = list(combinations([rank[each] for each in answer], 2))
    right = sum(first < second for first, second in pairs)
    return share(question, (2 * right - len(pairs)) / len(pairs))


def key_answer(question: Order) -> JSON:
    """The items as written."""
    return [item.id for item in question.items]


def wrong_answers(question: Order) -> list[JSON]:
    """Backwards, and every two neighbours swapped."""
    key = [item.id for item in question.items]
    answers: list[JSON] = [list(reversed(key))]
    for position in range(len(key) - 1):
        swapped: list[JSON] = list(key)
        swapped[position], swapped[position + 1] = swapped[position + 1], swapped[position]
        answers.append(swapped)
    return answers
