"""Questions as they come from a bank file."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from proverka.bank.check import check_bank, check_pictures
from proverka.bank.load import Bank, load_bank
from proverka.config import Config
from proverka.ledger.load import Ledger
from proverka.model import Claim, Code, Criterion, Question, Spot, Status, Trial
from proverka.names import Name
from proverka.problems import Problems
from proverka.scoring import key_answer, score

COMMON = """\
- id: q-mill-one
  outcome: lo-mill-river
  claims: [c-mill-year]
  level: apply
  stem: What?
  explain: That.
"""
CLAIM = Claim(
    "c-mill-year", "The mill closed in 1979.", Status.CONFIRMED, (), {"year": ("1979",), "on": ("1979-04-02",)}
)


@pytest.fixture
def load(tmp_path: Path):
    """Loads one question from its own fields; anything that is wrong with it fails the test."""

    def load(fields: str, *, names: tuple[Name, ...] = ()) -> Question:
        folder = tmp_path / "quizzes/bank"
        folder.mkdir(parents=True, exist_ok=True)
        text = COMMON + indent(dedent(fields).lstrip("\n"), "  ")
        (folder / "mill.yml").write_text(text, encoding="utf-8")
        problems = Problems()
        claims = {CLAIM.id: CLAIM}
        bank: Bank = load_bank(Config(tmp_path), claims, names, problems)
        check_bank(bank, Ledger(claims=claims), {}, problems)
        check_pictures(bank, tmp_path / "book", problems)
        assert not problems, "\n".join(map(str, problems))
        (question,) = bank.questions.values()
        assert score(question, key_answer(question)).points == question.points
        return question

    return load


def test_hints_and_pins_are_read(load) -> None:
    question = load(
        """
        type: choice
        hints: [Think of the river., Think of the year.]
        pinned: true
        options:
          - {id: a, text: A, correct: true}
          - {id: none, text: None of these., why: One of them is., pinned: true}
        """
    )
    assert question.hints == ("Think of the river.", "Think of the year.")
    assert question.pinned
    assert [option.pinned for option in question.options] == [False, True]


@pytest.mark.parametrize("value", ["year", "on"])
def test_the_key_of_a_number_may_be_a_claims_year_or_the_year_of_its_date(load, value: str) -> None:
    question = load(f"type: number\nanswer: {{claim: c-mill-year, value: {value}}}\ntolerance: 1\n")
    assert (question.low, question.high) == (1978, 1980)


def test_tolerances_are_exact(load) -> None:
    question = load("type: number\nanswer: 0.1\ntolerance: 0.2\n")
    assert question.high == 0.3


def test_a_name_brings_its_spellings_to_texts_and_to_blanks_that_are_typed(load) -> None:
    names = (Name("Andrei Tarkovsky", "person", "Андрей Арсеньевич Тарковский"),)
    assert "Tarkovskij" in load("type: text\naccept: [Tarkovsky]\n", names=names).accept
    question = load(
        """
        type: blanks
        text: "{typed} and {chosen}"
        blanks:
          - {id: typed, accept: [Tarkovsky]}
          - {id: chosen, accept: [Tarkovsky], among: [Rerberg]}
        """,
        names=names,
    )
    assert "Tarkovskij" in question.blanks[0].accept
    assert question.blanks[1].accept == ("Tarkovsky",)


def test_a_pin_has_spots_on_its_drawing(load, tmp_path: Path) -> None:
    (tmp_path / "book/figures").mkdir(parents=True)
    (tmp_path / "book/figures/map.svg").write_text('<svg viewBox="0 0 100 50"></svg>', encoding="utf-8")
    question = load(
        """
        type: pin
        drawing: figures/map.svg
        alt: A map.
        spots:
          - {id: here, text: Here, x: 10, y: 20.5, radius: 4, correct: true}
          - {id: there, text: There, x: 90, y: 20, radius: 4, why: Too far east.}
        """
    )
    assert question.spots[0] == Spot("here", "Here", 10, 20.5, 4, True)
    assert score(question, {"x": 12, "y": 20}).points == 1


def test_trials_keep_what_is_typed_and_what_is_quoted_apart(load) -> None:
    question = load(
        """
        type: code
        function: first
        starter: |
          def first(words):
              ...
        solution: |
          def first(words):
              return words[0]
        trials:
          - {args: [["1", 1]], gives: "1"}
          - {args: [[1, 2.5, true, null]], gives: 1}
          - {args: [[{a: b}]], gives: {a: b}}
        """
    )
    assert isinstance(question, Code)
    assert question.trials == (
        Trial((["1", 1],), "1"),
        Trial(([1, 2.5, True, None],), 1),
        Trial(([{"a": "b"}],), {"a": "b"}),
    )
    assert question.solution == "def first(words):\n    return words[0]"


def test_an_essay_has_a_rubric_of_one_point_a_line_unless_it_says_so(load) -> None:
    question = load(
        """
        type: essay
        words: 120
        model: It depends.
        rubric:
          - {id: source, text: Names the source., points: 2}
          - {id: doubt, text: Says what is open.}
        """
    )
    assert question.rubric == (Criterion("source", "Names the source.", 2), Criterion("doubt", "Says what is open."))
    assert question.words == 120
