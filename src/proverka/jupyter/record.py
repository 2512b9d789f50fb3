"""The answers in a saved notebook, read as data: nothing in it is executed, and nothing is too broken.

A record is what :meth:`proverka.jupyter.Quiz.answer` or a widget left in a cell’s output. Where a
question has none, because its cell was never run, a call of ``quiz.answer`` in a cell’s source stands
in for it if its arguments are literals.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from proverka.jupyter.errors import UnreadableAnswerError
from proverka.jupyter.typed import plain
from proverka.model import JSON

RESPONSE_TYPE = "application/vnd.proverka.response+json"

#: What a notebook of one quiz stays far below. What lies beyond is not looked at.
MOST_CELLS = 5_000
MOST_OUTPUTS = 200
MOST_SOURCE = 100_000
#: Of one record: values in all, characters in all, and values within values.
MOST_VALUES = 10_000
MOST_TEXT = 200_000
MOST_DEPTH = 50

_CALL = "quiz.answer("
#: Lines that IPython understands and Python does not.
_MAGIC = re.compile(r"^\s*[%!?].*|^.*\?\s*$", re.MULTILINE)


def read_records(notebook: object) -> dict[str, dict[str, Any]]:
    """The record of each question that was answered, by question id.

    Of several records the latest counts. One that was read from a cell’s source holds ``question`` and
    ``answer`` alone, and the answer is as typed: :func:`proverka.jupyter.typed.recorded` makes of it
    what a record holds.

    :param notebook: A notebook’s JSON, whatever became of it.
    """
    typed = {question: {"question": question, "answer": answer} for question, answer in calls_in(notebook)}
    return {**typed, **latest(records_in(notebook))}


def records_in(notebook: object) -> Iterator[dict[str, Any]]:
    """Every record in the outputs of a notebook, in its order."""
    for cell in code_cells(notebook):
        yield from _records(cell)


def latest(records: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of several records for a question the latest; of several of one time the last."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        known = found.get(record["question"])
        if known is None or _time(record) >= _time(known):
            found[record["question"]] = record
    return found


def calls_in(notebook: object) -> Iterator[tuple[str, JSON]]:
    """Questions and answers of the calls of ``quiz.answer`` in a notebook’s cells, as typed."""
    for cell in code_cells(notebook):
        yield from _calls(source_of(cell))


def all_cells(notebook: object) -> Iterator[dict[Any, Any]]:
    """The cells of a notebook that can be read."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    yield from (each for each in (cells[:MOST_CELLS] if isinstance(cells, list) else ()) if isinstance(each, dict))


def code_cells(notebook: object) -> Iterator[dict[Any, Any]]:
    """Those that can be run."""
    return (each for each in all_cells(notebook) if each.get("cell_type") == "code")


def _records(cell: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    outputs = cell.get("outputs")
    for output in outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        record = data.get(RESPONSE_TYPE) if isinstance(data, dict) else None
        if isinstance(record, dict) and "answer" in record and _is_name(record.get("question")) and _is_sound(record):
            yield record


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200


def now() -> str:
    """The time in UTC, like 2026-11-25T04:32:10.123456Z; such texts sort as the times do."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _time(record: dict[str, Any]) -> str:
    """Times as we write them sort as text; a record without one is the earliest."""
    time = record.get("at")
    return time if isinstance(time, str) else ""


def _is_sound(value: object) -> bool:
    """Whether a value is JSON of a size that an answer can have."""
    left, values, text = [(value, 0)], 0, 0
    while left:
        each, depth = left.pop()
        values += 1
        if isinstance(each, str):
            text += len(each)
        elif isinstance(each, dict) and all(isinstance(name, str) for name in each):
            text += sum(map(len, each))
            left += [(part, depth + 1) for part in each.values()]
        elif isinstance(each, list):
            left += [(part, depth + 1) for part in each]
        elif not (each is None or isinstance(each, bool) or _is_number(each)):
            return False
        if depth > MOST_DEPTH or values + len(left) > MOST_VALUES or text > MOST_TEXT:
            return False
    return True


def _is_number(value: object) -> bool:
    return (isinstance(value, float) and math.isfinite(value)) or (isinstance(value, int) and abs(value) < 10**300)


def source_of(cell: dict[Any, Any], most: int = MOST_SOURCE) -> str:
    """A cell’s text; empty if there is none or more than ``most`` characters."""
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source if isinstance(source, str) and len(source) <= most else ""


def _calls(source: str) -> Iterator[tuple[str, JSON]]:
    """Questions and answers of the calls that stand by themselves and hold nothing but literals."""
    if _CALL not in source:
        return
    for statement in _parsed(source) or _parsed(_MAGIC.sub("", source)):
        match statement:
            case ast.Expr(
                ast.Call(
                    func=ast.Attribute(value=ast.Name("quiz"), attr="answer"),
                    args=[ast.Constant(str(question)), argument],
                    keywords=[],
                )
            ) if _is_name(question):
                try:
                    answer = plain(ast.literal_eval(argument))
                except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, UnreadableAnswerError):
                    continue
                if _is_sound(answer):
                    yield question, answer


def _parsed(source: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source).body
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
