"""A quiz in a notebook: ask, answer, see the results.

What is shown is HTML where a notebook can show it, plain text elsewhere. What was answered is data
in the cell’s output, so that the saved notebook alone is a complete hand-in.
"""

from __future__ import annotations

import difflib
import json
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from proverka.bank.draw import shown_order
from proverka.model import JSON, Choice, Choices, Match, Number, Order, Question, Response, Score, State
from proverka.model import question_from_data as read_question
from proverka.render.evidence import Evidence
from proverka.render.html import render_quiz
from proverka.render.inline import to_html, to_plain
from proverka.render.notebook import VERSION
from proverka.render.plain import question_lines
from proverka.scoring import score

RESPONSE_TYPE = "application/vnd.proverka.response+json"
RESULTS_TYPE = "application/vnd.proverka.results+json"

#: Options stand in the order that they have on the book’s pages.
_SEED = ""

_WORDS = {
    State.RIGHT: "✓ Right",
    State.PARTIAL: "◐ Partly right",
    State.WRONG: "✗ Wrong",
    State.EMPTY: "No answer was given",
    State.MALFORMED: "This cannot be read as an answer",
}


class QuizError(Exception):
    """A slip in a call, told in one line."""

    def __str__(self) -> str:
        return str(self.args[0])

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines instead of the way through our code.
        return [f"{type(self).__name__}: {self}"]


class UnknownQuestionError(QuizError, KeyError):
    """The quiz has no question of this id."""


class UnreadableAnswerError(QuizError, TypeError):
    """The answer is not text, a number, a list or a mapping."""


class UnreadableQuizError(QuizError, ValueError):
    """The notebook’s quiz is broken or newer than this package."""


@dataclass
class Quiz:
    """Questions with what is needed to show and score them, and the answers given so far."""

    stem: str
    title: str
    outcomes: dict[str, str]
    questions: dict[str, Question]
    fingerprints: dict[str, str]
    evidence: dict[str, Evidence]
    responses: dict[str, Response] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> Quiz:
        """The quiz that :func:`proverka.render.notebook.quiz_json` wrote."""
        try:
            data: dict[str, Any] = json.loads(text)
            version = data["version"]
            if version == VERSION:
                fingerprints = {each["id"]: each.pop("fingerprint") for each in data["questions"]}
                return cls(
                    stem=data["stem"],
                    title=data["title"],
                    outcomes=data["outcomes"],
                    questions={each["id"]: read_question(each) for each in data["questions"]},
                    fingerprints=fingerprints,
                    evidence={name: Evidence(name, **each) for name, each in data["evidence"].items()},
                )
        except (ValueError, TypeError, LookupError, AttributeError):
            raise UnreadableQuizError("this is not a whole quiz; download the notebook again") from None
        message = f"this quiz is of version {version}, and proverka here reads {VERSION}"
        raise UnreadableQuizError(f"{message}; run: pip install --upgrade proverka")

    def ask(self, question: str) -> None:
        """Show a question and how to answer it."""
        asked = self._question(question)
        choosable = list(_choosable(asked))
        _publish(
            {
                "text/html": (
                    f"{render_quiz([(asked, self._evidence(asked))], seed=_SEED, numbered=False)}"
                    '<div class="pv-notebook">\n<p>Answer in a cell of your own, with a line like this:</p>\n'
                    f"<pre>{escape(_text([_line_to_type(asked), *choosable]))}</pre>\n</div>\n"
                ),
                "text/plain": _text([to_plain(asked.stem), *choosable, "", _line_to_type(asked)]),
            }
        )

    def answer(self, question: str, value: object = None) -> None:
        """Record an answer and show what it earns; a later one to the same question takes its place."""
        asked = self._question(question)
        response = Response(asked.id, self.fingerprints[asked.id], _recorded(asked, value), shown_order(asked, _SEED))
        self.responses[asked.id] = response
        earned = score(asked, response.answer)
        record: dict[str, JSON] = {**response.to_data(), "quiz": self.stem, "version": VERSION}
        _publish(
            {
                "text/html": _feedback_html(asked, earned, self._evidence(asked)),
                "text/plain": _text(_feedback_lines(asked, earned, self._evidence(asked))),
                RESPONSE_TYPE: record,
            }
        )

    def results(self) -> None:
        """Show the points by learning outcome and in all."""
        scores = {each.id: self._score(each) for each in self.questions.values()}
        table = _Table(self.title, list(self._rows(scores)), _Row("In all", list(scores.values())))
        questions: list[JSON] = [
            {
                "question": each,
                "outcome": self.questions[each].outcome,
                "state": str(earned.state),
                "points": earned.points,
                "of": earned.of,
            }
            for each, earned in scores.items()
        ]
        data: JSON = {
            "quiz": self.stem,
            "version": VERSION,
            "points": table.total.points,
            "of": table.total.of,
            "questions": questions,
        }
        _publish({"text/html": table.to_html(), "text/plain": table.to_text(), RESULTS_TYPE: data})

    def score_of(self, question: str, value: object) -> Score:
        """What an answer would earn; nothing is recorded or shown."""
        asked = self._question(question)
        return score(asked, _recorded(asked, value))

    def _question(self, question: str) -> Question:
        if isinstance(question, str) and question in self.questions:
            return self.questions[question]
        near = difflib.get_close_matches(str(question), self.questions, n=1)
        hint = f"did you mean {near[0]}?" if near else f"its first is {next(iter(self.questions), 'missing')}"
        raise UnknownQuestionError(f"there is no question “{question}” in this quiz; {hint}")

    def _evidence(self, question: Question) -> list[Evidence]:
        return [self.evidence[each] for each in question.claims if each in self.evidence]

    def _score(self, question: Question) -> Score:
        response = self.responses.get(question.id)
        return score(question, response.answer if response else None)

    def _rows(self, scores: dict[str, Score]) -> Iterator[_Row]:
        for outcome, text in self.outcomes.items():
            of_outcome = [earned for each, earned in scores.items() if self.questions[each].outcome == outcome]
            if of_outcome:
                yield _Row(text, of_outcome)


