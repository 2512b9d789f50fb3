"""A masked task as a form: what is asked and how to answer it, and nothing that tells of right or wrong."""

from __future__ import annotations

from html import escape

from proverka.render.html import with_pictures
from proverka.render.inline import to_html
from proverka.render.inputs import inputs, points_text
from proverka.render.surface import Surface
from proverka.task import Task


def task_form(task: Task, *, number: int, surface: Surface) -> str:
    """A form with one ``fieldset``: number, stem and points as its ``legend``, then labelled controls.

    Where there is no script that would take an answer down, the controls take none.
    """
    points = f'<span class="pv-points">({points_text(task.points)})</span>'
    legend = f'<span class="pv-number">{number}</span> <span class="pv-stem">{to_html(task.stem)}</span> {points}'
    off = "" if surface.interactive else " disabled"
    html = (
        # The method “dialog” keeps the Enter key from sending the form anywhere.
        f'<form class="proverka-quiz" method="dialog">\n<fieldset class="pv-question pv-{escape(task.type)}"{off}>\n'
        f"<legend>{legend}</legend>\n{inputs(task, surface)}</fieldset>\n</form>\n"
    )
    return with_pictures(html, surface)
