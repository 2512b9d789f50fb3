"""When things were handed in, from a CSV file, where files themselves do not tell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from proverka.classroom.roster import MAX_BYTES


class TimesError(Exception):
    """A file of times cannot be used; each line of the text names a place and what to do."""


@dataclass(frozen=True, slots=True)
class Times:
    """Times in seconds since 1970."""

    by_file: dict[str, int] = field(default_factory=dict)
    by_student: dict[str, int] = field(default_factory=dict)

    def of(self, file: str, student: str, at: int) -> int:
        """When a file was handed in: what is said of it, else of its student, else ``at``."""
        return self.by_file.get(file, self.by_student.get(student, at))


def read_times(path: Path, student: Callable[[str], str]) -> Times:
    """The times of a CSV file with a column “time” and a column “student” or “file”, or both.

    :param student: The id of the student that a word means, or empty.
    :raises TimesError: it cannot be read, or a line in it makes no sense.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TimesError(f"{path}: larger than {MAX_BYTES:,} bytes; is it a list of times?")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TimesError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TimesError(f"{path}: not UTF-8; save the file as “CSV UTF-8”") from error
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    names = {each.strip().casefold(): each for each in rows.fieldnames or ()}
    if "time" not in names or not names.keys() & {"student", "file"}:
        raise TimesError(f"{path}:1: there should be a column “time”, and “student” or “file”")
    times, problems = Times(), []
    try:
        for row in rows:
            file, name, time = ((row.get(names.get(each, "")) or "").strip() for each in ("file", "student", "time"))
            place, at, id_ = f"{path}:{rows.line_num}", _seconds(time), student(name) if name else ""
            if at is None:
                problems.append(f"{place}: “{time}” is no time with a zone, like 2026-12-04T23:59+03:00")
            elif file:
                times.by_file[file] = at
            elif id_:
                times.by_student[id_] = at
            else:
                problems.append(f"{place}: nobody on the roster, or more than one, is “{name}”")
    except csv.Error as error:
        problems.append(f"{path}:{rows.line_num + 1}: {error}")
    if problems:
        raise TimesError("\n".join(problems))
    return times


def _seconds(text: str) -> int | None:
    try:
        time = datetime.fromisoformat(text)
        return None if time.tzinfo is None else int(time.timestamp())
    except (ValueError, OverflowError):
        return None
