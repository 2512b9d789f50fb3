"""Folders and zips of hand-ins, read into the gradebook as data: nothing in them is run, nothing else is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from proverka.classroom.found import Found, Kind
from proverka.classroom.gradebook import AssignmentRecord, Gradebook
from proverka.classroom.judge import Judge
from proverka.classroom.model import SCORED, HandIn, HandInState
from proverka.classroom.opening import Reader
from proverka.classroom.release import Release
from proverka.classroom.side_by_side import judged
from proverka.classroom.times import Times


@dataclass(slots=True)
class Tally:
    """What was found so far."""

    states: Counter[HandInState] = field(default_factory=Counter)
    #: Files that programs leave beside others.
    debris: int = 0
    #: Files of another kind of students who handed in a notebook too, or of nobody.
    others: int = 0
    #: Those of the hand-ins to be scored that came after the assignment was due.
    late: int = 0


def make_known(book: Gradebook, release: Release, *, released: int, now: int) -> None:
    """Let a gradebook know a release, its students and its keys.

    :raises GradebookError: it knows another release of the same assignment.
    """
    data: dict[str, Any] = json.loads(release.to_text())
    data = {name: each for name, each in data.items() if name not in ("seed", "students")}
    record = AssignmentRecord(release.assignment, release.title, release.tag, released, release.policy, data)
    book.add_assignment(record, release.students)
    book.add_keys((each for variants in release.pool for each in variants), now=now)


def collect(
    found: Iterable[Found],
    release: Release,
    *,
    times: Times | None = None,
    tally: Tally,
    jobs: int = 1,
    done: Callable[[], None] = lambda: None,
) -> Iterator[HandIn]:
    """The hand-ins among files, one by one as they are read; those that came twice are said to be duplicates.

    A file of another kind becomes a hand-in that cannot be read if its student handed in nothing else.

    :param times: Where the files’ own are not right.
    :param tally: Counts along.
    :param jobs: How many processes read.
    :param done: Told after each hand-in.
    """
    times = times or Times()
    first: dict[tuple[str, str], str] = {}
    others: dict[str, Found] = {}
    with Reader() as reader:
        judge = Judge(release, times, reader)
        notebooks = _notebooks(found, judge, others, tally)
        for judged_so in judged(notebooks, release, times, jobs=jobs):
            handin = _held_against(first, judged_so)
            _count(tally, handin, release)
            yield handin
            done()
        for student in {student for student, _ in first}:
            others.pop(student, None)
        for each in others.values():
            handin = judge.unreadable(each, f"a file of this kind is no notebook{_ending(each.file)}")
            tally.others -= 1
            _count(tally, handin, release)
            yield handin


def _notebooks(found: Iterable[Found], judge: Judge, others: dict[str, Found], tally: Tally) -> Iterator[Found]:
    """The notebooks among files. Of the others the first of each student is noted."""
    for each in found:
        if each.kind is Kind.NOTEBOOK:
            yield each
        elif each.kind is Kind.DEBRIS:
            tally.debris += 1
        else:
            tally.others += 1
            if student := judge.student(each):
                others.setdefault(student, each)


def _held_against(first: dict[tuple[str, str], str], handin: HandIn) -> HandIn:
    """The hand-in, as a duplicate if its student handed in the same before."""
    if not handin.student:
        return handin
    before = first.setdefault((handin.student, handin.digest), handin.file)
    if before == handin.file:
        return handin
    reason = f"the same, to the byte, as {before}"
    return HandIn(handin.student, handin.file, handin.digest, handin.at, HandInState.DUPLICATE, reason)


def _count(tally: Tally, handin: HandIn, release: Release) -> None:
    tally.states[handin.state] += 1
    due = release.policy.due
    tally.late += handin.state in SCORED and due is not None and handin.at > due


def _ending(file: str) -> str:
    ending = file.rpartition("/")[2].rpartition(".")[2]
    return f" (.{ending})" if ending.isalnum() and len(ending) < 10 else ""
