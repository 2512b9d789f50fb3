"""A quiz in a notebook: what is shown, what is recorded, what is told of slips."""

from __future__ import annotations

import asyncio
import copy
import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

from proverka.bank.draw import shown_order
from proverka.jupyter import Quiz, front_end, kept, record
from proverka.jupyter import quiz as runtime
from proverka.jupyter.chart import render_chart
from proverka.jupyter.record import read_records
from proverka.jupyter.typed import plain
from proverka.jupyter.words import recorded_line
from proverka.model import (
    JSON,
    Blank,
    Blanks,
    Choice,
    Choices,
    Citation,
    Claim,
    Code,
    Criterion,
    Distractor,
    Essay,
    Foreseen,
    Item,
    Match,
    Number,
    Option,
    Order,
    Outcome,
    Pair,
    Pin,
    Question,
    Source,
    Spot,
    State,
    Status,
    Text,
    Trial,
)
from proverka.render.notebook import quiz_json, render_notebook
from proverka.scoring import key_answer, score, wrong_answers

RESPONSE = "application/vnd.proverka.response+json"
RESULTS = "application/vnd.proverka.results+json"


def common(name: str, outcome: str = "lo-one", **other: Any) -> dict[str, Any]:
    return {
        "id": f"q-alpha-{name}",
        "outcome": outcome,
        "claims": ("c-mill",),
        "level": "recall",
        "stem": f"What of *{name}*?",
        "explain": f"Because of **{name}**.",
        **other,
    }


QUESTIONS: tuple[Question, ...] = (
    Choice(
        **common("choice"),
        options=(Option("mill", "A *mill*", True), Option("ship", "A <ship>", why="It `never` sailed.")),
    ),
    Choices(
        **common("choices", points=2),
        options=(Option("a", "A", True), Option("b", "B", True), Option("c", "C", why="Not C.")),
    ),
    Number(**common("number", "lo-two"), low=17, high=17, unit="reels", wrong=(Foreseen("15", "Those of 1978."),)),
    Text(**common("text", "lo-two"), accept=("Mosfilm", "Мосфильм")),
    Order(**common("order", "lo-two"), items=(Item("x", "X"), Item("y", "Y"), Item("z", "Z"))),
    Match(
        **common("match", "lo-two"),
        pairs=(Pair("boris", "Boris", "screenplay", "With Arkady."), Pair("knyazhinsky", "Alexander", "camera")),
        distractors=(Distractor("editor", "editing", "That was somebody else."),),
    ),
)
OUTCOMES = [
    Outcome("lo-one", "Tell *Stalker* from a mill."),
    Outcome("lo-two", "Count reels."),
    Outcome("lo-no", "None."),
]
CLAIMS = {"c-mill": Claim("c-mill", "It was a <mill>.", Status.CONFIRMED, (Citation("a"), Citation("b")))}
SOURCES = {"a": Source("a", "book", {"title": "A & B", "year": "1979"})}


def new_quiz() -> Quiz:
    return Quiz.from_json(quiz_json("alpha", "The *Zone*", QUESTIONS, OUTCOMES, CLAIMS, SOURCES))


@pytest.fixture
def quiz() -> Quiz:
    return new_quiz()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Everything published, in order."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(runtime, "publish", bundles.append)
    return bundles


