"""``proverka release``."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from proverka.bank.check import check_questions, pictures_in
from proverka.bank.load import Bank, load_bank
from proverka.classroom.assignment import load_assignment, pool_of
from proverka.classroom.hand_out import MANIFEST, write_hand_out
from proverka.classroom.release import SHORTEST_SEED, ManifestError, Release, Sheet, Variants, read_manifest
from proverka.classroom.roster import RosterError, read_roster
from proverka.cli.notebooks import load_sound_project
from proverka.cli.pictures import embedded
from proverka.cli.words import counted
from proverka.config import Config
from proverka.problems import Problems, did_you_mean, render_problems
from proverka.project import Project, load_project


@click.command()
@click.argument("assignment")
@click.option("--roster", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="CSV file.")
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
@click.option(
    "--bank",
    "banks",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Another folder of questions, such as one that is never published.",
)
@click.option("--seed", default="", help=f"At least {SHORTEST_SEED} characters; drawn if left out.")
@click.pass_obj
def release(root: Path, assignment: str, roster: Path, out: Path, banks: tuple[Path, ...], seed: str) -> None:
    """Write a notebook for each student, without any key in it.

    ASSIGNMENT is a file in the folder of assignments, named without its ending, or a path. Students come
    from a CSV file: Moodle’s, Canvas’s, or one with a column “id” and perhaps “name” and “email”.

    OUT/hand-out and OUT/hand-out.zip are for the students. OUT/keep is yours: it holds the keys, and
    without it nothing that comes back can be read.

    Released once more into the same folder, the sheets stay the same; new students get theirs.

    \b
    Examples:
      proverka release first-week --roster roster.csv -o released/first-week
      proverka release exam --bank ../exam-bank --roster roster.csv -o ../exam
    """
    if seed and len(seed) < SHORTEST_SEED:
        raise click.UsageError(f"the seed has {len(seed)} characters; a short one can be guessed: use {SHORTEST_SEED}")
    project = load_sound_project(root) if (root / "pyproject.toml").exists() else load_project(root)
    problems = Problems()
    found = load_assignment(*_file(project.config, assignment), problems)
    all_banks = [project.bank, *(private_bank(project, each, problems) for each in banks)]
    pool = pool_of(found, all_banks, problems) if found else ()
    if problems.errors or found is None:
        click.echo(render_problems(problems))
        click.echo("nothing was released", err=True)
        raise SystemExit(1)
    try:
        new = Release(
            assignment=found.id,
            title=found.title,
            instructions=found.instructions,
            due=found.due,
            draw=found.draw,
            policy=found.policy,
            seed=_seed(out / MANIFEST, seed),
            students=read_roster(roster),
            pool=pool,
            outcomes=_outcomes(project, pool),
        )
        _refuse_other(new, out / MANIFEST)
    except (RosterError, ManifestError) as error:
        raise click.ClickException(str(error)) from error
    folders = [project.config.path("chapters"), *banks]

    def show(sheet: Sheet) -> Mapping[str, str]:
        drawings = {each.drawing: each.alt for each in sheet.tasks if each.drawing}
        return embedded(drawings, pictures_in(text for each in sheet.tasks for text in each.texts()), folders)

    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("writing", total=len(new.students))
            count = write_hand_out(new, out, show, done=lambda: progress.advance(bar))
    except OSError as error:
        raise click.ClickException(f"cannot write {error.filename or out}: {error.strerror}") from error
    each = found.draw or len(pool)
    click.echo(f"wrote {out / 'hand-out.zip'}: {counted(count, 'notebook')} of {counted(each, 'question')}")
    click.echo(f"keep {out / MANIFEST.parent} to yourself: it holds the keys, and hand-ins cannot be read without it")


def _file(config: Config, assignment: str) -> tuple[Path, str]:
    """The file of an assignment and how messages call it."""
    path = Path(assignment)
    if path.suffix not in (".yml", ".yaml"):
        path = config.path("assignments") / f"{assignment}.yml"
    if not path.is_file():
        known = sorted(each.stem for each in config.path("assignments").glob("*.yml"))
        hint = did_you_mean(assignment, known, f"there are: {', '.join(known) or 'none'}")
        raise click.UsageError(f"there is no assignment “{assignment}”; {hint}")
    return path, config.shown(path.absolute())


def private_bank(project: Project, folder: Path, problems: Problems) -> Bank:
    """The bank in a folder; its claims need not be in the ledger."""
    config = dataclasses.replace(project.config, bank=str(folder.absolute()))
    bank = load_bank(config, project.ledger.sound, project.names, problems, excused=lambda _: True)
    check_questions(bank, problems)
    return bank


def _outcomes(project: Project, pool: Sequence[Variants]) -> dict[str, str]:
    named = dict.fromkeys(variants[0].outcome for variants in pool)
    return {each: project.outcomes[each].text for each in named if each in project.outcomes}


def _seed(manifest: Path, seed: str) -> str:
    """The seed given, that of an earlier release in the same folder, or a new one of 128 bits."""
    if manifest.exists() and not seed:
        return read_manifest(manifest).seed
    return seed or secrets.token_hex(16)


def _refuse_other(new: Release, manifest: Path) -> None:
    """An earlier release in the folder stays readable.

    :raises ManifestError: with this one its hand-ins would be read wrongly.
    """
    if not manifest.exists():
        return
    old = read_manifest(manifest)
    what = ("assignment", "seed", "draw", "pool")
    changed = [each for each in what if getattr(old, each) != getattr(new, each)]
    gone = {each.id for each in old.students} - {each.id for each in new.students}
    if changed:
        raise ManifestError(
            f"{manifest}: another release is here ({', '.join(changed)} differ); its hand-ins could no longer be "
            "read. Release into another folder"
        )
    if gone:
        raise ManifestError(f"{manifest}: {', '.join(sorted(gone)[:5])} got a sheet and is not on the new roster")
