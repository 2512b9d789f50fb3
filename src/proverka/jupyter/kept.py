"""Answers known from before: given in this kernel, or standing in the notebook’s file.

Running a cell again clears its output, and with it the record of an answer. So what was answered is
taken up again when the question is asked again: from the kernel’s memory, also if the set-up cell was
run anew, and after a restart from the file as it was last saved.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proverka.jupyter.handed_in import read_handed_in
from proverka.jupyter.record import latest, read_records, records_in

#: A notebook that is larger holds more than a quiz.
MOST_BYTES = 50_000_000
#: Where nobody tells the notebook’s name, so many of those in its folder are looked at, the latest first.
MOST_FILES = 100

_given: dict[str, dict[str, dict[str, Any]]] = {}


def keep(quiz: str, record: dict[str, Any]) -> None:
    """Remember a record as long as the kernel runs."""
    _given.setdefault(quiz, {})[record["question"]] = record


def kept(quiz: str) -> dict[str, dict[str, Any]]:
    """The records of a quiz by question id, those of this kernel before those of the file."""
    in_file = {name: each for name, each in _in_file(quiz).items() if each.get("quiz") == quiz}
    return {**in_file, **_given.get(quiz, {})}


def kept_of_sheet(tag: str) -> dict[str, dict[str, Any]]:
    """As :func:`kept`, the records of a graded sheet."""
    saved = saved_notebook(tag)
    in_file = latest(each for each in records_in(saved.notebook) if each.get("sheet") == tag) if saved else {}
    return {**in_file, **_given.get(tag, {})}


@dataclass(frozen=True, slots=True)
class Saved:
    """The notebook’s file as it was last saved."""

    path: Path
    #: When, in seconds since 1970.
    at: float
    #: Its JSON.
    notebook: object


def saved_notebook(tag: str) -> Saved | None:
    """The file with a graded sheet; ``None`` if it cannot be found from here."""
    named = _file_told()
    for path in (*([named] if named else []), *_in_folder()):
        try:
            state = path.stat()
            data = path.read_bytes() if state.st_size <= MOST_BYTES else b""
            notebook = json.loads(data) if tag.encode() in data else None
        except (OSError, ValueError, RecursionError):
            continue
        if notebook is not None and read_handed_in(notebook).tag == tag:
            return Saved(path, state.st_mtime, notebook)
    return None


def _in_folder() -> Iterator[Path]:
    times = []
    for path in Path().glob("*.ipynb"):
        try:
            times.append((path.stat().st_mtime, path))
        except OSError:
            continue
    yield from (path for _, path in sorted(times, reverse=True)[:MOST_FILES])


def _in_file(quiz: str) -> dict[str, dict[str, Any]]:
    path = _notebook_file(quiz)
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        return read_records(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def _notebook_file(quiz: str) -> Path:
    """Where the notebook is.

    In JupyterLite nobody tells, but a kernel is started in the notebook’s folder, and there it has its
    quiz’s name unless the reader has given it another.
    """
    return _file_told() or Path(f"{quiz}.ipynb")


def _file_told() -> Path | None:
    """Where the notebook is, if Jupyter’s server or VS Code tells."""
    main = sys.modules.get("__main__")
    name = getattr(main, "__vsc_ipynb_file__", None) or os.environ.get("JPY_SESSION_NAME")
    return Path(name) if isinstance(name, str) and name.endswith(".ipynb") else None
