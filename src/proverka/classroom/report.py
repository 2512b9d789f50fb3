"""Reports: feedback for each student, an overview of the class, and the receipts."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from proverka.classroom.feedback import feedback_of
from proverka.classroom.feedback_html import feedback_page
from proverka.classroom.feedback_notebook import feedback_notebook
from proverka.classroom.grade_files import anonymous, defused, moment
from proverka.classroom.gradebook import AssignmentRecord, Gradebook, Grade
from proverka.classroom.hand_out import file_name
from proverka.classroom.model import Policy, Student
from proverka.classroom.overview import overview_of
from proverka.classroom.overview_html import overview_page
from proverka.classroom.whose import Whose, hint_of
from proverka.files import write_whole

FEEDBACK, NOTEBOOKS = "feedback", "notebooks"
OVERVIEW, RECEIPTS, ARCHIVE = "class.html", "receipts.csv", "feedback.zip"

#: A folder of a student in Moodle’s downloads, or what comes before a file’s name where there are no folders.
_MOODLE = re.compile(r"[^_/]+_(?P<number>\d+)_assignsubmission_[a-z]+(?=_|$)", re.ASCII)
#: Zip archives keep times; a fixed one makes the same report the same.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written."""

    #: Whether students are told what is right.
    keys: bool
    notebooks: bool = False
    #: Codes instead of names, ids and files.
    anonymous: bool = False
    #: Ids; if there are any, the files of these students alone are written.
    students: frozenset[str] = frozenset()


@dataclass(slots=True)
class Written:
    """What was written."""

    students: int = 0
    #: Of how many students the feedback is in the archive; 0 if there is none.
    archived: int = 0
    #: Files beside those of the students.
    files: list[Path] = field(default_factory=list)


def still_open(policy: Policy, now: int) -> bool:
    """Whether somebody may yet hand in: until it closes or, if it never does, until it is due."""
    end = policy.due if policy.closes is None else policy.closes
    return end is not None and now <= end


def write_report(
    book: Gradebook, record: AssignmentRecord, folder: Path, wanted: Wanted, *, done: Callable[[], None]
) -> Written:
    """Write the files of a report, each whole; the same again gives the same bytes.

    :param done: Told after each student.
    :raises GradebookError: the gradebook cannot be read.
    :raises OSError: something cannot be written.
    """
    grades = chosen(book, record, wanted)
    names = _file_names(record.id, grades)
    places = _moodle_folders(record.id, grades) if not (wanted.anonymous or wanted.students) else {}
    overview = overview_of(record, grades, book.files(record.id))
    written = Written(archived=len(places))
    for kind in (FEEDBACK, *([NOTEBOOKS] if wanted.notebooks else [])):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    with _archive(folder / ARCHIVE, places) as archive:
        for each in feedback_of(book, record, grades, keys=wanted.keys):
            name = names[each.grade.student]
            html = feedback_page(each)
            write_whole(folder / FEEDBACK / f"{name}.html", html)
            archive(each.grade.student, f"{name}.html", html)
            if wanted.notebooks:
                write_whole(folder / NOTEBOOKS / f"{name}.ipynb", feedback_notebook(each))
            overview.add(each)
            written.students += 1
            done()
    return written
