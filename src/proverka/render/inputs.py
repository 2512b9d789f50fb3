"""What can be chosen, typed or written, by question type. Every control has a label of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from proverka.model import GAP
from proverka.render.inline import to_html, to_plain
from proverka.render.surface import Surface
from proverka.task import Gap, Part, Task


def html_list(tag: str, items: list[str]) -> str:
    """A list with a line for each item; items may begin with ``<li``."""
    lines = (item if item.startswith("<li") else f"<li>{item}</li>" for item in items)
    return f"<{tag}>\n{''.join(f'{line}{chr(10)}' for line in lines)}</{tag}>\n"


def points_text(points: float) -> str:
    """“1 point”, “2.5 points”."""
    return f"{points:.10g} point{'' if points == 1 else 's'}"


def inputs(task: Task, surface: Surface) -> str:
    """The controls of a task."""
    return _INPUTS[task.type](task, surface)


def _choice(task: Task, surface: Surface) -> str:
    del surface
    return _chosen(task, "radio")


def _choices(task: Task, surface: Surface) -> str:
    del surface
    return f'<p class="pv-note">One or more are right.</p>\n{_chosen(task, "checkbox")}'


def _chosen(task: Task, kind: str) -> str:
    return html_list("ul", [_labelled(kind, task.id, each) for each in task.parts])


def _labelled(kind: str, name: str, part: Part) -> str:
    control = f'<input type="{kind}" name="{escape(name)}" value="{escape(part.id)}" />'
    return f"<label>{control} <span>{to_html(part.text)}</span></label>"


def _number(task: Task, surface: Surface) -> str:
    del surface
    unit = f' <span class="pv-unit">{to_html(task.unit)}</span>' if task.unit else ""
    return (
        f'<p class="pv-typed"><label>Your answer: <input type="text" inputmode="decimal" '
        f'autocomplete="off" name="{escape(task.id)}" size="12" />{unit}</label></p>\n'
    )


def _text(task: Task, surface: Surface) -> str:
    del surface
    return f'<p class="pv-typed"><label>Your answer: {_field(task.id, 28)}</label></p>\n'


def _field(name: str, size: int) -> str:
    return (
        f'<input type="text" autocomplete="off" autocapitalize="off" spellcheck="false" '
        f'name="{escape(name)}" size="{size}" />'
    )


def _order(task: Task, surface: Surface) -> str:
    del surface
    places = "".join(f"<option>{place}</option>" for place in range(1, len(task.parts) + 1))
    return html_list(
        "ul",
        [
            f'<li data-id="{escape(each.id)}"><label><select name="{escape(task.id)}.{escape(each.id)}">'
            f'<option value="">–</option>{places}</select> <span>{to_html(each.text)}</span></label></li>'
            for each in task.parts
        ],
    )


def _match(task: Task, surface: Surface) -> str:
    del surface
    choices = "".join(
        f'<option value="{escape(each.id)}">{escape(to_plain(each.text))}</option>' for each in task.parts
    )
    choices = f'<option value="">–</option>{choices}'
    name = escape(task.id)
    return html_list(
        "ul",
        [
            f"<label><span>{to_html(line.text)}</span> "
            f'<select name="{name}.{escape(line.id)}">{choices}</select></label>'
            for line in task.lines
        ],
    )


def _blanks(task: Task, surface: Surface) -> str:
    del surface
    gaps = {gap.id: gap for gap in task.gaps}
    # The gaps pass through Markdown as characters that it leaves alone.
    marked = GAP.sub(lambda gap: f"\ue000{gap[1]}\ue001", task.text)
    numbers = {gap.id: number for number, gap in enumerate(task.gaps, 1)}
    html = re.sub(
        "\ue000([a-z0-9-]+)\ue001",
        lambda gap: _gap(task.id, gaps[gap[1]], numbers[gap[1]]) if gap[1] in gaps else "",
        to_html(marked),
    )
    return f'<p class="pv-cloze">{html}</p>\n'


def _gap(task: str, gap: Gap, number: int) -> str:
    name = f"{escape(task)}.{escape(gap.id)}"
    label = f'aria-label="blank {number}"'
    if not gap.words:
        return _field(f"{task}.{gap.id}", gap.size).replace("<input ", f"<input {label} ", 1)
    choices = "".join(f"<option>{escape(each)}</option>" for each in gap.words)
    return f'<select {label} name="{name}"><option value="">–</option>{choices}</select>'


def _pin(task: Task, surface: Surface) -> str:
    drawing = surface.drawing(task.drawing)
    shown = f'<div class="pv-drawing">{drawing}</div>\n' if drawing else ""
    return f"{shown}{_chosen(task, 'radio')}"


def _code(task: Task, surface: Surface) -> str:
    if surface.cell_below:
        where = "Write it in the cell below."
    else:
        href = surface.notebook(task.id)
        place = f'<a href="{escape(href)}">Write it in the notebook</a>' if href else "Write it in a cell of your own"
        where = f"{place}; there it is tried {task.trials} times."
    return (
        f'<pre class="pv-code" tabindex="0"><code>{escape(task.starter)}</code></pre>\n<p class="pv-note">{where}</p>\n'
    )


def _essay(task: Task, surface: Surface) -> str:
    del surface
    length = f" (about {task.words} words)" if task.words else ""
    return (
        f'<p class="pv-typed"><label>Your text{length}:<br />'
        f'<textarea name="{escape(task.id)}" rows="8"></textarea></label></p>\n'
    )


_INPUTS: dict[str, Callable[[Task, Surface], str]] = {
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "text": _text,
    "order": _order,
    "match": _match,
    "blanks": _blanks,
    "pin": _pin,
    "code": _code,
    "essay": _essay,
}
