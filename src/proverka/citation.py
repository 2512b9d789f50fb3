"""How a book wants to be cited: its CITATION.cff, and references to its chapters."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import indent

from proverka.model import JSON
from proverka.problems import Code, Problems
from proverka.yaml_lines import parse_entries, quoted, read_text

FILE = "CITATION.cff"
_SPECIAL = re.compile(r"[\\{}$&#%_~^]")
_WORDS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True, slots=True)
class Work:
    """A book in one of its editions. An author is a family name with given names, or one name."""

    title: str
    authors: tuple[tuple[str, ...], ...]
    version: str
    released: date

    @property
    def author_names(self) -> list[str]:
        """Given name first."""
        return [" ".join(reversed(each)) for each in self.authors]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of it; ``address`` may be unknown."""

    key: str
    title: str
    work: Work
    address: str = ""


def load_work(root: Path, problems: Problems) -> Work | None:
    """What the file of a project says, as far as references need it; nothing if there is none or it is wrong."""
    path = root / FILE
    text = read_text(path, FILE, problems) if path.is_file() else None
    if text is None:
        return None
    # As the one entry of a list, for which there is a reader.
    entries = parse_entries("- " + indent(text, "  ")[2:], FILE, problems)
    if not entries:
        return None
    entry = entries[0]
    authors = []
    for each in entry.entries("authors"):
        person = tuple(filter(None, (each.text("family-names", needed=False), each.text("given-names", needed=False))))
        authors.append(person or (each.text("name"),))
    day = entry.text("date-released")
    try:
        released = date.fromisoformat(day)
    except ValueError:
        problems.add(entry.place_of("date-released"), f"{quoted(day)} is not a date", Code.FIELD_TYPE)
        return None
    work = Work(entry.text("title"), tuple(authors), entry.text("version"), released)
    return None if len(problems) else work


def in_words(day: date) -> str:
    """“25 November 2026”."""
    return f"{day.day} {day:%B %Y}"


def as_text(chapter: Chapter) -> str:
    """One line to be copied."""
    work = chapter.work
    authors = " and ".join(filter(None, [", ".join(work.author_names[:-1]), *work.author_names[-1:]]))
    address = f", {chapter.address}" if chapter.address else ""
    parts = f"{authors}, “{chapter.title}”, in {work.title}, version {work.version}"
    return f"{parts}, {in_words(work.released)}{address}."


def as_bibtex(chapter: Chapter) -> str:
    """An entry for BibTeX and BibLaTeX; a name that is not a person’s is kept whole by braces."""
    work = chapter.work
    authors = [", ".join(map(_escaped, each)) if len(each) > 1 else f"{{{_escaped(each[0])}}}" for each in work.authors]
    fields = {
        "author": " and ".join(authors),
        "title": f"{{{_escaped(chapter.title)}}}",
        "booktitle": f"{{{_escaped(work.title)}}}",
        "year": str(work.released.year),
        "note": f"Version {_escaped(work.version)}, {in_words(work.released)}",
    }
    if chapter.address:
        # An address is taken as it is.
        fields["url"] = chapter.address
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@incollection{{{chapter.key},\n{lines}}}\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _WORDS.get(found[0], f"\\{found[0]}"), text)


def as_csl(chapter: Chapter) -> str:
    """A list of one item in CSL-JSON, which reference managers read."""
    work = chapter.work
    day = work.released
    item: dict[str, JSON] = {
        "id": chapter.key,
        "type": "chapter",
        "title": chapter.title,
        "container-title": work.title,
        "author": [
            {"family": each[0], "given": each[1]} if len(each) > 1 else {"literal": each[0]} for each in work.authors
        ],
        "version": work.version,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
    }
    if chapter.address:
        item["URL"] = chapter.address
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"
