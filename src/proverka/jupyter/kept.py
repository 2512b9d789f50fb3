"""Answers known from before: given in this kernel, or standing in the notebook’s file.

Running a cell again clears its output, and with it the record of an answer. So what was answered is
taken up again when the question is asked again: from the kernel’s memory, also if the set-up cell was
run anew, and after a restart from the file as it was last saved.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from proverka.jupyter.record import read_records

#: A notebook that is larger holds more than a quiz.
MOST_BYTES = 50_000_000

_given: dict[str, dict[str, dict[str, Any]]] = {}


def keep(quiz: str, record: dict[str, Any]) -> None:
    """Remember a record as long as the kernel runs."""
    _given.setdefault(quiz, {})[record["question"]] = record


def kept(quiz: str) -> dict[str, dict[str, Any]]:
    """The records of a quiz by question id, those of this kernel before those of the file."""
    in_file = {name: each for name, each in _in_file(quiz).items() if each.get("quiz") == quiz}
    return {**in_file, **_given.get(quiz, {})}


def _in_file(quiz: str) -> dict[str, dict[str, Any]]:
    path = _notebook_file(quiz)
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        return read_records(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def _notebook_file(quiz: str) -> Path:
    """Where the notebook is: Jupyter’s server and VS Code tell.

    In JupyterLite nobody does, but a kernel is started in the notebook’s folder, and there it has its
    quiz’s name unless the reader has given it another.
    """
    main = sys.modules.get("__main__")
    name = getattr(main, "__vsc_ipynb_file__", None) or os.environ.get("JPY_SESSION_NAME")
    return Path(name if isinstance(name, str) and name.endswith(".ipynb") else f"{quiz}.ipynb")
