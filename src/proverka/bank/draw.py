"""Drawing and shuffling by seed.

Order comes from SHA-256 over the seed and permanent ids, so it is the same on every machine, in
every language and after questions were added.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from proverka.model import Choice, Choices, Match, Order, Question


def shuffled(ids: Iterable[str], seed: str) -> tuple[str, ...]:
    """The ids in the order that the seed gives them."""
    return tuple(sorted(ids, key=lambda each: hashlib.sha256(f"{seed}\0{each}".encode()).digest()))


def draw_questions(questions: Sequence[Question], count: int, *, seed: str) -> tuple[Question, ...]:
    """Choose questions so that every learning outcome appears before any repeats.

    :param count: How many; all of them if there are fewer.
    :param seed: The same seed and bank give the same quiz on every machine.
    """
    if count < 0:
        raise ValueError("count is negative")
    by_outcome: dict[str, list[Question]] = defaultdict(list)
    by_id = {question.id: question for question in questions}
    for each in shuffled(by_id, seed):
        by_outcome[by_id[each].outcome].append(by_id[each])
    outcomes = shuffled(by_outcome, seed)
    drawn: list[Question] = []
    for turn in range(max(map(len, by_outcome.values()), default=0)):
        drawn += [by_outcome[each][turn] for each in outcomes if turn < len(by_outcome[each])]
    return tuple(drawn[:count])


def shown_order(question: Question, seed: str) -> tuple[str, ...]:
    """The ids of what can be chosen, in the order in which they are shown.

    Options; items, never in the right order; right-hand sides and distractors. Empty for questions
    that are answered by typing.
    """
    seed = f"{seed}\0{question.id}"
    if isinstance(question, Choice | Choices):
        return shuffled([option.id for option in question.options], seed)
    if isinstance(question, Order):
        key = tuple(item.id for item in question.items)
        order = shuffled(key, seed)
        return order if order != key else (*order[1:], order[0])
    if isinstance(question, Match):
        right = [pair.id for pair in question.pairs] + [each.id for each in question.distractors]
        return shuffled(right, seed)
    return ()
