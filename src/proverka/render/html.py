"""Questions as an HTML form that works without scripts: the answer unfolds.

One question is a ``fieldset`` with its stem as ``legend``, labelled controls, hints and the answer
with its reasons in ``details``. Texts are escaped; nothing an author types can become markup but
inline Markdown. Where a page has the script, each form stands in a ``proverka-quiz`` element together
with the data that scoring needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape, unescape

from proverka.bank.draw import shown_order
from proverka.model import JSON, Question, Text
from proverka.render.answers import answer
from proverka.render.evidence import Evidence
from proverka.render.inline import to_html
from proverka.render.inputs import html_list, inputs
from proverka.render.surface import PLAIN, Surface
from proverka.task import task_of
from proverka.text import fold

_PICTURE = re.compile(r'(<img src=")([^"]*)(")')
#: What scoring does not look at.
_SHOWN_ONLY = {"text", "left", "right", "why", "drawing", "function", "trials", "unit"}


def render_quiz(
    questions: Sequence[tuple[Question, Sequence[Evidence]]],
    *,
    seed: str = "",
    surface: Surface = PLAIN,
    label: str = "",
    numbered: bool = True,
) -> str:
    """A form with all questions.

    :param seed: Decides in which order options are shown.
    :param label: A line above the questions.
    :param numbered: Whether the questions bear numbers.
    """
    title = f'<p class="pv-title">{escape(label)}</p>\n' if label else ""
    parts = [
        render_question(question, evidence, seed=seed, number=number if numbered else None, surface=surface)
        for number, (question, evidence) in enumerate(questions, 1)
    ]
    # The method “dialog” keeps the Enter key from sending the form anywhere.
    form = f'<form class="proverka-quiz" method="dialog">\n{title}{"".join(parts)}</form>\n'
    if not surface.interactive:
        return form
    data = json.dumps([scoring_data(question) for question, _ in questions], ensure_ascii=False, separators=(",", ":"))
    data = data.replace("<", "\\u003c")
    site = escape(surface.site)
    return f'<proverka-quiz site="{site}">\n{form}<script type="application/json">{data}</script>\n</proverka-quiz>\n'


def render_question(
    question: Question,
    evidence: Sequence[Evidence] = (),
    *,
    seed: str = "",
    number: int | None = None,
    surface: Surface = PLAIN,
) -> str:
    """One question; see the module."""
    order = shown_order(question, seed)
    count = f'<span class="pv-number">{number}</span> ' if number else ""
    html = (
        f'<fieldset class="pv-question pv-{question.type}" id="{escape(question.id)}">\n'
        f'<legend>{count}<span class="pv-stem">{to_html(question.stem)}</span></legend>\n'
        f"{inputs(task_of(question, seed=seed), surface)}"
        f"{_hints(question.hints)}"
        f'<details class="pv-answer"><summary>Answer</summary>\n'
        f"{answer(question, order)}"
        f'<p class="pv-explain">{to_html(question.explain)}</p>\n'
        f"{_evidence(evidence, surface)}"
        "</details>\n</fieldset>\n"
    )
    return with_pictures(html, surface)


def with_pictures(html: str, surface: Surface) -> str:
    """Pictures under the addresses that the surface has for them."""
    return _PICTURE.sub(lambda found: f"{found[1]}{escape(surface.picture(unescape(found[2])))}{found[3]}", html)


def scoring_data(question: Question) -> dict[str, JSON]:
    """What the script needs to score a question: ids and keys, no texts to show."""
    data = question.to_data()
    found: dict[str, JSON] = {"id": question.id, "type": question.type, "outcome": question.outcome}
    found["fingerprint"] = question.fingerprint
    for name in ("points", *question.scored):
        if name in data and name not in _SHOWN_ONLY:
            found[name] = _lean(data[name])
    if isinstance(question, Text):
        found["accept"] = [fold(each) for each in question.accept]
        found["wrong"] = [{"is_": fold(each.is_)} for each in question.wrong]
    elif "wrong" in data:
        found["wrong"] = _lean(data["wrong"])
    return found


def _lean(value: JSON) -> JSON:
    if isinstance(value, list):
        return [_lean(each) for each in value]
    if isinstance(value, dict):
        return {name: _lean(each) for name, each in value.items() if name not in _SHOWN_ONLY}
    return value


def _hints(hints: tuple[str, ...]) -> str:
    return "".join(
        f'<details class="pv-hint"><summary>Hint{f" {number}" if len(hints) > 1 else ""}</summary>'
        f"<p>{to_html(hint)}</p></details>\n"
        for number, hint in enumerate(hints, 1)
    )


def _evidence(evidence: Sequence[Evidence], surface: Surface) -> str:
    if not evidence:
        return ""
    items = []
    for each in evidence:
        href = surface.claim(each.claim)
        says = f'<a href="{escape(href)}">{escape(each.says)}</a>' if href else escape(each.says)
        items.append(f'{says} <span class="pv-status">({escape(each.status)}: {escape(each.sources)})</span>')
    return f'<div class="pv-evidence"><p>Why we say so</p>\n{html_list("ul", items)}</div>\n'
