"""Feedback for a student as a notebook: their sheet, with what became of each answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proverka.classroom.feedback import (
    VERDICTS,
    Feedback,
    Judged,
    lateness_in_words,
    points_of,
    state_in_words,
    time_in_words,
    total_in_words,
)
from proverka.classroom.in_words import (
    Line,
    Words,
    answer_in_words,
    asked_in_words,
    call_in_words,
    key_in_words,
    value_in_words,
)
from proverka.classroom.sandbox import NO_RESULT
from proverka.classroom.visible import visible
from proverka.jupyter.shown import short
from proverka.model import JSON, Code, Essay, State
from proverka.render.cells import code_cell, heading, markdown_cell, notebook_text
from proverka.scoring.code import same

#: What is markup in a line of Markdown, also as Jupyter reads it, which looks for formulas first.
_MARKUP = re.compile(r"[\\`*_\[\]<>$~&|#!{}^@]|^[-+=:%]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)([.)])(?!\S)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")


def feedback_notebook(feedback: Feedback) -> str:
    """The notebook’s JSON text, the same for the same feedback to the byte."""
    cells = [markdown_cell("result", _result(feedback))]
    for judged in feedback.judged:
        cells += _cells(judged, keys=feedback.keys)
    return notebook_text(cells)


def _result(feedback: Feedback) -> str:
    grade = feedback.grade
    facts = [
        f"State: {_literal(state_in_words(grade))}",
        f"Handed in: {time_in_words(grade.at, feedback.due)}" if grade.at is not None else "",
        f"Lateness: {_literal(late)}" if (late := lateness_in_words(grade, feedback.policy)) else "",
        f"Receipt: {_literal(grade.receipt)}" if grade.receipt else "",
    ]
    return "\n\n".join(
        [
            f"# {_bank(feedback.title)}",
            f"Feedback for {_literal(feedback.student)}: **{_literal(total_in_words(grade))}**",
            "\n".join(f"- {each}" for each in facts if each),
        ]
    )


def _cells(judged: Judged, *, keys: bool) -> Iterator[JSON]:
    name = f"q{judged.number}"
    asked = [f"## Question {judged.number}", _bank(judged.asked.stem), _bank(asked_in_words(judged.asked))]
    yield markdown_cell(name, "\n\n".join(filter(None, asked)))
    words = answer_in_words(judged.asked, judged.key, judged.answer.answer)
    if words.code:
        cell = code_cell(f"{name}-answer", visible(words.code))
        assert isinstance(cell, dict)
        yield {**cell, "outputs": list(_outputs(judged, keys=keys))}
    else:
        yield markdown_cell(f"{name}-answer", _named("Your answer", _words(words, keys=keys) or "none"))
    yield markdown_cell(f"{name}-feedback", "\n\n".join(_feedback(judged, keys=keys)))


def _outputs(judged: Judged, *, keys: bool) -> Iterator[JSON]:
    if judged.answer.stdout:
        text: list[JSON] = list(visible(judged.answer.stdout).splitlines(keepends=True))
        yield {"output_type": "stream", "name": "stdout", "text": text}
    lines: list[JSON] = list("\n".join(_results(judged, keys=keys)).splitlines(keepends=True))
    if lines:
        yield {"output_type": "display_data", "data": {"text/plain": lines}, "metadata": {}}


def _results(judged: Judged, *, keys: bool) -> Iterator[str]:
    results = judged.answer.results
    if judged.answer.reason:
        yield f"It ended so: {visible(judged.answer.reason)}"
    if not isinstance(judged.key, Code) or not isinstance(results, list):
        return
    tried = list(zip(judged.key.trials, results, strict=False))
    right = sum(same(trial.gives, given) for trial, given in tried)
    yield f"{right} of {len(tried)} calls gave what they should"
    if keys:
        for trial, given in tried:
            call = visible(call_in_words(judged.key, trial.args))
            told = _given(given)
            if same(trial.gives, given):
                yield f"✓ {call} gave {told}"
            else:
                yield f"✗ {call} should give {visible(value_in_words(trial.gives))} and gave {told}"


def _given(given: JSON) -> str:
    if isinstance(given, dict) and NO_RESULT in given:
        return f"nothing: {visible(str(given[NO_RESULT]))}"
    return visible(value_in_words(given))


def _feedback(judged: Judged, *, keys: bool) -> Iterator[str]:
    answer = judged.answer
    mark, word = VERDICTS[answer.state]
    points = "" if answer.state in (None, State.WAITING) else f": {points_of(answer.points, answer.of)}"
    yield f"**{mark} {word}{points}**"
    if judged.before is not None:
        yield f"Regraded with a corrected key: {short(judged.before)} → {points_of(answer.points, answer.of)}"
    marks = answer.mark.marks if answer.mark else None
    if isinstance(marks, dict) and isinstance(judged.key, Essay):
        for number, each in enumerate(judged.key.rubric, 1):
            given = marks.get(each.id)
            told = short(given) if isinstance(given, int | float) else "0"
            yield f"{_bank(each.text) if keys else f'Criterion {number}'}: {told} of {short(each.points)}"
    elif answer.mark:
        yield "Marked by a person."
    if answer.mark and answer.mark.comment.strip():
        yield f"Comment:\n\n{_quoted(answer.mark.comment)}"
    if keys:
        yield from map(_bank, answer.feedback)
        if answer.state is not State.RIGHT:
            name = "An answer for full marks" if isinstance(judged.key, Essay) else "Accepted"
            yield _named(name, _words(key_in_words(judged.key), keys=keys))
        if judged.key.explain:
            yield _bank(judged.key.explain)


def _named(name: str, words: str) -> str:
    return f"**{name}:**{words}" if words.startswith("\n") else f"**{name}:** {words}"


def _words(words: Words, *, keys: bool) -> str:
    if words.code:
        fence = "`" * max([3, *(len(each) + 1 for each in re.findall("`+", words.code))])
        return f"\n\n{fence}python\n{visible(words.code).rstrip()}\n{fence}"
    if words.prose:
        return f"\n\n{_quoted(words.prose)}"
    lines = [_line(each, keys=keys) for each in words.lines]
    if len(lines) == 1 and not words.ordered:
        return lines[0]
    if not lines:
        return ""
    items = (f"{f'{number}.' if words.ordered else '-'} {each}" for number, each in enumerate(lines, 1))
    return "\n\n" + "\n".join(items)


def _line(line: Line, *, keys: bool) -> str:
    text = _literal(line.text) if line.plain else _bank(line.text)
    label = f"{_bank(line.label)} → " if line.label else ""
    verdict = {True: " (✓ right)", False: " (✗ wrong)", None: ""}[line.right if keys else None]
    return f"{label}{text}{verdict}"


def _bank(text: str) -> str:
    """Inline Markdown as its author wrote it, HTML in it as text, a picture as its description."""
    return heading(visible(_PICTURE.sub(r"(picture: \1)", text)))


def _literal(text: str) -> str:
    """One line of Markdown in which nothing is markup."""
    # References are read after all markup, so that nothing can be made of them, not even a formula.
    text = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", " ".join(visible(text).split()))
    return _NUMBERED.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)


def _quoted(text: str) -> str:
    """Prose that somebody typed, as it was broken into lines."""
    return "\n".join(f"> {_literal(each)}  " if each.strip() else ">" for each in visible(text.strip()).split("\n"))
