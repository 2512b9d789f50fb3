"""A quiz in a notebook: ask, answer, see the results.

What is shown is HTML where a notebook can show it, plain text elsewhere. What was answered is data
in the cell’s output, so that the saved notebook alone is a complete hand-in.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from proverka.bank.draw import shown_order
from proverka.jupyter.errors import UnknownQuestionError, UnreadableQuizError
from proverka.jupyter.shown import Row, Table, feedback_html, feedback_lines, publish, text_of
from proverka.jupyter.typed import SEED, choosable, line_to_type, recorded
from proverka.model import JSON, Question, Response, Score
from proverka.model import question_from_data as read_question
from proverka.render.evidence import Evidence
from proverka.render.html import render_quiz
from proverka.render.inline import to_plain
from proverka.render.notebook import VERSION
from proverka.render.surface import Surface
from proverka.scoring import score

RESPONSE_TYPE = "application/vnd.proverka.response+json"
RESULTS_TYPE = "application/vnd.proverka.results+json"


@dataclass
class Quiz:
    """Questions with what is needed to show and score them, and the answers given so far."""

    stem: str
    title: str
    outcomes: dict[str, str]
    questions: dict[str, Question]
    fingerprints: dict[str, str]
    evidence: dict[str, Evidence]
    files: dict[str, str] = field(default_factory=dict)
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
                    files=data.get("files", {}),
                )
        except (ValueError, TypeError, LookupError, AttributeError):
            raise UnreadableQuizError("this is not a whole quiz; download the notebook again") from None
        message = f"this quiz is of version {version}, and proverka here reads {VERSION}"
        raise UnreadableQuizError(f"{message}; run: pip install --upgrade proverka")

    def ask(self, question: str) -> None:
        """Show a question and how to answer it."""
        asked = self._question(question)
        parts = list(choosable(asked))
        form = render_quiz([(asked, self._evidence(asked))], seed=SEED, surface=self._surface(), numbered=False)
        publish(
            {
                "text/html": (
                    f"{form}"
                    '<div class="pv-notebook">\n<p>Answer in a cell of your own, with a line like this:</p>\n'
                    f"<pre>{escape(text_of([line_to_type(asked), *parts]))}</pre>\n</div>\n"
                ),
                "text/plain": text_of([to_plain(asked.stem), *parts, "", line_to_type(asked)]),
            }
        )

    def answer(self, question: str, value: object = None) -> None:
        """Record an answer and show what it earns; a later one to the same question takes its place."""
        asked = self._question(question)
        response = Response(asked.id, self.fingerprints[asked.id], recorded(asked, value), shown_order(asked, SEED))
        self.responses[asked.id] = response
        earned = score(asked, response.answer)
        record: dict[str, JSON] = {**response.to_data(), "quiz": self.stem, "version": VERSION}
        publish(
            {
                "text/html": feedback_html(asked, response.answer, earned, self._evidence(asked)),
                "text/plain": text_of(feedback_lines(asked, response.answer, earned, self._evidence(asked))),
                RESPONSE_TYPE: record,
            }
        )

    def results(self) -> None:
        """Show the points by learning outcome and in all."""
        scores = {each.id: self._score(each) for each in self.questions.values()}
        table = Table(self.title, list(self._rows(scores)), Row("In all", list(scores.values())))
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
        publish({"text/html": table.to_html(), "text/plain": table.to_text(), RESULTS_TYPE: data})

    def score_of(self, question: str, value: object) -> Score:
        """What an answer would earn; nothing is recorded or shown."""
        asked = self._question(question)
        return score(asked, recorded(asked, value))

    def _question(self, question: str) -> Question:
        if isinstance(question, str) and question in self.questions:
            return self.questions[question]
        near = difflib.get_close_matches(str(question), self.questions, n=1)
        hint = f"did you mean {near[0]}?" if near else f"its first is {next(iter(self.questions), 'missing')}"
        raise UnknownQuestionError(f"there is no question “{question}” in this quiz; {hint}")

    def _surface(self) -> Surface:
        return Surface(
            picture=lambda path: self.files.get(path, path),
            drawing=lambda path: self.files.get(path, ""),
        )

    def _evidence(self, question: Question) -> list[Evidence]:
        return [self.evidence[each] for each in question.claims if each in self.evidence]

    def _score(self, question: Question) -> Score:
        response = self.responses.get(question.id)
        return score(question, response.answer if response else None)

    def _rows(self, scores: dict[str, Score]) -> Iterator[Row]:
        for outcome, text in self.outcomes.items():
            of_outcome = [earned for each, earned in scores.items() if self.questions[each].outcome == outcome]
            if of_outcome:
                yield Row(text, of_outcome)
