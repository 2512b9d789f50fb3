"""Grading: every response that has no score yet gets one, in a run that can be stopped and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from proverka.classroom.gradebook.book import Gradebook
from proverka.classroom.gradebook.rows import AssignmentRecord, ToScore
from proverka.classroom.model import Scored
from proverka.classroom.sandbox import Limits, Sandbox
from proverka.classroom.score import Keys, score_batch
from proverka.model import Code, Question, question_from_data

#: Responses scored and written at a time.
BATCH = 2_000

#: Scores batches, in any order; a response that cannot be scored here and now is left out.
Scorer = Callable[[Iterator[list[ToScore]]], Iterator[list[Scored]]]


@dataclass(frozen=True, slots=True)
class Graded:
    """What a run came to."""

    run: int
    scored: int
    #: Functions that nothing was there to try with.
    left: int


def pool_of(assignment: AssignmentRecord) -> list[list[Question]]:
    """The questions of a release as they were asked, each in all its variants."""
    pool: Any = assignment.data["pool"]
    return [[question_from_data(each) for each in variants] for variants in pool]


def keys_of(book: Gradebook, assignment: AssignmentRecord) -> Keys:
    """By which questions an assignment is scored now: as they were asked, or as they were corrected since."""
    asked = {each.fingerprint: each for variants in pool_of(assignment) for each in variants}
    return Keys({**asked, **book.corrections(assignment.id)})


def needs_sandbox(questions: Mapping[str, Question]) -> bool:
    """Whether something has to be run to score them."""
    return any(isinstance(each, Code) for each in questions.values())


def grade(
    book: Gradebook,
    assignment: AssignmentRecord,
    scorer: Scorer,
    *,
    now: Callable[[], int],
    done: Callable[[int], None],
) -> Graded:
    """Score what has no score.

    Scores are written batch by batch and count once the run is finished. Stopped at any moment, nothing is
    lost: the next call takes the same run up.

    :param now: Seconds since 1970.
    :param done: Told how many responses were looked at.
    """
    run = book.begin_run(assignment.id, "grade", now=now())
    return write_run(book, run, book.waiting(assignment.id, run, BATCH), scorer, now=now, done=done)


def write_run(
    book: Gradebook,
    run: int,
    batches: Iterator[list[ToScore]],
    scorer: Scorer,
    *,
    now: Callable[[], int],
    done: Callable[[int], None],
    finish: bool = True,
) -> Graded:
    """Score batches in a run that has begun.

    :param finish: Let the scores count at the end.
    """
    asked = scored = 0

    def counted() -> Iterator[list[ToScore]]:
        nonlocal asked
        for batch in batches:
            asked += len(batch)
            yield batch

    for part in scorer(counted()):
        book.add_scores(run, part)
        scored += len(part)
        done(len(part))
    if finish:
        book.finish_run(run, now=now())
    return Graded(run, scored, asked - scored)


@contextmanager
def local_scorer(keys: Keys, *, jobs: int, limits: Limits, kind: str) -> Iterator[Scorer]:
    """Scores here: data in this process, functions in as many sandboxes as there are jobs.

    :raises SandboxError: there are functions to try, and no sandbox to be had.
    """
    with ExitStack() as stack:
        sandboxes: Sequence[Sandbox] = []
        if needs_sandbox(keys.by_fingerprint):
            sandboxes = [stack.enter_context(Sandbox(limits, kind=kind)) for _ in range(jobs)]
        pool = stack.enter_context(ThreadPoolExecutor(max(len(sandboxes), 1)))

        def scored(batches: Iterator[list[ToScore]]) -> Iterator[list[Scored]]:
            for batch in batches:
                if not sandboxes:
                    yield score_batch(batch, keys, None)
                    continue
                # Every second one to the other sandbox: a slow answer then holds up few.
                parts = [batch[each :: len(sandboxes)] for each in range(len(sandboxes))]
                tries = [each.run for each in sandboxes]
                yield [each for part in pool.map(score_batch, parts, repeat(keys), tries) for each in part]

        yield scored


@contextmanager
def data_scorer(keys: Keys) -> Iterator[Scorer]:
    """Scores data alone and leaves functions for a time when there is a sandbox."""

    def scored(batches: Iterator[list[ToScore]]) -> Iterator[list[Scored]]:
        for batch in batches:
            yield score_batch(batch, keys, None)

    yield scored
