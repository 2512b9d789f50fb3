"""What can be chosen, typed or written, by question type. Every control has a label of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from proverka.bank.draw import shuffled
from proverka.model import GAP, Blank, Blanks, Choice, Choices, Code, Essay, Match, Number, Order, Pin, Question, Text
from proverka.render.inline import to_html, to_plain
from proverka.render.surface import Surface


def html_list(tag: str, items: list[str]) -> str:
    """A list with a line for each item; items may begin with ``<li``."""
    lines = (item if item.startswith("<li") else f"<li>{item}</li>" for item in items)
    return f"<{tag}>\n{''.join(f'{line}{chr(10)}' for line in lines)}</{tag}>\n"


def inputs(question: Question, order: tuple[str, ...], surface: Surface) -> str:
    """The controls of a question.

    :param order: The ids of what can be chosen, as shown.
    """
    return _INPUTS[type(question)](question, order, surface)


def _choice(question: Choice | Choices, order: tuple[str, ...], surface: Surface) -> str:
    del surface
    kind = "radio" if isinstance(question, Choice) else "checkbox"
    texts = {option.id: option.text for option in question.options}
    hint = "" if kind == "radio" else '<p class="pv-note">One or more are right.</p>\n'
    return hint + html_list("ul", [_labelled(kind, question.id, each, texts[each]) for each in order])


def _labelled(kind: str, name: str, value: str, text: str) -> str:
    control = f'<input type="{kind}" name="{escape(name)}" value="{escape(value)}" />'
    return f"<label>{control} <span>{to_html(text)}</span></label>"


def _number(question: Number, order: tuple[str, ...], surface: Surface) -> str:
    del order, surface
    unit = f' <span class="pv-unit">{to_html(question.unit)}</span>' if question.unit else ""
    return (
        f'<p class="pv-typed"><label>Your answer: <input type="text" inputmode="decimal" '
        f'autocomplete="off" name="{escape(question.id)}" size="12" />{unit}</label></p>\n'
    )


def _text(question: Text, order: tuple[str, ...], surface: Surface) -> str:
    del order, surface
    return f'<p class="pv-typed"><label>Your answer: {_field(question.id, 28)}</label></p>\n'


def _field(name: str, size: int) -> str:
    return (
        f'<input type="text" autocomplete="off" autocapitalize="off" spellcheck="false" '
        f'name="{escape(name)}" size="{size}" />'
    )


def _order(question: Order, order: tuple[str, ...], surface: Surface) -> str:
    del surface
    texts = {item.id: item.text for item in question.items}
    places = "".join(f"<option>{place}</option>" for place in range(1, len(order) + 1))
    return html_list(
        "ul",
        [
            f'<li data-id="{escape(each)}"><label><select name="{escape(question.id)}.{escape(each)}">'
            f'<option value="">–</option>{places}</select> <span>{to_html(texts[each])}</span></label></li>'
            for each in order
        ],
    )


def _match(question: Match, order: tuple[str, ...], surface: Surface) -> str:
    del surface
    right = {pair.id: pair.right for pair in question.pairs}
    right |= {each.id: each.text for each in question.distractors}
    choices = "".join(f'<option value="{escape(each)}">{escape(to_plain(right[each]))}</option>' for each in order)
    choices = f'<option value="">–</option>{choices}'
    name = escape(question.id)
    return html_list(
        "ul",
        [
            f"<label><span>{to_html(pair.left)}</span> "
            f'<select name="{name}.{escape(pair.id)}">{choices}</select></label>'
            for pair in question.pairs
        ],
    )


def _blanks(question: Blanks, order: tuple[str, ...], surface: Surface) -> str:
    del order, surface
    blanks = {blank.id: blank for blank in question.blanks}
    # The gaps pass through Markdown as characters that it leaves alone.
    marked = GAP.sub(lambda gap: f"\ue000{gap[1]}\ue001", question.text)
    numbers = {blank.id: number for number, blank in enumerate(question.blanks, 1)}
    html = re.sub(
        "\ue000([a-z0-9-]+)\ue001",
        lambda gap: _gap(question.id, blanks[gap[1]], numbers[gap[1]]) if gap[1] in blanks else "",
        to_html(marked),
    )
    return f'<p class="pv-cloze">{html}</p>\n'


def _gap(question: str, blank: Blank, number: int) -> str:
    name = f"{escape(question)}.{escape(blank.id)}"
    label = f'aria-label="blank {number}"'
    if not blank.among:
        size = max(6, min(24, max(map(len, blank.accept)) + 2))
        return _field(f"{question}.{blank.id}", size).replace("<input ", f"<input {label} ", 1)
    words = shuffled([blank.accept[0], *blank.among], f"{question}\0{blank.id}")
    choices = "".join(f"<option>{escape(each)}</option>" for each in words)
    return f'<select {label} name="{name}"><option value="">–</option>{choices}</select>'


def _pin(question: Pin, order: tuple[str, ...], surface: Surface) -> str:
    texts = {spot.id: spot.text for spot in question.spots}
    drawing = surface.drawing(question.drawing)
    shown = f'<div class="pv-drawing">{drawing}</div>\n' if drawing else ""
    return shown + html_list("ul", [_labelled("radio", question.id, each, texts[each]) for each in order])


def _code(question: Code, order: tuple[str, ...], surface: Surface) -> str:
    del order
    href = surface.notebook(question.id)
    where = f'<a href="{escape(href)}">Write it in the notebook</a>' if href else "Write it in a cell of your own"
    return (
        f'<pre class="pv-code"><code>{escape(question.starter)}</code></pre>\n'
        f'<p class="pv-note">{where}; there it is tried {len(question.trials)} times.</p>\n'
    )


def _essay(question: Essay, order: tuple[str, ...], surface: Surface) -> str:
    del order, surface
    length = f" (about {question.words} words)" if question.words else ""
    return (
        f'<p class="pv-typed"><label>Your text{length}:<br />'
        f'<textarea name="{escape(question.id)}" rows="8"></textarea></label></p>\n'
    )


_INPUTS: dict[type[Question], Callable[[Any, tuple[str, ...], Surface], str]] = {
    Choice: _choice,
    Choices: _choice,
    Number: _number,
    Text: _text,
    Order: _order,
    Match: _match,
    Blanks: _blanks,
    Pin: _pin,
    Code: _code,
    Essay: _essay,
}