class Tags(HTMLParser):
    """Notes the elements and checks that they close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "input":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# Asking


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.type)
def test_a_question_is_shown_as_a_form_and_as_text(quiz: Quiz, shown: list[dict[str, Any]], question: Question) -> None:
    quiz.ask(question.id)
    assert shown[0].keys() == {"text/html", "text/plain"}
    tags = Tags(shown[0]["text/html"])
    assert ("fieldset", {"class": f"pv-question pv-{question.type}", "id": question.id}) in tags.found
    assert "It was a <mill>. (confirmed: A & B, 1979; b)" in tags.text
    plain = shown[0]["text/plain"]
    assert plain.splitlines()[0] == f"What of {question.type}?"
    line = plain.splitlines()[-1]
    assert line.startswith(f'quiz.answer("{question.id}", ')
    assert line in tags.text
    assert "Because" not in plain


def test_options_are_told_with_the_ids_to_type_in_the_order_shown(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.ask("q-alpha-choice")
    lines = {"mill": "  mill: A mill", "ship": "  ship: A <ship>"}
    assert shown[0]["text/plain"].splitlines()[1:] == [
        "One of these:",
        *(lines[each] for each in shown_order(QUESTIONS[0], "")),
        "",
        'quiz.answer("q-alpha-choice", "…")',
    ]
    assert "<ship>" not in shown[0]["text/html"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.type)
def test_the_line_to_type_is_python_and_not_the_key(
    quiz: Quiz, shown: list[dict[str, Any]], question: Question
) -> None:
    quiz.ask(question.id)
    exec(shown[0]["text/plain"].splitlines()[-1], {"quiz": quiz})
    assert shown[1][RESPONSE]["question"] == question.id
    assert quiz.score_of(question.id, quiz.responses[question.id].answer).points < question.points


def test_the_text_of_a_match_does_not_give_the_pairs_away(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.ask("q-alpha-match")
    assert "boris:" not in shown[0]["text/plain"]
    assert "knyazhinsky" not in shown[0]["text/plain"]


# Answering


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.type)
def test_the_key_is_right_and_wrong_answers_are_not(
    quiz: Quiz, shown: list[dict[str, Any]], question: Question
) -> None:
    quiz.answer(question.id, key_answer(question))
    assert shown[0]["text/plain"].startswith("✓ Right: ")
    for answer in wrong_answers(question):
        assert quiz.score_of(question.id, answer).points < question.points
    assert len(shown) == 1


def test_a_wrong_answer_is_told_why(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-choice", "ship")
    assert shown[0]["text/plain"].splitlines() == [
        "✗ Wrong: 0 of 1 point",
        "It never sailed.",
        "Because of choice.",
        "Why we say so:",
        "  It was a <mill>. (confirmed: A & B, 1979; b)",
    ]
    html = shown[0]["text/html"]
    assert "It <code>never</code> sailed." in html
    assert "Because of <strong>choice</strong>." in html
    assert "It was a &lt;mill&gt;. (confirmed: A &amp; B, 1979; b)" in html
    assert Tags(html).found[0] == ("div", {"class": "pv-feedback pv-wrong", "role": "status"})


def test_a_partly_right_answer_says_so(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-choices", ["a"])
    quiz.answer("q-alpha-order", ["x", "z", "y"])
    assert shown[0]["text/plain"].splitlines()[0] == "◐ Partly right: 1 of 2 points"
    assert shown[1]["text/plain"].splitlines()[0] == "◐ Partly right: 0.33 of 1 point"


@pytest.mark.parametrize(
    ("answer", "verdict"), [("mil", "This cannot be read as an answer"), (None, "No answer was given")]
)
def test_an_answer_that_is_none_gets_help_and_not_the_key(
    quiz: Quiz, shown: list[dict[str, Any]], answer: object, verdict: str
) -> None:
    quiz.answer("q-alpha-choice", answer)
    assert shown[0]["text/plain"].startswith(f"{verdict}: 0 of 1 point\nWrite a line like this: quiz.answer(")
    assert "mill: A mill" in shown[0]["text/plain"]
    for kind in ("text/plain", "text/html"):
        assert "Because" not in shown[0][kind]
    Tags(shown[0]["text/html"])


def test_an_answer_leaves_a_record(quiz: Quiz, shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "now", lambda: "2026-11-25T04:32:10.123456Z")
    quiz.answer("q-alpha-order", ["x", "y", "z"])
    assert shown[0].keys() == {"text/html", "text/plain", RESPONSE}
    assert shown[0][RESPONSE] == {
        "quiz": "alpha",
        "version": 1,
        "question": "q-alpha-order",
        "fingerprint": QUESTIONS[4].fingerprint,
        "answer": ["x", "y", "z"],
        "shown": list(shown_order(QUESTIONS[4], "")),
        "at": "2026-11-25T04:32:10.123456Z",
    }


def test_the_times_of_records_sort_as_text(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    for answer in ("mill", "ship"):
        quiz.answer("q-alpha-choice", answer)
    first, second = (bundle[RESPONSE]["at"] for bundle in shown)
    assert first <= second
    assert len(first) == len("2026-11-25T04:32:10.123456Z")


class Array:
    """As NumPy and pandas have them."""

    def __init__(self, value: object) -> None:
        self.value = value

    def tolist(self) -> object:
        return self.value


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("choices", ("a", "b"), ["a", "b"]),
        ("choices", {"b", "a"}, ["a", "b"]),
        ("choices", Array(["a"]), ["a"]),
        ("number", Array(17), 17),
        ("number", 17.0, 17.0),
        ("number", float("nan"), "no finite number"),
        ("number", float("-inf"), "no finite number"),
        ("number", 10**400, "no finite number"),
        ("number", True, True),
        ("text", " мосфильм ", " мосфильм "),
        ("text", "half \ud83d", "half ?"),
        ("match", {"boris": "editor"}, {"boris": "editor"}),
        ("match", [], []),
        ("match", [1], [1]),
        ("match", [9, None], {"boris": 9, "knyazhinsky": None}),
        ("match", "boris", "boris"),
    ],
)
def test_whatever_is_given_is_recorded_as_plain_data(
    quiz: Quiz, shown: list[dict[str, Any]], name: str, given: object, kept: object
) -> None:
    quiz.answer(f"q-alpha-{name}", given)
    assert shown[0][RESPONSE]["answer"] == kept
    assert type(shown[0][RESPONSE]["answer"]) is type(kept)
    json.dumps(shown[0][RESPONSE], allow_nan=False)


def test_numbers_in_a_match_stand_for_the_sides_shown(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    order = shown_order(QUESTIONS[5], "")
    numbers = [order.index("boris") + 1, order.index("knyazhinsky") + 1]
    for answer in (numbers, {"boris": numbers[0], "knyazhinsky": numbers[1]}):
        assert quiz.score_of("q-alpha-match", answer).state is State.RIGHT
    quiz.answer("q-alpha-match", numbers)
    assert shown[0][RESPONSE]["answer"] == {"boris": "boris", "knyazhinsky": "knyazhinsky"}


# Results


def test_results_are_a_table_by_outcome(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-choice", "mill")
    quiz.answer("q-alpha-order", ["x", "z", "y"])
    quiz.results()
    assert shown[-1]["text/plain"].splitlines() == [
        "Results: The Zone",
        "  1 of 3 points, 1 of 2 answered: Tell Stalker from a mill.",
        "  0.33 of 4 points, 1 of 4 answered: Count reels.",
        "  1.33 of 7 points, 2 of 6 answered: In all",
    ]
    html = shown[-1]["text/html"]
    tags = Tags(html).found
    assert tags[0][0] == "table"
    assert "<caption>Results: The <em>Zone</em></caption>" in html
    assert [attrs["scope"] for tag, attrs in tags if tag == "th"] == ["col"] * 3 + ["row"] * 3
    assert '<th scope="row">In all</th><td>2 of 6</td><td>1.33 of 7</td>' in html


def test_results_are_a_chart_with_a_name_in_words(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-choice", "mill")
    quiz.results()
    ((_, chart),) = [each for each in Tags(shown[-1]["text/html"]).found if each[0] == "svg"]
    assert chart["role"] == "img"
    assert chart["aria-label"] == (
        "Points by learning outcome. Tell Stalker from a mill: 1 of 3 points. Count reels: 0 of 4 points."
    )
    assert "style" not in chart, "a page with a policy for its content would refuse it"


def test_a_chart_cuts_long_labels_and_draws_no_more_than_there_is() -> None:
    html = render_chart([("word " * 60, 3, 2, "3 of 2 points"), ("<none>", 0, 0, "0 of 0 points")], "Points")
    rects = [attrs for tag, attrs in Tags(html).found if tag == "rect"]
    assert [float(each["width"] or 0) for each in rects] == [500, 500, 500]
    assert html.count("<text") == 2 + 1 + 2
    assert " …</text>" in html
    assert "&lt;none&gt;" in html


def test_results_are_data_too(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-choices", ["a", "b"])
    quiz.results()
    data = shown[-1][RESULTS]
    assert {name: data[name] for name in ("quiz", "version", "points", "of")} == {
        "quiz": "alpha",
        "version": 1,
        "points": 2,
        "of": 7,
    }
    assert [(each["question"], each["state"], each["points"], each["of"]) for each in data["questions"]] == [
        ("q-alpha-choice", "empty", 0, 1),
        ("q-alpha-choices", "right", 2, 2),
        ("q-alpha-number", "empty", 0, 1),
        ("q-alpha-text", "empty", 0, 1),
        ("q-alpha-order", "empty", 0, 1),
        ("q-alpha-match", "empty", 0, 1),
    ]
    json.dumps(data, allow_nan=False)


def test_a_later_answer_takes_the_place_of_an_earlier_one(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-choice", "mill")
    quiz.answer("q-alpha-choice", "ship")
    quiz.results()
    assert shown[-1][RESULTS]["points"] == 0
    quiz.answer("q-alpha-choice", "mill")
    quiz.results()
    assert shown[-1][RESULTS]["points"] == 1


# Slips


@pytest.mark.parametrize("call", ["ask", "answer", "score_of"])
def test_a_misspelt_id_is_told_in_one_line(quiz: Quiz, call: str) -> None:
    given = ["q-alpha-chioce"] if call == "ask" else ["q-alpha-chioce", "mill"]
    with pytest.raises(KeyError) as caught:
        getattr(quiz, call)(*given)
    line = "there is no question “q-alpha-chioce” in this quiz; did you mean q-alpha-choice?"
    assert str(caught.value) == line
    assert caught.value._render_traceback_() == [f"UnknownQuestionError: {line}"]  # type: ignore[attr-defined]


def test_an_id_like_no_other_is_told_what_ids_look_like(quiz: Quiz) -> None:
    with pytest.raises(KeyError, match="its first is q-alpha-choice"):
        quiz.ask("7")


@pytest.mark.parametrize("value", [object(), ..., [object()], b"mill"])
def test_an_answer_that_is_no_data_is_told_in_one_line(quiz: Quiz, shown: list[dict[str, Any]], value: object) -> None:
    with pytest.raises(
        TypeError, match=r"an answer is text, a number, a list or a mapping, not (object|ellipsis|bytes)"
    ):
        quiz.answer("q-alpha-choice", value)
    assert quiz.responses == {}
    assert shown == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 1, "questions": [{"id": "q-a"}]}'])
def test_a_broken_quiz_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole quiz; download"):
        Quiz.from_json(text)


def test_a_quiz_of_a_later_version_asks_for_a_later_package() -> None:
    with pytest.raises(ValueError, match=r"version 2, and proverka here reads 1; run: pip install --upgrade proverka"):
        Quiz.from_json('{"version": 2}')


# Outside of a notebook, and in one


def test_without_a_notebook_the_text_is_printed(quiz: Quiz, capfd: pytest.CaptureFixture[str]) -> None:
    assert quiz.ask("q-alpha-choice") is None  # type: ignore[func-returns-value]  # a value would be shown again
    quiz.answer("q-alpha-choice", "mill")
    quiz.results()
    out, err = capfd.readouterr()
    assert [line for line in out.splitlines() if line[:1].isalpha() or line[:1] == "✓"] == [
        "What of choice?",
        "One of these:",
        'quiz.answer("q-alpha-choice", "…")',
        "✓ Right: 1 of 1 point",
        "Because of choice.",
        "Why we say so:",
        "Results: The Zone",
    ]
    assert err == ""


def test_in_a_notebook_all_forms_are_published(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    display = pytest.importorskip("IPython.display")
    getipython = pytest.importorskip("IPython.core.getipython")
    published: list[dict[str, Any]] = []
    monkeypatch.setattr(getipython, "get_ipython", object)
    monkeypatch.setattr(display, "display", lambda bundle, *, raw: published.append(bundle) if raw else None)
    quiz.ask("q-alpha-choice")
    assert published.pop().keys() == {"text/html", "text/plain"}
    quiz.answer("q-alpha-choice", "mill")
    assert published[0].keys() == {"text/html", "text/plain", RESPONSE}


# In a live front end


class Notebook:
    """Outputs as a front end has them: those with a name can be changed."""

    def __init__(self) -> None:
        self.outputs: list[tuple[str | None, dict[str, Any]]] = []

    def publish(self, bundle: dict[str, JSON], *, name: str | None = None, again: bool = False) -> None:
        json.dumps(bundle, allow_nan=False)
        if again:
            self.outputs = [(known, bundle if known == name else old) for known, old in self.outputs]
        else:
            self.outputs.append((name, bundle))

    def clear(self) -> None:
        self.outputs = []

    def __getitem__(self, place: int) -> dict[str, Any]:
        return self.outputs[place][1]

    def saved(self) -> dict[str, Any]:
        outputs = [{"output_type": "display_data", "data": bundle, "metadata": {}} for _, bundle in self.outputs]
        return {"cells": [{"cell_type": "code", "source": [], "outputs": outputs}], "nbformat": 4}


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """A live one, without a file."""
    notebook = Notebook()
    monkeypatch.setattr(runtime, "publish", notebook.publish)
    monkeypatch.setattr(runtime, "is_live", lambda: True)
    monkeypatch.setattr(kept, "_given", {})
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return notebook


def give(quiz: Quiz, question: str, answer: JSON) -> None:
    """As the widget’s script does when an answer is checked."""
    widget = quiz._widgets[question]
    with widget.hold_trait_notifications():
        widget.answer = answer
        widget.given += 1


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.type)
def test_a_question_is_a_widget_with_form_and_text_beside_it(
    quiz: Quiz, notebook: Notebook, shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, question: Question
) -> None:
    monkeypatch.setattr(runtime, "is_live", lambda: False)
    quiz.ask(question.id)
    monkeypatch.setattr(runtime, "is_live", lambda: True)
    monkeypatch.setattr(runtime, "publish", notebook.publish)
    quiz.ask(question.id)
    widget = quiz._widgets[question.id]
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    assert notebook[0] == {**shown[0], front_end.WIDGET_TYPE: view}
    assert notebook[1]["text/plain"] == "Nothing is recorded yet."
    tags = Tags(widget.html)
    assert ("script", {"type": "application/json"}) in tags.found
    assert ("fieldset", {"class": f"pv-question pv-{question.type}", "id": question.id}) in tags.found
    assert "quiz.answer" not in widget.html


def test_the_widgets_script_is_the_pages_and_exports_what_a_front_end_calls(quiz: Quiz, notebook: Notebook) -> None:
    quiz.ask("q-alpha-choice")
    state = quiz._widgets["q-alpha-choice"].get_state()
    web = Path(runtime.__file__).parent.parent / "web"
    for name, text in (("proverka-quiz.js", state["_esm"]), ("proverka.css", state["_css"])):
        assert (web / name).read_text(encoding="utf-8") in text
    assert state["_esm"].count("export default") == 1
    assert "\nimport " not in state["_esm"]


def test_the_question_of_a_function_says_how_to_hand_it_over(notebook: Notebook) -> None:
    code = Code(
        **common("code"), function="f", starter="def f(): ...", solution="def f(): return 1", trials=(Trial((), 1),)
    )
    quiz = Quiz.from_json(quiz_json("alpha", "A", [code], OUTCOMES, CLAIMS, SOURCES))
    quiz.ask(code.id)
    assert 'quiz.answer("q-alpha-code", f)' in Tags(quiz._widgets[code.id].html).text.splitlines()
    quiz.answer(code.id, lambda: 1)
    assert notebook[1]["text/plain"] == "Recorded: f, tried 1 time"


def test_an_answer_in_the_widget_changes_the_record_where_it_stands(quiz: Quiz, notebook: Notebook) -> None:
    quiz.ask("q-alpha-choice")
    quiz.ask("q-alpha-text")
    for count, (answer, text) in enumerate([("ship", "A <ship>"), ("mill", "A mill"), ("mill", "A mill")], 1):
        give(quiz, "q-alpha-choice", answer)
        assert quiz._widgets["q-alpha-choice"].recorded == count
        assert len(notebook.outputs) == 4
        assert notebook[1]["text/plain"] == f"Recorded: {text}"
        assert notebook[1][RESPONSE]["answer"] == answer
        assert notebook[1][RESPONSE]["fingerprint"] == QUESTIONS[0].fingerprint
        Tags(notebook[1]["text/html"])
    assert RESPONSE not in notebook[3]
    assert read_records(notebook.saved()) == {"q-alpha-choice": notebook[1][RESPONSE]}


def test_a_typed_answer_reaches_widget_record_and_results(quiz: Quiz, notebook: Notebook) -> None:
    quiz.ask("q-alpha-choice")
    quiz.results()
    quiz.answer("q-alpha-choice", "mill")
    assert quiz._widgets["q-alpha-choice"].answer == "mill"
    assert notebook[1][RESPONSE] == notebook[3][RESPONSE]
    assert notebook[2][RESULTS]["points"] == 1
    assert notebook[3]["text/plain"].startswith("✓ Right")
    give(quiz, "q-alpha-choice", "ship")
    assert notebook[2][RESULTS]["points"] == 0
    assert read_records(notebook.saved())["q-alpha-choice"]["answer"] == "ship"


@pytest.mark.parametrize("answer", [None, "mil", 7, ["mill"], {"a": [{}]}, "x" * 10_000, [[[]]], True, 1e308])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.type)
def test_whatever_arrives_from_a_front_end_is_recorded(
    quiz: Quiz, notebook: Notebook, question: Question, answer: JSON
) -> None:
    quiz.ask(question.id)
    give(quiz, question.id, answer)
    assert quiz._widgets[question.id].recorded == 1
    line = notebook[1]["text/plain"]
    assert line.startswith("Recorded: ")
    assert len(line) < 350
    assert notebook[1][RESPONSE]["question"] == question.id


def test_asking_again_shows_what_was_answered(quiz: Quiz, notebook: Notebook) -> None:
    quiz.ask("q-alpha-choice")
    give(quiz, "q-alpha-choice", "ship")
    record_ = notebook[1][RESPONSE]
    for again in (quiz, new_quiz()):
        notebook.clear()
        again.ask("q-alpha-choice")
        assert again._widgets["q-alpha-choice"].answer == "ship"
        assert notebook[1][RESPONSE] == record_
    again.results()
    assert "0 of 3 points, 1 of 2 answered" in notebook[2]["text/plain"]


@pytest.fixture
def file(notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notebook’s file, saved with two answers before the kernel was restarted."""
    path = tmp_path / "quiz.ipynb"
    quiz = new_quiz()
    for question in ("q-alpha-choice", "q-alpha-order"):
        quiz.ask(question)
    give(quiz, "q-alpha-choice", "mill")
    give(quiz, "q-alpha-order", ["x", "z", "y"])
    path.write_text(json.dumps(notebook.saved()), encoding="utf-8")
    notebook.clear()
    monkeypatch.setattr(kept, "_given", {})
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    return path


