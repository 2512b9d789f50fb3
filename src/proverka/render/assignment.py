"""A student’s sheet as a Jupyter notebook: what is asked, and nothing that tells what is right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from proverka.model import JSON
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
from proverka.render.inline import pictures
from proverka.task import Task

#: The version of the data in a notebook and of what it records.
VERSION = 1

#: What would be markup in a line of Markdown.
_MARKUP = re.compile(r"[\\`*_\[\]<>$~&|#]")


class Named(Protocol):
    """Whose a sheet is."""

    @property
    def id(self) -> str:
        """What the roster calls them."""

    @property
    def name(self) -> str:
        """Empty if nobody knows."""


class Shown(Protocol):
    """What of a sheet may be shown to its student."""

    @property
    def student(self) -> Named:
        """Whose it is."""

    @property
    def tag(self) -> str:
        """What proves it."""

    @property
    def tasks(self) -> Sequence[Task]:
        """Masked, in the order shown."""


def render_assignment(
    sheet: Shown, *, assignment: str, title: str, instructions: str, due: str, files: Mapping[str, str]
) -> str:
    """The notebook’s JSON text, the same for the same sheet to the byte; without outputs.

    :param assignment: Its id.
    :param instructions: Markdown.
    :param due: When it is due, in words; empty if at no certain time.
    :param files: By path as written: a drawing’s SVG, a picture’s data address. Those that no task shows are left out.
    """
    identity: dict[str, JSON] = {"assignment": assignment, "student": sheet.student.id, "tag": sheet.tag}
    data: dict[str, JSON] = {
        "version": VERSION,
        "profile": "graded",
        **identity,
        "title": flat(title),
        "due": due,
        "tasks": [each.to_data() for each in sheet.tasks],
        "files": {path: files[path] for path in sorted(_shown(sheet.tasks)) if path in files},
    }
    fixed: dict[str, JSON] = {"deletable": False, "editable": False}
    cells = [
        markdown_cell("title", _introduction(sheet, title, instructions, due)),
        code_cell("setup", setup_source(data), jupyter={"source_hidden": True}, **fixed),
    ]
    for task in sheet.tasks:
        cells.append(code_cell(task.id, ask_source(task.id), **fixed))
        if task.type == "code":
            cells.append(code_cell(answer_id(task.id), answer_source(task), deletable=False))
    cells.append(code_cell("receipt", "quiz.receipt()", **fixed))
    return notebook_text(cells, proverka={"version": VERSION, **identity})


def setup_source(data: Mapping[str, JSON]) -> str:
    """The cell that loads a sheet: its data as JSON, a task a line.

    ``proverka.jupyter.Assignment.from_json`` reads it.
    """
    text = for_literal(f"{{\n{lines(f'{to_json(name)}: {_spread(value)}' for name, value in data.items())}\n}}")
    return f"from proverka.jupyter import Assignment\n\nquiz = Assignment.from_json(r'''\n{text}\n''')"


def _spread(value: JSON) -> str:
    match value:
        case list():
            return f"[\n{lines(map(to_json, value))}\n]"
        case dict():
            return f"{{\n{lines(pairs(value))}\n}}"
    return to_json(value)


def ask_source(task: str) -> str:
    """The cell that shows a task."""
    return f'quiz.ask("{task}")'


def answer_id(task: str) -> str:
    """The id of the cell in which a function is written."""
    return f"{task}-answer"


def answer_source(task: Task) -> str:
    """The cell in which a function is written. By its first line it is found again."""
    return f"# Answer to {task.id}: this whole cell.\n{task.starter.rstrip()}"


def _shown(tasks: Sequence[Task]) -> set[str]:
    """The paths of what the tasks show."""
    found = {each.drawing for each in tasks if each.drawing}
    for task in tasks:
        texts = (task.stem, task.text, task.unit, *(each.text for each in (*task.parts, *task.lines)))
        found |= {path for text in texts for path, _ in pictures(text)}
    return found


def _introduction(sheet: Shown, title: str, instructions: str, due: str) -> str:
    clicked = next((each.id for each in sheet.tasks if each.type == "choice"), "q1")
    steps = ["Install what this notebook needs once with `pip install proverka`, then run all cells."]
    steps += ["Answer each question where it stands. Below it appears what was recorded, never whether it is right."]
    if any(each.type == "code" for each in sheet.tasks):
        steps += ["Write a function in the cell below its question."]
    steps += ["Save, run the last cell to see what the saved file holds, and hand in this one file."]
    paragraphs = [
        f"# {heading(title)}",
        f"This is the sheet of **{_literal(sheet.student.name or sheet.student.id)}**; every sheet is different.",
        f"It is due on {_literal(due)}." if due else "",
        instructions.strip().replace("<", "\\<"),
        "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)),
        f'Where nothing can be clicked, write a line like `quiz.answer("{clicked}", "b")` in a cell of your own.',
    ]
    return "\n\n".join(filter(None, paragraphs))


def _literal(text: str) -> str:
    """One line of Markdown in which nothing is markup."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
