"""Whose a file is by where it was found: what a learning platform or a teacher wrote around it, held against a roster.

This proves nothing (the tag in a notebook does), but it tells who handed in a file that cannot be read or
that belongs to somebody else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from proverka.classroom.hand_out import file_name
from proverka.classroom.model import Student
from proverka.text import fold

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?.*", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_.+", re.DOTALL)
#: What programs add to the name of a file that is there already: “ (1)”, “-Copy1”, “-1”.
_COPY = re.compile(r"(?:\s*\(\d+\)|\s*-?\s*copy\s*\d*|-\d{1,2})+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint:
    """What a path tells of who handed in what lies there."""

    #: What a learning platform put before its numbers; empty if none did.
    name: str = ""
    number: str = ""
    #: Other folders, which a teacher may have named.
    folders: tuple[str, ...] = ()
    #: What a student may have named: a file, without its ending; the zip and folders in which it is.
    own: tuple[str, ...] = ()


def hint_of(folders: Sequence[str], own: Sequence[str]) -> Hint:
    """What the folders of a path and what lies in them tell.

    :param own: The file, and if it is in a student’s zip, that zip and the folders in it.
    """
    names = [*own[:-1], _stem(own[-1])] if own else []
    for each in (*folders, *own):
        if found := _MOODLE.fullmatch(each):
            # Of Moodle’s number nothing else knows, unless the name is hidden.
            hidden = fold(found["name"]) == "participant"
            return Hint("" if hidden else found["name"], found["number"] if hidden else "", (), tuple(names))
    for each in own:
        if found := _CANVAS.fullmatch(each):
            return Hint(found["name"], found["number"], (), tuple(names))
    return Hint("", "", tuple(folders), tuple(names))


def _stem(file: str) -> str:
    """A file’s name without its ending, or endings: browsers add some to one that they do not know."""
    notebook = file.lower().find(".ipynb")
    return file[:notebook] if notebook > 0 else file.rpartition(".")[0] or file


class Whose:
    """A roster, to be asked who is meant."""

    def __init__(self, students: Iterable[Student], *, assignment: str) -> None:
        self._assignment = assignment
        self._ids: defaultdict[str, set[str]] = defaultdict(set)
        self._numbers: defaultdict[str, set[str]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._joined: defaultdict[str, set[str]] = defaultdict(set)
        prefix = len(file_name(assignment, "x")) - len("x.ipynb")
        for each in students:
            for id_ in {each.id, each.email, file_name(assignment, each.id)[prefix:].removesuffix(".ipynb")}:
                self._ids[_key(id_)].add(each.id)
            self._numbers[each.lms].add(each.id)
            words = fold(each.name).split()
            self._names[" ".join(sorted(words))].add(each.id)
            for turn in range(len(words)):
                self._joined["".join(words[turn:] + words[:turn])].add(each.id)
        for index in (self._ids, self._numbers, self._names, self._joined):
            index.pop("", None)

    def students(self, hint: Hint) -> frozenset[str]:
        """The ids of those who may be meant; nobody if nothing is said, or if it contradicts itself."""
        if hint.name or hint.number:
            meant = [self._numbers.get(hint.number, set()), self._named(hint.name)]
        else:
            meant = [self._called(each) for each in hint.folders]
        if not any(meant):
            meant = [self._called(each) for each in hint.own]
        told = [each for each in meant if each]
        return frozenset(set.intersection(*told)) if told else frozenset()

    def student(self, hint: Hint) -> str:
        """The id of the one student who is meant; empty if that is nobody, or could be several."""
        return _one(self.students(hint))

    def called(self, text: str) -> str:
        """The id of the one student with this id, address, number or name; empty if there is none or several."""
        return _one(self._called(text))

    def _named(self, name: str) -> set[str]:
        """By what a platform writes: the name, its words in any order, joined, or after a group’s name."""
        found = self._exactly(name)
        while not found and "-" in name:
            name = name.partition("-")[2]
            found = self._exactly(name)
        return found

    def _exactly(self, name: str) -> set[str]:
        words = fold(name).split()
        return self._names.get(" ".join(sorted(words))) or self._joined.get("".join(words)) or self._ids_of(name)

    def _called(self, text: str) -> set[str]:
        """By what somebody called a folder or a file."""
        text = text[:-4] if text.lower().endswith(".zip") else text
        bare = _COPY.sub("", text)
        prefix = f"{self._assignment}-"
        for each in dict.fromkeys((text, text.removeprefix(prefix), bare, bare.removeprefix(prefix))):
            words = " ".join(sorted(fold(each).split()))
            if found := self._ids_of(each) or self._numbers.get(each) or self._names.get(words):
                return found
        return set()

    def _ids_of(self, text: str) -> set[str]:
        return self._ids.get(_key(text), set())


def _one(found: Collection[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
