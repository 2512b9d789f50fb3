"""What a student handed in, read from the notebook’s data: nothing in it is executed, and nothing is too broken."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proverka.jupyter.errors import QuizError
from proverka.jupyter.record import all_cells, calls_in, code_cells, latest, records_in, source_of
from proverka.jupyter.task_answers import taken_down
from proverka.model import JSON, QUESTION_TYPES
from proverka.render.assignment import VERSION, answer_id, setup_source
from proverka.task import Task, task_from_data

#: Pictures travel in the set-up cell.
MOST_SETUP = 20_000_000
#: More than any sheet has.
MOST_TASKS = 1_000
#: Of a name: an assignment’s, a student’s, a tag, a question’s.
MOST_NAME = 200

_LOADS = "Assignment.from_json("
_DEFINES = re.compile(r"^[ \t]*(?:async )?def (\w+)", re.MULTILINE)
_ASKS = re.compile(r"quiz\.ask\(\s*[\"']([^\"']{1,200})[\"']")
#: The first line of a cell in which a function is written.
_ANSWERS = re.compile(r"\s*#\s*answer to (q\d{1,4})\b[^\n]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Whose work a notebook is, and what was answered in it."""

    #: What the notebook says of itself; empty where it says nothing. Nothing proves it but the tag.
    assignment: str
    student: str
    tag: str
    #: By the name that the sheet gives a question (q1, q2 …), in their order; of those not answered nothing.
    answers: dict[str, JSON]
    #: How many records are of other sheets, or of none.
    foreign: int
    #: The tags in all records.
    tags: frozenset[str]
    #: What is unusual, in sentences.
    notes: tuple[str, ...]
    #: The names of all questions, if the set-up cell is there.
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Identity:
    assignment: str = ""
    student: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class _Setup:
    """What the cell says that loads the sheet."""

    identity: _Identity
    tasks: dict[str, Task]
    changed: bool


def read_handed_in(notebook: object, *, starters: Mapping[str, str] | None = None) -> HandedIn:
    """Whose notebook it is, and its answers.

    The latest record of a question counts if it is of this sheet. Where there is none, a call of
    ``quiz.answer`` with literal arguments stands in for it. A function is the text of its cell.

    :param notebook: A notebook’s JSON, whatever became of it.
    :param starters: Of every question that asks for a function, what its cell begins with, where that is known
        better than from the set-up cell.
    """
    notes: list[str] = []
    cells = list(all_cells(notebook))
    if not cells:
        notes.append("there are no cells in it")
    records = list(records_in(notebook))
    tags = [str(each["sheet"]) for each in records if _is_name(each.get("sheet"))]
    setups = list(_setups(notebook, notes))
    identity = _identity(notebook, setups, tags, notes)
    setup = next((each for each in setups if each.identity.tag == identity.tag), None)
    if setups and setup is None:
        notes.append("the set-up cell is that of another sheet")
    if setup and setup.changed:
        notes.append("the set-up cell was changed")
    tasks = setup.tasks if setup else {}
    own = [each for each in records if identity.tag and each.get("sheet") == identity.tag]
    answers = _recorded(own, calls_in(notebook), tasks, notes)
    if starters is None and tasks:
        starters = {each.id: each.starter for each in tasks.values() if each.type == "code"}
    answers |= _written(cells, starters, notes)
    notes += _missing(notebook, tasks, answers)
    found = {name: answer for name, answer in answers.items() if answer is not None}
    return HandedIn(
        assignment=identity.assignment,
        student=identity.student,
        tag=identity.tag,
        answers=dict(sorted(found.items(), key=lambda each: _place(each[0], tasks))),
        foreign=len(records) - len(own),
        tags=frozenset(tags),
        notes=tuple(dict.fromkeys(notes)),
        questions=tuple(tasks),
    )


def _place(name: str, tasks: Mapping[str, Task]) -> tuple[int, int, str]:
    """Those on the sheet in its order, then others."""
    return (list(tasks).index(name) if name in tasks else len(tasks), len(name), name)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_NAME


# --------------------------------------------------------------------------------------------------
# Whose it is


def _identity(notebook: object, setups: Sequence[_Setup], tags: Sequence[str], notes: list[str]) -> _Identity:
    """From the notebook’s metadata, else from its set-up cell, else from its records."""
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    found = _named(metadata.get("proverka") if isinstance(metadata, dict) else None)
    if found:
        if any(each.identity != found and each.identity.tag == found.tag for each in setups):
            notes.append("the notebook’s metadata and its set-up cell name different students or assignments")
        return found
    if setups:
        notes.append("whose it is was taken from its set-up cell, as the notebook’s metadata do not say")
        if len({each.identity.tag for each in setups}) > 1:
            notes.append("there are set-up cells of several sheets; the first counts")
        return setups[0].identity
    if len(set(tags)) == 1:
        notes.append("whose it is was taken from its records: neither metadata nor set-up cell say")
        return _Identity(tag=tags[0])
    if tags:
        counts = Counter(tags)
        notes.append(f"nothing says whose it is, and its records are of {len(counts)} sheets")
    else:
        notes.append("nothing says whose it is")
    return _Identity()


