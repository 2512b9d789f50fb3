"""Questions as data, and their fingerprints."""

import dataclasses
import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proverka.model import (
    LEVELS,
    QUESTION_TYPES,
    Blank,
    Blanks,
    Choice,
    Choices,
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
    Pair,
    Pin,
    Place,
    Response,
    Source,
    Spot,
    Text,
    Trial,
    question_from_data,
)

thorough = settings(derandomize=True, deadline=None, max_examples=200)

COMMON = {
    "id": "q-a",
    "outcome": "lo-a",
    "claims": ("c-a", "c-b"),
    "level": "recall",
    "stem": "Which one?",
    "explain": "That one.",
}
OPTIONS = (Option("a", "A", True), Option("b", "B", why="No."))
SAMPLES = {
    "choice": Choice(**COMMON, options=OPTIONS),
    "choices": Choices(**COMMON, options=OPTIONS),
    "number": Number(**COMMON, low=1, high=2, wrong=(Foreseen("3", "No."),)),
    "text": Text(**COMMON, accept=("A", "Б"), wrong=(Foreseen("C", "No."),)),
    "order": Order(**COMMON, items=(Item("a", "A", "First."), Item("b", "B"), Item("c", "C"))),
    "match": Match(
        **COMMON, pairs=(Pair("a", "A", "1", "No."), Pair("b", "B", "2")), distractors=(Distractor("c", "3", "No."),)
    ),
    "blanks": Blanks(**COMMON, text="{a} and {b}", blanks=(Blank("a", ("A",), why="No."), Blank("b", ("B",), ("C",)))),
    "pin": Pin(
        **COMMON,
        drawing="a.svg",
        alt="A map.",
        spots=(Spot("a", "A", 1, 2, 3, True, "Yes."), Spot("b", "B", 9, 9.5, 3)),
    ),
    "code": Code(
        **COMMON, function="f", starter="f =", solution="f = abs", trials=(Trial((-1,), 1), Trial(([],), None))
    ),
    "essay": Essay(**COMMON, rubric=(Criterion("a", "A"), Criterion("b", "B", 2)), model="All.", words=50),
}


def changed(question, **changes):
    return dataclasses.replace(question, **changes)


# --------------------------------------------------------------------------------------------------
# Round trips

TEXTS = st.text(max_size=30)
# NaN is no number of a key, and would not equal itself.
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()
PLAIN = st.none() | st.booleans() | FLOATS | TEXTS | st.lists(TEXTS, max_size=2)
PARTS = {
    "options": st.builds(Option, TEXTS, TEXTS, st.booleans(), TEXTS),
    "items": st.builds(Item, TEXTS, TEXTS, TEXTS),
    "pairs": st.builds(Pair, TEXTS, TEXTS, TEXTS, TEXTS),
    "distractors": st.builds(Distractor, TEXTS, TEXTS, TEXTS),
    "wrong": st.builds(Foreseen, TEXTS, TEXTS),
    "blanks": st.builds(Blank, TEXTS, st.lists(TEXTS).map(tuple), st.lists(TEXTS).map(tuple), TEXTS),
    "spots": st.builds(Spot, TEXTS, TEXTS, FLOATS, FLOATS, FLOATS, st.booleans(), TEXTS),
    "trials": st.builds(Trial, st.lists(PLAIN).map(tuple), PLAIN),
    "rubric": st.builds(Criterion, TEXTS, TEXTS, FLOATS),
    "hints": TEXTS,
    "claims": TEXTS,
    "accept": TEXTS,
}
FIELDS = {
    **{name: st.lists(part, max_size=4).map(tuple) for name, part in PARTS.items()},
    "level": st.sampled_from(LEVELS),
    "points": FLOATS,
    "low": FLOATS,
    "high": FLOATS,
    "about_dispute": st.booleans(),
    "pinned": st.booleans(),
    "words": st.integers(0, 999),
    "place": st.builds(Place, TEXTS, st.integers(1, 999)),
}


def questions_of(cls):
    return st.builds(cls, **{each.name: FIELDS.get(each.name, TEXTS) for each in dataclasses.fields(cls)})


QUESTIONS = st.one_of([questions_of(cls) for cls in QUESTION_TYPES.values()])


@thorough
@given(QUESTIONS)
def test_a_question_survives_being_written_as_json(question):
    again = question_from_data(json.loads(json.dumps(question.to_data())))

    assert again == question
    assert type(again) is type(question)
    assert again.fingerprint == question.fingerprint
    assert again.to_data() == question.to_data()


