"""Pairs: the share of left-hand sides that got their own right-hand side."""

from __future__ import annotations

from itertools import pairwise

from proverka.model import JSON, Match, Score, State
from proverka.scoring.common import is_empty, nothing, share


def score(question: Match, answer: object) -> Score:
    """``answer`` maps the id of a pair to the id of the pair or distractor chosen for it."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    left = {pair.id: pair for pair in question.pairs}
    right = left.keys() | {each.id for each in question.distractors}
    if not isinstance(answer, dict) or not all(
        name in left and (value is None or (isinstance(value, str) and (not value or value in right)))
        for name, value in answer.items()
    ):
        return nothing(question, State.MALFORMED)
    chosen = {name: value for name, value in answer.items() if value}
    if not chosen:
        return nothing(question, State.EMPTY)
    found = sum(name == value for name, value in chosen.items())
    traps = {each.id: each.why for each in question.distractors}
    missed = [pair for pair in question.pairs if chosen.get(pair.id) != pair.id]
    whys = [traps.get(chosen.get(pair.id, ""), "") for pair in missed] + [pair.why for pair in missed]
    return share(question, found / len(left), whys)


def key_answer(question: Match) -> JSON:
    """Every pair with its own."""
    return {pair.id: pair.id for pair in question.pairs}


def wrong_answers(question: Match) -> list[JSON]:
    """Neighbours exchanged, each distractor once, and one left open."""
    ids = [pair.id for pair in question.pairs]
    key: dict[str, JSON] = {each: each for each in ids}
    answers: list[JSON] = [{**key, first: second, second: first} for first, second in pairwise(ids)]
    answers += [{**key, ids[0]: each.id} for each in question.distractors]
    answers.append({each: each for each in ids[1:]})
    return answers
