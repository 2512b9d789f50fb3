"""What the commands for a class share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from proverka.classroom.gradebook.book import Gradebook

gradebook_option: Callable[[click.decorators.FC], click.decorators.FC] = click.option(
    "--gradebook",
    envvar="PROVERKA_GRADEBOOK",
    default="gradebook.sqlite",
    show_default=True,
    help="An SQLite file, or the address of a PostgreSQL database.",
)

jobs_option: Callable[[click.decorators.FC], click.decorators.FC] = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    show_default="one for each processor",
    help="How many to do at a time.",
)


@contextmanager
def opened(gradebook: str, *, create: bool = False) -> Iterator[Gradebook]:
    """The gradebook; what is wrong with it ends the program with a message."""
    from proverka.classroom.gradebook.book import open_gradebook
    from proverka.classroom.gradebook.errors import GradebookError

    try:
        with open_gradebook(gradebook, create=create) as book:
            yield book
    except GradebookError as error:
        raise click.ClickException(str(error)) from error
