"""YAML read as text with line numbers: lists of entries, fields by schema, every problem noted.

Scalars stay what the author typed, so ``no`` is a word and ``1979-04-02`` a date. Tags, anchors and
aliases are refused. Where one entry of a list is not YAML, the others are read all the same.
"""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import yaml

from proverka.model import JSON, Place
from proverka.problems import Code, Problems, did_you_mean

MAX_FILE = 2_000_000
MAX_TEXT = 10_000
MAX_DEPTH = 20

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Where the value of a variant goes.
PLACEHOLDER = re.compile(r"<<([a-z][a-z0-9-]*)>>")
_MENTION = re.compile(r"\b(?:c|q|lo)-[a-z0-9]+(?:-[a-z0-9]+)*")
_YAML_ORG = "tag:yaml.org,2002:"
_STANDARD_TAGS = {f"{_YAML_ORG}{name}" for name in ("str", "seq", "map")}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
#: Some readers take them for line ends and editors do not, so line numbers would differ.
_SEPARATORS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))


def read_text(path: Path, shown: str, problems: Problems) -> str | None:
    """The text of a file of reasonable size with plain line ends, or ``None`` and a problem.

    A few wrong bytes or control characters are noted, and the rest is read.
    """
    reason = hint = ""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            reason, hint = "a folder stands where a file is expected", "give the folder another name"
        elif not stat.S_ISREG(found.st_mode):
            reason, hint = "this is not an ordinary file", "put a file in its place"
        elif found.st_size <= MAX_FILE:
            return _decoded(path.read_bytes(), shown, problems)
    except FileNotFoundError:
        reason = "the file does not exist"
    except (OSError, ValueError) as error:
        reason, hint = f"the file cannot be read: {error}", "see who may read it"
        if isinstance(error, OSError) and error.errno == errno.ELOOP:
            reason = "a link that leads back to itself stands where a file is expected"
            hint = "put the file in its place"
    problems.unread.add(shown)
    if reason:
        problems.add(Place(shown), reason, Code.FILE_MISSING, hint=hint)
    else:
        message = f"the file has {found.st_size:,} bytes; at most {MAX_FILE:,} are read"
        problems.add(Place(shown), message, Code.FILE_TOO_LARGE)
    return None


def _decoded(data: bytes, shown: str, problems: Problems) -> str | None:
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        problems.add(Place(shown, line), message, Code.FILE_ENCODING)
        if b"\0" in data:  # UTF-16, or no text at all
            problems.unread.add(shown)
            return None
        text = data.decode("utf-8-sig", errors="replace")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = f"control character U+{ord(found[0]):04X}"
        problems.add(Place(shown, line), message, Code.FILE_ENCODING, hint="delete it, or save the file as UTF-8 text")
        text = _CONTROL.sub("", text)
    return text.translate(_SEPARATORS)


def quoted(text: str) -> str:
    """Offending text for a message: shortened, on one line, without what could upset a terminal."""
    text = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


