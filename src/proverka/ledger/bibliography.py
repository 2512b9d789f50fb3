"""Sources from a BibLaTeX file, with line numbers.

Reads ``@type{key, name = {value}, …}``: values in braces (nested ones allowed) or double quotes, or
bare words. ``@comment``, ``@preamble`` and ``@string`` are passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from pathlib import Path

from proverka.model import Place, Source
from proverka.problems import Code, Problems
from proverka.yaml_lines import quoted, read_text

_ENTRY = re.compile(r"@(\w+)\s*\{\s*")
_NEXT = re.compile(r"^@\w+\s*\{", re.MULTILINE)
_KEY = re.compile(r"([^\s,{}\"=]+)\s*,\s*")
_FIELD = re.compile(r"([\w:-]+)\s*=\s*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PASSED_OVER = {"comment", "preamble", "string"}


def load_sources(path: Path, shown: str, problems: Problems) -> dict[str, Source]:
    """The sources of a file by key.

    An entry that cannot be read is noted; it keeps its key, as its title too, so that what cites it is
    not reported as well.
    """
    text = read_text(path, shown, problems)
    return {} if text is None else parse_sources(text, shown, problems)


def parse_sources(text: str, file: str, problems: Problems) -> dict[str, Source]:
    """As :func:`load_sources`, from text."""
    sources: dict[str, Source] = {}
    position = counted = 0
    line = 1
    # An entry ends, closed or not, where a line begins the next one.
    limits = [*(each.start() for each in _NEXT.finditer(text)), len(text)]
    while found := _ENTRY.search(text, position):
        kind = found[1].lower()
        line += text.count("\n", counted, found.start())
        counted = found.start()
        place = Place(file, line)
        limit = limits[bisect_left(limits, found.end())]
        end = _closing_brace(text, text.index("{", found.start()), limit)
        position = limit if end is None else end + 1
        if kind in _PASSED_OVER:
            continue
        key = _KEY.match(text, found.end(), limit if end is None else end)
        if end is None:
            problems.add(place, f"entry {quoted(key[1] if key else found[0])} is never closed", Code.BIB)
            fields = None
        elif key:
            fields = _fields(text, key.end(), end)
            if fields is None:
                problems.add(place, f"entry {quoted(key[1])} has a field that cannot be read", Code.BIB)
            elif not fields.get("title"):
                problems.add(place, f"entry {quoted(key[1])} has no title", Code.BIB, hint="add title = {…}")
        else:
            problems.add(place, f"entry “@{kind}” has no key with a comma after it", Code.BIB)
        if not key:
            continue
        if key[1] in sources:
            message = f"source {quoted(key[1])} stands already at {sources[key[1]].place}"
            problems.add(place, message, Code.DUPLICATE_ID)
        else:
            fields = fields or {}
            fields["title"] = fields.get("title") or key[1]
            sources[key[1]] = Source(key[1], kind, fields, place)
    if not position:
        problems.add(Place(file), "the bibliography has no entry", Code.EMPTY)
        problems.unread.add(file)
    return sources


def _closing_brace(text: str, start: int, limit: int) -> int | None:
    depth = 0
    for found in _BRACE.finditer(text, start, limit):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if depth == 0:
                return found.start()
    return None


def _fields(text: str, position: int, end: int) -> dict[str, str] | None:
    fields: dict[str, str] = {}
    while position < end:
        found = _FIELD.match(text, position, end)
        if not found:
            return fields if not text[position:end].strip(" \t\r\n,") else None
        position = found.end()
        if text[position] == "{":
            close = _closing_brace(text, position, end)
            if close is None:
                return None
            value, position = text[position + 1 : close], close + 1
        elif text[position] == '"':
            close = text.find('"', position + 1, end)
            if close < 0:
                return None
            value, position = text[position + 1 : close], close + 1
        else:
            bare = re.compile(r"[^,\s}]*").match(text, position, end)
            value, position = (bare[0], bare.end()) if bare else ("", end)
        fields[found[1].lower()] = " ".join(value.replace("{", "").replace("}", "").split())
        separator = re.compile(r"[\s,]*").match(text, position, end)
        position = separator.end() if separator else end
    return fields
