"""What the types share."""

from __future__ import annotations

from collections.abc import Iterable

from proverka.model import Question, Score, State

#: The longest text that is read as an answer.
MAX_ANSWER = 1_000


def is_empty(answer: object) -> bool:
    """Nothing given: ``None``, blank text, an empty list or mapping."""
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or (isinstance(answer, list | tuple | dict) and not answer)


def nothing(question: Question, state: State) -> Score:
    """No points."""
    return Score(0, question.points, state)


def share(question: Question, part: float, feedback: Iterable[str] = ()) -> Score:
    """``part`` (0 to 1) of the points, and the feedback without blanks and repetitions."""
    part = min(1.0, max(0.0, part))
    state = State.RIGHT if part == 1 else State.PARTIAL if part > 0 else State.WRONG
    return Score(question.points * part, question.points, state, tuple(dict.fromkeys(filter(None, feedback))))