class Entry:
    """A mapping in a file. Each getter notes a problem where the value is missing or wrong.

    :param above: How many lines of the file stand above the text that the node comes from.
    """

    def __init__(self, node: yaml.MappingNode, file: str, problems: Problems, above: int = 0) -> None:
        self.file = file
        self.problems = problems
        self.above = above
        self.place = self.at(node)
        self._marks = (node.start_mark, node.end_mark)
        self.nodes: dict[str, yaml.Node] = {}
        #: Whether something was wrong before any field was asked for.
        self.flawed = False
        #: If the entry is not YAML: the ids in its text, so that what refers to them is not reported too.
        self.lost: tuple[str, ...] = ()
        self._read: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problems.add(self.at(key), "a field name is not plain text", Code.YAML)
                self.flawed = True
            elif key.value in self.nodes:
                problems.add(self.at(key), f"field {quoted(key.value)} is given twice", Code.YAML)
                self.flawed = True
            else:
                self.nodes[key.value] = value

    def at(self, node: yaml.Node) -> Place:
        """Where a node begins."""
        return Place(self.file, self.above + node.start_mark.line + 1)

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
            message = f"field “{name}” has {len(value):,} characters; at most {MAX_TEXT:,} are read"
            self.problems.add(self.at(node), message, Code.TEXT_TOO_LONG)
            return ""
        if not value and needed:
            self.problems.add(self.at(node), f"field “{name}” is empty", Code.FIELD_MISSING)
        return value

    def id(self, prefix: str, name: str = "id") -> str:
        """An id with the given prefix; empty if it is missing or malformed."""
        value = self.text(name)
        if value and not (value.startswith(prefix) and _ID.fullmatch(value) and len(value) <= 80):
            wanted = f"an id that begins with {prefix}" if prefix else "an id"
            hint = "" if prefix else "use lower-case letters, digits and single hyphens"
            self.problems.add(self.place_of(name), f"{quoted(value)} is not {wanted}", Code.BAD_ID, hint=hint)
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
        values = tuple(value for value in values if value)
        if not values and needed:
            self.problems.add(self.at(node), f"field “{name}” is empty", Code.FIELD_MISSING)
        return values

    def entries(self, name: str, *, needed: bool = True) -> list[Entry]:
        """A list of mappings."""
        node = self._get(name, needed)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(name, node, "a list")
            return []
        if not node.value and needed:
            self.problems.add(self.at(node), f"field “{name}” is empty", Code.FIELD_MISSING)
        return list(_entries(node, self.file, self.problems, self.above))

    def entry(self, name: str) -> Entry | None:
        """A mapping, if the field holds one."""
        node = self._get(name, needed=False)
        if not isinstance(node, yaml.MappingNode):
            return None
        return Entry(node, self.file, self.problems, self.above)

    def values(self, name: str) -> dict[str, tuple[str, ...]]:
        """A mapping of names to a text or a list of texts."""
        entry = self.entry(name)
        if entry is None:
            if name in self.nodes:
                self._wrong(name, self.nodes[name], "a mapping of names to values")
            return {}
        return {each: entry.texts(each) for each in entry.nodes}

    def json(self, name: str) -> JSON:
        """Any value as JSON: plain ``1``, ``true``, ``null`` are what they look like, quoted ones are text."""
        node = self._get(name, needed=True)
        return _as_json(node) if node is not None else None

    def skip(self, *names: str) -> bool:
        """Whether any of these fields is there; they count as asked for."""
        self._read.update(names)
        return any(name in self.nodes for name in names)

    def filled(self, values: Mapping[str, str]) -> Entry:
        """The entry with ``<<name>>`` replaced in every text; what has no value stays as it is."""
        copy = Entry(yaml.MappingNode("", [], *self._marks), self.file, self.problems, self.above)
        copy.nodes = {name: _filled(node, values) for name, node in self.nodes.items()}
        copy.flawed, copy.lost = self.flawed, self.lost
        return copy

    def left(self, names: re.Pattern[str]) -> Iterator[tuple[str, Place]]:
        """What a pattern’s first group finds in the entry’s texts, with its place."""
        for node in self.nodes.values():
            for scalar in _scalars(node):
                yield from ((found[1], self.at(scalar)) for found in names.finditer(str(scalar.value)))

    def finish(self) -> None:
        """Note every field that nobody asked for."""
        for name in self.nodes.keys() - self._read:
            hint = did_you_mean(name, self._read)
            self.problems.add(self.place_of(name), f"unknown field {quoted(name)}", Code.FIELD_UNKNOWN, hint=hint)


def _filled(node: yaml.Node, values: Mapping[str, str]) -> yaml.Node:
    if isinstance(node, yaml.ScalarNode):
        text = PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), node.value)
        return yaml.ScalarNode(node.tag, text, node.start_mark, node.end_mark, node.style)
    if isinstance(node, yaml.SequenceNode):
        return yaml.SequenceNode(
            node.tag, [_filled(each, values) for each in node.value], node.start_mark, node.end_mark
        )
    pairs = [(name, _filled(each, values)) for name, each in node.value]
    return yaml.MappingNode(node.tag, pairs, node.start_mark, node.end_mark)


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each)
    else:
        for _, each in node.value:
            yield from _scalars(each)


def parse_plain_number(text: str) -> float | None:
    """``4393.7`` or ``-3`` as a number; ``None`` for anything else."""
    text = text.replace("−", "-")
    return float(text) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", text) else None


