"""A Python function: the share of trials that gave what they should.

Nothing runs here. Whoever ran the function hands over what came out, as data, and only data is compared.
"""

from __future__ import annotations

import math

from proverka.model import JSON, Code, Score, State
from proverka.scoring.common import is_empty, nothing, share

#: The longest source that is read.
MAX_SOURCE = 20_000


def score(question: Code, answer: object) -> Score:
    """``answer`` is ``{"source": text, "results": [one for each trial]}``; without results it waits to be run."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    if not isinstance(answer, dict) or not answer.keys() <= {"source", "results"}:
        return nothing(question, State.MALFORMED)
    source, results = answer.get("source"), answer.get("results")
    if not isinstance(source, str) or len(source) > MAX_SOURCE:
        return nothing(question, State.MALFORMED)
    if results is None:
        return nothing(question, State.WAITING if source.strip() else State.EMPTY)
    if not isinstance(results, list) or len(results) != len(question.trials):
        return nothing(question, State.MALFORMED)
    passed = sum(same(trial.gives, result) for trial, result in zip(question.trials, results, strict=True))
    return share(question, passed / len(question.trials))


def same(wanted: object, given: object, depth: int = 0) -> bool:
    """Equal as JSON: numbers to nine digits, truth values only to themselves, lists in order."""
    if depth > 50 or isinstance(wanted, bool) != isinstance(given, bool):
        return False
    if isinstance(wanted, int | float) and isinstance(given, int | float):
        try:
            return math.isclose(wanted, given, rel_tol=1e-9, abs_tol=1e-12)
        except OverflowError:
            return False
    if isinstance(wanted, str) or wanted is None:
        return type(given) is type(wanted) and given == wanted
    if isinstance(wanted, list | tuple):
        return (
            isinstance(given, list)
            and len(given) == len(wanted)
            and all(same(one, other, depth + 1) for one, other in zip(wanted, given, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(given, dict)
            and given.keys() == wanted.keys()
            and all(same(value, given[name], depth + 1) for name, value in wanted.items())
        )
    return False


def key_answer(question: Code) -> JSON:
    """The solution and what it gives."""
    return {"source": question.solution, "results": [trial.gives for trial in question.trials]}


def wrong_answers(question: Code) -> list[JSON]:
    """A function that gives nothing, and one that never ran."""
    return [{"source": question.starter or "pass", "results": [None] * len(question.trials)}, {"source": "pass"}]
