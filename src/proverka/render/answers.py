"""What is right and why, by question type, in HTML.

Each line bears in ``data-for`` the id of the part that it speaks of, so that a script can show it as
feedback on that part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from proverka.model import (
    Blanks,
    Choice,
    Choices,
    Code,
    Essay,
    Foreseen,
    Match,
    Number,
    Option,
    Order,
    Pin,
    Question,
    Spot,
    Text,
)
from proverka.render.inline import to_html
from proverka.render.inputs import html_list, points_text


def answer(question: Question, order: tuple[str, ...]) -> str:
    """The key, and what is wrong about the rest."""
    return _ANSWERS[type(question)](question, order)


def key_text(question: Number) -> str:
    """“1979”, or “between 1976 and 1979”, with the unit."""
    unit = f" {question.unit}" if question.unit else ""
    if question.low == question.high:
        return f"{question.low:.10g}{unit}"
    return f"between {question.low:.10g} and {question.high:.10g}{unit}"


def _line(part: str, html: str, why: str = "") -> str:
    because = f' <span class="pv-why">{to_html(why)}</span>' if why else ""
    return f'<li data-for="{escape(part)}">{html}{because}</li>'


def _mark(right: bool) -> str:
    return '<b class="pv-mark">✓ Right:</b>' if right else '<b class="pv-mark pv-mark-wrong">✗ Wrong:</b>'


def _chosen(parts: Iterable[Option] | Iterable[Spot], order: tuple[str, ...]) -> str:
    by_id = {part.id: part for part in parts}
    return html_list(
        "ul",
        [_line(each, f"{_mark(by_id[each].correct)} {to_html(by_id[each].text)}", by_id[each].why) for each in order],
    )


def _typed(key: str, wrong: tuple[Foreseen, ...]) -> str:
    foreseen = [
        _line(f"wrong-{number}", f"{_mark(False)} {escape(each.is_)}", each.why) for number, each in enumerate(wrong)
    ]
    return html_list("ul", [_line("key", f"{_mark(True)} {escape(key)}"), *foreseen])


def _order(question: Order, order: tuple[str, ...]) -> str:
    del order
    return html_list("ol", [_line(item.id, to_html(item.text), item.why) for item in question.items])


def _match(question: Match, order: tuple[str, ...]) -> str:
    del order
    pairs = [_line(pair.id, f"{to_html(pair.left)}: {to_html(pair.right)}", pair.why) for pair in question.pairs]
    traps = [
        _line(each.id, f"{_mark(False)} {to_html(each.text)} belongs to none", each.why)
        for each in question.distractors
    ]
    return html_list("ul", pairs + traps)


def _blanks(question: Blanks, order: tuple[str, ...]) -> str:
    del order
    return html_list("ol", [_line(blank.id, escape(blank.accept[0]), blank.why) for blank in question.blanks])


def _code(question: Code, order: tuple[str, ...]) -> str:
    del order
    return f'<pre class="pv-code" tabindex="0"><code>{escape(question.solution)}</code></pre>\n'


def _essay(question: Essay, order: tuple[str, ...]) -> str:
    del order
    rubric = [
        _line(each.id, f'{to_html(each.text)} <span class="pv-points">({points_text(each.points)})</span>')
        for each in question.rubric
    ]
    return f'<p class="pv-model">{to_html(question.model)}</p>\n{html_list("ul", rubric)}'


_ANSWERS: dict[type[Question], Callable[[Any, tuple[str, ...]], str]] = {
    Choice: lambda question, order: _chosen(question.options, order),
    Choices: lambda question, order: _chosen(question.options, order),
    Pin: lambda question, order: _chosen(question.spots, order),
    Number: lambda question, order: _typed(key_text(question), question.wrong),
    Text: lambda question, order: _typed(question.accept[0], question.wrong),
    Order: _order,
    Match: _match,
    Blanks: _blanks,
    Code: _code,
    Essay: _essay,
}