def test_after_a_restart_answers_are_taken_up_from_the_file(file: Path, notebook: Notebook) -> None:
    quiz = new_quiz()
    quiz.results()
    assert notebook[0][RESULTS]["points"] == pytest.approx(1.33, abs=0.01)
    quiz.ask("q-alpha-order")
    assert quiz._widgets["q-alpha-order"].answer == ["x", "z", "y"]
    assert notebook[2][RESPONSE] == read_records(json.loads(file.read_text()))["q-alpha-order"]
    assert quiz.responses["q-alpha-order"].shown == shown_order(QUESTIONS[4], "")


def test_vs_code_tells_the_file_in_its_own_way(file: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME")
    monkeypatch.setattr(sys.modules["__main__"], "__vsc_ipynb_file__", str(file), raising=False)
    quiz = new_quiz()
    quiz.ask("q-alpha-choice")
    assert quiz._widgets["q-alpha-choice"].answer == "mill"


def test_where_nobody_tells_the_file_it_has_the_quiz_s_name(
    file: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in JupyterLite."""
    monkeypatch.delenv("JPY_SESSION_NAME")
    monkeypatch.chdir(file.rename(file.with_name("alpha.ipynb")).parent)
    quiz = new_quiz()
    quiz.ask("q-alpha-choice")
    assert quiz._widgets["q-alpha-choice"].answer == "mill"


def test_what_was_answered_now_comes_before_the_file(file: Path, notebook: Notebook) -> None:
    quiz = new_quiz()
    quiz.answer("q-alpha-choice", "ship")
    for again in (quiz, new_quiz()):
        again.ask("q-alpha-choice")
        assert again._widgets["q-alpha-choice"].answer == "ship"


@pytest.mark.parametrize(
    ("old", "new"), [('"quiz": "alpha"', '"quiz": "beta"'), ('"fingerprint": "', '"fingerprint": "0')]
)
def test_answers_to_other_questions_are_not_taken_up(file: Path, notebook: Notebook, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    quiz = new_quiz()
    quiz.ask("q-alpha-choice")
    assert quiz.responses == {}
    assert notebook[1]["text/plain"] == "Nothing is recorded yet."


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, "7", '{"cells": 7}', "\ud800", None])
def test_a_file_that_cannot_be_read_holds_no_answers(file: Path, notebook: Notebook, content: str | None) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content.encode(errors="surrogatepass"))
    new_quiz().ask("q-alpha-choice")
    assert notebook[1]["text/plain"] == "Nothing is recorded yet."


def test_nothing_is_taken_up_where_nobody_sits(file: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "is_live", lambda: False)
    quiz = new_quiz()
    quiz.ask("q-alpha-choice")
    quiz.results()
    assert notebook[1][RESULTS]["points"] == 0
    assert len(notebook.outputs) == 2


def test_without_widgets_the_form_stands_alone_and_the_record_is_kept(
    quiz: Quiz, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz.widgets = False
    quiz.ask("q-alpha-choice")
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "proverka.jupyter.widget", raising=False)
    quiz.widgets = True
    quiz.ask("q-alpha-text")
    for place, question, answer in ((0, "q-alpha-choice", "mill"), (2, "q-alpha-text", "Mosfilm")):
        assert notebook[place].keys() == {"text/html", "text/plain"}
        quiz.answer(question, answer)
        assert notebook[place + 1][RESPONSE]["answer"] == answer


def test_the_name_of_an_output_reaches_the_front_end(monkeypatch: pytest.MonkeyPatch) -> None:
    display = pytest.importorskip("IPython.display")
    monkeypatch.setattr(front_end, "_shell", object)
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(display, "display", lambda bundle, **named: calls.append(named))
    front_end.publish({"text/plain": ""})
    front_end.publish({"text/plain": ""}, name="a")
    front_end.publish({"text/plain": ""}, name="a", again=True)
    assert calls == [
        {"raw": True},
        {"raw": True, "display_id": "a", "update": False},
        {"raw": True, "display_id": "a", "update": True},
    ]


@pytest.mark.parametrize(
    ("shell", "live"),
    [
        (None, False),
        (SimpleNamespace(), False),
        (SimpleNamespace(kernel=None), False),
        (SimpleNamespace(kernel=1, get_parent=lambda: {"content": {"allow_stdin": True}}), True),
        (SimpleNamespace(kernel=1, get_parent=lambda: {"content": {"allow_stdin": False}}), False),
        (SimpleNamespace(kernel=1, get_parent=lambda: {"content": {"data": {}}}), True),
        (SimpleNamespace(kernel=1, get_parent=dict), True),
        (SimpleNamespace(kernel=1, get_parent=lambda: None), True),
        (SimpleNamespace(kernel=1), True),
    ],
    ids="none terminal no-kernel front-end unattended from-a-widget no-content nothing browser".split(),
)
def test_who_may_be_asked_is_told_by_the_request(monkeypatch: pytest.MonkeyPatch, shell: object, live: bool) -> None:
    monkeypatch.setattr(front_end, "_shell", lambda: shell)
    assert front_end.is_live() is live


# Unattended


@pytest.fixture(scope="module")
def unattended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that nbclient has run, as nbconvert and MyST-NB have it done."""
    folder = tmp_path_factory.mktemp("unattended")
    text = render_notebook("alpha", "The *Zone*", QUESTIONS, OUTCOMES, CLAIMS, SOURCES)
    node = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        client = NotebookClient(node, kernel_name="python3", timeout=60)
        # Where browser tests run in the same process, their loop runs in this thread.
        with ThreadPoolExecutor() as pool:
            pool.submit(asyncio.run, client.async_execute()).result()
    path = folder / "alpha.ipynb"
    nbformat.write(node, path)  # type: ignore[no-untyped-call]
    return path


def test_what_runs_unattended_gets_forms_and_no_widget(unattended: Path) -> None:
    data = json.loads(unattended.read_text(encoding="utf-8"))
    assert "widgets" not in data["metadata"]
    asked = [cell for cell in data["cells"] if "".join(cell["source"]).startswith("quiz.ask")]
    assert len(asked) == len(QUESTIONS)
    for cell in asked:
        (output,) = cell["outputs"]
        assert output["data"].keys() == {"text/html", "text/plain"}
        assert 'class="proverka-quiz"' in "".join(output["data"]["text/html"])
    assert read_records(data) == {}


def test_a_page_made_of_it_shows_the_form_and_loads_no_widgets(unattended: Path) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    exporter = nbconvert.HTMLExporter(template_name="basic")
    html, _ = exporter.from_notebook_node(nbformat.read(unattended, as_version=4))  # type: ignore[no-untyped-call]
    assert html.count('class="proverka-quiz"') == len(QUESTIONS)
    assert "widget" not in html


@pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInNextVersionWarning")
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_book_that_runs_it_shows_the_form_and_loads_nothing_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = pytest.importorskip("sphinx.application")
    docutils = pytest.importorskip("sphinx.util.docutils")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "index.ipynb").write_text(
        render_notebook("alpha", "The *Zone*", QUESTIONS, OUTCOMES, CLAIMS, SOURCES), encoding="utf-8"
    )
    options = {"extensions": ["myst_nb"], "nb_execution_mode": "force", "html_theme": "basic"}
    warnings = StringIO()
    with docutils.patch_docutils(str(source)), docutils.docutils_namespace():
        application.Sphinx(
            str(source), None, str(tmp_path / "out"), str(tmp_path / "trees"), "html", options,
            status=None, warning=warnings,
        ).build()  # fmt: skip
    assert warnings.getvalue() == ""
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert html.count('class="proverka-quiz"') == len(QUESTIONS)
    assert "widget" not in html
    assert "require" not in html
    assert "https://" not in html.replace("https://www.sphinx-doc.org", "").replace("https://github.com", "")


# Answers in words

MORE: tuple[Question, ...] = (
    Blanks(**common("blanks"), text="{month} {year}", blanks=(Blank("month", ("April",)), Blank("year", ("1979",)))),
    Pin(
        **common("pin"),
        drawing="d.svg",
        alt="A map.",
        spots=(Spot("tallinn", "*Tallinn*", 20, 20, 5, True), Spot("isfara", "Isfara", 80, 30, 5, why="No.")),
    ),
    Code(**common("code"), function="f", starter="", solution="def f(): ...", trials=(Trial((), 1), Trial((), 2))),
    Essay(**common("essay"), model="A model.", rubric=(Criterion("source", "Names it."),)),
)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("choice", "mill", "A mill"),
        ("choice", "mil", '"mil"'),
        ("choice", None, "no answer"),
        ("choices", ["c", "a"], "A; C"),
        ("number", "1 979", "1 979"),
        ("number", 17, "17"),
        ("text", " Мосфильм\n", "Мосфильм"),
        ("text", "x" * 500, f"{'x' * 300}…"),
        ("order", ["y", "x", "z"], "1. Y; 2. X; 3. Z"),
        ("order", ["y"], '["y"]'),
        ("match", {"boris": "editor"}, "Boris: editing; Alexander: –"),
        ("match", {}, "no answer"),
        ("blanks", {"year": "1979", "month": None}, "1. –; 2. 1979"),
        ("pin", "tallinn", "Tallinn"),
        ("pin", {"x": 1, "y": 2.5}, "the point 1, 2.5"),
        ("code", {"source": "def f(): ...", "results": [1, None]}, "f, tried 2 times"),
        ("code", {"source": "def f(): ..."}, "f"),
        ("essay", {"text": "One.\n\nTwo."}, "One. Two."),
        ("essay", {"text": "One.", "marks": {"source": 1}}, "One."),
    ],
)
def test_what_is_recorded_is_told_in_words(name: str, answer: JSON, words: str) -> None:
    question = next(each for each in (*QUESTIONS, *MORE) if each.id == f"q-alpha-{name}")
    assert recorded_line(question, answer, score(question, answer)) == f"Recorded: {words}"


