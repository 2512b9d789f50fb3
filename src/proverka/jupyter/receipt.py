"""What a student is told of the file to hand in: which questions are answered there, and the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from proverka.jupyter.handed_in import HandedIn
from proverka.jupyter.kept import Saved
from proverka.jupyter.shown import text_of
from proverka.model import JSON
from proverka.receipt import receipt_code


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is shown: a heading, a line for each question, the code if there is one, and sentences."""

    heading: str
    #: By question: “answered”, “–”.
    rows: Mapping[str, str]
    code: str
    sentences: Sequence[str]


def code_of(handed: HandedIn) -> str:
    """The receipt of what was handed in."""
    return receipt_code(handed.tag, handed.answers)


def count_of(handed: HandedIn) -> str:
    """“5 of 9 questions”."""
    of = f" of {len(handed.questions)}" if handed.questions else ""
    return f"{len(handed.answers)}{of} questions"


def in_file(
    questions: Sequence[str], handed: HandedIn, saved: Saved, recorded: Mapping[str, JSON], *, live: bool
) -> Receipt:
    """What stands in the file.

    :param recorded: The answers that the kernel knows.
    :param live: Whether somebody can save the notebook now.
    """
    at = datetime.fromtimestamp(saved.at, UTC)
    return Receipt(
        heading=f"{saved.path.name} as saved on {at.day} {at:%B %Y, %H:%M:%S} UTC: {count_of(handed)} answered",
        rows={each: "answered" if each in handed.answers else "–" for each in questions},
        code=code_of(handed),
        sentences=list(_told(handed, recorded, live=live)),
    )


def not_found(recorded: Mapping[str, JSON]) -> Receipt:
    """What can be said without the file."""
    known = {name: "recorded" for name, answer in recorded.items() if answer is not None}
    return Receipt(
        heading="Recorded in this kernel",
        rows=known or {"nothing": "–"},
        code="",
        sentences=[
            "The file of this notebook cannot be found from here, so this is only what the kernel knows.",
            "Save the notebook, and for a receipt run in a terminal: proverka receipt FILE.ipynb",
        ],
    )


def _told(handed: HandedIn, recorded: Mapping[str, JSON], *, live: bool) -> Iterator[str]:
    later = [name for name, answer in recorded.items() if handed.answers.get(name) != answer]
    if later:
        yield f"Not in the file as it was saved: the last answer to {', '.join(later)}. Save, and run this cell again."
    elif live:
        yield "Save first, then run this cell: it tells what is in the file, and the file is what you hand in."
    if handed.foreign:
        yield f"Records of another sheet are in it ({handed.foreign}); they do not count."
    yield from (f"Note: {each}." for each in handed.notes)


def to_bundle(receipt: Receipt) -> dict[str, JSON]:
    """As HTML and as text."""
    lines = [f"{name}: {each}" for name, each in receipt.rows.items()]
    code = [f"Receipt: {receipt.code}"] if receipt.code else []
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(each)}</td></tr>\n' for name, each in receipt.rows.items()
    )
    html = (
        f'<p>{escape(receipt.heading)}</p>\n<table class="pv-results">\n<caption>Answers</caption>\n'
        '<thead>\n<tr><th scope="col">Question</th><th scope="col">Answer</th></tr>\n</thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n"
        f"{''.join(f'<p>Receipt: <code>{escape(receipt.code)}</code></p>{chr(10)}' for _ in code)}"
        f"{''.join(f'<p>{escape(each)}</p>{chr(10)}' for each in receipt.sentences)}"
    )
    text = text_of([receipt.heading, *(f"  {each}" for each in lines), *code, *receipt.sentences])
    return {"text/html": html, "text/plain": text}
