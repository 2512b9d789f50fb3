"""An answer in words, for the line that stands beside its record."""

from __future__ import annotations

import json
from html import escape

from proverka.jupyter.record import RESPONSE_TYPE
from proverka.model import (
    JSON,
    Blanks,
    Choice,
    Choices,
    Code,
    Essay,
    Match,
    Order,
    Pin,
    Question,
    Score,
    State,
)
from proverka.render.inline import to_plain

NOTHING = "Nothing is recorded yet."

#: Where a long text is cut; the record holds all of it.
_LONGEST = 300


def recorded_line(question: Question, answer: JSON, earned: Score) -> str:
    """“Recorded: Mosfilm”."""
    if earned.state is State.EMPTY:
        return "Recorded: no answer"
    words = json.dumps(answer, ensure_ascii=False) if earned.state is State.MALFORMED else _words(question, answer)
    return recorded_as(words)


def recorded_as(words: str) -> str:
    """One line, if need be cut."""
    words = " ".join(words.split())
    return f"Recorded: {words if len(words) <= _LONGEST else f'{words[:_LONGEST]}…'}"


def record_bundle(line: str, record: dict[str, JSON] | None) -> dict[str, JSON]:
    """The output that holds a record, with its line in words."""
    # Where a notebook is opened without its kernel, a front end has no widget to show.
    html = f'<p>{escape(line)}</p>\n<p class="pv-reopened">If the question is not shown above, run this cell.</p>\n'
    return {"text/html": html, "text/plain": line, **({RESPONSE_TYPE: record} if record else {})}


def _words(question: Question, answer: JSON) -> str:
    """The words for an answer that can be read."""
    match question, answer:
        case Choice(), str():
            return _texts(question)[answer]
        case Pin(), str():
            return _texts(question)[answer]
        case Pin(), dict():
            return f"the point {answer['x']}, {answer['y']}"
        case Choices(), list():
            return "; ".join(text for name, text in _texts(question).items() if name in answer)
        case Order(), list():
            return "; ".join(f"{place}. {_texts(question)[str(name)]}" for place, name in enumerate(answer, 1))
        case Match(), dict():
            right = {pair.id: to_plain(pair.right) for pair in question.pairs}
            right |= {each.id: to_plain(each.text) for each in question.distractors}
            taken = (f"{to_plain(pair.left)}: {right.get(str(answer.get(pair.id)), '–')}" for pair in question.pairs)
            return "; ".join(taken)
        case Blanks(), dict():
            return "; ".join(
                f"{number}. {answer.get(each.id) or '–'}" for number, each in enumerate(question.blanks, 1)
            )
        case Code(), dict():
            count = len(question.trials)
            tried = f", tried {count} time{'' if count == 1 else 's'}" if answer.get("results") else ""
            return f"{question.function}{tried}"
        case Essay(), dict():
            return str(answer["text"])
        case _:
            return str(answer)


def _texts(question: Choice | Choices | Order | Pin) -> dict[str, str]:
    """What can be chosen, in words, in the order of the question."""
    match question:
        case Order():
            return {each.id: to_plain(each.text) for each in question.items}
        case Pin():
            return {each.id: to_plain(each.text) for each in question.spots}
        case _:
            return {each.id: to_plain(each.text) for each in question.options}
