"""Questions in a live front end: the page’s form and the page’s script, the answer kept by the kernel.

This is the one module that imports anywidget, and it is imported when the first question is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import anywidget
import traitlets

from proverka.jupyter.front_end import WIDGET_TYPE
from proverka.model import JSON
from proverka.task import Task


def _text(*names: str) -> str:
    return "\n".join(files("proverka").joinpath(name).read_text(encoding="utf-8") for name in names)


class QuestionWidget(anywidget.AnyWidget):
    """One question. Its form is HTML that works without scripts; the script is the page’s."""

    _esm = _text("web/proverka-quiz.js", "jupyter/kept.js", "jupyter/widget.js")
    _css = _text("web/proverka.css", "jupyter/widget.css")

    html = traitlets.Unicode().tag(sync=True)
    answer = traitlets.Any().tag(sync=True)
    #: How many answers were given in the front end, and how many of them arrived here.
    given = traitlets.Int().tag(sync=True)
    recorded = traitlets.Int().tag(sync=True)
    #: Where the cell ran; the script says what of it matters.
    page = traitlets.Unicode().tag(sync=True)

    def __init__(self, html: str, answer: JSON, answered: Callable[[JSON], None]) -> None:
        """Show a form.

        :param answer: What was answered before.
        :param answered: Is told of every answer given in the front end.
        """
        super().__init__(html=html, answer=answer)
        self._answered = answered
        self.observe(self._given, "given")

    def _given(self, change: object) -> None:
        del change
        self._answered(self.answer)
        self.recorded = self.given

    def bundle(self) -> dict[str, JSON]:
        """What makes a front end with widgets show it."""
        return {WIDGET_TYPE: {"version_major": 2, "version_minor": 0, "model_id": self.model_id}}


class TaskWidget(QuestionWidget):
    """A question of a graded sheet: it takes answers down and says nothing of them."""

    _esm = _text("web/proverka-quiz.js", "jupyter/kept.js", "jupyter/graded.js")

    #: What the script needs to know beside the form.
    task = traitlets.Dict().tag(sync=True)

    def __init__(self, html: str, task: Task, answer: JSON, answered: Callable[[JSON], None]) -> None:
        """Show a form; see :class:`QuestionWidget`."""
        super().__init__(html, answer, answered)
        spots: list[JSON] = [
            {"id": each.id, "x": each.x, "y": each.y, "radius": each.radius} for each in task.parts if each.radius
        ]
        self.task = {"id": task.id, "type": task.type, "spots": spots}
