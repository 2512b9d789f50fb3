"""Questions as an HTML form that works without scripts: the answer unfolds.

One question is a ``fieldset`` with its stem as ``legend``, labelled inputs, and the answer with its
reasons in ``details``. Texts are escaped; nothing an author types can become markup but inline
Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from proverka.bank.draw import shown_order
from proverka.model import Choice, Choices, Match, Number, Order, Question, Text
from proverka.render.evidence import Evidence
from proverka.render.inline import to_html, to_plain

#: The address of a claim's entry on the Evidence page, or ``None`` where there is no such page.
ClaimAddress = Callable[[str], str | None]


def no_address(claim: str) -> None:
    """For places without an Evidence page."""
    del claim


def render_quiz(
    questions: Sequence[tuple[Question, Sequence[Evidence]]],
    *,
    seed: str = "",
    address: ClaimAddress = no_address,
    label: str = "",
) -> str:
    """A form with all questions, numbered.

    :param seed: Decides in which order options are shown.
    :param label: A line above the questions.
    """
    title = f'<p class="pv-title">{escape(label)}</p>\n' if label else ""
    parts = [
        render_question(question, evidence, seed=seed, number=number, address=address)
        for number, (question, evidence) in enumerate(questions, 1)
    ]
    # The method “dialog” keeps the Enter key from sending the form anywhere.
    return f'<form class="proverka-quiz" method="dialog">\n{title}{"".join(parts)}</form>\n'


def render_question(
    question: Question,
    evidence: Sequence[Evidence] = (),
    *,
    seed: str = "",
    number: int | None = None,
    address: ClaimAddress = no_address,
) -> str:
    """One question; see the module."""
    order = shown_order(question, seed)
    count = f'<span class="pv-number">{number}</span> ' if number else ""
    return (
        f'<fieldset class="pv-question pv-{question.type}" id="{escape(question.id)}">\n'
        f'<legend>{count}<span class="pv-stem">{to_html(question.stem)}</span></legend>\n'
        f"{_inputs(question, order)}"
        f'<details class="pv-answer"><summary>Answer</summary>\n'
        f"{_answer(question, order)}"
        f'<p class="pv-explain">{to_html(question.explain)}</p>\n'
        f"{_evidence(evidence, address)}"
        "</details>\n</fieldset>\n"
    )


def _inputs(question: Question, order: tuple[str, ...]) -> str:
    name = escape(question.id)
    match question:
        case Choice() | Choices():
            kind = "radio" if isinstance(question, Choice) else "checkbox"
            texts = {option.id: option.text for option in question.options}
            hint = "" if kind == "radio" else '<p class="pv-hint">One or more are right.</p>\n'
            return hint + _list(
                "ul",
                (
                    f'<label><input type="{kind}" name="{name}" value="{escape(each)}" /> '
                    f"<span>{to_html(texts[each])}</span></label>"
                    for each in order
                ),
            )
        case Number():
            unit = f' <span class="pv-unit">{to_html(question.unit)}</span>' if question.unit else ""
            return (
                f'<p class="pv-typed"><label>Your answer: <input type="text" inputmode="decimal" '
                f'autocomplete="off" name="{name}" size="12" />{unit}</label></p>\n'
            )
        case Text():
            return (
                f'<p class="pv-typed"><label>Your answer: <input type="text" autocomplete="off" '
                f'autocapitalize="off" spellcheck="false" name="{name}" size="28" /></label></p>\n'
            )
        case Order():
            texts = {item.id: item.text for item in question.items}
            places = "".join(f"<option>{place}</option>" for place in range(1, len(order) + 1))
            return _list(
                "ul",
                (
                    f'<label><select name="{name}.{escape(each)}"><option value="">–</option>{places}</select> '
                    f"<span>{to_html(texts[each])}</span></label>"
                    for each in order
                ),
            )
        case Match():
            right = {pair.id: pair.right for pair in question.pairs}
            right |= {each.id: each.text for each in question.distractors}
            choices = "".join(f'<option value="{escape(each)}">{_bare(right[each])}</option>' for each in order)
            return _list(
                "ul",
                (
                    f"<label><span>{to_html(pair.left)}</span> "
                    f'<select name="{name}.{escape(pair.id)}"><option value="">–</option>{choices}</select></label>'
                    for pair in question.pairs
                ),
            )
    return ""


def _answer(question: Question, order: tuple[str, ...]) -> str:
    match question:
        case Choice() | Choices():
            by_id = {option.id: option for option in question.options}
            return _list(
                "ul",
                (
                    f"{_mark(by_id[each].correct)} {to_html(by_id[each].text)}{_because(by_id[each].why)}"
                    for each in order
                ),
            )
        case Number():
            wrong = (f"{_mark(False)} {escape(each.is_)}{_because(each.why)}" for each in question.wrong)
            return _list("ul", [f"{_mark(True)} {escape(key_text(question))}", *wrong])
        case Text():
            wrong = (f"{_mark(False)} {escape(each.is_)}{_because(each.why)}" for each in question.wrong)
            return _list("ul", [f"{_mark(True)} {escape(question.accept[0])}", *wrong])
        case Order():
            return _list("ol", (f"{to_html(item.text)}{_because(item.why)}" for item in question.items))
        case Match():
            pairs = (f"{to_html(pair.left)}: {to_html(pair.right)}{_because(pair.why)}" for pair in question.pairs)
            traps = (
                f"{_mark(False)} {to_html(each.text)} belongs to none{_because(each.why)}"
                for each in question.distractors
            )
            return _list("ul", [*pairs, *traps])
    return ""


def key_text(question: Number) -> str:
    """“1979”, or “between 1976 and 1979”, with the unit."""
    unit = f" {question.unit}" if question.unit else ""
    if question.low == question.high:
        return f"{question.low:.10g}{unit}"
    return f"between {question.low:.10g} and {question.high:.10g}{unit}"


def _mark(right: bool) -> str:
    return '<b class="pv-mark">✓ Right:</b>' if right else '<b class="pv-mark pv-mark-wrong">✗ Wrong:</b>'


def _because(why: str) -> str:
    return f' <span class="pv-why">{to_html(why)}</span>' if why else ""


def _list(tag: str, items: Iterable[str]) -> str:
    return f"<{tag}>\n{''.join(f'<li>{item}</li>{chr(10)}' for item in items)}</{tag}>\n"


def _bare(text: str) -> str:
    """Text for an ``option`` element, which holds no markup."""
    return escape(to_plain(text))


def _evidence(evidence: Sequence[Evidence], address: ClaimAddress) -> str:
    if not evidence:
        return ""
    items = []
    for each in evidence:
        href = address(each.claim)
        says = f'<a href="{escape(href)}">{escape(each.says)}</a>' if href else escape(each.says)
        items.append(f'{says} <span class="pv-status">({escape(each.status)}: {escape(each.sources)})</span>')
    return f'<div class="pv-evidence"><p>Why we say so</p>\n{_list("ul", items)}</div>\n'