def _as_json(node: yaml.Node) -> JSON:
    if isinstance(node, yaml.SequenceNode):
        return [_as_json(each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _as_json(value) for key, value in node.value}
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or not node.style:
        if text in ("true", "false", "null", ""):
            return {"true": True, "false": False}.get(text)
        if re.fullmatch(r"-?\d{1,15}", text):
            return int(text)
        number = parse_plain_number(text)
        return text if number is None else number
    return text


def _entries(node: yaml.SequenceNode, file: str, problems: Problems, above: int = 0) -> Iterator[Entry]:
    for each in node.value:
        if isinstance(each, yaml.MappingNode):
            yield Entry(each, file, problems, above)
        else:
            place = Place(file, above + each.start_mark.line + 1)
            problems.add(place, "an entry should be a mapping of fields", Code.FIELD_TYPE)


def load_entries(path: Path, shown: str, problems: Problems) -> list[Entry]:
    """The entries of a file that holds one list; empty where it cannot be read.

    An entry that is not YAML stands in the list without fields, with ``lost`` set; its problem has been
    noted and it complains of nothing further.
    """
    text = read_text(path, shown, problems)
    return [] if text is None else parse_entries(text, shown, problems)


def parse_entries(text: str, shown: str, problems: Problems) -> list[Entry]:
    """As :func:`load_entries`, from text."""
    try:
        node = _compose(text)
    except _NotYamlError as error:
        return _entry_by_entry(text, shown, problems, error)
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        problems.add(Place(shown), "the file is empty", Code.EMPTY)
        return []
    if not isinstance(node, yaml.SequenceNode):
        problems.add(Place(shown, node.start_mark.line + 1), "the file should hold a list of entries", Code.FIELD_TYPE)
        problems.unread.add(shown)
        return []
    if not node.value:
        problems.add(Place(shown), "the list is empty", Code.EMPTY)
    return list(_entries(node, shown, problems))


def load_entry(path: Path, shown: str, problems: Problems) -> Entry | None:
    """The one mapping that a file holds; ``None``, and a problem, if it holds something else."""
    text = read_text(path, shown, problems)
    if text is None:
        return None
    node = parse_tree(text, shown, problems)
    if isinstance(node, yaml.MappingNode):
        return Entry(node, shown, problems)
    if not problems:
        problems.add(Place(shown), "the file should hold fields and their values", Code.FIELD_TYPE)
    return None


def parse_tree(text: str, shown: str, problems: Problems) -> yaml.Node | None:
    """The tree of a whole file; ``None`` if it is empty or, with a problem, not YAML."""
    try:
        return _compose(text)
    except _NotYamlError as error:
        problems.add(Place(shown, error.line), error.message, Code.YAML)
        return None


_TOO_DEEP = f"lists and mappings stand more than {MAX_DEPTH} deep in one another"
#: What the parser says, part by part, and what it means to an author.
_PLAIN_WORDS = {
    "nesting": _TOO_DEEP,
    "unexpected end of stream while scanning a quoted scalar": "a quotation mark is never closed",
    "expected ',' or ']'": "a list in brackets is not closed, or lacks a comma",
    "expected ',' or '}'": "a mapping in braces is not closed, or lacks a comma",
    "mapping values are not allowed": "a text with a colon has no quotation marks, or a line is indented too far",
    "could not find expected ':'": "a line is neither a field nor part of the text before it",
    "did not find expected key": "a text goes on after its closing quotation mark, or a field is out of line",
    "did not find expected '-' indicator": "a line is neither a new entry nor part of the one before",
    "cannot start any token": "a text begins with a special character and has no quotation marks",
}


class _NotYamlError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def _compose(text: str) -> yaml.Node | None:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if anchor := getattr(event, "anchor", None):
                raise _NotYamlError(line, f"anchor or alias {quoted(anchor)} is not read here")
            tag = None if isinstance(event, yaml.DocumentStartEvent) else getattr(event, "tag", None)
            if tag and tag not in _STANDARD_TAGS:
                raise _NotYamlError(line, f"tag {quoted(tag.replace(_YAML_ORG, '!!'))} is not read here")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _NotYamlError(line, _TOO_DEEP)
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _NotYamlError(*_explained(error, text)) from error
    except yaml.YAMLError as error:
        raise _NotYamlError(1, " ".join(str(error).split())) from error


def _explained(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    context = error.context or ""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = [*text.split("\n"), ""]
    if re.match(r"[ -]*\t", lines[line - 1]):
        return line, f"a tab stands where spaces are needed: {quoted(lines[line - 1])}"
    # What is never closed is met at the end of the text, and begins where the trouble is.
    if error.context_mark and ("scanning" in context or "flow" in context):
        line = error.context_mark.line + 1
    parts = (error.problem or "broken YAML", context)
    said = " ".join(" ".join(parts if context.startswith("while") else reversed(parts)).split())
    plain = next((plain for part, plain in _PLAIN_WORDS.items() if part in said), said)
    return line, plain if plain == _TOO_DEEP else f"{plain}: {quoted(lines[line - 1])}"


def _entry_by_entry(text: str, shown: str, problems: Problems, whole: _NotYamlError) -> list[Entry]:
    """The entries of a list that is not YAML as a whole: each read by itself."""
    first = re.search(r"^( *)-(?=\s)", text, re.MULTILINE)
    starts = [each.start() for each in re.finditer(rf"^{first[1]}-(?=\s)", text, re.MULTILINE)] if first else []
    entries: list[Entry] = []
    noted = False
    for start, end in pairwise([*starts, len(text)]):
        above = text.count("\n", 0, start)
        try:
            node = _compose(text[start:end])
            if isinstance(node, yaml.SequenceNode):
                entries += _entries(node, shown, problems, above)
        except _NotYamlError as error:
            noted = True
            problems.add(Place(shown, above + error.line), error.message, Code.YAML)
            entries.append(_lost_entry(text[start:end], shown, above))
    if not noted:
        problems.add(Place(shown, whole.line), whole.message, Code.YAML)
    if not entries:
        problems.unread.add(shown)
    return entries


def _lost_entry(text: str, shown: str, above: int) -> Entry:
    mark = yaml.Mark("", 0, 0, 0, "", 0)
    entry = Entry(yaml.MappingNode("", [], mark, mark), shown, Problems(), above)
    entry.flawed = True
    entry.lost = tuple(dict.fromkeys(_MENTION.findall(text)))
    return entry
