"""Drawing and shuffling by seed.

Order comes from SHA-256 over the seed and permanent ids, so it is the same on every machine, in
every language and after questions were added.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from proverka.model import Choice, Choices, Match, Order, Pin, Question


def shuffled(ids: Iterable[str], seed: str) -> tuple[str, ...]:
    """The ids in the order that the seed gives them."""
    return tuple(sorted(ids, key=lambda each: hashlib.sha256(f"{seed}\0{each}".encode()).digest()))


def _shuffled_around(ids: Sequence[str], pinned: Container[str], seed: str) -> tuple[str, ...]:
    """As :func:`shuffled`, but those pinned stay where they are."""
    moving = iter(shuffled([each for each in ids if each not in pinned], seed))
    return tuple(each if each in pinned else next(moving) for each in ids)


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
    chosen = drawn[:count]
    pinned = {question.id for question in chosen if question.pinned}
    if not pinned:
        return tuple(chosen)
    ids = {question.id for question in chosen}
    written = [question.id for question in questions if question.id in ids]
    moving = (question for question in chosen if not question.pinned)
    return tuple(by_id[each] if each in pinned else next(moving) for each in written)


def shown_order(question: Question, seed: str) -> tuple[str, ...]:
    """The ids of what can be chosen, in the order in which they are shown.

    Options, those pinned in their place; items, never in the right order; right-hand sides and
    distractors; spots. Empty for questions that are answered by typing.
    """
    seed = f"{seed}\0{question.id}"
    if isinstance(question, Choice | Choices):
        pinned = {option.id for option in question.options if option.pinned}
        return _shuffled_around([option.id for option in question.options], pinned, seed)
    if isinstance(question, Pin):
        return shuffled([spot.id for spot in question.spots], seed)
    if isinstance(question, Order):
        key = tuple(item.id for item in question.items)
        order = shuffled(key, seed)
        return order if order != key else (*order[1:], order[0])
    if isinstance(question, Match):
        right = [pair.id for pair in question.pairs] + [each.id for each in question.distractors]
        return shuffled(right, seed)
    return ()
