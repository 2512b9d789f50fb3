"""What each step of grading costs by itself, on one processor: the figures that docs/scale.md reckons with."""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from compare import WORK, class_of, questions

from proverka.classroom.collect import make_known
from proverka.classroom.found import find_handins
from proverka.classroom.grade import BATCH, keys_of
from proverka.classroom.gradebook import open_gradebook
from proverka.classroom.judge import Judge
from proverka.classroom.opening import Reader
from proverka.classroom.sandbox import Limits, Sandbox
from proverka.classroom.score import score_batch
from proverka.classroom.times import Times


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print how long one of so many took."""
    begin = time.perf_counter()
    yield
    print(f"| {what} | {(time.perf_counter() - begin) / count * 1000:.3f} ms |", flush=True)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hand-ins", type=int, default=1_000)
    parser.add_argument("--gradebook", help="a postgresql:// address of an empty schema; else a new SQLite file")
    given = parser.parse_args()
    size, folder, pool = given.hand_ins, WORK / "costs", questions()
    WORK.mkdir(parents=True, exist_ok=True)
    with timed("handing out, one notebook, and answering it for the measurement", size):
        release = class_of(size, pool, folder)
    file = folder / "gradebook.sqlite"
    with open_gradebook(given.gradebook or file) as book:
        make_known(book, release, released=0, now=0)
        with Reader() as reader, timed("reading, one hand-in of ten answers", size):
            judge = Judge(release, Times(), reader)
            handins = [judge.handin(each) for each in find_handins(folder / "in")]
        with timed("writing, one hand-in of ten answers", size):
            book.add_handins(release.assignment, handins, now=0)
        record = book.assignment(release.assignment)
        run, keys = book.begin_run(record.id, "grade", now=0), keys_of(book, record)
        with timed("fetching, one answer", size * len(pool)):
            batches = list(book.waiting(record.id, run, BATCH))
        with timed("scoring, one answer that is data", size * (len(pool) - 2)):
            scored = [score_batch(each, keys, None) for each in batches]
        with timed("writing, one score", sum(map(len, scored))):
            for each in scored:
                book.add_scores(run, each)
        source = pool[-1].solution
        with ExitStack() as stack:
            with timed("starting a sandbox, once", 1):
                sandbox = stack.enter_context(Sandbox(Limits(), kind="bubblewrap"))
                sandbox.run(source, pool[-1].function, [[1]])
            with timed("trying, one function with five trials", 500):
                for _ in range(500):
                    sandbox.run(source, pool[-1].function, [[1]] * 5)
    if not given.gradebook:
        print(f"| gradebook, one hand-in | {file.stat().st_size / size / 1000:.2f} kB |")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
