"""The files in a folder or zip of hand-ins, as Moodle, Canvas or anybody lays them out."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from proverka.classroom.opening import (
    INNER,
    OUTER,
    Limits,
    Reader,
    RefusedError,
    Where,
    too_large,
    why_not_a_file,
)
from proverka.classroom.whose import Hint, hint_of

#: Folders within folders.
MOST_DEPTH = 50
#: Of a name as it is told; longer ones are shortened in the middle.
MOST_NAME = 300

#: What programs leave beside files.
_DEBRIS = re.compile(
    r"__MACOSX|\.ipynb_checkpoints|__pycache__|\.git|\.DS_Store|Thumbs\.db|desktop\.ini|\._.*",
    re.IGNORECASE | re.DOTALL,
)
#: Some browsers add an ending to one that they do not know.
_NOTEBOOK = re.compile(r".*\.ipynb(?:\.json|\.txt)?", re.IGNORECASE | re.DOTALL)


class Kind(StrEnum):
    """What a file is by its name."""

    NOTEBOOK = "notebook"
    #: Something else that a student may have handed in.
    OTHER = "other"
    DEBRIS = "debris"


@dataclass(frozen=True, slots=True)
class Found:
    """A file, not read yet."""

    #: From the folder or zip collected, each name once, fit to be printed.
    file: str
    hint: Hint
    #: When it was changed, in seconds since 1970.
    at: int
    where: Where
    kind: Kind
    #: Why it is not to be read; empty if it may be.
    refused: str = ""


def find_handins(path: Path) -> Iterator[Found]:
    """Every file of a folder or zip, in the order of their names; what is in zips that students made, too."""
    real = os.path.realpath(path)
    with Reader() as reader:
        if os.path.isdir(real):  # noqa: PTH112
            yield from _in_folder(real, (), reader)
            return
        status = os.stat(real)  # noqa: PTH116
        if _is_zip(real):
            yield from _in_zip(_Zip(Where(real), (), int(status.st_mtime)), reader)
        else:
            yield from _one((os.path.basename(path),), real, status, reader)  # noqa: PTH119


# --------------------------------------------------------------------------------------------------
# Folders


def _in_folder(folder: str, above: tuple[str, ...], reader: Reader) -> Iterator[Found]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError as error:
        yield _refused(above, Where(folder), 0, f"the folder cannot be opened ({error.strerror})")
        return
    for name in names:
        path, parts = f"{folder}/{name}", (*above, name)
        try:
            status = os.lstat(path)
        except OSError as error:
            yield _refused(parts, Where(path), 0, f"it cannot be looked at ({error.strerror})")
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield from _one(parts, path, status, reader)
        elif _DEBRIS.fullmatch(name):
            yield Found(shown(parts), Hint(), int(status.st_mtime), Where(path), Kind.DEBRIS)
        elif len(parts) > MOST_DEPTH:
            reason = f"it lies in more than {MOST_DEPTH} folders within one another"
            yield _refused(parts, Where(path), int(status.st_mtime), reason)
        else:
            yield from _in_folder(path, parts, reader)


def _one(parts: tuple[str, ...], path: str, status: os.stat_result, reader: Reader) -> Iterator[Found]:
    """What lies on the disk and is no folder."""
    where, at, kind = Where(path), int(status.st_mtime), _kind(parts[-1])
    refused = why_not_a_file(status.st_mode)
    if kind is Kind.DEBRIS:
        yield Found(shown(parts), Hint(), at, where, kind)
    elif refused:
        yield _refused(parts, where, at, refused)
    elif _is_zip(parts[-1]):
        yield from _in_zip(_Zip(where, parts, at), reader)
    else:
        refused = too_large(status.st_size) if kind is Kind.NOTEBOOK else ""
        yield Found(shown(parts), hint_of(parts[:-1], parts[-1:]), at, where, kind, refused)


# --------------------------------------------------------------------------------------------------
# Zips


@dataclass(frozen=True, slots=True)
class _Zip:
    where: Where
    #: Its path from what is collected; empty if it is that itself.
    parts: tuple[str, ...]
    at: int

    @property
    def limits(self) -> Limits:
        return INNER if self.parts else OUTER


def _in_zip(each: _Zip, reader: Reader) -> Iterator[Found]:
    try:
        members = list(reader.members(each.where, each.limits))
    except RefusedError as error:
        yield _refused(each.parts or (os.path.basename(each.where.path),), each.where, each.at, str(error))  # noqa: PTH119
        return
    if each.parts and all(_kind(*member.name.split("/")) is Kind.DEBRIS for member in members):
        yield _refused(each.parts, each.where, each.at, "there is no file in the zip")
    seen: set[str] = set()
    for member in sorted(members, key=lambda member: member.name):
        inside = tuple(part for part in member.name.split("/") if part not in ("", "."))
        parts, at = (*each.parts, *inside), member.at or each.at
        where, kind = each.where.member(member.number), _kind(*inside)
        # Within a student’s zip it is the student who names.
        own = (each.parts[-1], *inside) if each.parts else inside[-1:]
        hint = hint_of(each.parts[:-1] if each.parts else inside[:-1], own)
        file = shown(parts)
        if kind is Kind.DEBRIS:
            yield Found(file, Hint(), at, where, kind)
        elif file in seen:
            yield Found(f"{file} ({member.number})", hint, at, where, Kind.NOTEBOOK, "the zip has two of this name")
        elif member.unsafe or (member.refused and (kind is Kind.NOTEBOOK or _is_zip(inside[-1]))):
            yield Found(file, hint, at, where, Kind.NOTEBOOK, member.unsafe or member.refused)
        elif _is_zip(inside[-1]) and each.parts:
            reason = "it is a zip in a zip that a student made, and is not opened"
            yield Found(file, hint, at, where, Kind.NOTEBOOK, reason)
        elif _is_zip(inside[-1]):
            yield from _in_zip(_Zip(where, parts, at), reader)
        else:
            yield Found(file, hint, at, where, kind)
        seen.add(file)


# --------------------------------------------------------------------------------------------------
# Names


def _kind(*parts: str) -> Kind:
    if not parts or any(_DEBRIS.fullmatch(each) for each in parts):
        return Kind.DEBRIS
    return Kind.NOTEBOOK if _NOTEBOOK.fullmatch(parts[-1]) else Kind.OTHER


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _refused(parts: Sequence[str], where: Where, at: int, reason: str) -> Found:
    return Found(shown(parts), hint_of(parts[:-1], parts[-1:]), at, where, Kind.NOTEBOOK, reason)


def shown(parts: Sequence[str]) -> str:
    """A path, as :func:`printable` text and shortened; different paths stay different."""
    path = "/".join(parts)
    text = printable(path)
    if len(text) <= MOST_NAME:
        return text
    digest = hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:8]
    return f"{text[:200]}…{digest}…{text[-60:]}"


def printable(text: str) -> str:
    """Text for one line; what cannot be seen, or turns the direction of writing, stands as an escape."""
    return "".join(each if _is_plain(each) else each.encode("unicode_escape").decode() for each in text)


def _is_plain(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp") and character != "\\"