# --------------------------------------------------------------------------------------------------
# What is typed


def _line_to_type(question: Question) -> str:
    """A call of the form that the question needs, not the key."""
    match question:
        case Choices():
            example = '["…", "…"]'
        case Order():
            example = f"[{', '.join(map(_quoted, shown_order(question, _SEED)))}]"
        case Match():
            example = f"[{', '.join('1' for _ in question.pairs)}]"
        case Number():
            example = "1234"
        case _:
            example = '"…"'
    return f"quiz.answer({_quoted(question.id)}, {example})"


def _choosable(question: Question) -> Iterator[str]:
    """What the line to type is made of."""
    match question:
        case Choice():
            yield "One of these:"
        case Choices():
            yield "One or more of these:"
        case Order():
            yield "All of these, in the right order:"
        case Number():
            yield f"A number ({to_plain(question.unit)})" if question.unit else "A number"
        case Match():
            # A pair’s id names its left side and its right side, so showing ids would show the key.
            right = {pair.id: pair.right for pair in question.pairs}
            right |= {each.id: each.text for each in question.distractors}
            yield "For each of these, in this order,"
            yield from (f"  {to_plain(pair.left)}" for pair in question.pairs)
            yield "the number of what belongs to it:"
            yield from (f"  {number}: {to_plain(right[each])}" for number, each in _numbered(question))
            return
        case _:
            yield "A word or a few"
    yield from (f"  {each}" for each in question_lines(question, seed=_SEED))


