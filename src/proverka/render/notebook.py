"""A chapter’s questions as a Jupyter notebook that carries the quiz in one cell and needs nothing beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from proverka.model import JSON, Claim, Outcome, Question, Source
from proverka.render.evidence import evidence_for

#: The version of the data in a notebook and of what it records.
VERSION = 1

_ROLE = re.compile(r"\{[\w:-]+\}`([^`]*)`")
# The text stands in a raw literal between three apostrophes. The others end a line for str.splitlines
# but not for Python, and Jupyter’s tools use the one as well as the other.
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "'\x85\u2028\u2029"}


def render_notebook(
    stem: str,
    title: str,
    questions: Sequence[Question],
    outcomes: Sequence[Outcome],
    claims: Mapping[str, Claim],
    sources: Mapping[str, Source],
    files: Mapping[str, str] | None = None,
) -> str:
    """The notebook’s JSON text, the same for the same quiz to the byte; without outputs.

    :param outcomes: Every outcome that the questions name, each once, in the order of the notebook.
    :param files: What the questions show, by path as written: a drawing’s SVG, a picture’s data address.
    :raises KeyError: a question names an outcome that is not among them.
    """
    data = quiz_json(stem, title, questions, outcomes, claims, sources, files)
    setup = f"from proverka.jupyter import Quiz\n\nquiz = Quiz.from_json(r'''\n{data}\n''')"
    cells = [
        _markdown("title", _introduction(title, outcomes)),
        _code("setup", setup, jupyter={"source_hidden": True}, tags=["remove-cell"]),
    ]
    by_outcome: dict[str, list[Question]] = {each.id: [] for each in outcomes}
    for question in questions:
        by_outcome[question.outcome].append(question)
    for outcome in outcomes:
        if by_outcome[outcome.id]:
            cells.append(_markdown(outcome.id, f"## {_heading(outcome.text)}"))
        for question in by_outcome[outcome.id]:
            cells.append(_code(question.id, ask_source(question.id), tags=["remove-input"]))
    cells.append(_code("results", "quiz.results()", tags=["remove-cell"]))
    notebook: JSON = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def ask_source(question: str) -> str:
    """The cell that asks a question."""
    return f'quiz.ask("{question}")'


def quiz_json(
    stem: str,
    title: str,
    questions: Sequence[Question],
    outcomes: Sequence[Outcome],
    claims: Mapping[str, Claim],
    sources: Mapping[str, Source],
    files: Mapping[str, str] | None = None,
) -> str:
    """What is needed to show and score the questions: one JSON object, a question a line, no apostrophe in it.

    ``proverka.jupyter.Quiz.from_json`` reads it.
    """
    cited = dict.fromkeys(each for question in questions for each in question.claims)
    evidence: dict[str, JSON] = {
        each.claim: {"says": each.says, "status": each.status, "sources": each.sources}
        for each in evidence_for(cited, claims, sources)
    }
    asked = (_json({**each.to_data(), "fingerprint": each.fingerprint}) for each in questions)
    parts = [
        f'"version": {VERSION}',
        f'"stem": {_json(stem)}',
        f'"title": {_json(_flat(title))}',
        f'"outcomes": {{\n{_lines(_pairs({each.id: _flat(each.text) for each in outcomes}))}\n}}',
        f'"questions": [\n{_lines(asked)}\n]',
        f'"evidence": {{\n{_lines(_pairs(evidence))}\n}}',
        f'"files": {{\n{_lines(_pairs(files or {}))}\n}}',
    ]
    return f"{{\n{_lines(parts)}\n}}".translate(_ESCAPES)


def _json(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pairs(values: Mapping[str, JSON]) -> Iterable[str]:
    return (f"{_json(name)}: {_json(value)}" for name, value in values.items())


def _lines(parts: Iterable[str]) -> str:
    return ",\n".join(parts)


def _introduction(title: str, outcomes: Sequence[Outcome]) -> str:
    lines = [
        f"# Quiz: {_heading(title)}",
        "",
        "This notebook is for practice and carries its key.",
        "Install what it needs once with `pip install proverka`, then run all cells.",
        "Answer each question where it stands; your answers are saved with the notebook.",
        'Where that does not work, write a line like `quiz.answer("q-…", "…")` in a cell of your own.',
        "",
        "The questions ask whether you can:",
        "",
        *(f"- {_heading(each.text)}" for each in outcomes),
    ]
    return "\n".join(lines)


def _flat(text: str) -> str:
    """One line without MyST roles, which no notebook shows: their text alone."""
    return " ".join(_ROLE.sub(r"\1", text).split())


def _heading(text: str) -> str:
    """Inline Markdown in which HTML stays what the author typed."""
    return _flat(text).replace("<", "\\<")


def _markdown(name: str, source: str) -> JSON:
    return {"cell_type": "markdown", "id": _cell_id(name), "metadata": {}, "source": _source(source)}


def _code(name: str, source: str, **metadata: JSON) -> JSON:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _cell_id(name),
        "metadata": metadata,
        "outputs": [],
        "source": _source(source),
    }


def _source(text: str) -> JSON:
    """As nbformat writes it, so that saving in Jupyter does not rewrite the cells."""
    return list(text.splitlines(keepends=True))


def _cell_id(name: str) -> str:
    """The name, cut where nbformat’s 64 characters end and made unique again."""
    if len(name) <= 64:
        return name
    return f"{name[:47]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
