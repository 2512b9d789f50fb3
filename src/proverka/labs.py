"""Labs: notebooks written by hand, which state outcomes in their text and ask questions of a bank beside them.

In the Markdown of ``<name>.ipynb`` an outcome is an item of a list that ends in its id as a comment,
``- Explain why … <!-- lo-lab-<name>-… -->``; a code cell asks a question with ``quiz.ask("q-lab-<name>-…")``.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field, replace

from proverka.bank.check import check_bank, check_pictures
from proverka.bank.load import Bank, bank_files, load_bank
from proverka.chapters import Chapter
from proverka.config import Config
from proverka.ledger.load import Ledger
from proverka.model import Outcome, Place
from proverka.names import Name
from proverka.problems import Code, Problems
from proverka.yaml_lines import quoted, read_text

_OUTCOME = re.compile(r"^[-*] (.+?) <!-- (lo-[a-z0-9-]+) -->$", re.MULTILINE)
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_ASKED = re.compile(r"""^\s*quiz\.ask\((["'])(.+?)\1""", re.MULTILINE)


@dataclass
class Labs:
    """What the labs state and ask, by name, and their questions."""

    chapters: dict[str, Chapter] = field(default_factory=dict)
    bank: Bank = field(default_factory=Bank)


def load_labs(config: Config, ledger: Ledger, names: tuple[Name, ...], problems: Problems) -> Labs:
    """Every lab of a project; what cannot be read is noted in ``problems``."""
    labs = Labs()
    for path in sorted(config.path("labs").glob("*.ipynb")):
        shown = config.shown(path)
        text = read_text(path, shown, problems)
        if text is not None and (lab := parse_lab(text, path.stem, shown, problems)):
            labs.chapters[path.stem] = lab
    labs.bank = load_bank(_apart(config), ledger.sound, names, problems, excused=ledger.knows)
    return labs


def parse_lab(text: str, name: str, file: str, problems: Problems) -> Chapter | None:
    """What a lab states and asks, from the text of its notebook."""
    try:
        cells = [(each["cell_type"], "".join(each["source"])) for each in json.loads(text)["cells"]]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        problems.add(Place(file, line), f"{quoted(name)} is not a notebook", Code.LAB_BROKEN)
        problems.unread.add(file)
        return None

    def place(found: re.Match[str]) -> Place:
        """The line of the file on which a piece of a cell stands."""
        return Place(file, text.count("\n", 0, max(text.find(_escaped(found[0].strip())), 0)) + 1)

    prose = "\n\n".join(source for kind, source in cells if kind == "markdown")
    code = "\n\n".join(source for kind, source in cells if kind == "code")
    title = _TITLE.search(prose)
    return Chapter(
        name,
        file,
        outcomes=[Outcome(found[2], found[1], place(found)) for found in _OUTCOME.finditer(prose)],
        questions=[(found[2], place(found)) for found in _ASKED.finditer(code)],
        title=title[1] if title else name,
    )


def check_labs(labs: Labs, ledger: Ledger, config: Config, problems: Problems) -> None:
    """Keys, options, claims, outcomes and pictures of every question; questions and outcomes of every lab."""
    check_bank(labs.bank, ledger, labs.chapters, problems)
    check_pictures(labs.bank, config.path("chapters"), problems)
    for path in bank_files(_apart(config)):
        if not os.path.lexists(config.path("labs") / f"{path.stem}.ipynb"):
            place, hint = Place(config.shown(path)), "name the file after its lab"
            problems.add(place, f"there is no lab {quoted(path.stem)}", Code.CHAPTER_MISSING, hint=hint)


def _apart(config: Config) -> Config:
    """Options that name the bank of the labs as the bank."""
    return replace(config, bank=config.lab_bank)


def _escaped(source: str) -> str:
    """A piece of a cell as Jupyter writes it into a file."""
    return json.dumps(source, ensure_ascii=False)[1:-1]
