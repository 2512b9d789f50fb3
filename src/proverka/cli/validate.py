"""``proverka validate``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proverka.cli.notebooks import choose_stems, load_sound_project, notebook_path
from proverka.cli.words import counted
from proverka.problems import Problems, render_problems

if TYPE_CHECKING:
    from proverka.validate import Done, QuizNotebook


@click.command()
@click.argument("stems", nargs=-1, metavar="[STEM]...")
@click.option("--jobs", type=click.IntRange(min=1), help="How many to run side by side; as many as there are cores.")
@click.pass_obj
def validate(root: Path, stems: tuple[str, ...], jobs: int | None) -> None:
    """Run the quiz notebooks blank, with the key and with every wrong answer.

    Blank, a notebook should end without error and give no points; with its key, all of them; with a
    wrong answer, fewer. A STEM names a chapter; without any, all notebooks are run.

    \b
    Examples:
      proverka validate
      proverka validate --jobs 1 mosfilm
    """
    missing = [each for each in ("nbclient", "ipykernel") if find_spec(each) is None]
    if missing:
        raise click.UsageError(f'{" and ".join(missing)} cannot be found; run: pip install "proverka[book]"')
    try:
        problems = _validate(root, stems, jobs)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        raise SystemExit(130) from None
    if problems:
        click.echo(render_problems(problems))
        raise SystemExit(1)


def _validate(root: Path, stems: tuple[str, ...], jobs: int | None) -> Problems:
    # Imported here because it needs the extra “book”.
    from proverka.validate import KernelError, QuizNotebook, validate_notebooks

    project = load_sound_project(root)
    notebooks = []
    for stem in choose_stems(project, stems):
        path = notebook_path(project, stem)
        notebooks.append(QuizNotebook(path, project.config.shown(path), project.bank.of_chapter(stem)))
    with _progress(len(notebooks)) as done:
        try:
            problems = validate_notebooks(notebooks, jobs=jobs or os.cpu_count() or 1, done=done)
        except KernelError as error:
            raise click.ClickException(f"no kernel can be started: {error}") from error
    questions = sum(len(each.questions) for each in notebooks)
    told = f"{counted(len(notebooks), 'notebook')}, {counted(questions, 'question')}"
    click.echo(f"{told}: {counted(len(problems), 'problem')}", err=True)
    return problems


@contextmanager
def _progress(total: int) -> Iterator[Done]:
    """A bar on a terminal; otherwise a line for each notebook."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)

    def tell(notebook: QuizNotebook, problems: Problems, seconds: float) -> None:
        verdict = counted(len(problems), "problem") if problems else "ok"
        click.echo(f"{notebook.shown}: {verdict} ({seconds:.1f} s)", err=True)

    if not console.is_terminal:
        yield tell
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Running notebooks", total=total)

        def advance(notebook: QuizNotebook, problems: Problems, seconds: float) -> None:
            del problems, seconds
            bar.update(task, advance=1, description=notebook.shown)

        yield advance
