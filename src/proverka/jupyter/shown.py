"""What a learner sees: feedback on an answer and a table of results, as HTML and as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from proverka.jupyter.chart import render_chart
from proverka.jupyter.typed import choosable, line_to_type
from proverka.model import JSON, Code, Essay, Question, Score, State
from proverka.render.evidence import Evidence
from proverka.render.inline import to_html, to_plain
from proverka.scoring.code import same

_WORDS = {
    State.RIGHT: "✓ Right",
    State.PARTIAL: "◐ Partly right",
    State.WRONG: "✗ Wrong",
    State.EMPTY: "No answer was given",
    State.MALFORMED: "This cannot be read as an answer",
    State.WAITING: "Waits to be marked",
}


def feedback_lines(question: Question, answer: JSON, earned: Score, evidence: list[Evidence]) -> Iterator[str]:
    """What an answer earns and why, or how to answer if it cannot be read."""
    yield _verdict(earned)
    if earned.state in (State.EMPTY, State.MALFORMED):
        yield f"Write a line like this: {line_to_type(question)}"
        yield from choosable(question)
        return
    yield from map(to_plain, earned.feedback)
    yield from _trial_lines(question, answer)
    if earned.state is State.WAITING:
        yield from _marking_lines(question)
    yield to_plain(question.explain)
    if evidence:
        yield "Why we say so:"
        yield from (f"  {each.says} ({each.status}: {each.sources})" for each in evidence)


def _trial_lines(question: Question, answer: JSON) -> Iterator[str]:
    """Which trials of a function failed, and how."""
    results = answer.get("results") if isinstance(answer, dict) else None
    if isinstance(question, Code) and isinstance(results, list):
        for trial, given in zip(question.trials, results, strict=False):
            if not same(trial.gives, given):
                call = f"{question.function}({', '.join(map(repr, trial.args))})"
                yield f"{call} should give {trial.gives!r} and gave {given!r}"


def _marking_lines(question: Question) -> Iterator[str]:
    """How to mark one’s own text."""
    if isinstance(question, Essay):
        yield "An answer that would earn full marks:"
        yield f"  {to_plain(question.model)}"
        yield "Mark your own by these points, and record the marks:"
        yield from (f"  {each.id}: {to_plain(each.text)} (up to {short(each.points)})" for each in question.rubric)
        marks = ", ".join(f'"{each.id}": 0' for each in question.rubric)
        yield f'quiz.answer("{question.id}", {{"text": "…", "marks": {{{marks}}}}})'


def feedback_html(question: Question, answer: JSON, earned: Score, evidence: list[Evidence]) -> str:
    """As :func:`feedback_lines`, for a live region."""
    verdict = f"<p><strong>{escape(_verdict(earned))}</strong></p>\n"
    if earned.state in (State.EMPTY, State.MALFORMED):
        hint = escape(text_of([line_to_type(question), *choosable(question)]))
        body = f"<p>Write a line like this:</p>\n<pre>{hint}</pre>\n"
    else:
        body = "".join(f'<p class="pv-why">{to_html(each)}</p>\n' for each in earned.feedback)
        lines = list(_trial_lines(question, answer))
        lines += _marking_lines(question) if earned.state is State.WAITING else []
        body += f"<pre>{escape(text_of(lines))}</pre>\n" if lines else ""
        body += f'<p class="pv-explain">{to_html(question.explain)}</p>\n'
        body += _evidence_html(evidence)
    return f'<div class="pv-feedback pv-{earned.state}" role="status">\n{verdict}{body}</div>\n'


def _evidence_html(evidence: list[Evidence]) -> str:
    if not evidence:
        return ""
    items = (f"{escape(each.says)} ({escape(each.status)}: {escape(each.sources)})" for each in evidence)
    rows = "".join(f"<li>{each}</li>\n" for each in items)
    return f'<div class="pv-evidence"><p>Why we say so</p>\n<ul>\n{rows}</ul>\n</div>\n'


def _verdict(earned: Score) -> str:
    return f"{_WORDS[earned.state]}: {_points(earned.points, earned.of)}"


def _points(points: float, of: float) -> str:
    return f"{short(points)} of {short(of)} point{'' if of == 1 else 's'}"


def short(number: float) -> str:
    """At most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


@dataclass
class Row:
    """Points for what a line of the table is about."""

    label: str
    scores: list[Score]

    @property
    def points(self) -> float:
        """Points earned."""
        return math.fsum(each.points for each in self.scores)

    @property
    def of(self) -> float:
        """Points to be had."""
        return math.fsum(each.of for each in self.scores)

    @property
    def answered(self) -> str:
        """“2 of 3”."""
        count = sum(each.state is not State.EMPTY for each in self.scores)
        return f"{count} of {len(self.scores)}"


@dataclass
class Table:
    """The results, as HTML and as text."""

    title: str
    rows: list[Row]
    total: Row

    def to_html(self) -> str:
        """A table with caption and headings, and a chart."""
        heads = "".join(f'<th scope="col">{each}</th>' for each in ("Learning outcome", "Answered", "Points"))
        body = "".join(self._html(each) for each in self.rows)
        return (
            f'<table class="pv-results">\n<caption>Results: {to_html(self.title)}</caption>\n'
            f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n"
            f"<tfoot>\n{self._html(self.total)}</tfoot>\n</table>\n{self._chart()}"
        )

    def _chart(self) -> str:
        bars = [(to_plain(each.label), each.points, each.of, _points(each.points, each.of)) for each in self.rows]
        return render_chart(bars, "Points by learning outcome")

    @staticmethod
    def _html(row: Row) -> str:
        points = f"{short(row.points)} of {short(row.of)}"
        return f'<tr><th scope="row">{to_html(row.label)}</th><td>{row.answered}</td><td>{points}</td></tr>\n'

    def to_text(self) -> str:
        """Lines."""
        lines = [
            f"  {_points(each.points, each.of)}, {each.answered} answered: {to_plain(each.label)}"
            for each in [*self.rows, self.total]
        ]
        return text_of([f"Results: {to_plain(self.title)}", *lines])


def text_of(lines: Iterable[str]) -> str:
    """Lines as one text."""
    return "\n".join(lines)
