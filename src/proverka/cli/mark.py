"""``proverka mark``."""

from __future__ import annotations

import getpass
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from proverka.classroom.grade import BATCH, data_scorer, keys_of, write_run
from proverka.classroom.gradebook import Gradebook, ToMark
from proverka.classroom.marking import (
    Marked,
    accepted,
    answer_text,
    criteria,
    marks_of,
    read_mark,
    read_queue,
    render_queue,
    unchanged,
)
from proverka.classroom.score import Keys
from proverka.cli.classroom_options import gradebook_option, opened
from proverka.cli.words import counted
from proverka.files import write_whole
from proverka.model import Question
from proverka.render.inline import to_plain

#: Typed in place of a mark.
_SKIPS, _ENDS = "s", "q"


@click.command()
@click.argument("assignment")
@click.option(
    "--write", "queue_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the queue as a CSV file."
)
@click.option(
    "--read",
    "marks_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take over the marks filled in there.",
)
@click.option("--again", is_flag=True, help="Take up what was marked already, to correct it.")
@click.option("--anonymous", is_flag=True, help="Show codes instead of students’ ids.")
@click.option("--marker", default="", help="Who marks; the name of this account if left out.")
@gradebook_option
def mark(
    assignment: str,
    queue_file: Path | None,
    marks_file: Path | None,
    again: bool,
    anonymous: bool,
    marker: str,
    gradebook: str,
) -> None:
    """Mark what no key can: texts of one's own, and typed answers that are nearly right.

    Without --write or --read it asks here, one answer after another, those of one question together. Every
    mark is kept at once; stop whenever you like. With --again it takes up what was marked already: change a
    mark or press Enter to keep it. The old mark stays in the gradebook and counts no more.

    \b
    Examples:
      proverka mark first-week
      proverka mark first-week --anonymous --write queue.csv
      proverka mark first-week --read queue.csv
      proverka mark first-week --again
    """
    if queue_file and marks_file:
        raise click.UsageError("--write and --read are two steps: name one of them")
    with opened(gradebook) as book:
        record = book.assignment(assignment)
        keys = keys_of(book, record)
        queue = _queue(book, record.id, again=again)
        if queue_file:
            _write(queue_file, render_queue(queue, keys, salt=book.salt if anonymous else ""))
            what = "marked before" if again else "to mark"
            click.echo(f"wrote {queue_file}: {counted(len(queue), 'answer')} {what}", err=True)
            return
        # A run that was stopped is taken up by the next, but knows only the marks that were before it.
        _score_marked(book, record.id, keys)
        problems: list[str] = []
        marked: Iterator[Marked] | list[Marked]
        if marks_file:
            marked, problems = read_queue(_read(marks_file), queue, keys, again=again)
        else:
            marked = _asked(queue, keys, anonymous=anonymous)
        count = 0
        for each in marked:
            book.mark(each.response, each.marks, marker=marker or getpass.getuser(), now=_now(), comment=each.comment)
            count += 1
        _score_marked(book, record.id, keys)
        left = len(_queue(book, record.id))
    told = f"{counted(count, 'mark')} changed" if again else f"{counted(count, 'answer')} marked, {left} left"
    click.echo(told, err=True)
    for problem in problems:
        click.echo(f"{marks_file}: {problem}")
    if problems:
        raise SystemExit(1)


def _queue(book: Gradebook, assignment: str, *, again: bool = False) -> list[ToMark]:
    """What waits for a person, or was marked, and bears on a grade."""
    return [each for each in book.marking_queue(assignment, again=again) if each.counts]


def _score_marked(book: Gradebook, assignment: str, keys: Keys) -> None:
    """Let the marks count: in a run of their own, so that what was before stays."""
    run = book.begin_run(assignment, "mark", now=_now())
    with data_scorer(keys) as scorer:
        write_run(book, run, book.marked(assignment, run, BATCH), scorer, now=_now, done=lambda _: None)


def _asked(queue: Sequence[ToMark], keys: Keys, *, anonymous: bool) -> Iterator[Marked]:
    """Ask for one mark after another until there are no more or somebody has had enough."""
    before = ""
    for number, each in enumerate(queue, 1):
        question = keys.by_fingerprint[each.fingerprint]
        if each.fingerprint != before:
            click.echo(f"\n{click.style(to_plain(question.stem), bold=True)}\n\nAccepted: {accepted(question)}")
            before = each.fingerprint
        who = "" if anonymous else f", {each.student}"
        why = ", nearly right" if each.doubtful else ""
        click.echo(f"\n[{number} of {len(queue)}{who}{why}]\n{answer_text(question, each.answer)}\n")
        while True:
            typed = _typed(question, marks_of(each))
            if _ENDS in typed.values():
                return
            if _SKIPS in typed.values():
                break
            try:
                marks = read_mark(question, typed)
            except ValueError as error:
                click.echo(f"{error}; once more, please")
                continue
            had = each.mark.comment if each.mark else ""
            comment = _prompt("comment (may be left out)", had)
            given = Marked(each.response, marks, had if comment == _ENDS else comment)
            if given != unchanged(each):
                yield given
            if comment == _ENDS:
                return
            break


def _typed(question: Question, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed for each criterion, up to a word that ends or skips; Enter alone keeps what was given before."""
    typed: dict[str, str] = {}
    for name, (words, most) in criteria(question).items():
        asked = f"{name}: {words} (0 to {most:g}; {_SKIPS} skips, {_ENDS} ends)"
        typed[name] = _prompt(asked, given.get(name, ""))
        if typed[name] in (_SKIPS, _ENDS):
            break
    return typed


def _prompt(text: str, default: str = "") -> str:
    """What was typed; the end of all input, or Ctrl-C, as the word that ends."""
    try:
        typed: str = click.prompt(text, default=default, show_default=bool(default))
    except click.Abort:
        click.echo()
        return _ENDS
    return typed.strip()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"cannot read {path}: {error}") from error


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error


def _now() -> int:
    return int(time.time())
