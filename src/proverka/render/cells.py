"""Parts of notebooks as nbformat writes them, so that saving in Jupyter does not rewrite the file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from proverka.model import JSON

_ROLE = re.compile(r"\{[\w:-]+\}`([^`]*)`")
# Set-up cells hold JSON in a raw literal between three apostrophes. The others end a line for
# str.splitlines but not for Python, and Jupyter’s tools use the one as well as the other.
_ESCAPES = {each: f"\\u{ord(each):04x}" for each in "'\x85\u2028\u2029"}


def notebook_text(cells: Sequence[JSON], **metadata: JSON) -> str:
    """The JSON of a Python notebook without outputs, the same for the same cells to the byte.

    :param metadata: Of the notebook, beside what it is written in.
    """
    notebook: JSON = {
        "cells": list(cells),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **metadata,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def markdown_cell(name: str, source: str) -> JSON:
    """A cell of text."""
    return {"cell_type": "markdown", "id": _cell_id(name), "metadata": {}, "source": _source(source)}


def code_cell(name: str, source: str, **metadata: JSON) -> JSON:
    """A cell that was not run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _cell_id(name),
        "metadata": metadata,
        "outputs": [],
        "source": _source(source),
    }


def _source(text: str) -> JSON:
    return list(text.splitlines(keepends=True))


def _cell_id(name: str) -> str:
    """The name, cut where nbformat’s 64 characters end and made unique again."""
    if len(name) <= 64:
        return name
    return f"{name[:47]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def flat(text: str) -> str:
    """One line without MyST roles, which no notebook shows: their text alone."""
    return " ".join(_ROLE.sub(r"\1", text).split())


def heading(text: str) -> str:
    """Inline Markdown in which HTML stays what the author typed."""
    return flat(text).replace("<", "\\<")


def for_literal(text: str) -> str:
    """JSON that can stand in a raw literal between three apostrophes."""
    for each, escaped in _ESCAPES.items():
        text = text.replace(each, escaped)
    return text


def to_json(value: JSON) -> str:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False)


def pairs(values: Mapping[str, JSON]) -> Iterable[str]:
    """The members of a JSON object, one by one."""
    return (f"{to_json(name)}: {to_json(value)}" for name, value in values.items())


def lines(parts: Iterable[str]) -> str:
    """Members of an object or a list, each in a line of its own."""
    return ",\n".join(parts)
