"""Questions on paper: what is asked, and apart from it the answer. All ten types stand in one small project."""

from __future__ import annotations

from pathlib import Path

import pytest

from proverka.model import QUESTION_TYPES, Question
from proverka.project import load_project
from proverka.render.exercise import answer_of, exercise_of

BANK = load_project(Path(__file__).parent.parent / "sourcedirs" / "quiz").bank.questions


def of_type(kind: str) -> Question:
    return next(each for each in BANK.values() if each.type == kind)


def test_every_type_is_here() -> None:
    assert {each.type for each in BANK.values()} == set(QUESTION_TYPES)


@pytest.mark.parametrize("question", BANK.values(), ids=BANK)
def test_an_exercise_tells_nothing_of_why(question: Question) -> None:
    asked = repr(exercise_of(question))
    answer = answer_of(question)
    assert question.stem in asked
    assert question.explain not in asked
    assert not any(why in asked for _, why in answer.reasons if len(why) > 12)


@pytest.mark.parametrize("question", BANK.values(), ids=BANK)
def test_an_answer_has_something_to_say(question: Question) -> None:
    answer = answer_of(question)
    assert answer.explain == question.explain
    assert sum(map(bool, (answer.key, answer.model, answer.code))) == 1


@pytest.mark.parametrize(
    ("kind", "note", "key"),
    [
        ("choice", "", "**b** North"),
        ("choices", "One or more are right.", "**b** The ferry; **c** The inn; **d** The mill"),
        ("number", r"\_\_\_\_\_ kilometres", "**42 kilometres**"),
        ("text", "", "**Jägala**"),
        ("order", "Put them in order.", "**b, a, c, d**"),
        ("match", "Which letter belongs to each number?", "**1 c, 2 a**"),
    ],
)
def test_letters_and_numbers_lead_from_the_exercise_to_the_answer(kind: str, note: str, key: str) -> None:
    assert (exercise_of(of_type(kind)).note, answer_of(of_type(kind)).key) == (note, key)


def test_the_letters_of_an_order_are_those_of_its_items_as_shown() -> None:
    shown = exercise_of(of_type("order")).options
    letters = answer_of(of_type("order")).key.strip("*").split(", ")
    assert [shown["abcd".index(letter)] for letter in letters] == ["The spring", "The *mill*", "The weir", "The sea"]


def test_gaps_are_numbered_and_name_the_words_to_choose_from() -> None:
    text, *words = exercise_of(of_type("blanks")).lines
    assert "(1) \\_" in text
    assert "{" not in text
    assert all(line.startswith("(") and " is one of: " in line for line in words)
    assert answer_of(of_type("blanks")).key.startswith("**(1) ")


def test_reasons_are_sentences() -> None:
    for question in BANK.values():
        assert all(why[-1] in ".!?…”)" for _, why in answer_of(question).reasons)
