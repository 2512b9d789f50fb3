"""A text of one’s own: the marks that a person gave, line by line of the rubric."""

from __future__ import annotations

from collections.abc import Mapping

from proverka.model import JSON, Essay, Score, State
from proverka.scoring.common import is_empty, nothing, share

#: The longest text that is read.
MAX_ESSAY = 50_000


def score(question: Essay, answer: object) -> Score:
    """``answer`` is ``{"text": text, "marks": {criterion: points}}``; without marks it waits for them."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    if not isinstance(answer, dict) or not answer.keys() <= {"text", "marks"}:
        return nothing(question, State.MALFORMED)
    text, marks = answer.get("text"), answer.get("marks")
    if not isinstance(text, str) or len(text) > MAX_ESSAY:
        return nothing(question, State.MALFORMED)
    if not text.strip():
        return nothing(question, State.EMPTY)
    if marks is None:
        return nothing(question, State.WAITING)
    most = {criterion.id: criterion.points for criterion in question.rubric}
    if not isinstance(marks, dict) or not all(
        name in most and isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= most[name]
        for name, points in marks.items()
    ):
        return nothing(question, State.MALFORMED)
    return share(question, _total(question, marks) / _total(question, most))


def _total(question: Essay, points: Mapping[str, float]) -> float:
    """The points added up in the order of the rubric, rounded at every step as in JavaScript."""
    total = 0.0
    for criterion in question.rubric:
        # Not sum(), which since Python 3.12 keeps what rounding loses.
        total += points.get(criterion.id, 0)
    return total


def key_answer(question: Essay) -> JSON:
    """The model answer with full marks."""
    return {"text": question.model, "marks": {criterion.id: criterion.points for criterion in question.rubric}}


def wrong_answers(question: Essay) -> list[JSON]:
    """A text that nobody marked, and one that earned nothing."""
    none: dict[str, JSON] = {criterion.id: 0 for criterion in question.rubric}
    return [{"text": question.model}, {"text": question.model, "marks": none}]
