"""``proverka grades``."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from proverka.classroom.grade_files import Form, anonymous, render_grades
from proverka.cli.classroom_options import gradebook_option, opened
from proverka.files import write_whole


@click.command()
@click.argument("assignment")
@click.option("--format", "form", type=click.Choice(get_args(Form)), default="csv", show_default=True, help="For what.")
@click.option("--anonymous", "coded", is_flag=True, help="Codes instead of names, ids and addresses.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@gradebook_option
def grades(assignment: str, form: Form, coded: bool, out: Path | None, gradebook: str) -> None:
    """Write the grades as a table: for a spreadsheet, or to be imported into Moodle or Canvas.

    A student of whom nothing could be read has an empty grade, not 0.

    \b
    Examples:
      proverka grades first-week
      proverka grades first-week --format moodle -o grades.csv
    """
    with opened(gradebook) as book:
        record = book.assignment(assignment)
        rows = book.grades(record.id)
        text = render_grades(anonymous(rows, book.salt) if coded else rows, form, title=record.title)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(out, text)
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error.strerror}") from error
    click.echo(f"wrote {out}", err=True)
