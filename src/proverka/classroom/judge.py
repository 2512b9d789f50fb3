"""What a file is: whose, in what state, and what was answered in it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from typing import Any

from proverka.classroom.damaged import Read, UnreadableError, exact, read_notebook
from proverka.classroom.found import Found, printable
from proverka.classroom.model import HandIn, HandInState
from proverka.classroom.opening import Reader, RefusedError
from proverka.classroom.release import Release, Sheet
from proverka.classroom.times import Times
from proverka.classroom.whose import Whose
from proverka.jupyter.handed_in import HandedIn, read_handed_in
from proverka.jupyter.record import MOST_CELLS
from proverka.model import JSON
from proverka.receipt import receipt_code

#: What is said of a file is cut here.
MOST_REASON = 1_000


class Judge:
    """Reads files by a release. Whatever a file is, a hand-in comes of it and no error."""

    def __init__(self, release: Release, times: Times, reader: Reader) -> None:
        self._release = release
        self._times = times
        self._reader = reader
        self._whose = Whose(release.students, assignment=release.assignment)

    def student(self, found: Found) -> str:
        """Whose a file is by its place; empty if that does not tell."""
        return self._whose.student(found.hint)

    def handin(self, found: Found) -> HandIn:
        """What a file is."""
        if found.refused:
            return self.unreadable(found, found.refused)
        try:
            return self._handin(found)
        except RefusedError as error:
            return self.unreadable(found, str(error))
        except Exception as error:  # whatever it is, the next file is read
            return self.unreadable(found, f"this file upset the reader: {type(error).__name__}: {error}")

    def unreadable(self, found: Found, reason: str, digest: str = "") -> HandIn:
        """A file of which nothing is known but its place.

        :param digest: Of its bytes; of its name and the reason if they were not read.
        """
        digest = digest or _digest(f"{found.file}\0{reason}".encode(errors="replace"))
        return self._made(found, digest, self.student(found), HandInState.UNREADABLE, [reason])

    def _handin(self, found: Found) -> HandIn:
        data = self._reader.read(found.where)
        digest = _digest(data)
        try:
            read = read_notebook(data)
        except UnreadableError as error:
            return self.unreadable(found, str(error), digest)
        hinted = self.student(found)
        handed, sheet = self._handed(read.notebook, hinted)
        if sheet is None:
            if read.lost:
                return self.unreadable(found, f"{read.notes[-1]}, and they do not show whose it is", digest)
            return self._made(found, digest, hinted, HandInState.WRONG_ASSIGNMENT, [self._why_not_ours(handed)])
        owner = sheet.student
        meant = self._whose.students(found.hint)
        if meant and owner.id not in meant:
            reason = f"it is the sheet of {f'{owner.name} ({owner.id})' if owner.name else owner.id}"
            return self._made(found, digest, hinted, HandInState.WRONG_STUDENT, [reason])
        if not read.notes and any(map(_may_be_rounded, handed.answers.values())):
            handed, _ = self._handed(exact(data), hinted)
        return self._answered(found, digest, read, handed, sheet)

    def _answered(self, found: Found, digest: str, read: Read, handed: HandedIn, sheet: Sheet) -> HandIn:
        answers = sheet.answered(handed.answers)
        reasons = [*read.notes, *handed.notes]
        if handed.foreign:
            reasons.append(f"{handed.foreign} of its records, which belong to no question of this sheet, left out")
        if len(read.notebook["cells"]) > MOST_CELLS:
            reasons.append(f"only the first {MOST_CELLS:,} of its {len(read.notebook['cells']):,} cells were read")
        state = HandInState.REPAIRED if reasons else HandInState.OK
        if all(each.answer is None for each in answers):
            if read.lost:
                return self.unreadable(found, f"{read.notes[-1]}, and no answer in them", digest)
            state = HandInState.EMPTY
        made = self._made(found, digest, sheet.student.id, state, reasons)
        receipt = receipt_code(sheet.tag, handed.answers)
        return HandIn(made.student, made.file, digest, made.at, state, made.reason, answers, receipt)

    def _handed(self, notebook: Any, hinted: str) -> tuple[HandedIn, Sheet | None]:
        """What was handed in, and the sheet that it is; ``None`` if nothing in it is of this release."""
        sheet = self._sheet(_tag_in_metadata(notebook))
        handed = read_handed_in(notebook, starters=_starters(sheet))
        if sheet is not None:
            return handed, sheet
        if (sheet := self._sheet(handed.tag)) is not None:
            starters = _starters(sheet)
            return read_handed_in(notebook, starters=starters) if starters else handed, sheet
        # Its metadata are of something else. Its cells may still show one sheet of this release.
        bare = {"cells": notebook["cells"]}
        known = handed.tags & self._release.by_tag.keys()
        own = self._release.tag_of(hinted) if hinted else ""
        sheet = self._sheet(read_handed_in(bare).tag) or self._sheet(
            own if own in known else next(iter(known)) if len(known) == 1 else ""
        )
        if sheet is None:
            return handed, None
        identity = {"assignment": self._release.assignment, "student": sheet.student.id, "tag": sheet.tag}
        bare["metadata"] = {"proverka": identity}
        found = read_handed_in(bare, starters=_starters(sheet))
        note = "whose it is was taken from its cells, as its metadata are of no sheet of this release"
        return dataclasses.replace(found, notes=(note, *found.notes)), sheet

    def _sheet(self, tag: str) -> Sheet | None:
        student = self._release.by_tag.get(tag)
        return self._release.sheet(student.id) if student else None

    def _why_not_ours(self, handed: HandedIn) -> str:
        if handed.assignment and handed.assignment != self._release.assignment:
            return f"it is of the assignment “{handed.assignment}”"
        if handed.tag or handed.tags:
            return "its tag is of another release, or was changed"
        return "nothing in it shows which release it belongs to"

    def _made(self, found: Found, digest: str, student: str, state: HandInState, reasons: Iterable[str]) -> HandIn:
        # Parts of it come out of the file, and it is shown on terminals.
        reason = printable(" ".join("; ".join(reasons).split()))
        reason = reason if len(reason) <= MOST_REASON else f"{reason[:MOST_REASON]}…"
        at = self._times.of(found.file, student, found.at)
        return HandIn(student, found.file, digest, at, state, reason)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _tag_in_metadata(notebook: Any) -> str:
    match notebook:
        case {"metadata": {"proverka": {"tag": str(tag)}}}:
            return tag
    return ""


def _starters(sheet: Sheet | None) -> dict[str, str] | None:
    """What the cell of each function begins with."""
    if sheet is None or all(each.type != "code" for each in sheet.questions):
        return None if sheet is None else {}
    return {each.id: each.starter for each in sheet.tasks if each.type == "code"}


def _may_be_rounded(answer: JSON) -> bool:
    """Whether an answer holds a number that orjson may have read as another."""
    match answer:
        case float():
            return abs(answer) >= 2**63
        case list():
            return any(map(_may_be_rounded, answer))
        case dict():
            return any(map(_may_be_rounded, answer.values()))
    return False
