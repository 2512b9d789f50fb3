"""``proverka report``."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from proverka.classroom.gradebook import AssignmentRecord, Grade
from proverka.classroom.report import FEEDBACK, NOTEBOOKS, Wanted, still_open, write_report
from proverka.cli.classroom_options import gradebook_option, opened
from proverka.cli.words import counted
from proverka.problems import did_you_mean


@click.command()
@click.argument("assignment")
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
@click.option("--notebooks", is_flag=True, help="Write each student’s sheet with its answers as a notebook, too.")
@click.option("--anonymous", is_flag=True, help="Codes instead of names, ids and files.")
@click.option(
    "--students", multiple=True, metavar="ID", help="Write the feedback of this student alone; can be given again."
)
@click.option(
    "--keys/--no-keys",
    default=None,
    help="Whether students are told what is right and why; if left out, once the assignment is closed.",
)
@gradebook_option
def report(
    assignment: str,
    out: Path,
    notebooks: bool,
    anonymous: bool,
    students: tuple[str, ...],
    keys: bool | None,
    gradebook: str,
) -> None:
    """Write feedback for each student and an overview of the class.

    OUT/feedback has a page for each student, which needs nothing beside it. OUT/class.html and
    OUT/receipts.csv are yours. Where hand-ins came from Moodle, OUT/feedback.zip can be uploaded there
    as feedback files. Written again, what has not changed stays the same.

    \b
    Examples:
      proverka report first-week -o reports/first-week
      proverka report first-week -o reports/first-week --students s1234
      proverka report first-week -o ../shared --anonymous --notebooks
    """
    with opened(gradebook) as book:
        record = book.assignment(assignment)
        grades = book.grades(record.id)
        _refuse_unknown(students, grades)
        told = _keys_told(keys, record)
        wanted = Wanted(keys=told, notebooks=notebooks, anonymous=anonymous, students=frozenset(students))
        columns = (TextColumn("writing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
                bar = progress.add_task("writing", total=len(wanted.students) or len(grades))
                written = write_report(book, record, out, wanted, done=lambda: progress.advance(bar))
        except OSError as error:
            raise click.ClickException(f"cannot write {error.filename or out}: {error.strerror}") from error
    click.echo(f"wrote {out / FEEDBACK}: {counted(written.students, 'page')}")
    if notebooks:
        click.echo(f"wrote {out / NOTEBOOKS}: {counted(written.students, 'notebook')}")
    for each in written.files:
        click.echo(f"wrote {each}")
    if written.archived and written.archived < written.students:
        left = written.students - written.archived
        click.echo(f"{counted(left, 'student')} not in the zip: no hand-in came from a folder of Moodle’s", err=True)


def _keys_told(keys: bool | None, record: AssignmentRecord) -> bool:
    """Whether students are told what is right."""
    if keys is not None:
        return keys
    if still_open(record.policy, int(time.time())):
        click.echo(f"{record.id} is still open: keys and explanations are left out (--keys tells them)", err=True)
        return False
    return True


def _refuse_unknown(students: tuple[str, ...], grades: list[Grade]) -> None:
    known = {each.student for each in grades}
    for each in students:
        if each not in known:
            hint = did_you_mean(each, sorted(known))
            raise click.UsageError(f"there is no student “{each}” on the roster{f'; {hint}' if hint else ''}")
