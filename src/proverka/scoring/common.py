"""What the types share."""

from __future__ import annotations

from proverka.model import Question, Score, State

#: The longest text that is read as an answer.
MAX_ANSWER = 1_000


def is_empty(answer: object) -> bool:
    """Nothing given: ``None``, blank text, an empty list or mapping."""
    return answer is None or (isinstance(answer, str) and not answer.strip()) or answer in ([], {}, ())


def nothing(question: Question, state: State) -> Score:
    """No points."""
    return Score(0, question.points, state)


def share(question: Question, part: float, feedback: tuple[str, ...] = ()) -> Score:
    """``part`` (0 to 1) of the points."""
    part = min(1.0, max(0.0, part))
    state = State.RIGHT if part == 1 else State.PARTIAL if part > 0 else State.WRONG
    return Score(question.points * part, question.points, state, feedback)
