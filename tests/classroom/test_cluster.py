"""Grading on a real Dask cluster: a scheduler and workers in processes of their own, on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from questions import QUESTIONS
from students import answers_by

from proverka.classroom.cluster import ClusterError, cluster_scorer
from proverka.classroom.collect import make_known
from proverka.classroom.grade import Scorer, grade, keys_of, local_scorer
from proverka.classroom.gradebook import Gradebook, open_gradebook
from proverka.classroom.gradebook.rows import AssignmentRecord
from proverka.classroom.model import HandIn, HandInState, Policy, Student
from proverka.classroom.release import Release
from proverka.classroom.sandbox import Limits
from proverka.cli import main
from proverka.model import JSON

SIZE = 120
#: Slow enough that something can happen meanwhile.
SLOW = "import time\n\n\ndef double(number):\n    time.sleep(0.03)\n    return number * 2\n"


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("dask") / "scheduler"
    process = _dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", log=log)
    _wait_for(port)
    yield f"tcp://127.0.0.1:{port}"
    process.kill()
    process.wait()


def _dask(*arguments: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the scheduler does not answer")


class Workers:
    """Workers that can be started and killed."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        number = len(self.running)
        options = ("--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
        where = ("--local-directory", str(self.folder / str(number)))
        log = self.folder / f"worker-{number}"
        self.running.append(_dask("worker", self.address, *options, *where, log=log))

    def kill(self, number: int) -> None:
        os.killpg(self.running[number].pid, signal.SIGKILL)
        self.running[number].wait()

    def stop(self) -> None:
        for number, each in enumerate(self.running):
            if each.poll() is None:
                self.kill(number)


@pytest.fixture
def workers(scheduler: str, tmp_path: Path) -> Iterator[Workers]:
    found = Workers(scheduler, tmp_path)
    yield found
    found.stop()


def gradebook(path: Path) -> tuple[Gradebook, AssignmentRecord]:
    """A class whose hand-ins have come in."""
    students = tuple(Student(f"s{number}") for number in range(SIZE))
    pool = tuple((each,) for each in QUESTIONS)
    release = Release(
        assignment="a", title="A", seed="a seed for a cluster", students=students, pool=pool, policy=Policy()
    )
    book = open_gradebook(path)
    make_known(book, release, released=0, now=0)
    book.add_handins("a", (handed_in(release, each.id) for each in students), now=0)
    return book, book.assignment("a")


def handed_in(release: Release, student: str) -> HandIn:
    sheet = release.sheet(student)
    given: dict[str, JSON] = {name: each.given for name, each in answers_by(sheet, "cluster").items()}
    code = next(task.id for task in sheet.tasks if task.type == "code")
    given[code] = {"source": SLOW}
    return HandIn(student, f"{student}.ipynb", student.ljust(64, "0"), 0, HandInState.OK, "", sheet.answered(given))


def scores(book: Gradebook) -> dict[tuple[str, str], float]:
    students = [each.student for each in book.grades("a")]
    return {(each, scored.question): scored.points for each in students for scored in book.scores_of("a", each)}


def test_workers_may_die_and_join_and_the_scores_are_those_of_one_machine(workers: Workers, tmp_path: Path) -> None:
    for _ in range(3):
        workers.start()
    here, record = gradebook(tmp_path / "here.sqlite")
    there, _ = gradebook(tmp_path / "there.sqlite")
    keys = keys_of(here, record)
    with local_scorer(keys, jobs=2, limits=Limits(), kind="bubblewrap") as scorer:
        grade(here, record, scorer, now=lambda: 0, done=lambda _: None)
    counts: list[int] = []

    def done(count: int) -> None:
        counts.append(count)
        if len(counts) == 1:
            workers.kill(0)
            workers.start()

    with cluster_scorer(workers.address, keys, limits=Limits(), kind="bubblewrap") as scorer:
        _grade(there, record, scorer, done)
    assert len(counts) > 1
    assert sum(counts) == SIZE * len(QUESTIONS)
    assert scores(there) == scores(here)
    for book in (here, there):
        book.close()


def _grade(book: Gradebook, record: AssignmentRecord, scorer: Scorer, done: object) -> None:
    grade(book, record, scorer, now=lambda: 0, done=done)  # type: ignore[arg-type]


def test_the_command_uses_a_cluster(workers: Workers, tmp_path: Path) -> None:
    workers.start()
    book, _ = gradebook(tmp_path / "book.sqlite")
    book.close()
    arguments = ["grade", "a", "--cluster", workers.address, "--gradebook", str(tmp_path / "book.sqlite")]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert f"{SIZE * len(QUESTIONS)} answers scored" in result.output


def test_an_address_where_nobody_answers_is_told(tmp_path: Path) -> None:
    book, record = gradebook(tmp_path / "book.sqlite")
    with (
        pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"),
        cluster_scorer("tcp://127.0.0.1:1", keys_of(book, record), limits=Limits(), kind="bubblewrap"),
    ):
        pass
    book.close()