def _numbered(question: Match) -> Iterator[tuple[int, str]]:
    """The right-hand sides with the numbers that stand for them."""
    return enumerate(shown_order(question, _SEED), 1)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _recorded(question: Question, value: object) -> JSON:
    """An answer as plain data; numbers in the answer to a match become the ids that they stand for."""
    answer = _plain(value)
    if not isinstance(question, Match):
        return answer
    if isinstance(answer, list) and len(answer) == len(question.pairs):
        answer = {pair.id: each for pair, each in zip(question.pairs, answer, strict=True)}
    if isinstance(answer, dict):
        by_number = dict(_numbered(question))
        return {
            name: by_number.get(each, each) if isinstance(each, int) and not isinstance(each, bool) else each
            for name, each in answer.items()
        }
    return answer


def _plain(value: object) -> JSON:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        # What JSON cannot hold is as wrong as a word as it was as a number.
        return value if abs(value) < 1e300 else "no finite number"
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(each) for each in value), key=str)
    if hasattr(value, "tolist"):
        # Numbers and arrays of NumPy and pandas.
        return _plain(value.tolist())
    kind = type(value).__name__
    raise UnreadableAnswerError(f"an answer is text, a number, a list or a mapping, not {kind}")


# --------------------------------------------------------------------------------------------------
# What is shown


def _feedback_lines(question: Question, earned: Score, evidence: list[Evidence]) -> Iterator[str]:
    yield _verdict(earned)
    if earned.state in (State.EMPTY, State.MALFORMED):
        yield f"Write a line like this: {_line_to_type(question)}"
        yield from _choosable(question)
        return
    yield from map(to_plain, earned.feedback)
    yield to_plain(question.explain)
    if evidence:
        yield "Why we say so:"
        yield from (f"  {each.says} ({each.status}: {each.sources})" for each in evidence)


def _feedback_html(question: Question, earned: Score, evidence: list[Evidence]) -> str:
    verdict = f"<p><strong>{escape(_verdict(earned))}</strong></p>\n"
    if earned.state in (State.EMPTY, State.MALFORMED):
        hint = escape(_text([_line_to_type(question), *_choosable(question)]))
        body = f"<p>Write a line like this:</p>\n<pre>{hint}</pre>\n"
    else:
        body = "".join(f'<p class="pv-why">{to_html(each)}</p>\n' for each in earned.feedback)
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
    return f"{_short(points)} of {_short(of)} point{'' if of == 1 else 's'}"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


@dataclass
class _Row:
    """Points for what a line of the table is about."""

    label: str
    scores: list[Score]

    @property
    def points(self) -> float:
        return math.fsum(each.points for each in self.scores)

    @property
    def of(self) -> float:
        return math.fsum(each.of for each in self.scores)

    @property
    def answered(self) -> str:
        count = sum(each.state is not State.EMPTY for each in self.scores)
        return f"{count} of {len(self.scores)}"


@dataclass
class _Table:
    """The results, as HTML and as text."""

    title: str
    rows: list[_Row]
    total: _Row

    def to_html(self) -> str:
        heads = "".join(f'<th scope="col">{each}</th>' for each in ("Learning outcome", "Answered", "Points"))
        body = "".join(self._html(each) for each in self.rows)
        return (
            f'<table class="pv-results">\n<caption>Results: {to_html(self.title)}</caption>\n'
            f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n"
            f"<tfoot>\n{self._html(self.total)}</tfoot>\n</table>\n"
        )

    @staticmethod
    def _html(row: _Row) -> str:
        points = f"{_short(row.points)} of {_short(row.of)}"
        return f'<tr><th scope="row">{to_html(row.label)}</th><td>{row.answered}</td><td>{points}</td></tr>\n'

    def to_text(self) -> str:
        lines = [
            f"  {_points(each.points, each.of)}, {each.answered} answered: {to_plain(each.label)}"
            for each in [*self.rows, self.total]
        ]
        return _text([f"Results: {to_plain(self.title)}", *lines])


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _publish(bundle: dict[str, JSON]) -> None:
    """Show a bundle of MIME types in the notebook; its plain text where there is none."""
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(bundle, raw=True)  # type: ignore[no-untyped-call]  # IPython does not say
            return
    sys.stdout.write(f"{bundle['text/plain']}\n")
