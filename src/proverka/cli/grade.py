"""``proverka grade``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from proverka.classroom.grade import Scorer, data_scorer, keys_of, local_scorer
from proverka.classroom.grade import grade as grade_assignment
from proverka.classroom.gradebook.rows import AssignmentRecord, Counts
from proverka.classroom.sandbox import Limits, SandboxError
from proverka.classroom.score import Keys
from proverka.cli.classroom_options import gradebook_option, jobs_option, opened
from proverka.cli.words import counted


@click.command()
@click.argument("assignment")
@gradebook_option
@jobs_option
@click.option("--cluster", metavar="ADDRESS", help="Score on the Dask cluster whose scheduler is at tcp://….")
@click.option(
    "--sandbox",
    "kind",
    type=click.Choice(["bubblewrap", "none"]),
    default="bubblewrap",
    show_default=True,
    help="What students’ functions run in; “none” only for code that you trust.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=Limits().seconds,
    show_default=True,
    help="How long all trials of a function may take together.",
)
def grade(assignment: str, gradebook: str, jobs: int, cluster: str | None, kind: str, seconds: float) -> None:
    """Score every answer that has no score yet.

    Answers that are data are compared; only functions are run, in a sandbox where nothing of yours is. Stop
    it when you like: called again, it goes on where it was. Texts of one's own wait for “proverka mark”.

    \b
    Examples:
      proverka grade first-week
      proverka grade first-week --jobs 8 --gradebook postgresql://…/course
      proverka grade exam --cluster tcp://scheduler:8786
    """
    with opened(gradebook) as book:
        record = book.assignment(assignment)
        keys = keys_of(book, record)
        limits = Limits(seconds=seconds)
        before = book.counts(record.id)
        failure = ""
        with _progress(before) as progress:
            try:
                with _scorer(keys, cluster, jobs=jobs, limits=limits, kind=kind) as scorer:
                    result = grade_assignment(book, record, scorer, now=_now, done=progress)
            except SandboxError as error:
                failure = str(error)
                with data_scorer(keys) as scorer:
                    result = grade_assignment(book, record, scorer, now=_now, done=progress)
        _tell(book.counts(record.id), record, result.scored)
    if failure:
        raise click.ClickException(f"{counted(result.left, 'function')} not graded: {failure}")


@contextmanager
def _scorer(keys: Keys, cluster: str | None, *, jobs: int, limits: Limits, kind: str) -> Iterator[Scorer]:
    if not cluster:
        with local_scorer(keys, jobs=jobs, limits=limits, kind=kind) as scorer:
            yield scorer
        return
    try:
        from proverka.classroom.cluster import ClusterError, cluster_scorer
    except ModuleNotFoundError as error:
        raise click.ClickException(f"--cluster needs {error.name}; run: pip install 'proverka[cluster]'") from error
    try:
        with cluster_scorer(cluster, keys, limits=limits, kind=kind) as scorer:
            yield scorer
    except ClusterError as error:
        raise click.ClickException(f"{error}; what was scored is kept, run it again to go on") from error


@contextmanager
def _progress(before: Counts) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("scoring", total=before.responses - before.scored)
        yield lambda count: progress.advance(bar, count)


def _tell(counts: Counts, record: AssignmentRecord, scored: int) -> None:
    click.echo(f"{record.title}: {counted(scored, 'answer')} scored, {counts.scored} of {counts.responses} in all")
    if counts.waiting or counts.doubtful:
        click.echo(f"{counts.waiting} wait for a person and {counts.doubtful} are doubtful: proverka mark {record.id}")
    if counts.missing:
        click.echo(f"{counted(counts.missing, 'student')} of {counts.students} handed in nothing that can be read")


def _now() -> int:
    return int(time.time())