def test_every_type_is_sampled():
    assert {kind: sample.type for kind, sample in SAMPLES.items()} == {kind: kind for kind in QUESTION_TYPES}


def test_fields_left_at_their_default_are_not_written():
    assert SAMPLES["choice"].to_data() == {
        "id": "q-a",
        "type": "choice",
        "outcome": "lo-a",
        "claims": ["c-a", "c-b"],
        "level": "recall",
        "stem": "Which one?",
        "explain": "That one.",
        "options": [{"id": "a", "text": "A", "correct": True}, {"id": "b", "text": "B", "why": "No."}],
    }


def test_whole_numbers_are_written_without_decimals():
    data = Number(**COMMON, low=1978.0, high=1979.5, points=2.0).to_data()

    assert json.dumps([data["low"], data["high"], data["points"]]) == "[1978, 1979.5, 2]"


def test_reading_a_question_leaves_the_data_as_they_were():
    data = SAMPLES["match"].to_data()
    before = json.dumps(data)

    question_from_data(data)

    assert json.dumps(data) == before


def test_an_unknown_type_is_refused():
    with pytest.raises(KeyError, match="hotspot"):
        question_from_data({**SAMPLES["text"].to_data(), "type": "hotspot"})


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_unknown_field_is_refused(kind):
    with pytest.raises(TypeError, match="hint"):
        question_from_data({**SAMPLES[kind].to_data(), "hint": "Think."})


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_missing_field_is_refused(kind):
    data = SAMPLES[kind].to_data()
    del data["stem"]

    with pytest.raises(TypeError, match="stem"):
        question_from_data(data)


def test_a_response_is_written_as_plain_data():
    response = Response("q-a", "0" * 16, {"a": ["b", None]}, ("b", "a"))

    assert json.loads(json.dumps(response.to_data())) == {
        "question": "q-a",
        "fingerprint": "0" * 16,
        "answer": {"a": ["b", None]},
        "shown": ["b", "a"],
    }


# --------------------------------------------------------------------------------------------------
# Fingerprints


@thorough
@given(QUESTIONS)
def test_a_fingerprint_is_sixteen_hexadecimal_digits(question):
    assert len(question.fingerprint) == 16
    assert set(question.fingerprint) <= set(string.hexdigits.lower())


def test_a_fingerprint_is_the_same_on_every_machine():
    """Stored responses carry fingerprints, so a change here would make every one of them look edited."""
    assert {kind: sample.fingerprint for kind, sample in SAMPLES.items()} == {
        "choice": "73f2e26fc8b49343",
        "choices": "3cf6c0ad50d1e321",
        "number": "8d476d4ed1499a61",
        "text": "2f1ddecb54152eea",
        "order": "a341d3566b8dc74e",
        "match": "5d9cc68e1d962d06",
        "blanks": "c7ad883807256e5e",
        "pin": "f19c98ef6e80061b",
        "code": "d04ff4090cdbe3b6",
        "essay": "57636b3d99328fdc",
    }


@thorough
@given(QUESTIONS)
def test_equal_questions_have_equal_fingerprints(question):
    twin = changed(question, place=Place("elsewhere.yml", 7))

    assert twin == question
    assert twin.fingerprint == question.fingerprint


def test_whole_numbers_and_their_decimals_have_one_fingerprint():
    first = Number(**COMMON, points=2, low=1, high=2)
    second = Number(**COMMON, points=2.0, low=1.0, high=2.0)

    assert first == second
    assert first.fingerprint == second.fingerprint


def test_types_with_the_same_fields_have_different_fingerprints():
    assert SAMPLES["choice"].fingerprint != SAMPLES["choices"].fingerprint


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("changes", [{"stem": "Which other one?"}, {"points": 2}], ids=lambda each: next(iter(each)))
def test_stem_and_points_change_every_fingerprint(kind, changes):
    assert changed(SAMPLES[kind], **changes).fingerprint != SAMPLES[kind].fingerprint


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize(
    "changes",
    [
        {"explain": "Another explanation."},
        {"outcome": "lo-b"},
        {"level": "analyse"},
        {"claims": ("c-c",)},
        {"about_dispute": True},
        {"id": "q-b"},
        {"place": Place("elsewhere.yml", 7)},
    ],
    ids=lambda each: next(iter(each)),
)
def test_what_does_not_bear_on_scoring_leaves_the_fingerprint(kind, changes):
    assert changed(SAMPLES[kind], **changes).fingerprint == SAMPLES[kind].fingerprint


