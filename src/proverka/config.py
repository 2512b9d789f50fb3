"""Every option of a project, declared once; read from ``[tool.proverka]`` in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from proverka.model import Place
from proverka.problems import Code, Problems, did_you_mean


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
    toc: str = _option("_toc.yml", "the table of contents; without it every chapter is in the book")

    def path(self, option: str) -> Path:
        """The folder or file that an option names."""
        return self.root / str(getattr(self, option))

    def shown(self, path: Path) -> str:
        """A path as messages show it: from the project's folder, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def find_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` whose pyproject.toml has ``[tool.proverka]``, else ``start``."""
    start = start.resolve()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file() and "[tool.proverka]" in file.read_text(encoding="utf-8", errors="replace"):
            return folder
    return start


def load_config(root: Path, problems: Problems) -> Config:
    """The options of the project in ``root``, defaults where it says nothing."""
    root = root.resolve()
    file = root / "pyproject.toml"
    if not file.is_file():
        return Config(root)
    place = Place("pyproject.toml")
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("proverka", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add(place, f"not valid TOML: {error}", Code.FIELD_TYPE)
        return Config(root)
    known = {each.name for each in fields(Config)} - {"root"}
    given: dict[str, str] = {}
    for name, value in table.items():
        if name not in known:
            hint = did_you_mean(name, known, f"known options: {', '.join(sorted(known))}")
            problems.add(place, f"unknown option “{name}” in [tool.proverka]", Code.FIELD_UNKNOWN, hint=hint)
        elif not isinstance(value, str):
            problems.add(place, f"option “{name}” in [tool.proverka] is not text", Code.FIELD_TYPE)
        else:
            given[name] = value
    return Config(root, **given)
