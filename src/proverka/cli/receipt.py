"""``proverka receipt``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from proverka.jupyter.handed_in import HandedIn, read_handed_in
from proverka.jupyter.kept import MOST_BYTES
from proverka.jupyter.receipt import code_of, count_of


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.ipynb...")
def receipt(files: tuple[Path, ...]) -> None:
    """Tell what is in a notebook to be handed in: whose it is, how much is answered, and its receipt.

    The receipt is a code over the answers. Your teacher’s report has the same code if what arrived is what
    you handed in. Nothing in the notebook is run.

    \b
    Example:
      proverka receipt first-week-s1234.ipynb
    """
    unread = 0
    for file in files:
        try:
            handed = _read(file)
        except ValueError as error:
            click.echo(f"{file}: {error}", err=True)
            unread += 1
            continue
        click.echo(f"{file}")
        click.echo(f"  assignment  {handed.assignment or 'unknown'}")
        click.echo(f"  student     {handed.student or 'unknown'}")
        click.echo(f"  answered    {count_of(handed)}")
        click.echo(f"  receipt     {code_of(handed)}")
        for note in handed.notes:
            click.echo(f"{file}: {note}", err=True)
    if unread:
        raise SystemExit(1)


def _read(file: Path) -> HandedIn:
    """What is in a file.

    :raises ValueError: it cannot be read, or is of no graded sheet.
    """
    try:
        large = file.stat().st_size > MOST_BYTES
        data = b"" if large else file.read_bytes()
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from error
    if large:
        raise ValueError(f"the file is larger than {MOST_BYTES // 1_000_000} MB, and a graded sheet is not")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("this is not a whole notebook; save it in Jupyter again") from error
    handed = read_handed_in(notebook)
    if not handed.tag:
        raise ValueError("this is no notebook of a graded assignment, or all that says whose it is was deleted")
    return handed
