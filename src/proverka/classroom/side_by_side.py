"""Files judged in several processes, in the order in which they were found; a file that ends a process is told."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from types import TracebackType
from typing import Self

from proverka.classroom.found import Found
from proverka.classroom.judge import Judge
from proverka.classroom.model import HandIn
from proverka.classroom.opening import Reader
from proverka.classroom.release import Release
from proverka.classroom.times import Times

#: Files that go to a process at once.
CHUNK = 20
#: Fewer are judged before another process has begun.
WORTH_IT = 150


def judged(found: Iterable[Found], release: Release, times: Times, *, jobs: int) -> Iterator[HandIn]:
    """The hand-in that each file is, in their order.

    :param jobs: How many processes, if there are files enough.
    """
    source = iter(found)
    few = list(islice(source, WORTH_IT)) if jobs > 1 else []
    files = chain(few, source)
    if len(few) < WORTH_IT:
        with Reader() as reader:
            yield from map(Judge(release, times, reader).handin, files)
        return
    waiting: deque[tuple[list[Found], Future[list[HandIn]]]] = deque()
    with _Processes(release, times, jobs) as processes:
        while chunk := list(islice(files, CHUNK)):
            waiting.append((chunk, processes.submit(chunk)))
            # So many that no process has to wait, and no more, so that memory stays flat.
            if len(waiting) > 2 * jobs:
                yield from _first(waiting, processes)
        while waiting:
            yield from _first(waiting, processes)


def _first(waiting: deque[tuple[list[Found], Future[list[HandIn]]]], processes: _Processes) -> list[HandIn]:
    chunk, future = waiting.popleft()
    try:
        return future.result()
    except BrokenProcessPool:
        # Which file it was cannot be told, so each goes alone; what else was under way is lost with the process.
        processes.begin_anew()
        made = [processes.alone(each) for each in chunk]
        for number, (other, _) in enumerate(waiting):
            waiting[number] = (other, processes.submit(other))
        return made


class _Processes:
    """Processes that judge; where one has ended they are begun anew."""

    def __init__(self, release: Release, times: Times, jobs: int) -> None:
        self._release, self._times, self._jobs = release, times, jobs
        self._pool = self._begun()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin_anew(self) -> None:
        """End what is left of the processes, and begin others."""
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._begun()

    def submit(self, chunk: Sequence[Found]) -> Future[list[HandIn]]:
        """The hand-ins to come. Asking for them raises BrokenProcessPool where a process has ended."""
        try:
            return self._pool.submit(_judge_all, chunk)
        except BrokenProcessPool as error:
            failed: Future[list[HandIn]] = Future()
            failed.set_exception(error)
            return failed

    def alone(self, found: Found) -> HandIn:
        """The hand-in that a file is, or one that cannot be read if it ends a process twice."""
        for _ in range(2):
            try:
                return self.submit([found]).result()[0]
            except BrokenProcessPool:
                self.begin_anew()
        with Reader() as reader:
            reason = "this file upset the reader: the process that read it ended"
            return Judge(self._release, self._times, reader).unreadable(found, reason)

    def _begun(self) -> ProcessPoolExecutor:
        # Not by fork: there are threads (the progress bar’s) and an open gradebook here.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._jobs, context, _begin, (self._release, self._times))


_JUDGES: list[Judge] = []


def _begin(release: Release, times: Times) -> None:
    """Make a process ready."""
    # Whoever presses Ctrl-C speaks to the process that writes; this one is ended by it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _JUDGES.append(Judge(release, times, Reader()))


def _judge_all(chunk: Sequence[Found]) -> list[HandIn]:
    return [_JUDGES[0].handin(each) for each in chunk]
