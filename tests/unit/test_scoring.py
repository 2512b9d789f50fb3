"""Scoring: the truth table of ``tests/vectors/``, and what holds for every question and answer."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proverka.model import (
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
    Question,
    Spot,
    State,
    Text,
    Trial,
    question_from_data,
)
from proverka.scoring import key_answer, score, wrong_answers
from proverka.scoring.number import readings
from proverka.text import fold

VECTORS = Path(__file__).parent.parent / "vectors"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*.json"))}
CASES = [
    pytest.param(file["questions"][case["question"]], case, id=f"{kind}: {case['case']}")
    for kind, file in FILES.items()
    for case in file["cases"]
]

# The same examples in every run: a test that fails today fails tomorrow.
thorough = settings(derandomize=True, deadline=None, max_examples=300)


def expanded(answer):
    """The answer of a case: ``repeat`` and ``repeat_list`` stand for what would fill pages."""
    match answer:
        case {"repeat": [text, times], **rest} if not rest:
            return text * times
        case {"repeat_list": [text, times], **rest} if not rest:
            return [text] * times
        case dict():
            return {name: expanded(value) for name, value in answer.items()}
    return answer


# --------------------------------------------------------------------------------------------------
# The truth table


@pytest.mark.parametrize(("data", "case"), CASES)
def test_an_answer_earns_what_the_rules_say(data, case):
    question = question_from_data(data)

    result = score(question, expanded(case["answer"]))

    assert result.state == case["state"]
    assert result.points == pytest.approx(case["points"])
    assert result.of == question.points
    if "feedback" in case:
        assert list(result.feedback) == case["feedback"]


def test_every_type_has_vectors():
    assert set(FILES) == set(QUESTION_TYPES)


@pytest.mark.parametrize("kind", FILES)
def test_every_state_that_a_type_can_reach_has_a_vector(kind):
    reachable = set(State)
    if kind in ("choice", "number", "text", "pin"):  # all or nothing
        reachable -= {State.PARTIAL}
    if kind not in ("code", "essay"):  # nobody has to run or mark it first
        reachable -= {State.WAITING}

    assert {case["state"] for case in FILES[kind]["cases"]} == reachable


@pytest.mark.parametrize("kind", FILES)
def test_cases_are_told_apart_by_name(kind):
    names = [case["case"] for case in FILES[kind]["cases"]]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "data", [pytest.param(data, id=data["id"]) for file in FILES.values() for data in file["questions"].values()]
)
def test_vector_questions_are_written_as_the_model_writes_them(data):
    assert question_from_data(data).to_data() == data


# --------------------------------------------------------------------------------------------------
# Any question


COMMON = {"outcome": "lo-a", "claims": ("c-a",), "level": "recall", "stem": "?", "explain": "!"}
IDS = st.text("abc01-", min_size=1, max_size=4)
TEXTS = st.text(max_size=20)
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)


def ids(least, most=6):
    return st.lists(IDS, min_size=least, max_size=most, unique=True)


@st.composite
def choice_questions(draw, cls=Choice):
    names = draw(ids(2))
    key = draw(st.sets(st.sampled_from(names), min_size=1, max_size=1 if cls is Choice else None))
    options = tuple(Option(each, draw(TEXTS), each in key, draw(TEXTS)) for each in names)
    return cls(id="q-a", points=draw(POINTS), options=options, **COMMON)


@st.composite
def number_questions(draw):
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    foreseen = draw(st.lists(NUMBERS.map(str), max_size=3))
    wrong = tuple(Foreseen(each, "no") for each in foreseen if not any(low <= n <= high for n in readings(each)))
    return Number(id="q-a", points=draw(POINTS), low=low, high=high, wrong=wrong, **COMMON)


@st.composite
def text_questions(draw):
    accept = draw(st.lists(TEXTS.filter(fold), min_size=1, max_size=4))
    folded = {fold(each) for each in accept}
    wrong = tuple(Foreseen(each, "no") for each in draw(st.lists(TEXTS, max_size=3)) if fold(each) not in folded)
    return Text(id="q-a", points=draw(POINTS), accept=tuple(accept), wrong=wrong, **COMMON)


@st.composite
def order_questions(draw):
    items = tuple(Item(each, draw(TEXTS)) for each in draw(ids(3)))
    return Order(id="q-a", points=draw(POINTS), items=items, **COMMON)


@st.composite
def match_questions(draw):
    names = draw(ids(2))
    cut = draw(st.integers(2, len(names)))
    pairs = tuple(Pair(each, draw(TEXTS), draw(TEXTS), draw(TEXTS)) for each in names[:cut])
    distractors = tuple(Distractor(each, draw(TEXTS), draw(TEXTS)) for each in names[cut:])
    return Match(id="q-a", points=draw(POINTS), pairs=pairs, distractors=distractors, **COMMON)


@st.composite
def blanks_questions(draw):
    names = draw(ids(1, 5))
    words = st.lists(TEXTS.filter(fold), min_size=1, max_size=3).map(tuple)
    blanks = tuple(Blank(each, draw(words), why=draw(TEXTS)) for each in names)
    return Blanks(
        id="q-a", points=draw(POINTS), text=" ".join(f"{{{each}}}" for each in names), blanks=blanks, **COMMON
    )


@st.composite
def pin_questions(draw):
    names = draw(ids(2))
    key = draw(st.sampled_from(names))
    place, radius = st.integers(0, 400), st.integers(1, 30)
    spots = tuple(
        Spot(each, draw(TEXTS), draw(place), draw(place), draw(radius), each == key, draw(TEXTS)) for each in names
    )
    return Pin(id="q-a", points=draw(POINTS), drawing="a.svg", alt="A.", spots=spots, **COMMON)


@st.composite
def code_questions(draw):
    plain = st.booleans() | st.integers(-9, 9) | TEXTS
    gives = plain | st.lists(plain, max_size=3) | st.dictionaries(TEXTS, plain, max_size=3)
    trials = tuple(Trial((each,), each) for each in draw(st.lists(gives, min_size=1, max_size=4)))
    return Code(id="q-a", points=draw(POINTS), function="f", starter="", solution="f = abs", trials=trials, **COMMON)


@st.composite
def essay_questions(draw):
    worth = st.integers(1, 5) | st.floats(0.25, 10)
    rubric = tuple(Criterion(each, draw(TEXTS), draw(worth)) for each in draw(ids(1)))
    return Essay(id="q-a", points=draw(POINTS), rubric=rubric, model="An answer.", **COMMON)


POINTS = st.sampled_from([1, 2, 3]) | st.floats(0.01, 1000)
QUESTIONS = (
    choice_questions()
    | choice_questions(Choices)
    | number_questions()
    | text_questions()
    | order_questions()
    | match_questions()
    | blanks_questions()
    | pin_questions()
    | code_questions()
    | essay_questions()
)


@thorough
@given(QUESTIONS)
def test_the_key_earns_full_marks(question):
    result = score(question, key_answer(question))

    assert result.points == question.points
    assert result.state == State.RIGHT


@thorough
@given(QUESTIONS)
def test_every_wrong_answer_earns_less(question):
    answers = wrong_answers(question)

    assert answers
    for answer in answers:
        assert score(question, answer).points < question.points


@thorough
@given(QUESTIONS)
def test_keys_and_wrong_answers_are_json(question):
    answers = [key_answer(question), *wrong_answers(question)]

    assert json.loads(json.dumps(answers)) == answers


# --------------------------------------------------------------------------------------------------
# Any answer


class EqualsEverything:
    """A cheat: it equals every id and every key."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


