"""A student’s sheet in a notebook: ask, take answers down, show the receipt. It does not know what is right.

What is shown is a widget in a live front end, HTML where a notebook can show it, plain text elsewhere.
What was answered is data in the cell’s output, so that the saved notebook alone is a complete hand-in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from proverka.jupyter.errors import UnknownQuestionError, UnreadableQuizError
from proverka.jupyter.front_end import is_live, publish
from proverka.jupyter.handed_in import read_handed_in
from proverka.jupyter.kept import keep, kept_of_sheet, saved_notebook
from proverka.jupyter.receipt import in_file, not_found, to_bundle
from proverka.jupyter.record import now
from proverka.jupyter.shown import text_of
from proverka.jupyter.task_answers import choosable, line_to_type, taken_down, words_of
from proverka.jupyter.words import NOTHING, record_bundle, recorded_as
from proverka.model import JSON
from proverka.render.assignment import VERSION
from proverka.render.inline import to_plain
from proverka.render.inputs import points_text
from proverka.render.surface import Surface
from proverka.render.task_form import task_form
from proverka.task import Task, task_from_data

if TYPE_CHECKING:
    from proverka.jupyter.widget import TaskWidget


@dataclass
class Assignment:
    """A sheet, and what was answered so far."""

    assignment: str
    title: str
    student: str
    tag: str
    due: str
    tasks: dict[str, Task]
    files: dict[str, str] = field(default_factory=dict)
    #: Set it to ``False`` where a front end fails to show widgets; forms and lines to type remain.
    widgets: bool = True
    #: What stands in outputs, by question.
    _records: dict[str, dict[str, JSON]] = field(default_factory=dict, repr=False)
    _widgets: dict[str, TaskWidget] = field(default_factory=dict, repr=False)
    _asked: set[str] = field(default_factory=set, repr=False)
    _taken_up: bool = False

    @classmethod
    def from_json(cls, text: str) -> Assignment:
        """The sheet that :func:`proverka.render.assignment.setup_source` wrote."""
        try:
            data: dict[str, Any] = json.loads(text)
            version = data["version"]
            if version == VERSION:
                return cls(
                    assignment=data["assignment"],
                    title=data["title"],
                    student=data["student"],
                    tag=data["tag"],
                    due=data["due"],
                    tasks={each["id"]: task_from_data(each) for each in data["tasks"]},
                    files=data["files"],
                )
        except (ValueError, TypeError, LookupError, AttributeError):
            raise UnreadableQuizError("this is not a whole sheet; copy the set-up cell from your first file") from None
        message = f"this sheet is of version {version}, and proverka here reads {VERSION}"
        raise UnreadableQuizError(f"{message}; run: pip install --upgrade proverka")

    def ask(self, name: str) -> None:
        """Show a question, and what is recorded as the answer to it."""
        task = self._task(name)
        self._take_up()
        bundle = self._shown(task)
        if not is_live():
            publish(bundle)
            if name in self._records:
                publish(self._record_bundle(task))
            return
        widget = self._widget(task)
        publish({**widget.bundle(), **bundle} if widget else bundle)
        if task.type != "code":
            publish(self._record_bundle(task), name=self._name(name))
            self._asked.add(name)

    def answer(self, name: str, value: object = None) -> None:
        """Record an answer, in the place of an earlier one; ``None`` takes it back."""
        task = self._task(name)
        answer = taken_down(task, value)
        self._record(task, answer)
        publish(self._record_bundle(task))
        if name in self._widgets:
            self._widgets[name].answer = answer

    def receipt(self) -> None:
        """Show which questions are answered in the file as it was last saved, and the code for that."""
        self._take_up()
        live = is_live()
        recorded = {name: each["answer"] for name, each in self._records.items()}
        saved = saved_notebook(self.tag)
        if saved:
            handed = read_handed_in(saved.notebook)
            publish(to_bundle(in_file(list(self.tasks), handed, saved, recorded, live=live)))
        else:
            publish(to_bundle(not_found(recorded)))

    def _task(self, name: str) -> Task:
        if isinstance(name, str) and name in self.tasks:
            return self.tasks[name]
        names = list(self.tasks)
        known = f"they are {names[0]} to {names[-1]}" if names else "there are none"
        raise UnknownQuestionError(f"there is no question “{name}” on this sheet; {known}")

    # What is shown

    def _shown(self, task: Task) -> dict[str, JSON]:
        parts = list(choosable(task))
        points = f"{to_plain(task.stem)} ({points_text(task.points)})"
        if task.type == "code":
            return {"text/html": self._form(task), "text/plain": text_of([points, *parts])}
        typed = (
            '<div class="pv-notebook">\n<p>Answer in a cell of your own, with a line like this:</p>\n'
            f"<pre>{escape(text_of([line_to_type(task), *parts]))}</pre>\n</div>\n"
        )
        return {
            "text/html": f"{self._form(task)}{typed}",
            "text/plain": text_of([points, *parts, "", line_to_type(task)]),
        }

    def _form(self, task: Task, *, interactive: bool = False) -> str:
        surface = Surface(
            picture=lambda path: self.files.get(path, path),
            drawing=lambda path: self.files.get(path, ""),
            cell_below=True,
            interactive=interactive,
        )
        return task_form(task, number=list(self.tasks).index(task.id) + 1, surface=surface)

    def _widget(self, task: Task) -> TaskWidget | None:
        """The question’s form with its script; ``None`` where nothing can be shown that way."""
        if not self.widgets:
            return None
        try:
            from proverka.jupyter.widget import TaskWidget
        except ImportError:
            return None  # the package was installed without what it depends on
        record = self._records.get(task.id)
        self._widgets[task.id] = TaskWidget(
            self._form(task, interactive=True), task, record["answer"] if record else None, self._answered(task)
        )
        return self._widgets[task.id]

    def _answered(self, task: Task) -> Callable[[JSON], None]:
        def answered(value: JSON) -> None:
            self._record(task, taken_down(task, value))

        return answered

    # What is recorded

    def _take_up(self) -> None:
        """Know again what was answered before this sheet was loaded."""
        if self._taken_up:
            return
        self._taken_up = True
        for name, record in kept_of_sheet(self.tag).items():
            if name in self.tasks:
                self._records.setdefault(name, record)

    def _record(self, task: Task, answer: JSON) -> None:
        """Take an answer down, in the output of its question too."""
        record: dict[str, JSON] = {
            "question": task.id, "answer": answer, "sheet": self.tag, "version": VERSION, "at": now()
        }  # fmt: skip
        self._records[task.id] = record
        if task.id in self._asked:
            publish(self._record_bundle(task), name=self._name(task.id), again=True)
        if is_live():
            keep(self.tag, record)

    def _record_bundle(self, task: Task) -> dict[str, JSON]:
        record = self._records.get(task.id)
        line = recorded_as(words_of(task, record["answer"])) if record else NOTHING
        return record_bundle(line, record)

    def _name(self, name: str) -> str:
        """What the outputs of a question of this sheet are called."""
        return f"proverka-{self.tag}-{name}"
