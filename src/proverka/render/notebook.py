"""A chapter’s questions as a Jupyter notebook that carries the quiz in one cell and needs nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from proverka.model import JSON, Claim, Outcome, Question, Source
from proverka.render.cells import (
    code_cell,
    flat,
    for_literal,
    heading,
    lines,
    markdown_cell,
    notebook_text,
    pairs,
    to_json,
)
from proverka.render.evidence import evidence_for

#: The version of the data in a notebook and of what it records.
VERSION = 1


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
        markdown_cell("title", _introduction(title, outcomes)),
        code_cell("setup", setup, jupyter={"source_hidden": True}, tags=["remove-cell"]),
    ]
    by_outcome: dict[str, list[Question]] = {each.id: [] for each in outcomes}
    for question in questions:
        by_outcome[question.outcome].append(question)
    for outcome in outcomes:
        if by_outcome[outcome.id]:
            cells.append(markdown_cell(outcome.id, f"## {heading(outcome.text)}"))
        for question in by_outcome[outcome.id]:
            cells.append(code_cell(question.id, ask_source(question.id), tags=["remove-input"]))
    cells.append(code_cell("results", "quiz.results()", tags=["remove-cell"]))
    return notebook_text(cells)


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
    asked = (to_json({**each.to_data(), "fingerprint": each.fingerprint}) for each in questions)
    parts = [
        f'"version": {VERSION}',
        f'"stem": {to_json(stem)}',
        f'"title": {to_json(flat(title))}',
        f'"outcomes": {{\n{lines(pairs({each.id: flat(each.text) for each in outcomes}))}\n}}',
        f'"questions": [\n{lines(asked)}\n]',
        f'"evidence": {{\n{lines(pairs(evidence))}\n}}',
        f'"files": {{\n{lines(pairs(files or {}))}\n}}',
    ]
    return for_literal(f"{{\n{lines(parts)}\n}}")


def _introduction(title: str, outcomes: Sequence[Outcome]) -> str:
    text = [
        f"# Quiz: {heading(title)}",
        "",
        "This notebook is for practice and carries its key.",
        "Install what it needs once with `pip install proverka`, then run all cells.",
        "Answer each question where it stands; your answers are saved with the notebook.",
        'Where that does not work, write a line like `quiz.answer("q-…", "…")` in a cell of your own.',
        "",
        "The questions ask whether you can:",
        "",
        *(f"- {heading(each.text)}" for each in outcomes),
    ]
    return "\n".join(text)
