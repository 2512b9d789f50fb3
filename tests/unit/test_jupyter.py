"""A quiz in a notebook: what is shown, what is recorded, what is told of slips."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from proverka.bank.draw import shown_order
from proverka.jupyter import Quiz
from proverka.jupyter import quiz as runtime
from proverka.model import (
    Choice,
    Choices,
    Citation,
    Claim,
    Distractor,
    Foreseen,
    Item,
    Match,
    Number,
    Option,
    Order,
    Outcome,
    Pair,
    Question,
    Source,
    State,
    Status,
    Text,
)
from proverka.render.notebook import quiz_json
from proverka.scoring import key_answer, wrong_answers

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


@pytest.fixture
def quiz() -> Quiz:
    return Quiz.from_json(quiz_json("alpha", "The *Zone*", QUESTIONS, OUTCOMES, CLAIMS, SOURCES))


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


def test_an_answer_leaves_a_record(quiz: Quiz, shown: list[dict[str, Any]]) -> None:
    quiz.answer("q-alpha-order", ["x", "y", "z"])
    assert shown[0].keys() == {"text/html", "text/plain", RESPONSE}
    assert shown[0][RESPONSE] == {
        "quiz": "alpha",
        "version": 1,
        "question": "q-alpha-order",
        "fingerprint": QUESTIONS[4].fingerprint,
        "answer": ["x", "y", "z"],
        "shown": list(shown_order(QUESTIONS[4], "")),
    }


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
    quiz.answer("q-alpha-choice", "mill")
    assert published[0].keys() == {"text/html", "text/plain", RESPONSE}
