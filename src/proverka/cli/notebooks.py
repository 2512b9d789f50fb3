"""``proverka notebooks``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from proverka.bank.check import pictures_of
from proverka.cli.pictures import embedded
from proverka.cli.words import counted
from proverka.files import write_whole
from proverka.model import Outcome, Pin, Place, Question
from proverka.problems import Code, Problem, Problems, did_you_mean, render_problems
from proverka.project import Project, check_project, load_project
from proverka.render.notebook import render_notebook


@click.command()
@click.argument("stems", nargs=-1, metavar="[STEM]...")
@click.option("--check", is_flag=True, help="Write nothing; report the notebooks that are missing or stale.")
@click.pass_obj
def notebooks(root: Path, stems: tuple[str, ...], check: bool) -> None:
    """Write a notebook for each chapter’s questions.

    A STEM names a chapter; without any, all chapters that have questions are meant. A notebook that
    is as it should be is left alone. Nothing is ever deleted.

    \b
    Examples:
      proverka notebooks
      proverka notebooks mosfilm tarkovsky
      proverka notebooks --check
    """
    project = load_sound_project(root)
    problems, wrote = Problems(), 0
    chosen = choose_stems(project, stems)
    for stem in chosen:
        path = notebook_path(project, stem)
        shown = project.config.shown(path)
        text = render_chapter_notebook(project, stem)
        known = path.read_bytes() if path.is_file() else None
        if known == text.encode():
            continue
        if check:
            message = "the notebook does not exist" if known is None else "the notebook is not what the bank gives"
            problems.add(Place(shown), message, Code.NOTEBOOK_STALE)
        else:
            _write(path, text)
            click.echo(f"wrote {shown}")
            wrote += 1
    if problems:
        click.echo(render_problems(problems))
    told = counted(len(problems), "problem") if check else f"{wrote} written, {len(chosen) - wrote} unchanged"
    click.echo(f"{counted(len(chosen), 'notebook')}: {told}", err=True)
    if problems:
        raise SystemExit(1)


def load_sound_project(root: Path) -> Project:
    """The project; if its bank or its ledger has errors they are told and the program ends."""
    project = load_project(root)
    blocking = Problems(each for each in check_project(project).errors if _in_bank_or_ledger(each, project))
    if blocking:
        click.echo(render_problems(blocking))
        click.echo("the bank or the ledger has errors: nothing was done", err=True)
        raise SystemExit(1)
    return project


def _in_bank_or_ledger(problem: Problem, project: Project) -> bool:
    config = project.config
    places = [config.path(each) for each in ("bank", "ledger", "article", "names", "bibliography")]
    # Not Path.resolve, which refuses links that lead back to themselves.
    known = {os.path.realpath(each) for each in (*places, config.root / "pyproject.toml")}
    file = Path(os.path.realpath(config.root / problem.place.file))
    return any(str(each) in known for each in (file, *file.parents))


def choose_stems(project: Project, stems: Sequence[str]) -> list[str]:
    """The stems named, or all that have both questions and a chapter, in the order of the book.

    :raises click.UsageError: a stem has no quiz.
    """
    known = [stem for stem in project.chapters if project.bank.chapters.get(stem)]
    for stem in stems:
        if stem not in known:
            hint = did_you_mean(stem, known, f"there are: {', '.join(known) or 'none'}")
            raise click.UsageError(f"there is no quiz “{stem}”; {hint}")
    return [stem for stem in known if not stems or stem in stems]


def notebook_path(project: Project, stem: str) -> Path:
    """Where a chapter’s notebook is."""
    return project.config.path("notebooks") / f"{stem}.ipynb"


def render_chapter_notebook(project: Project, stem: str) -> str:
    """The notebook of a chapter’s questions, outcomes that belong to other chapters last."""
    chapter = project.chapters[stem]
    questions = project.bank.of_chapter(stem)
    outcomes = {each.id: each for each in chapter.outcomes}
    elsewhere: Iterable[Outcome] = (project.outcomes[each.outcome] for each in questions)
    outcomes |= {each.id: each for each in elsewhere if each.id not in outcomes}
    return render_notebook(
        stem,
        chapter.title or stem,
        questions,
        list(outcomes.values()),
        project.ledger.claims,
        project.ledger.sources,
        _files(project, questions),
    )


def _files(project: Project, questions: Sequence[Question]) -> dict[str, str]:
    """What the questions show."""
    drawings = {each.drawing: each.alt for each in questions if isinstance(each, Pin)}
    pictures = [path for each in questions for path in pictures_of(each)]
    return embedded(drawings, pictures, [project.config.path("chapters")])


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