@pytest.mark.parametrize("question", [*QUESTIONS, *MORE], ids=lambda each: each.type)
def test_every_answer_has_words(question: Question) -> None:
    for answer in (key_answer(question), *wrong_answers(question)):
        assert recorded_line(question, answer, score(question, answer)).startswith("Recorded: ")


# Records read back


def cell(source: str | list[str] = "", *records: object) -> dict[str, Any]:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {RESPONSE: each}} for each in records]
    return {"cell_type": "code", "source": source, "outputs": outputs}


def saved(*cells: object) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def one(answer: object = "mill", question: object = "q-a", **more: object) -> dict[str, Any]:
    return {"question": question, "answer": answer, **more}


def test_the_latest_record_of_a_question_counts() -> None:
    early, late = one(1, at="2026-11-25T04:32:10.123456Z"), one(2, at="2026-11-25T04:32:10.123457Z")
    for cells in ([cell("", early, late)], [cell("", late), cell("", early)]):
        assert read_records(saved(*cells)) == {"q-a": late}
    assert read_records(saved(cell("", one(1)), cell("", one(2)), cell("", one(3, at=7)))) == {"q-a": one(3, at=7)}


def test_a_record_counts_more_than_the_line_that_may_have_made_it() -> None:
    assert read_records(saved(cell('quiz.answer("q-a", "ship")', one("mill")))) == {"q-a": one("mill")}
    assert read_records(saved(cell("", one("mill")), cell('quiz.answer("q-a", "ship")'))) == {"q-a": one("mill")}


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ('quiz.answer("q-a", "mill")', "mill"),
        ("quiz.answer('q-a', ['x', \"y\"])  # so", ["x", "y"]),
        ('quiz.answer(\n    "q-a",\n    {"boris": 1, "year": None},\n)', {"boris": 1, "year": None}),
        ('a = 1\nquiz.answer("q-a", -1_979.5); print(a)', -1979.5),
        ('quiz.answer("q-a", ("x", "y"))', ["x", "y"]),
        ('quiz.answer("q-a", {"y", "x"})', ["x", "y"]),
        ('quiz.answer("q-a", "mi" "ll")', "mill"),
        ('quiz.answer("q-a", 1)\nquiz.answer("q-a", 2)', 2),
        ('%time\nquiz.answer("q-a", 1)\n!ls\nquiz?', 1),
        ('quiz.answer("q-a", "\\d")', "\\d"),
        ('quiz.answer("q-a", 1e999)', "no finite number"),
    ],
)
def test_a_call_with_literals_stands_in_for_a_record(source: str, answer: object) -> None:
    for form in (source, source.splitlines(keepends=True)):
        assert read_records(saved(cell(form))) == {"q-a": {"question": "q-a", "answer": answer}}


