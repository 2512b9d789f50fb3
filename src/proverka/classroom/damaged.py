"""Notebooks’ JSON, also where a file was saved in an odd encoding or breaks off: what is whole in it is read.

Nothing is guessed: a value that is not complete is left out, and so is everything after the first damage.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

import orjson

from proverka.model import JSON

#: More brackets or commas than any notebook has, and less than would fill the memory.
MOST_BRACKETS = 1_000_000
MOST_COMMAS = 10_000_000
#: Digits of an integer; Python itself refuses to read one of more than 4,300.
_MOST_DIGITS = 300

_SPACE = re.compile(r"[ \t\r\n\0]*")


class UnreadableError(Exception):
    """Something is no notebook; the text says what it is."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was in a file."""

    notebook: dict[str, Any]
    #: What was wrong with the file, in words; nothing if it was as it should be.
    notes: tuple[str, ...] = ()
    #: Whether anything after a damage is lost.
    lost: bool = False


def read_notebook(data: bytes) -> Read:
    """A notebook’s JSON, with as much of its cells as is whole.

    :raises UnreadableError: it is none.
    """
    if len(data) > MOST_BRACKETS and (
        data.count(b"[") + data.count(b"{") > MOST_BRACKETS or data.count(b",") > MOST_COMMAS
    ):
        raise UnreadableError("it holds more values than a notebook can have")
    try:
        return _checked(orjson.loads(data))
    except orjson.JSONDecodeError:
        return _tolerant(data)


def exact(data: bytes) -> JSON:
    """The same JSON with its integers as they were written; orjson makes floats of those above 64 bits."""
    value: JSON = json.loads(data, parse_int=_integer)
    return value


def _tolerant(data: bytes) -> Read:
    text, notes = _decoded(data)
    start = _after_space(text, 0)
    if start == len(text):
        raise UnreadableError("the file holds nothing but zeros" if data.strip() else "the file is empty")
    if text[start] == "<":
        raise UnreadableError("it is a web page; the notebook itself has to be downloaded")
    if text[start] != "{":
        raise UnreadableError("it is no notebook")
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise UnreadableError("its values are nested too deep") from None
    except ValueError:
        return _salvaged(text, start, notes)
    rest = len(text) - _after_space(text, end)
    if rest:
        notes.append(f"{_counted(rest, 'character')} after its end left out")
    return _checked(value, tuple(notes) or ("not strictly JSON",))


def _checked(value: object, notes: tuple[str, ...] = ()) -> Read:
    if not isinstance(value, dict):
        raise UnreadableError("it is no notebook")
    if not isinstance(value.get("cells"), list):
        old = " but one of a format before 4" if "worksheets" in value else ""
        raise UnreadableError(f"it is no notebook{old}: it has no list of cells")
    return Read(value, notes)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


_DECODER = json.JSONDecoder(strict=False, parse_int=_integer)

#: How files begin that were saved in an odd way, the encoding, and the way.
_BEGINNINGS = (
    (b"\xef\xbb\xbf", "utf-8", "with a byte order mark"),
    (b"\xff\xfe", "utf-16-le", "as UTF-16"),
    (b"\xfe\xff", "utf-16-be", "as UTF-16"),
    (b"{\0", "utf-16-le", "as UTF-16"),
    (b"\0{", "utf-16-be", "as UTF-16"),
)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """The text, and what was odd about its bytes."""
    encoding, notes = "utf-8", []
    for begin, its, name in _BEGINNINGS:
        if data.startswith(begin):
            encoding, notes = its, [f"saved {name}"]
            data = data.removeprefix(b"" if b"{" in begin else begin)
            break
    try:
        return data.decode(encoding), notes
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        known = data.decode(encoding, errors="ignore").count("�")
        return text, [*notes, f"{_counted(text.count('�') - known, 'place')} where the bytes are no text"]


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


# --------------------------------------------------------------------------------------------------
# A file that breaks off


def _salvaged(text: str, start: int, notes: list[str]) -> Read:
    """The whole cells before the first damage, and the whole outputs of the cell in which it is.

    :raises UnreadableError: there is none.
    """
    cut = _Cut(text, start)
    notebook = cut.members(deeper="cells")
    if not notebook.get("cells"):
        raise UnreadableError(f"it is damaged at character {cut.at:,} of {len(text):,}, before any whole cell")
    whole = len(notebook["cells"]) - cut.partial
    note = f"damaged at character {cut.at:,} of {len(text):,}; {_counted(whole, 'whole cell')} before that read"
    return Read(notebook, (*notes, note), lost=True)


class _Cut:
    """Reads the complete values of a text up to the first that is not; stands at ``at``."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        #: Whether the last cell is not whole.
        self.partial = False

    def members(self, *, deeper: str) -> dict[str, Any]:
        """The complete members of an object, and of the list named ``deeper`` the complete elements."""
        found: dict[str, Any] = {}
        self._skip("{")
        while self._next() == '"':
            name, whole = self._value()
            if not whole or not self._skip(":"):
                break
            if name == deeper and self._next() == "[":
                found[name] = []
                if not self._elements(found[name], of=deeper):
                    break
            else:
                value, whole = self._value()
                if not whole:
                    break
                found[name] = value
            if not self._skip(","):
                break
        return found

    def _elements(self, found: list[Any], *, of: str) -> bool:
        """Add the complete elements of a list; whether the list itself is complete."""
        self._skip("[")
        if self._skip("]"):
            return True
        while True:
            begin = self.at
            value, whole = self._value()
            if not whole:
                if of == "cells" and self._next_at(begin) == "{":
                    self._part_of_cell(found, begin)
                return False
            found.append(value)
            if not self._skip(","):
                return self._skip("]")

    def _part_of_cell(self, found: list[Any], begin: int) -> None:
        """Add what a damaged cell recorded.

        Its source is left out: where outputs are lost, a line in it may not be what was recorded.
        """
        self.at = begin
        cell = self.members(deeper="outputs")
        if cell.get("outputs"):
            found.append({"cell_type": "code", "outputs": cell["outputs"]})
            self.partial = True

    def _value(self) -> tuple[Any, bool]:
        """The value here, and whether it is complete."""
        try:
            value, end = _DECODER.raw_decode(self.text, _after_space(self.text, self.at))
        except (ValueError, RecursionError) as error:
            self.at = min(getattr(error, "pos", self.at), len(self.text))
            return None, False
        # A number at the very end may have had more digits.
        if end == len(self.text) and isinstance(value, int | float):
            return None, False
        self.at = end
        return value, True

    def _next(self) -> str:
        return self._next_at(self.at)

    def _next_at(self, at: int) -> str:
        at = _after_space(self.text, at)
        return self.text[at : at + 1]

    def _skip(self, character: str) -> bool:
        """Pass over spaces and then this character, if it is the next."""
        at = _after_space(self.text, self.at)
        if self.text[at : at + 1] != character:
            return False
        self.at = at + 1
        self.at = _after_space(self.text, self.at)
        return True


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
