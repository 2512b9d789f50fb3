"""``proverka forget``."""

from __future__ import annotations

import json

import click

from proverka.cli.classroom_options import gradebook_option, opened


@click.command()
@click.argument("student")
@gradebook_option
@click.option("--show", is_flag=True, help="Delete nothing; write what is stored as JSON.")
def forget(student: str, gradebook: str, show: bool) -> None:
    """Delete all that a gradebook holds about a student.

    STUDENT is the id on the roster. What cannot be undone: answers, scores, marks and files’ names are gone.

    \b
    Examples:
      proverka forget s1234 --show > s1234.json
      proverka forget s1234
    """
    with opened(gradebook) as book:
        if show:
            click.echo(json.dumps(book.data_of(student), ensure_ascii=False, indent=1))
            return
        counts = book.forget(student)
    told = ", ".join(f"{count} in {table}" for table, count in counts.items() if count)
    click.echo(f"deleted: {told}")
