"""Sources from a BibLaTeX file, with line numbers.

Reads ``@type{key, name = {value}, …}``: values in braces (nested ones allowed) or double quotes, or
bare words. ``@comment``, ``@preamble`` and ``@string`` are passed over.
"""

from __future__ import annotations

import re
from pathlib import Path

from proverka.model import Place, Source
from proverka.problems import Code, Problems
from proverka.yaml_lines import quoted, read_text

_ENTRY = re.compile(r"@(\w+)\s*\{\s*")
_KEY = re.compile(r"([^\s,{}\"=]+)\s*,\s*")
_FIELD = re.compile(r"(\w+)\s*=\s*")
_PASSED_OVER = {"comment", "preamble", "string"}


def load_sources(path: Path, shown: str, problems: Problems) -> dict[str, Source]:
    """The sources of a file by key; entries that cannot be read are noted and left out."""
    text = read_text(path, shown, problems)
    return {} if text is None else parse_sources(text, shown, problems)


def parse_sources(text: str, file: str, problems: Problems) -> dict[str, Source]:
    """As :func:`load_sources`, from text."""
    sources: dict[str, Source] = {}
    position = 0
    while found := _ENTRY.search(text, position):
        kind = found[1].lower()
        place = Place(file, text.count("\n", 0, found.start()) + 1)
        end = _closing_brace(text, text.index("{", found.start()))
        if end is None:
            problems.add(place, f"entry {quoted(found[0])} is never closed", Code.BIB)
            position = found.end()
            continue
        position = end + 1
        if kind in _PASSED_OVER:
            continue
        key = _KEY.match(text, found.end(), end)
        if not key:
            problems.add(place, f"entry @{kind} has no key", Code.BIB)
            continue
        fields = _fields(text, key.end(), end)
        if fields is None or "title" not in fields:
            what = "has no title" if fields is not None else "has a field that cannot be read"
            problems.add(place, f"entry {quoted(key[1])} {what}", Code.BIB)
        elif key[1] in sources:
            problems.add(
                place, f"source {key[1]} stands already at line {sources[key[1]].place.line}", Code.DUPLICATE_ID
            )
        else:
            sources[key[1]] = Source(key[1], kind, fields, place)
    return sources


def _closing_brace(text: str, start: int) -> int | None:
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
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
            close = _closing_brace(text, position)
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
