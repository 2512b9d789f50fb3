"""Scores from questions and answers: :func:`score` for any type, one module per type.

Whatever the answer is, the result lies between 0 and the question's points and nothing is raised.
The rules are written down in ``docs/scoring.md`` and, as cases, in ``tests/vectors/``.
"""

from __future__ import annotations

from typing import Any

from proverka.model import JSON, Question, Score
from proverka.scoring import blanks, choice, choices, code, essay, match, number, order, pin, text

_MODULES = {
    "choice": choice,
    "choices": choices,
    "number": number,
    "text": text,
    "order": order,
    "match": match,
    "blanks": blanks,
    "pin": pin,
    "code": code,
    "essay": essay,
}


def score(question: Question, answer: object) -> Score:
    """What an answer earns. ``answer`` may be anything; see the type's class for what it should be."""
    result: Score = _module(question).score(question, answer)
    return result


def key_answer(question: Question) -> JSON:
    """An answer that earns full marks."""
    answer: JSON = _module(question).key_answer(question)
    return answer


def wrong_answers(question: Question) -> list[JSON]:
    """Answers near the key, none of which earns full marks: every wrong option, every swap."""
    answers: list[JSON] = _module(question).wrong_answers(question)
    return answers


def _module(question: Question) -> Any:
    return _MODULES[question.type]
