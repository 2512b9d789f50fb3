"""``proverka collect``."""

from __future__ import annotations

import dataclasses
import json
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from proverka.classroom.collect import Tally, make_known
from proverka.classroom.collect import collect as collect_handins
from proverka.classroom.found import find_handins
from proverka.classroom.hand_out import MANIFEST
from proverka.classroom.model import SCORED, HandIn, HandInState
from proverka.classroom.release import ManifestError, Release, read_manifest
from proverka.classroom.times import Times, TimesError, read_times
from proverka.classroom.whose import Whose
from proverka.cli.classroom_options import gradebook_option, jobs_option, opened
from proverka.cli.words import counted

_READ = SCORED | {HandInState.DUPLICATE}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FOLDER|ZIP...")
@click.option(
    "--release",
    "where",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help="The folder that “proverka release” wrote, or the manifest in it.",
)
@gradebook_option
@click.option(
    "--times",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV file with the columns “time” and “student” or “file”, where the files’ own times are not right.",
)
@jobs_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or machines.")
def collect(paths: tuple[Path, ...], where: Path, gradebook: str, times: Path | None, jobs: int, form: str) -> None:
    """Read what came back into the gradebook. Nothing in it is run.

    Takes the zip of Moodle or Canvas as it was downloaded, the same unpacked, or any folder. Whose a
    notebook is says the tag in it. A file that cannot be read, or belongs to somebody else, is told and
    kept on record; the others are read all the same. Called again, only what is new is added.

    Exit status: 0 everything could be read, 1 something could not, 2 wrong usage.

    \b
    Examples:
      proverka collect submissions.zip --release released/first-week
      proverka collect handed-in/ late.zip --release released/first-week --times times.csv
    """
    release, manifest = _release(where)
    given = _times(times, release)
    now = int(time.time())
    tally, told = Tally(), _Told(form)
    with opened(gradebook, create=True) as book:
        make_known(book, release, released=int(manifest.stat().st_mtime), now=now)
        columns = (SpinnerColumn(), TextColumn("reading"), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("reading", total=None)
            found = chain.from_iterable(map(find_handins, paths))
            handins = collect_handins(
                found, release, times=given, tally=tally, jobs=jobs, done=lambda: progress.advance(bar)
            )
            try:
                added = book.add_handins(release.assignment, told.along(handins), now=now)
            except KeyboardInterrupt:
                told.stopped, added = True, Counter()
    told.end(tally, added)
    if told.stopped:
        click.echo("stopped; what was read is kept: run the same again to go on", err=True)
        raise SystemExit(130)
    if tally.states.keys() - _READ:
        raise SystemExit(1)


def _release(where: Path) -> tuple[Release, Path]:
    manifest = where / MANIFEST if where.is_dir() else where
    try:
        return read_manifest(manifest), manifest
    except ManifestError as error:
        raise click.UsageError(str(error)) from error


def _times(path: Path | None, release: Release) -> Times:
    if path is None:
        return Times()
    try:
        return read_times(path, Whose(release.students, assignment=release.assignment).called)
    except TimesError as error:
        raise click.UsageError(str(error)) from error


class _Told:
    """Hand-ins as they are told: a line for each that is not as it should be, and a table."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._unusual: list[HandIn] = []
        #: Whether somebody pressed Ctrl-C.
        self.stopped = False

    def along(self, handins: Iterator[HandIn]) -> Iterator[HandIn]:
        """The same hand-ins, looked at as they go by; Ctrl-C ends them."""
        try:
            for each in handins:
                if each.state is not HandInState.OK:
                    self._unusual.append(dataclasses.replace(each, answers=()))
                yield each
        except KeyboardInterrupt:
            # What was read so far can still be kept.
            self.stopped = True

    def end(self, tally: Tally, added: Counter[HandInState]) -> None:
        """Tell it all."""
        if self._form == "json":
            click.echo(json.dumps(self._data(tally, added), ensure_ascii=False, indent=1))
            return
        for each in self._unusual:
            click.echo(f"{each.file}: {each.state}: {each.reason}" if each.reason else f"{each.file}: {each.state}")
        for state in HandInState:
            if count := tally.states[state]:
                click.echo(f"{state:<16}{count:>7}")
        total = tally.states.total()
        parts = [counted(total, "hand-in"), f"{added.total()} new"]
        # A file of an earlier day under another name is known to the gradebook alone.
        if repeats := added[HandInState.DUPLICATE]:
            parts.append(f"{repeats} of them {'a duplicate' if repeats == 1 else 'duplicates'}")
        parts += [f"{tally.late} late"] if tally.late else []
        click.echo(", ".join(parts))
        if passed := tally.debris + tally.others:
            click.echo(
                f"passed over: {counted(passed, 'file')} that {'is' if passed == 1 else 'are'} no notebook", err=True
            )

    def _data(self, tally: Tally, added: Counter[HandInState]) -> dict[str, object]:
        fields = ("file", "student", "state", "reason", "at", "receipt")
        return {
            "states": {str(each): tally.states[each] for each in HandInState},
            "new": {str(each): added[each] for each in HandInState},
            "late": tally.late,
            "passed_over": tally.debris + tally.others,
            "unusual": [{name: getattr(each, name) for name in fields} for each in self._unusual],
        }
