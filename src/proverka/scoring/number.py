"""A number within a range, ends included: all points or none."""

from __future__ import annotations

import math
import re

from proverka.model import JSON, Number, Score, State
from proverka.scoring.common import is_empty, nothing, share

_SPACES = re.compile(r"[\s_'’]+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def readings(answer: object) -> tuple[float, ...]:
    """The numbers that an answer can mean; none if it is not a number.

    Spaces and apostrophes group digits, and a minus may be U+2212. A comma may group digits or mark
    the decimals, so “1,979” means 1979 or 1.979.
    """
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        return ()
    if not isinstance(answer, str):
        try:
            value = float(answer)
        except OverflowError:
            return ()
        return (value,) if math.isfinite(value) else ()
    if len(answer) > 100:
        return ()
    text = _SPACES.sub("", answer).replace("−", "-")
    candidates = [text.replace(",", "")] if _GROUPED.fullmatch(text) else []
    if text.count(",") <= 1 and not ("," in text and "." in text):
        candidates.append(text.replace(",", "."))
    return tuple(
        value
        for each in candidates
        if each.isascii() and _PLAIN.fullmatch(each) and math.isfinite(value := float(each))
    )


def score(question: Number, answer: object) -> Score:
    """``answer`` is a number, or text that reads as one."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    numbers = readings(answer)
    if not numbers:
        return nothing(question, State.MALFORMED)
    if any(question.low <= each <= question.high for each in numbers):
        return share(question, 1)
    whys = tuple(each.why for each in question.wrong if set(readings(each.is_)) & set(numbers))
    return share(question, 0, whys[:1])


def key_answer(question: Number) -> JSON:
    """The middle of the range."""
    return (question.low + question.high) / 2


def wrong_answers(question: Number) -> list[JSON]:
    """Just outside either end, and every foreseen mistake."""
    step = max(abs(question.high), abs(question.low), 1.0) * 0.01 + (question.high - question.low)
    foreseen: list[JSON] = [each.is_ for each in question.wrong]
    return [question.low - step, question.high + step, *foreseen]
