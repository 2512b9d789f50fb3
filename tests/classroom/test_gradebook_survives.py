"""Killed, out of space, or not alone: the gradebook ends up the same, in both databases."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from proverka.classroom.gradebook import AssignmentRecord, Counts, GradebookError, open_gradebook
from proverka.classroom.model import Answered, HandIn, HandInState, Policy, Scored, Student
from proverka.model import State

HANDINS, QUESTIONS = 20, 4

#: Reads what to do, a line each, and does it in a process of its own. Tells that process’s number, a line for each
#: step that it begins, and how it ended.
SERVER = """
import json, os, sys
from proverka.classroom.gradebook import AssignmentRecord, open_gradebook
from proverka.classroom.model import Answered, HandIn, HandInState, Policy, Scored, Student
from proverka.model import State
import psycopg, sqlalchemy.dialects.postgresql.psycopg, sqlalchemy.dialects.sqlite.pysqlite

def found(handins, questions):
    for number in range(handins):
        digest = str(number % (handins - 2))
        answers = tuple(Answered(f"q{each}", "f", f"{each * number}") for each in range(questions))
        yield HandIn(f"s{number % (handins - 2)}", f"{number}.ipynb", digest, number, HandInState.OK, answers=answers)

def score(each):
    points = int(each.answer) % 3
    return Scored(each.response, each.fingerprint, points, 2, State.RIGHT if points == 2 else State.PARTIAL)

def step():
    os.write(1, b"step\\n")

def work(where, handins, questions, regrade):
    step()
    with open_gradebook(where) as book:
        students = [Student(f"s{number}") for number in range(handins)]
        step()
        book.add_assignment(AssignmentRecord("stalker", "The film", "tag", 1, Policy(due=5), {}), students)
        waiting = list(found(handins, questions))
        for start in range(0, handins, 4):
            step()
            book.add_handins("stalker", waiting[start:start + 4], now=1)
        step()
        run = book.begin_run("stalker", "grade", now=2)
        for batch in book.waiting("stalker", run, 12):
            step()
            book.add_scores(run, [score(each) for each in batch])
        step()
        book.finish_run(run, now=3)
        if regrade:
            run = book.begin_run("stalker", "regrade", "q1", now=4)
            for batch in book.to_rescore("stalker", run, ["q1"], 12):
                step()
                book.add_scores(run, [score(each) for each in batch])
            step()
            book.finish_run(run, now=5)