@pytest.mark.parametrize(
    "source",
    [
        'quiz.answer("q-a", open("mark").write("x"))',
        'quiz.answer("q-a", f"{1}")',
        'quiz.answer("q-a", [x for x in "ab"])',
        'quiz.answer("q-a", median)',
        'quiz.answer("q-a", b"mill")',
        'quiz.answer("q-a", ...)',
        'quiz.answer("q-a", 1j)',
        'quiz.answer("q-a", value=1)',
        'quiz.answer("q-a")',
        'quiz.answer("q-a", 1, 2)',
        'quiz.answer(*["q-a", 1])',
        "quiz.answer(1, 2)",
        'quiz.answer("", 2)',
        'other.answer("q-a", 1)',
        'if False:\n    quiz.answer("q-a", 1)',
        'def f():\n    quiz.answer("q-a", 1)',
        '# quiz.answer("q-a", 1)',
        '"""\nquiz.answer("q-a", 1)\n"""',
        'quiz.answer("q-a", 1',
        'quiz.answer("q-a", "\0")\0',
        'quiz.answer("q-a", ' + "[" * 5_000 + "]" * 5_000 + ")",
        'quiz.answer("q-a", ' + "-" * 50_000 + "1)",
        'quiz.answer("q-a", ' + "9" * 5_000 + ")",
        'quiz.answer("q-a", "' + "x" * record.MOST_SOURCE + '")',
        'quiz.answer("q-a", [' + "1," * (record.MOST_VALUES + 1) + "])",
    ],
)
def test_whatever_else_stands_in_a_cell_is_no_answer(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_records(saved(cell(source))) == {}
    assert list(tmp_path.iterdir()) == []


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "broken",
    [
        7,
        "mill",
        [],
        {},
        {"question": "q-a"},
        one(question=7),
        one(question=""),
        one(question="x" * 201),
        one({1: 2}),
        one({"a": ...}),
        one(float("nan")),
        one(10**400),
        one("x" * (record.MOST_TEXT + 1)),
        one({"x" * (record.MOST_TEXT + 1): 1}),
        one([0] * (record.MOST_VALUES + 1)),
        one(nested(record.MOST_DEPTH + 1)),
        one(nested(100_000)),
        one(shown=b"x"),
    ],
    ids=lambda each: repr(each)[:20] if not isinstance(each, dict) else ",".join(map(str, each)),
)
def test_a_record_that_no_answer_can_have_made_is_passed_over(broken: object) -> None:
    assert read_records(saved(cell("", one("mill"), broken))) == {"q-a": one("mill")}


