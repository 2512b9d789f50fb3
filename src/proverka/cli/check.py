"""``proverka check``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from proverka.config import Config
from proverka.problems import Problems, render_problems
from proverka.project import check_project, load_project


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or machines.")
@click.option("--notices/--no-notices", default=False, help="Also tell of claims that nothing uses yet.")
@click.pass_obj
def check(root: Path, paths: tuple[Path, ...], form: str, notices: bool) -> None:
    """Report every problem of the ledger, the bank, the chapters and the labs.

    Everything is read; PATHS only narrow what is told to these files and folders.

    \b
    Examples:
      proverka check
      proverka check book/mosfilm.md quizzes/bank/mosfilm.yml
      proverka check --format json > problems.json
    """
    project = load_project(root)
    problems = Problems(
        each
        for each in check_project(project).in_order()
        if (notices or not each.notice) and (not paths or _inside(each.place.file, paths, project.config))
    )
    if problems or form == "json":
        click.echo(render_problems(problems, as_json=form == "json"))
    ledger, labs, count = project.ledger, project.labs, len(problems.errors)
    told = [
        f"{len(ledger.claims)} claims",
        f"{len(ledger.sources)} sources",
        f"{len(project.bank.questions) + len(labs.bank.questions)} questions",
        f"{len(project.chapters)} chapters",
        *([f"{len(labs.chapters)} labs"] if labs.chapters else []),
    ]
    click.echo(f"{', '.join(told)}: {count or 'no'} problem{'' if count == 1 else 's'}", err=True)
    if count:
        raise SystemExit(1)


def _inside(file: str, paths: tuple[Path, ...], config: Config) -> bool:
    # Not Path.resolve, which refuses links that lead back to themselves.
    place = Path(os.path.realpath(config.root / file))
    return any(place.is_relative_to(os.path.realpath(path)) for path in paths)