class EqualsNothingInPeace:
    """Like an array, it cannot be compared and has no truth value."""

    __hash__ = None

    def __eq__(self, other):
        raise ValueError("ambiguous")

    def __bool__(self):
        raise ValueError("ambiguous")


def _endless():
    endless = []
    endless.append(endless)
    return endless


SURROGATES = st.text(st.characters(categories=["Cs", "Cf", "Mn", "Nd", "Zs"]), max_size=10)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**53 + 1])
    | st.floats()
    | st.complex_numbers()
    | st.decimals()
    | st.text(max_size=20)
    | SURROGATES
    | IDS
    | st.from_regex(r"[-+−]?[0-9 ,.'’_eE]{1,12}", fullmatch=True)
    | st.binary(max_size=10)
    | st.builds(object)
    | st.builds(EqualsEverything)
    | st.builds(EqualsNothingInPeace)
    | st.builds(_endless)
    | st.sets(IDS | st.integers(), max_size=3)
    | st.frozensets(IDS, max_size=3)
)
KEYS = IDS | st.text(max_size=5) | st.none() | st.integers() | st.binary(max_size=3) | st.tuples(IDS)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=12,
)


def assert_within_bounds(question: Question, answer):
    result = score(question, answer)

    assert 0 <= result.points <= question.points
    assert (result.state == State.RIGHT) == (result.points == question.points)
    assert (result.state == State.PARTIAL) == (0 < result.points < question.points)
    assert all(isinstance(each, str) and each for each in result.feedback)


