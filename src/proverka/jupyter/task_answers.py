"""Answers to what is asked on a sheet: what to type, what is recorded of it, and the record in words.

Nothing here knows what is right.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from proverka.jupyter.errors import UnknownChoiceError, UnreadableAnswerError
from proverka.jupyter.typed import plain
from proverka.model import GAP, JSON
from proverka.render.inline import to_plain
from proverka.task import Gap, Part, Task
from proverka.text import fold

#: How much of a text stands in a message.
_CUT = 40


# --------------------------------------------------------------------------------------------------
# What is recorded


def taken_down(task: Task, value: object) -> JSON:
    """An answer as it is recorded, ``None`` if nothing was answered. What was taken down is left as it is.

    :raises UnreadableAnswerError: it has not the shape of an answer to this task.
    :raises UnknownChoiceError: it names something that is not there to be chosen.
    """
    answer = plain(value)
    if task.type == "code":
        raise UnreadableAnswerError(
            f"{task.id} is answered by the cell that begins with “# Answer to {task.id}”: write {task.function} there"
        )
    if answer is None or answer in ("", [], {}) or (isinstance(answer, str) and not answer.strip()):
        return None
    match task.type, answer:
        case "choice", str():
            return _letter(task, answer)
        case "pin", str():
            return _letter(task, answer)
        case "pin", {"x": int() | float() as x, "y": int() | float() as y}:
            return {"x": x, "y": y}
        case "choices", str():
            return [_letter(task, answer)]
        case "choices", list():
            return list(dict.fromkeys(_letter(task, each) for each in answer))
        case "order", list():
            return _ordered(task, answer)
        case "match", list() | dict():
            chosen = _by_place(task, task.lines, answer)
            return {name: _letter(task, each) for name, each in chosen.items()} or None
        case "blanks", list() | dict():
            filled = _by_place(task, task.gaps, answer)
            return {gap.id: _filled(task, gap, filled[gap.id]) for gap in task.gaps if gap.id in filled} or None
        case "number", str() | int() | float() if not isinstance(answer, bool):
            return answer
        case "text", str() | int() | float() if not isinstance(answer, bool):
            return str(answer)
        case "essay", str():
            return {"text": answer}
        case "essay", {"text": str(text)}:
            return {"text": text} if text.strip() else None
    raise UnreadableAnswerError(f"{task.id} is answered by a line like {line_to_type(task)}")


def _letter(task: Task, value: JSON) -> str:
    letter = value.strip().lower() if isinstance(value, str) else ""
    if letter not in {part.id for part in task.parts}:
        raise UnknownChoiceError(f"{task.id} has no “{value}”; choose from {_listed(task.parts)}")
    return letter


def _ordered(task: Task, answer: list[JSON]) -> JSON:
    letters: list[JSON] = [_letter(task, each) for each in answer]
    if len(letters) != len(task.parts) or len(set(map(str, letters))) != len(letters):
        raise UnreadableAnswerError(f"{task.id} wants each of these once: {_listed(task.parts)}")
    return letters


def _by_place(task: Task, places: tuple[Part, ...] | tuple[Gap, ...], answer: JSON) -> dict[str, JSON]:
    """What was given for each line or gap; those left open are left out."""
    names = [each.id for each in places]
    if isinstance(answer, list):
        if len(answer) != len(names):
            raise UnreadableAnswerError(f"{task.id} wants {len(names)} answers in a list, and this has {len(answer)}")
        answer = dict(zip(names, answer, strict=True))
    assert isinstance(answer, dict)
    for name in answer:
        if name not in names:
            raise UnknownChoiceError(f"{task.id} has no place “{name}”; its places are {', '.join(names)}")
    return {name: each for name, each in answer.items() if each is not None and str(each).strip()}


def _filled(task: Task, gap: Gap, value: JSON) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnreadableAnswerError(f"{task.id} is answered by a line like {line_to_type(task)}")
    if gap.words and fold(str(value)) not in map(fold, gap.words):
        raise UnknownChoiceError(f"{task.id} has no “{value}” for its blank {gap.id}; choose {_or(gap.words)}")
    return next((each for each in gap.words if fold(each) == fold(str(value))), str(value))


def _listed(parts: Iterable[Part]) -> str:
    """“a (A mill), b (A ship)”."""
    texts = ((part.id, textwrap.shorten(to_plain(part.text), _CUT, placeholder=" …")) for part in parts)
    return ", ".join(f"{name} ({text})" for name, text in texts)


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} or {words[-1]}"


# --------------------------------------------------------------------------------------------------
# What to type


def line_to_type(task: Task) -> str:
    """A call of the form that the task needs."""
    match task.type:
        case "choices":
            example = _list("…", "…")
        case "order":
            example = _list(*(part.id for part in task.parts))
        case "match":
            example = _list(*("…" for _ in task.lines))
        case "blanks":
            example = _list(*("…" for _ in task.gaps))
        case "number":
            example = "1234"
        case _:
            example = '"…"'
    return f'quiz.answer("{task.id}", {example})'


def _list(*texts: str) -> str:
    quoted = (f'"{each}"' for each in texts)
    return f"[{', '.join(quoted)}]"


def choosable(task: Task) -> Iterator[str]:
    """What the line to type is made of."""
    match task.type:
        case "choice":
            yield "One of these:"
        case "choices":
            yield "One or more of these:"
        case "order":
            yield "All of these, in the right order:"
        case "number":
            yield f"A number ({to_plain(task.unit)})" if task.unit else "A number"
        case "match":
            yield "For each of these, in this order,"
            yield from (f"  {to_plain(line.text)}" for line in task.lines)
            yield "the letter of what belongs to it:"
        case "blanks":
            yield "A word or a few for each blank, in order:"
            yield f"  {GAP.sub(lambda gap: f'[{gap[1]}] ____', to_plain(task.text))}"
            yield from (f"  [{gap.id}] one of: {', '.join(gap.words)}" for gap in task.gaps if gap.words)
        case "pin":
            yield "One of these places:"
        case "essay":
            yield f"A text of your own{f', about {task.words} words' if task.words else ''}"
        case "code":
            yield f"Write {task.function} in the cell that begins with “# Answer to {task.id}”:"
            yield from (f"  {line}" for line in task.starter.splitlines())
        case _:
            yield "A word or a few"
    yield from (f"  {part.id}: {to_plain(part.text)}" for part in task.parts)


# --------------------------------------------------------------------------------------------------
# In words


def words_of(task: Task, answer: JSON) -> str:
    """What was taken down, for people: “b — An earthquake ended the plan.”."""
    texts = {part.id: f"{part.id} — {to_plain(part.text)}" for part in task.parts}
    match task.type, answer:
        case _, None:
            return "no answer"
        case (("choice" | "pin"), str()):
            return texts.get(answer, answer)
        case "choices", list():
            return "; ".join(text for name, text in texts.items() if name in answer)
        case "order", list():
            return "; ".join(f"{place}. {texts.get(str(each), each)}" for place, each in enumerate(answer, 1))
        case "match", dict():
            return "; ".join(f"{to_plain(line.text)}: {_taken(texts, answer, line.id)}" for line in task.lines)
        case "blanks", dict():
            return "; ".join(f"{gap.id}. {answer.get(gap.id) or '–'}" for gap in task.gaps)
        case "pin", dict():
            return f"the point {answer['x']}, {answer['y']}"
        case "essay", dict():
            return str(answer["text"])
    return str(answer)


def _taken(texts: Mapping[str, str], answer: Mapping[str, JSON], line: str) -> str:
    chosen = answer.get(line)
    return texts.get(str(chosen), str(chosen)) if chosen else "–"
