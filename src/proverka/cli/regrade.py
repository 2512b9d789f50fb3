"""``proverka regrade``."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import click

from proverka.classroom.grade import BATCH, data_scorer, keys_of, local_scorer, needs_sandbox, write_run
from proverka.classroom.gradebook.rows import Change
from proverka.classroom.regrade import Correction, corrected, corrections_in, note_of
from proverka.classroom.sandbox import Limits, SandboxError
from proverka.cli.classroom_options import gradebook_option, jobs_option, opened
from proverka.cli.release import private_bank
from proverka.cli.words import counted
from proverka.problems import Problems, render_problems
from proverka.project import load_project


@click.command()
@click.argument("assignment")
@click.option(
    "--bank",
    "banks",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Another folder of questions, as for “release”.",
)
@click.option("--write", is_flag=True, help="Let the new points count; without it they are only told.")
@gradebook_option
@jobs_option
@click.pass_obj
def regrade(root: Path, assignment: str, banks: tuple[Path, ...], write: bool, gradebook: str, jobs: int) -> None:
    """Score stored answers again where the bank has a corrected key, and tell who gains and who loses.

    Correct the question in its bank file, then look, then write. Both keys and both scores stay in the
    gradebook.

    \b
    Examples:
      proverka regrade first-week
      proverka regrade first-week --write
    """
    project = load_project(root)
    problems = Problems()
    all_banks = [project.bank, *(private_bank(project, each, problems) for each in banks)]
    if problems.errors:
        click.echo(render_problems(problems))
        raise SystemExit(1)
    with opened(gradebook) as book:
        record = book.assignment(assignment)
        keys = keys_of(book, record)
        corrections = corrections_in(record, keys, all_banks)
        if not corrections:
            click.echo("no key differs from that of the last scores: nothing to do")
            return
        now = int(time.time())
        names = sorted({each.new.id for each in corrections})
        new = corrected(keys, corrections).of(names)
        book.add_keys([each.new for each in corrections], now=now)
        run = book.begin_run(record.id, "regrade", note_of(corrections), now=now)
        book.add_corrections(run, {each.asked: each.new for each in corrections})
        try:
            kind = local_scorer(new, jobs=jobs, limits=Limits(), kind="bubblewrap")
            with kind if needs_sandbox(new.by_fingerprint) else data_scorer(new) as scorer:
                batches = book.to_rescore(record.id, run, names, BATCH)
                write_run(book, run, batches, scorer, now=lambda: now, done=lambda _: None, finish=False)
        except SandboxError as error:
            raise click.ClickException(f"functions cannot be tried again: {error}") from error
        _tell(corrections, book.changes(run))
        if write:
            book.finish_run(run, now=int(time.time()))
            click.echo("written; the scores before stay in the gradebook")
        else:
            click.echo("nothing was written; to let it count: proverka regrade --write " + assignment)


def _tell(corrections: Sequence[Correction], changes: Sequence[Change]) -> None:
    by_question: dict[str, list[Change]] = defaultdict(list)
    for each in changes:
        if each.before != each.after:
            by_question[each.question].append(each)
    for correction in corrections:
        click.echo(f"{correction.new.id}: key {correction.old.fingerprint} → {correction.new.fingerprint}")
        for name, old, new in correction.fields:
            click.echo(f"  {name}: {_short(old)}\n      → {_short(new)}")
    for question in dict.fromkeys(each.new.id for each in corrections):
        moved = by_question[question]
        gain = sum((each.before or 0) < each.after for each in moved)
        click.echo(f"{question}: {_moved(gain, 'gain')}, {_moved(len(moved) - gain, 'lose')}")
        for each in sorted(moved, key=lambda each: (each.after - (each.before or 0), each.student)):
            before = "none" if each.before is None else f"{each.before:g}"
            click.echo(f"  {each.student}: {before} → {each.after:g} of {each.of:g}")


def _moved(count: int, verb: str) -> str:
    return f"{counted(count, 'student')} {verb}{'s' if count == 1 else ''}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else f"{text[:399]}…"