@thorough
@given(QUESTIONS, ANSWERS)
def test_any_answer_earns_between_nothing_and_all_points_without_error(question, answer):
    assert_within_bounds(question, answer)


@thorough
@given(QUESTIONS, st.data())
def test_answers_made_of_the_questions_own_ids_stay_within_bounds(question, data):
    fields = ("options", "items", "pairs", "distractors", "blanks", "spots", "rubric")
    names = [each.id for name in fields for each in getattr(question, name, ())]
    name = st.sampled_from([*names, "", None])
    mapping = st.dictionaries(name, name | NUMBERS)
    point = st.fixed_dictionaries({"x": NUMBERS | st.floats(), "y": NUMBERS | st.floats()})
    marked = st.fixed_dictionaries({"text": TEXTS}, optional={"marks": mapping})
    answer = data.draw(name | st.lists(name) | mapping | point | marked)

    assert_within_bounds(question, answer)


@pytest.mark.parametrize("kind", FILES)
def test_an_object_that_equals_everything_earns_nothing(kind):
    question = question_from_data(next(iter(FILES[kind]["questions"].values())))
    cheat = EqualsEverything()
    key = key_answer(question)
    answers = [cheat, [cheat], [cheat] * 3, [cheat] * 4, {cheat: cheat}]
    if isinstance(key, dict):
        answers.append(dict.fromkeys(key, cheat))

    assert [score(question, each).points for each in answers] == [0] * len(answers)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_not_json_is_malformed(kind):
    question = question_from_data(next(iter(FILES[kind]["questions"].values())))
    answers = [b"quake", {"quake"}, Decimal(1979), 1979j, object(), EqualsNothingInPeace(), float("nan"), 10**400]

    assert {score(question, each).state for each in answers} == {State.MALFORMED}


# --------------------------------------------------------------------------------------------------
# Folding and reading


@thorough
@example("STRAẞE")
@example("D´Artagnan")
@given(st.text() | SURROGATES)
def test_folding_twice_is_folding_once(text):
    once = fold(text)

    assert fold(once) == once


def test_every_character_folds_to_what_its_fold_folds_to():
    moved = [hex(code) for code in range(0x110000) if fold(fold(chr(code))) != fold(chr(code))]

    assert moved == []


@thorough
@given(st.text())
def test_folding_leaves_no_space_at_an_end_and_none_doubled(text):
    folded = fold(text)

    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1979", {1979}),
        ("1,979", {1979, 1.979}),
        ("1,97", {1.97}),
        ("0,979", {0.979}),
        ("1,979.5", {1979.5}),
        ("1,234,567", {1234567}),
        ("1.979,5", set()),
        ("１９７９", set()),
        ("", set()),
    ],
)
def test_a_comma_has_the_readings_that_the_documentation_names(text, numbers):
    assert set(readings(text)) == numbers
