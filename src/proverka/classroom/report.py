"""Reports: feedback for each student, an overview of the class, and the receipts."""

from __future__ import annotations

import csv
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
from proverka.classroom.gradebook import AssignmentRecord, Grade, Gradebook
from proverka.classroom.hand_out import file_name
from proverka.classroom.model import Policy, Student
from proverka.classroom.overview import overview_of
from proverka.classroom.overview_html import overview_page
from proverka.classroom.visible import visible
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
    everybody = book.grades(record.id)
    grades = [each for each in everybody if not wanted.students or each.student in wanted.students]
    if wanted.anonymous:
        everybody, grades = anonymous(everybody, book.salt), anonymous(grades, book.salt)
    names = _file_names(record.id, everybody)
    overview = overview_of(record, everybody, book.files(record.id))
    written = Written()
    for kind in (FEEDBACK, *([NOTEBOOKS] if wanted.notebooks else [])):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for each in feedback_of(book, record, grades, keys=wanted.keys):
        name = names[each.grade.student]
        write_whole(folder / FEEDBACK / f"{name}.html", feedback_page(each))
        if wanted.notebooks:
            write_whole(folder / NOTEBOOKS / f"{name}.ipynb", feedback_notebook(each))
        overview.add(each)
        written.students += 1
        done()
    if wanted.students:
        return written
    write_whole(folder / OVERVIEW, overview_page(overview, anonymous=wanted.anonymous))
    written.files.append(folder / OVERVIEW)
    if not wanted.anonymous:
        write_whole(folder / RECEIPTS, render_receipts(everybody))
        written.files.append(folder / RECEIPTS)
        if places := moodle_folders(record.id, everybody):
            pages = {f"{place}/{names[id_]}.html": folder / FEEDBACK / f"{names[id_]}.html" for id_, place in places}
            _write_archive(folder / ARCHIVE, pages)
            written.files.append(folder / ARCHIVE)
            written.archived = len(places)
    return written


def _file_names(assignment: str, grades: Iterable[Grade]) -> dict[str, str]:
    """By student, what files are called, without an ending; each once."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for id_ in sorted(each.student for each in grades):
        name = file_name(assignment, id_).removesuffix(".ipynb")
        while name.casefold() in taken:
            name = f"{name}_"
        taken.add(name.casefold())
        names[id_] = name
    return names


def render_receipts(grades: Iterable[Grade]) -> str:
    """The receipts as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "name", "receipt", "handed in at", "file", "state"])
    for each in grades:
        row = [each.student, each.name, each.receipt, moment(each.at), each.file, each.state]
        writer.writerow([defused(visible(cell)) for cell in row])
    return text.getvalue()


# --------------------------------------------------------------------------------------------------
# For Moodle


def moodle_folders(assignment: str, grades: Sequence[Grade]) -> list[tuple[str, str]]:
    """Students and the folders in which Moodle looks for feedback for them, as far as hand-ins tell.

    A file that was not in such a folder, or in one that names somebody else, tells nothing; nor do two
    students with one number.
    """
    whose = Whose((Student(each.student, each.name, each.email, each.lms) for each in grades), assignment=assignment)
    found: dict[str, tuple[str, str]] = {}
    for each in grades:
        folder, _, file = each.file.partition("/")
        if place := _MOODLE.match(folder):
            hint = hint_of([folder] if file else [], [file or folder])
            meant = whose.students(hint)
            if not meant or each.student in meant:
                found[each.student] = (f"{place[0]}_", place["number"])
    numbers = Counter(number for _, number in found.values())
    return [(student, place) for student, (place, number) in found.items() if numbers[number] == 1]


def _write_archive(path: Path, pages: dict[str, Path]) -> None:
    beside = path.with_name(f".{path.name}.tmp")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, page in pages.items():
                info = zipfile.ZipInfo(name, _LONG_AGO)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, page.read_bytes())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