@pytest.mark.parametrize(
    "notebook_",
    [None, 7, "x", [], {}, {"cells": None}, {"cells": {}}, saved(7, None, []), saved({"cell_type": "code"})],
)
def test_what_is_no_notebook_has_no_records(notebook_: object) -> None:
    assert read_records(notebook_) == {}


ANSWERED = saved(
    {"cell_type": "markdown", "source": "# Quiz"},
    cell(['quiz.ask("q-a")'], one("mill", quiz="alpha", shown=["mill", "ship"], at="2026-11-25T04:32:10.123456Z")),
    cell('quiz.answer("q-b", [1, {"x": 2.5}])'),
    cell("", one({"boris": None}, "q-c"), {"output_type": "stream"}),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.binary(max_size=4),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=9) | st.integers(), parts, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*path, name)
        yield from places(part, (*path, name))


@given(st.lists(st.tuples(st.sampled_from(list(places(ANSWERED))), VALUES, st.booleans()), max_size=4))
def test_a_mangled_notebook_never_stops_the_reader(changes: list[tuple[tuple[Any, ...], Any, bool]]) -> None:
    """Parts are removed or become anything; what is read is always JSON of a sound size."""
    mangled = copy.deepcopy(ANSWERED)
    for path, value, removed in changes:
        part: Any = mangled
        try:
            for name in path[:-1]:
                part = part[name]
            if removed:
                del part[path[-1]]
            else:
                part[path[-1]] = value
        except (LookupError, TypeError):
            continue
    before = repr(mangled)
    for question, found in read_records(mangled).items():
        assert found["question"] == question
        assert len(json.dumps(found, allow_nan=False)) < 10 * record.MOST_TEXT
        assert "answer" in found
    assert repr(mangled) == before


def test_the_manual_shows_how_to_read_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "notebooks.md").read_text(encoding="utf-8")
    (example,) = [each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "read_records" in each]
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "anna.ipynb").write_text(json.dumps(ANSWERED), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    assert capsys.readouterr().out == "anna 3 answered\n"


@given(st.text(alphabet="quiz.answer(\"'-a, []{}:1=\n)%?", max_size=80))
def test_no_source_stops_the_reader(source: str) -> None:
    read_records(saved(cell(source), cell(f'quiz.answer("q-a", {source})')))


@given(VALUES.filter(record._is_sound))
def test_the_line_that_was_typed_gives_the_answer_back(answer: Any) -> None:
    read = read_records(saved(cell(f"quiz.answer('q-a', {answer!r})")))
    assert read["q-a"]["answer"] == plain(answer)
