"""Every option of a project, declared once; read from ``[tool.proverka]`` in ``pyproject.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from proverka.model import Place
from proverka.problems import Code, Problems, did_you_mean
from proverka.yaml_lines import quoted, read_text

#: What a project can do without, unless it says where it is.
_OPTIONAL = ("article", "assignments", "names", "bank", "labs", "lab_bank", "toc")


def _option(default: str, meaning: str) -> Any:
    return field(default=default, metadata={"help": meaning})


@dataclass(frozen=True, slots=True)
class Config:
    """Where things are, relative to the project's folder."""

    root: Path
    chapters: str = _option("book", "folder of the chapters, <stem>.md")
    ledger: str = _option("book/ledger", "folder of the claims, <stem>.yml")
    article: str = _option("book/ledger/article.yml", "the statements under examination")
    names: str = _option("book/ledger/names.yml", "how names are spelt")
    bibliography: str = _option("book/references.bib", "the sources")
    bank: str = _option("quizzes/bank", "folder of the questions, <stem>.yml")
    notebooks: str = _option("quizzes", "folder of the quiz notebooks, <stem>.ipynb")
    labs: str = _option("quizzes/labs", "folder of the notebooks written by hand, <name>.ipynb")
    lab_bank: str = _option("quizzes/labs/bank", "folder of their questions, <name>.yml")
    assignments: str = _option("quizzes/assignments", "folder of what is set to a class, <id>.yml")
    toc: str = _option("_toc.yml", "the table of contents; without it every chapter is in the book")

    def path(self, option: str) -> Path:
        """The folder or file that an option names."""
        return self.root / str(getattr(self, option))

    def shown(self, path: Path) -> str:
        """A path as messages show it: from the project's folder, with forward slashes."""
        # Links are not followed: authors know a file by the name that it has in the project.
        path = Path(os.path.normpath(path))
        shown = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        return os.fsencode(shown.as_posix()).decode("utf-8", errors="replace")


def find_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` whose pyproject.toml has ``[tool.proverka]``, else ``start``."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if "[tool.proverka]" in (read_text(folder / "pyproject.toml", "", Problems()) or ""):
            return folder
    return start


def load_config(root: Path, problems: Problems) -> Config:
    """The options of the project in ``root``, defaults where it says nothing."""
    root = root.resolve()
    shown = "pyproject.toml"
    if not os.path.lexists(root / shown):
        return Config(root)
    text = read_text(root / shown, shown, problems)
    if text is None:
        return Config(root)
    table: Any = {}
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message, _, where = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", where)
        # At the end of a document the parser names no line.
        number = int(line[1]) if line else text.rstrip().count("\n") + 1
        source = [*text.split("\n"), ""][number - 1]
        message = f"{message[:1].lower()}{message[1:]}: {quoted(source)}"
        problems.add(Place(shown, number), message, Code.TOML)
    for name in ("tool", "proverka"):
        table = table.get(name, {})
        if not isinstance(table, dict):
            place = Place(shown, _line_of(name, text))
            problems.add(place, f"{quoted(name)} is not a table", Code.FIELD_TYPE, hint="write [tool.proverka]")
            return Config(root)
    known = {each.name for each in fields(Config)} - {"root"}
    given: dict[str, str] = {}
    for name, value in table.items():
        place = Place(shown, _line_of(name, text))
        if name not in known:
            hint = did_you_mean(name, known, f"known options: {', '.join(sorted(known))}")
            problems.add(place, f"unknown option {quoted(name)} in [tool.proverka]", Code.FIELD_UNKNOWN, hint=hint)
        elif not isinstance(value, str):
            problems.add(place, f"option {quoted(name)} in [tool.proverka] is not text", Code.FIELD_TYPE)
        else:
            given[name] = value
            if name in _OPTIONAL and not os.path.lexists(root / value):
                message = f"option {quoted(name)} names {quoted(value)}, which does not exist"
                problems.add(place, message, Code.FILE_MISSING)
    return Config(root, **given)


def _line_of(name: str, text: str) -> int:
    table = text.find("[tool.proverka]")
    found = re.compile(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*=", re.MULTILINE).search(text, max(table, 0))
    return text.count("\n", 0, found.end()) + 1 if found else 1
