"""A number within a range, ends included: all points or none."""

from __future__ import annotations

import math
import re

from proverka.model import JSON, Number, Score, State
from proverka.scoring.common import is_empty, nothing, share

#: White space, underscores, apostrophes, and marks that come along unseen when a number is pasted.
_IGNORED = re.compile(r"[\s_'’\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
#: The longest text that is read as a number; a hundred digits still fit a float.
MAX_NUMBER = 100


def readings(answer: object) -> tuple[float, ...]:
    """The numbers that an answer can mean; none if it is not a number.

    Spaces, apostrophes and underscores group digits, and a minus may be U+2212. A comma may group
    digits or mark the decimals, so “1,979” means 1979 or 1.979.
    """
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        return ()
    if not isinstance(answer, str):
        try:
            value = float(answer)
        except OverflowError:
            return ()
        return (value,) if math.isfinite(value) else ()
    if len(answer) > MAX_NUMBER:
        return ()
    text = _IGNORED.sub("", answer).replace("−", "-")
    candidates = [text.replace(",", "")] if _GROUPED.fullmatch(text) else []
    if text.count(",") <= 1 and not ("," in text and "." in text):
        candidates.append(text.replace(",", "."))
    return tuple(float(each) for each in candidates if _PLAIN.fullmatch(each))


def score(question: Number, answer: object) -> Score:
    """``answer`` is a number, or text that reads as one."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    numbers = readings(answer)
    if not numbers:
        return nothing(question, State.MALFORMED)
    if any(question.low <= each <= question.high for each in numbers):
        return share(question, 1)
    whys = [each.why for each in question.wrong if set(readings(each.is_)) & set(numbers)]
    return share(question, 0, whys[:1])


def key_answer(question: Number) -> JSON:
    """The middle of the range."""
    return (question.low + question.high) / 2


def wrong_answers(question: Number) -> list[JSON]:
    """Just outside either end, and every foreseen mistake."""
    step = max(abs(question.high), abs(question.low), 1.0) * 0.01 + (question.high - question.low)
    foreseen: list[JSON] = [each.is_ for each in question.wrong]
    return [question.low - step, question.high + step, *foreseen]