for line in sys.stdin:
    task = json.loads(line)
    child = os.fork()
    if child == 0:
        status = 1
        os.write(1, f"{os.getpid()}\\n".encode())
        try:
            work(**task)
            status = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Grader:
    """Collects and grades in a process of its own, which can be killed."""

    def __init__(self) -> None:
        self.server = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, where: str, *, regrade: bool = True) -> int:
        assert self.server.stdin
        assert self.server.stdout
        task = {"where": where, "handins": HANDINS, "questions": QUESTIONS, "regrade": regrade}
        self.server.stdin.write(json.dumps(task) + "\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def steps(self) -> Iterator[str]:
        """A line for each step, and at last how the process ended."""
        assert self.server.stdout
        while (line := self.server.stdout.readline()) == "step\n":
            yield line
        yield line

    def wait(self) -> int:
        return int([*self.steps()][-1])

    def run(self, where: str, *, regrade: bool = True) -> int:
        self.start(where, regrade=regrade)
        return self.wait()

    def close(self) -> None:
        self.server.communicate()


@pytest.fixture(scope="module")
def graders() -> Iterator[tuple[Grader, Grader]]:
    pair = (Grader(), Grader())
    yield pair
    for each in pair:
        each.close()


Query = Callable[[str, str], list[tuple[Any, ...]]]


def contents(where: str, query: Query) -> list[list[tuple[Any, ...]]]:
    """Everything that matters: rows by what they say, not by their numbers."""
    return [
        query(where, "SELECT student, file, digest, at, state, reason FROM handins ORDER BY file"),
        query(where, "SELECT file, question, answer FROM responses r JOIN handins h ON h.id = handin ORDER BY 1, 2"),
        query(
            where,
            "SELECT u.kind, u.note, h.file, r.question, s.points, s.state FROM scores s JOIN responses r"
            " ON r.id = s.response JOIN handins h ON h.id = r.handin JOIN runs u ON u.id = s.run ORDER BY s.run, 3, 4",
        ),
        query(where, "SELECT student, state, points, grade, file FROM grades ORDER BY student"),
        query(where, "SELECT COUNT(*) FROM runs WHERE finished IS NULL"),
    ]


@pytest.mark.parametrize(("database", "rounds"), [("sqlite", 50), ("postgresql", 10)])
def test_a_grader_killed_at_any_moment_loses_nothing_and_doubles_nothing(
    graders: tuple[Grader, Grader], places: Callable[[str], str], query: Query, database: str, rounds: int
) -> None:
    grader, _ = graders
    undisturbed = places(database)
    grader.start(undisturbed)
    *steps, ended = grader.steps()
    assert (len(steps), ended) == (22, "0\n")
    expected = contents(undisturbed, query)
    assert [len(each) for each in expected] == [HANDINS, (HANDINS - 2) * QUESTIONS, 90, HANDINS, 1]
    rng = random.Random(f"killed {database}")
    killed = 0
    for _ in range(rounds):
        where = places(database)
        number = grader.start(where)
        for _ in islice(grader.steps(), rng.randrange(len(steps))):
            pass
        time.sleep(rng.random() * 0.01)
        with contextlib.suppress(ProcessLookupError):  # It may have ended before.
            os.kill(number, signal.SIGKILL)
        killed += grader.wait() == -signal.SIGKILL
        assert grader.run(where) == 0
        found = contents(where, query)
        anew = found[2][90:]
        if anew:
            # Killed between the end of the last run and its own, it was asked for one more.
            assert anew == expected[2][72:]
            found[2] = found[2][:90]
        assert found == expected
    assert killed >= rounds // 2


def test_two_graders_at_once_come_to_the_same(
    graders: tuple[Grader, Grader], where: str, places: Callable[[str], str], query: Query
) -> None:
    one, other = graders
    database = "postgresql" if "://" in where else "sqlite"
    assert one.run(where, regrade=False) == 0
    expected = contents(where, query)
    for _ in range(4):
        shared = places(database)
        one.start(shared, regrade=False)
        other.start(shared, regrade=False)
        assert (one.wait(), other.wait()) == (0, 0)
        assert contents(shared, query) == expected


def test_a_file_that_another_program_is_beginning_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "gradebook.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.rollback)
    timer.start()
    open_gradebook(file).close()
    timer.join()
    other.close()


def test_a_file_that_another_program_does_not_give_up_is_told(tmp_path: Path) -> None:
    file = tmp_path / "gradebook.sqlite"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(GradebookError, match=r"another program has been writing for 0\.1 seconds"):
        open_gradebook(file, patience=0.1)
    other.close()


# --------------------------------------------------------------------------------------------------
# A full disk


class SmallDisk:
    """A folder in which little fits, until it is enlarged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = 100
        command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
        self.mounted = os.getuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
        if not self.mounted:
            event.listen(Pool, "connect", self._limit)

    def _limit(self, connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")

    def enlarge(self) -> None:
        self.pages = 100_000
        if self.mounted:
            subprocess.run(["mount", "-o", "remount,size=100M", str(self.folder)], check=True)

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)
        else:
            event.remove(Pool, "connect", self._limit)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path)
    yield disk
    disk.close()


def grade(file: Path) -> Counts:
    """Collects and grades, in small steps."""
    found = [
        HandIn("s", f"{number}", f"{number}", 1, HandInState.OK, answers=(Answered("q", "f", "x" * 4_000),))
        for number in range(100)
    ]
    with open_gradebook(file) as book:
        book.add_assignment(AssignmentRecord("stalker", "The film", "tag", 1, Policy(), {}), [Student("s")])
        for each in found:
            book.add_handins("stalker", [each], now=1)
        run = book.begin_run("stalker", "grade", now=2)
        for batch in book.waiting("stalker", run, 5):
            book.add_scores(run, [Scored(each.response, "f", 1, 1, State.RIGHT, stdout="y" * 4_000) for each in batch])
        book.finish_run(run, now=3)
        return book.counts("stalker")


@pytest.mark.parametrize("grows", [False, True])
def test_a_full_disk_is_told_and_what_was_begun_is_completed_once_there_is_space(disk: SmallDisk, grows: bool) -> None:
    file = disk.folder / "gradebook.sqlite"
    with pytest.raises(GradebookError, match=r"gradebook\.sqlite: the disk .*full"):
        grade(file)
    if not grows:
        # Nor does trying again break anything.
        with pytest.raises(GradebookError, match=r"gradebook\.sqlite: the disk .*full"):
            grade(file)
    with sqlite3.connect(file) as connection:
        kept = connection.execute("SELECT COUNT(*) FROM handins").fetchone()[0]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert 0 < kept <= 100
    disk.enlarge()
    assert grade(file) == Counts(
        students=1,
        missing=0,
        handins={HandInState.OK: 100},
        nobodys=0,
        responses=100,
        scored=100,
        waiting=0,
        doubtful=0,
    )