SCORED = [
    ("choice", "options", (Option("a", "A"), Option("b", "B", True))),
    ("choice", "options", (Option("a", "AA", True), Option("b", "B"))),
    ("choice", "options", (Option("aa", "A", True), Option("b", "B"))),
    ("choice", "options", (*OPTIONS, Option("c", "C"))),
    ("choices", "options", (Option("a", "A", True), Option("b", "B", True))),
    ("choices", "options", OPTIONS[:1]),
    ("number", "low", 0),
    ("number", "high", 2.5),
    ("number", "unit", "metres"),
    ("text", "accept", ("A",)),
    ("text", "accept", ("A", "Б", "В")),
    ("order", "items", (Item("b", "B"), Item("a", "A"), Item("c", "C"))),
    ("order", "items", (Item("a", "AA"), Item("b", "B"), Item("c", "C"))),
    ("match", "pairs", (Pair("a", "AA", "1"), Pair("b", "B", "2"))),
    ("match", "pairs", (Pair("a", "A", "11"), Pair("b", "B", "2"))),
    ("match", "pairs", (Pair("a", "A", "1"),)),
    ("match", "distractors", ()),
    ("match", "distractors", (Distractor("c", "33"),)),
    ("match", "distractors", (Distractor("d", "3"),)),
    ("blanks", "text", "{b} and {a}"),
    ("blanks", "blanks", (Blank("a", ("A", "AA")), Blank("b", ("B",), ("C",)))),
    ("blanks", "blanks", (Blank("a", ("A",)), Blank("b", ("B",), ("D",)))),
    ("pin", "drawing", "b.svg"),
    ("pin", "spots", (Spot("a", "A", 1, 2, 4, True), Spot("b", "B", 9, 9.5, 3))),
    ("pin", "spots", (Spot("a", "A", 1, 2, 3), Spot("b", "B", 9, 9.5, 3, True))),
    ("code", "function", "g"),
    ("code", "trials", (Trial((-1,), 2), Trial(([],), None))),
    ("code", "trials", (Trial((-2,), 1), Trial(([],), None))),
    ("essay", "rubric", (Criterion("a", "A"), Criterion("b", "B", 3))),
]


@pytest.mark.parametrize(("kind", "name", "value"), SCORED)
def test_every_scored_field_changes_the_fingerprint(kind, name, value):
    assert changed(SAMPLES[kind], **{name: value}).fingerprint != SAMPLES[kind].fingerprint


def test_every_scored_field_is_tried():
    assert {(kind, name) for kind, name, _ in SCORED} == {
        (kind, name) for kind, cls in QUESTION_TYPES.items() for name in cls.scored
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("choice", "options"),
        ("choices", "options"),
        ("number", "wrong"),
        ("text", "wrong"),
        ("order", "items"),
        ("match", "pairs"),
        ("match", "distractors"),
        ("blanks", "blanks"),
        ("pin", "spots"),
    ],
)
def test_feedback_leaves_the_fingerprint(kind, name):
    parts = tuple(dataclasses.replace(each, why="Another reason.") for each in getattr(SAMPLES[kind], name))

    assert changed(SAMPLES[kind], **{name: parts}).fingerprint == SAMPLES[kind].fingerprint


@pytest.mark.parametrize("kind", ["number", "text"])
def test_foreseen_mistakes_leave_the_fingerprint(kind):
    assert changed(SAMPLES[kind], wrong=()).fingerprint == SAMPLES[kind].fingerprint


# --------------------------------------------------------------------------------------------------
# Sources


@pytest.mark.parametrize(
    ("fields", "short"),
    [
        ({"author": "Tsymbal, E.", "year": "2022"}, "Tsymbal, E., 2022"),
        ({"author": "Johnson and Petrie", "year": "1994"}, "Johnson and Petrie, 1994"),
        ({"author": "A and B and C"}, "A and others"),
        ({"organization": "Mosfilm", "title": "History"}, "Mosfilm"),
        ({"title": "Stalker", "year": "1979"}, "Stalker, 1979"),
    ],
)
def test_a_source_has_a_short_name(fields, short):
    assert Source("key", "book", fields).short == short
