"""YAML read as text with line numbers: lists of entries, fields by schema, every problem noted.

Scalars stay what the author typed, so ``no`` is a word and ``1979-04-02`` a date. Tags, anchors and
aliases are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from proverka.model import Place
from proverka.problems import Code, Problems, did_you_mean

MAX_FILE = 2_000_000
MAX_TEXT = 10_000

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STANDARD_TAGS = {
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:seq",
    "tag:yaml.org,2002:map",
}


def read_text(path: Path, shown: str, problems: Problems) -> str | None:
    """The text of a UTF-8 file of reasonable size, or ``None`` and a problem."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            problems.add(
                Place(shown), f"the file has {size:,} bytes; at most {MAX_FILE:,} are read", Code.FILE_TOO_LARGE
            )
            return None
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        problems.add(Place(shown), "the file does not exist", Code.FILE_MISSING)
    except IsADirectoryError:
        problems.add(Place(shown), "a folder stands where a file is expected", Code.FILE_MISSING)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(Place(shown, line), f"not UTF-8: byte 0x{error.object[error.start]:02x}", Code.FILE_ENCODING)
    return None


def quoted(text: str) -> str:
    """Offending text for a message, shortened."""
    text = " ".join(text.split())
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


class Entry:
    """A mapping in a file. Each getter notes a problem where the value is missing or wrong."""

    def __init__(self, node: yaml.MappingNode, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.place = Place(file, node.start_mark.line + 1)
        self.nodes: dict[str, yaml.Node] = {}
        self._read: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problems.add(self.at(key), "a field name is not plain text", Code.YAML)
            elif key.value in self.nodes:
                problems.add(self.at(key), f"field {quoted(key.value)} is given twice", Code.YAML)
            else:
                self.nodes[key.value] = value

    def at(self, node: yaml.Node) -> Place:
        """Where a node begins."""
        return Place(self.file, node.start_mark.line + 1)

    def place_of(self, name: str) -> Place:
        """Where a field's value begins, or the entry if it has no such field."""
        return self.at(self.nodes[name]) if name in self.nodes else self.place

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self.nodes

    def _get(self, name: str, needed: bool) -> yaml.Node | None:
        self._read.add(name)
        node = self.nodes.get(name)
        if node is None and needed:
            self.problems.add(self.place, f"field “{name}” is missing", Code.FIELD_MISSING)
        return node

    def _wrong(self, name: str, node: yaml.Node, expected: str) -> None:
        self.problems.add(self.at(node), f"field “{name}” should be {expected}", Code.FIELD_TYPE)

    def text(self, name: str, *, needed: bool = True) -> str:
        """A text, stripped; empty if it is missing or wrong."""
        node = self._get(name, needed)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(name, node, "a text")
            return ""
        value = str(node.value).strip()
        if len(value) > MAX_TEXT:
            self.problems.add(self.at(node), f"field “{name}” has {len(value):,} characters", Code.TEXT_TOO_LONG)
            return ""
        if not value and needed:
            self.problems.add(self.at(node), f"field “{name}” is empty", Code.FIELD_MISSING)
        return value

    def id(self, prefix: str, name: str = "id") -> str:
        """An id with the given prefix; empty if it is missing or malformed."""
        value = self.text(name)
        if value and not (value.startswith(prefix) and _ID.fullmatch(value) and len(value) <= 80):
            wanted = f"an id that begins with {prefix}" if prefix else "an id"
            self.problems.add(self.place_of(name), f"{quoted(value)} is not {wanted}", Code.BAD_ID)
            return ""
        return value

    def word(self, name: str, allowed: tuple[str, ...], *, default: str = "") -> str:
        """One of a few words."""
        value = self.text(name, needed=not default)
        if value and value not in allowed:
            hint = did_you_mean(value, allowed, f"use one of {', '.join(allowed)}")
            self.problems.add(
                self.place_of(name), f"field “{name}” cannot be {quoted(value)}", Code.FIELD_TYPE, hint=hint
            )
            return ""
        return value or default

    def truth(self, name: str) -> bool:
        """``true`` or ``false``; false if it is missing."""
        return self.word(name, ("true", "false"), default="false") == "true"

    def number(self, name: str, *, default: float | None = None) -> float | None:
        """A decimal number."""
        value = self.text(name, needed=default is None)
        if not value:
            return default
        number = parse_plain_number(value)
        if number is None:
            self.problems.add(
                self.place_of(name), f"field “{name}” should be a number, not {quoted(value)}", Code.FIELD_TYPE
            )
        return number

    def texts(self, name: str, *, needed: bool = True) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        node = self._get(name, needed)
        if node is None:
            return ()
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if any(not isinstance(each, yaml.ScalarNode) for each in nodes):
            self._wrong(name, node, "a list of texts")
            return ()
        values = tuple(str(each.value).strip() for each in nodes)
        if any(len(value) > MAX_TEXT for value in values):
            self.problems.add(
                self.at(node), f"field “{name}” holds a text over {MAX_TEXT:,} characters", Code.TEXT_TOO_LONG
            )
            return ()
        return tuple(value for value in values if value)

    def entries(self, name: str, *, needed: bool = True) -> list[Entry]:
        """A list of mappings."""
        node = self._get(name, needed)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(name, node, "a list")
            return []
        return list(_entries(node, self.file, self.problems))

    def entry(self, name: str) -> Entry | None:
        """A mapping, if the field holds one."""
        node = self.nodes.get(name)
        if not isinstance(node, yaml.MappingNode):
            return None
        self._read.add(name)
        return Entry(node, self.file, self.problems)

    def values(self, name: str) -> dict[str, tuple[str, ...]]:
        """A mapping of names to a text or a list of texts."""
        if name not in self.nodes:
            return {}
        entry = self.entry(name)
        if entry is None:
            self._wrong(name, self.nodes[name], "a mapping of names to values")
            return {}
        return {each: entry.texts(each) for each in entry.nodes}

    def finish(self) -> None:
        """Note every field that nobody asked for."""
        for name in self.nodes.keys() - self._read:
            hint = did_you_mean(name, self._read)
            self.problems.add(self.place_of(name), f"unknown field {quoted(name)}", Code.FIELD_UNKNOWN, hint=hint)


def parse_plain_number(text: str) -> float | None:
    """``4393.7`` or ``-3`` as a number; ``None`` for anything else."""
    return float(text) if re.fullmatch(r"[-−]?\d{1,15}(\.\d{1,10})?", text.replace("−", "-")) else None


def _entries(node: yaml.SequenceNode, file: str, problems: Problems) -> Iterator[Entry]:
    for each in node.value:
        if isinstance(each, yaml.MappingNode):
            yield Entry(each, file, problems)
        else:
            place = Place(file, each.start_mark.line + 1)
            problems.add(place, "an entry should be a mapping of fields", Code.FIELD_TYPE)


def load_entries(path: Path, shown: str, problems: Problems) -> list[Entry]:
    """The entries of a file that holds one list; empty where it cannot be read."""
    text = read_text(path, shown, problems)
    if text is None:
        return []
    try:
        for event in yaml.parse(text, Loader=_Loader):
            anchor = getattr(event, "anchor", None)
            tag = getattr(event, "tag", None)
            if anchor or (tag and tag not in _STANDARD_TAGS and not isinstance(event, yaml.DocumentStartEvent)):
                what = f"anchor or alias “{anchor}”" if anchor else f"tag {quoted(str(tag))}"
                line = event.start_mark.line + 1 if event.start_mark else 1
                problems.add(Place(shown, line), f"{what} is not read here", Code.YAML)
                return []
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = " ".join(str(error.problem or error.context or "broken YAML").split())
        if "\t" in text.splitlines()[line - 1 if line <= text.count("\n") + 1 else 0]:
            message = "a tab stands where spaces are needed"
        problems.add(Place(shown, line), message, Code.YAML)
        return []
    except (yaml.YAMLError, RecursionError) as error:
        problems.add(Place(shown), " ".join(str(error).split()), Code.YAML)
        return []
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        problems.add(Place(shown), "the file is empty", Code.EMPTY)
        return []
    if not isinstance(node, yaml.SequenceNode):
        problems.add(Place(shown, node.start_mark.line + 1), "the file should hold a list of entries", Code.FIELD_TYPE)
        return []
    if not node.value:
        problems.add(Place(shown), "the list is empty", Code.EMPTY)
    return list(_entries(node, shown, problems))
