"""A quiz in a notebook: ask, answer, see the results.

What is shown is a widget in a live front end, HTML where a notebook can show it, plain text elsewhere.
What was answered is data in the cell’s output, so that the saved notebook alone is a complete hand-in.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from proverka.bank.draw import shown_order
from proverka.jupyter.errors import UnknownQuestionError, UnreadableQuizError
from proverka.jupyter.front_end import is_live, publish
from proverka.jupyter.kept import keep, kept
from proverka.jupyter.record import RESPONSE_TYPE, now
from proverka.jupyter.shown import Row, Table, feedback_html, feedback_lines, text_of
from proverka.jupyter.typed import SEED, choosable, line_to_type, recorded
from proverka.jupyter.words import NOTHING, record_bundle, recorded_line
from proverka.model import JSON, Code, Question, Response, Score
from proverka.model import question_from_data as read_question
from proverka.render.evidence import Evidence
from proverka.render.html import render_quiz
from proverka.render.inline import to_plain
from proverka.render.notebook import VERSION
from proverka.render.surface import Surface
from proverka.scoring import score

if TYPE_CHECKING:
    from proverka.jupyter.widget import QuestionWidget

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
    #: Set it to ``False`` where a front end fails to show widgets; forms and lines to type remain.
    widgets: bool = True
    #: What stands in outputs, by question id: a response, and when and to which quiz it was given.
    _records: dict[str, dict[str, JSON]] = field(default_factory=dict, repr=False)
    _widgets: dict[str, QuestionWidget] = field(default_factory=dict, repr=False)
    _asked: set[str] = field(default_factory=set, repr=False)
    _taken_up: bool = False
    _shows_results: bool = False

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
        typed = (
            '<div class="pv-notebook">\n<p>Answer in a cell of your own, with a line like this:</p>\n'
            f"<pre>{escape(text_of([line_to_type(asked), *parts]))}</pre>\n</div>\n"
        )
        bundle: dict[str, JSON] = {
            "text/html": f"{self._form(asked)}{typed}",
            "text/plain": text_of([to_plain(asked.stem), *parts, "", line_to_type(asked)]),
        }
        if not is_live():
            publish(bundle)
            return
        self._take_up()
        # A function is written in a cell, so its question says how.
        widget = self._widget(asked, self._form(asked, interactive=True) + (typed if isinstance(asked, Code) else ""))
        publish({**widget.bundle(), **bundle} if widget else bundle)
        publish(self._record_bundle(asked), name=self._name(asked.id))
        self._asked.add(asked.id)

    def answer(self, question: str, value: object = None) -> None:
        """Record an answer and show what it earns; a later one to the same question takes its place."""
        asked = self._question(question)
        answer = recorded(asked, value)
        earned = score(asked, answer)
        publish(
            {
                "text/html": feedback_html(asked, answer, earned, self._evidence(asked)),
                "text/plain": text_of(feedback_lines(asked, answer, earned, self._evidence(asked))),
                RESPONSE_TYPE: self._record(asked, answer),
            }
        )
        if question in self._widgets:
            self._widgets[question].answer = answer

    def results(self) -> None:
        """Show the points by learning outcome and in all; in a live front end they follow later answers."""
        if not is_live():
            publish(self._results_bundle())
            return
        self._take_up()
        publish(self._results_bundle(), name=self._name("results"))
        self._shows_results = True

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

    # In a live front end

    def _widget(self, question: Question, html: str) -> QuestionWidget | None:
        """The question’s form with its script; ``None`` where nothing can be shown that way."""
        if not self.widgets:
            return None
        try:
            from proverka.jupyter.widget import QuestionWidget
        except ImportError:
            return None  # the package was installed without what it depends on
        response = self.responses.get(question.id)

        def answered(value: JSON) -> None:
            self._record(question, recorded(question, value))

        self._widgets[question.id] = QuestionWidget(html, response.answer if response else None, answered)
        return self._widgets[question.id]

    def _take_up(self) -> None:
        """Know again what was answered before this quiz was loaded, if its question is still the same."""
        if self._taken_up:
            return
        self._taken_up = True
        for question, record in kept(self.stem).items():
            if question not in self.responses and self.fingerprints.get(question) == record.get("fingerprint"):
                shown = record.get("shown")
                order = tuple(map(str, shown)) if isinstance(shown, list) else ()
                self.responses[question] = Response(question, self.fingerprints[question], record["answer"], order)
                self._records[question] = record

    # What is recorded

    def _record(self, question: Question, answer: JSON) -> dict[str, JSON]:
        """Take an answer down, in the outputs of its question too."""
        response = Response(question.id, self.fingerprints[question.id], answer, shown_order(question, SEED))
        record = {**response.to_data(), "quiz": self.stem, "version": VERSION, "at": now()}
        self.responses[question.id] = response
        self._records[question.id] = record
        # The record last: who sees it may save, and then the results should be there too.
        if self._shows_results:
            publish(self._results_bundle(), name=self._name("results"), again=True)
        if question.id in self._asked:
            publish(self._record_bundle(question), name=self._name(question.id), again=True)
        if is_live():
            keep(self.stem, record)
        return record

    def _record_bundle(self, question: Question) -> dict[str, JSON]:
        record = self._records.get(question.id)
        answer = record["answer"] if record else None
        line = recorded_line(question, answer, score(question, answer)) if record else NOTHING
        return record_bundle(line, record)

    def _name(self, part: str) -> str:
        """What the outputs of a part of this quiz are called."""
        return f"proverka-{self.stem}-{part}"

    def _results_bundle(self) -> dict[str, JSON]:
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
        return {"text/html": table.to_html(), "text/plain": table.to_text(), RESULTS_TYPE: data}

    # What is shown

    def _form(self, question: Question, *, interactive: bool = False) -> str:
        surface = Surface(
            picture=lambda path: self.files.get(path, path),
            drawing=lambda path: self.files.get(path, ""),
            interactive=interactive,
        )
        return render_quiz([(question, self._evidence(question))], seed=SEED, surface=surface, numbered=False)

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