def _named(data: object) -> _Identity | None:
    if not isinstance(data, dict):
        return None
    assignment, student, tag = (data.get(name) for name in ("assignment", "student", "tag"))
    if not (_is_name(assignment) and _is_name(student) and _is_name(tag)):
        return None
    return _Identity(str(assignment), str(student), str(tag))


def _setups(notebook: object, notes: list[str]) -> Iterator[_Setup]:
    """Every cell that loads a sheet and can be read."""
    loading = [source for each in code_cells(notebook) if _LOADS in (source := source_of(each, MOST_SETUP))]
    for source in loading:
        setup = _setup(source)
        if setup:
            yield setup
        else:
            notes.append("the set-up cell was damaged")
    if not loading:
        notes.append("the set-up cell is missing")


def _setup(source: str) -> _Setup | None:
    begin, end = source.find("'''"), source.rfind("'''")
    try:
        data: Any = json.loads(source[begin + 3 : end])
        identity = _named(data)
        if identity is None or data["version"] != VERSION or len(data["tasks"]) > MOST_TASKS:
            return None
        tasks = [task_from_data(each) for each in data["tasks"]]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    sound = {each.id: each for each in tasks if _is_sound(each)}
    changed = len(sound) < len(tasks) or setup_source(data) != source.strip().replace("\r\n", "\n")
    return _Setup(identity, sound, changed)


def _is_sound(task: Task) -> bool:
    """Whether a task holds what it says it holds; Python does not look."""
    texts = [task.id, task.type, task.stem, task.text, task.unit, task.function, task.starter]
    texts += [text for part in (*task.parts, *task.lines) for text in (part.id, part.text)]
    texts += [text for gap in task.gaps for text in (gap.id, *gap.words)]
    return all(isinstance(each, str) for each in texts) and _is_name(task.id) and task.type in QUESTION_TYPES


# --------------------------------------------------------------------------------------------------
# What was answered


def _recorded(
    records: Iterable[dict[str, Any]],
    calls: Iterable[tuple[str, JSON]],
    tasks: Mapping[str, Task],
    notes: list[str],
) -> dict[str, JSON]:
    """The answers in records and, where a question has none, in calls; functions are not answered that way."""
    functions = {each.id for each in tasks.values() if each.type == "code"}
    found = {name: each["answer"] for name, each in latest(records).items() if name not in functions}
    typed = {name: answer for name, answer in calls if name not in functions and name not in found}
    if typed:
        notes.append(f"read from a line that was not run: {', '.join(typed)}")
    return {**{name: _as_recorded(tasks.get(name), answer) for name, answer in typed.items()}, **found}


def _as_recorded(task: Task | None, answer: JSON) -> JSON:
    """What running the line would have recorded, if that can be known; else as typed."""
    try:
        return taken_down(task, answer) if task else answer
    except QuizError:
        return answer


def _written(cells: Sequence[dict[Any, Any]], starters: Mapping[str, str] | None, notes: list[str]) -> dict[str, JSON]:
    """The cells in which functions are written, by question, if anything was written in them."""
    marked: dict[str, list[dict[Any, Any]]] = {}
    by_id = {name: each for each in cells if isinstance(name := each.get("id"), str)}
    for cell in cells:
        if mark := _ANSWERS.match(source_of(cell)):
            marked.setdefault(mark[1].lower(), []).append(cell)
    found: dict[str, JSON] = {}
    for name in starters if starters is not None else marked:
        copies = marked.get(name, [])
        if not copies and answer_id(name) in by_id:
            notes.append(f"the answer cell of {name} has lost its first line and was known by its id")
            copies = [by_id[answer_id(name)]]
        if not copies:
            notes.append(f"the answer cell of {name} is missing")
            continue
        untouched = ("", (starters or {}).get(name, "").strip())
        changed = [each for each in copies if _own_text(source_of(each)) not in untouched]
        if len(copies) > 1:
            counts = "the last one that was changed counts" if changed else "none was changed"
            notes.append(f"there are {len(copies)} answer cells of {name}: {counts}")
        if changed:
            found[name] = {"source": source_of(changed[-1])}
            if changed[-1].get("cell_type") != "code":
                notes.append(f"the answer cell of {name} is no code cell any more")
    return found


def _own_text(source: str) -> str:
    """What stands in an answer cell below its first line."""
    return _ANSWERS.sub("", source, count=1).strip()


def _missing(notebook: object, tasks: Mapping[str, Task], answers: Mapping[str, JSON]) -> Iterator[str]:
    """Questions whose cells are gone, and functions that stand elsewhere."""
    sources = [source for each in code_cells(notebook) if _LOADS not in (source := source_of(each))]
    asked = {name for source in sources for name in _ASKS.findall(source)}
    if gone := [name for name in tasks if name not in asked]:
        yield f"the cells are missing that ask {', '.join(gone)}"
    defined = {name for source in sources if not _ANSWERS.match(source) for name in _DEFINES.findall(source)}
    for task in tasks.values():
        if task.type == "code" and task.id not in answers and task.function in defined:
            yield f"{task.id} is not answered in its cell, but {task.function} is defined in another"
