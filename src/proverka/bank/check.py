"""What can be wrong with questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from proverka.bank.load import Bank
from proverka.chapters import Chapter
from proverka.ledger.check import check_claims_known
from proverka.model import (
    Choice,
    Choices,
    Claim,
    Match,
    Number,
    Order,
    Outcome,
    Place,
    Question,
    Status,
    Text,
)
from proverka.problems import Code, Problems, did_you_mean
from proverka.scoring.number import readings
from proverka.text import fold
from proverka.yaml_lines import quoted

_HTML = re.compile(r"</?[A-Za-z][^>]*>|<!--")
_PATTERN = re.compile(r"\.[*+?]|\[[^\]]*\][*+?]|\([^)]*[*+|][^)]*\)|\\[dws]|[*+]{2,}|^\^|\$$")
_WEAK = {Status.DISPUTED, Status.UNVERIFIED}


def check_bank(bank: Bank, claims: Mapping[str, Claim], chapters: Mapping[str, Chapter], problems: Problems) -> None:
    """Keys, options, claims and outcomes of every question."""
    outcomes = {each.id: each for chapter in chapters.values() for each in chapter.outcomes}
    for question in bank.questions.values():
        check_claims_known(question.claims, question.place, claims, problems)
        _check_status(question, claims, problems)
        _check_texts(question, problems)
        _check_key(question, problems)
        if question.outcome not in outcomes and _belongs(question, bank, chapters):
            hint = did_you_mean(question.outcome, outcomes)
            message = f"question {question.id} names unknown outcome {quoted(question.outcome)}"
            problems.add(question.place, message, Code.OUTCOME_UNKNOWN, hint=hint)
    _check_outcomes(outcomes.values(), bank, problems)
    for chapter in chapters.values():
        for each, place in chapter.questions:
            if each not in bank.questions:
                hint = did_you_mean(each, bank.questions)
                problems.add(place, f"unknown question {quoted(each)}", Code.QUESTION_UNKNOWN, hint=hint)


def _belongs(question: Question, bank: Bank, chapters: Mapping[str, Chapter]) -> bool:
    """Whether the question's chapter is in the book, so that its outcomes can be known."""
    return any(question.id in ids for stem, ids in bank.chapters.items() if stem in chapters)


def _check_outcomes(outcomes: Iterable[Outcome], bank: Bank, problems: Problems) -> None:
    counted = Counter(question.outcome for question in bank.questions.values())
    places: dict[str, Place] = {}
    for each in outcomes:
        if each.id in places:
            problems.add(each.place, f"outcome {each.id} stands already at {places[each.id]}", Code.DUPLICATE_ID)
        places[each.id] = each.place
        if counted[each.id] < 2:
            noun = "question" if counted[each.id] == 1 else "questions"
            problems.add(each.place, f"outcome {each.id} has {counted[each.id]} {noun}", Code.OUTCOME_THIN)


def _check_status(question: Question, claims: Mapping[str, Claim], problems: Problems) -> None:
    if question.about_dispute:
        return
    for each in question.claims:
        if each in claims and claims[each].status in _WEAK:
            message = f"the key of {question.id} rests on {each}, which is {claims[each].status}"
            problems.add(question.place, message, Code.KEY_STATUS)


def _texts(question: Question) -> Iterable[str]:
    yield question.stem
    yield question.explain
    for name in ("options", "items", "pairs", "distractors", "wrong"):
        for part in getattr(question, name, ()):
            for attribute in ("text", "left", "right", "why"):
                yield getattr(part, attribute, "")


def _check_texts(question: Question, problems: Problems) -> None:
    for text in _texts(question):
        if found := _HTML.search(text):
            message = f"question {question.id} contains HTML: {quoted(found[0])}"
            problems.add(question.place, message, Code.HTML)


def _check_key(question: Question, problems: Problems) -> None:
    match question:
        case Choice() | Choices():
            _check_options(question, problems)
        case Text():
            for each in question.accept:
                if _PATTERN.search(each):
                    message = f"question {question.id} accepts {quoted(each)}"
                    problems.add(question.place, message, Code.KEY_PATTERN)
            given = {fold(each) for each in question.accept}
            for foreseen in question.wrong:
                if fold(foreseen.is_) in given:
                    message = f"question {question.id} both accepts and rejects {quoted(foreseen.is_)}"
                    problems.add(question.place, message, Code.OPTIONS_ALIKE)
        case Number():
            for foreseen in question.wrong:
                values = readings(foreseen.is_)
                if not values:
                    message = f"question {question.id} foresees {quoted(foreseen.is_)}, which is no number"
                    problems.add(question.place, message, Code.KEY_VALUE, hint="write the number without its unit")
                elif any(question.low <= value <= question.high for value in values):
                    message = f"question {question.id} both accepts and rejects {quoted(foreseen.is_)}"
                    problems.add(question.place, message, Code.OPTIONS_ALIKE)
        case Order():
            _check_list(
                question, [item.id for item in question.items], [item.text for item in question.items], 3, problems
            )
        case Match():
            right = [(pair.id, pair.right) for pair in question.pairs]
            right += [(each.id, each.text) for each in question.distractors]
            _check_list(question, [each for each, _ in right], [text for _, text in right], 2, problems)
            _check_alike(question, [pair.left for pair in question.pairs], problems)
            if len(question.pairs) < 2:
                problems.add(question.place, f"question {question.id} has fewer than 2 pairs", Code.OPTIONS_FEW)


def _check_options(question: Choice | Choices, problems: Problems) -> None:
    correct = sum(option.correct for option in question.options)
    if question.options and not correct:
        problems.add(question.place, f"question {question.id} has no correct option", Code.KEY_MISSING)
    if isinstance(question, Choice) and correct > 1:
        message = f"question {question.id} has {correct} correct options but type is choice"
        problems.add(question.place, message, Code.KEY_AMBIGUOUS)
    _check_list(question, [each.id for each in question.options], [each.text for each in question.options], 2, problems)
    for option in question.options:
        if not option.correct and not option.why:
            message = f"option {option.id} of {question.id} is wrong and does not say why"
            problems.add(question.place, message, Code.WHY_MISSING)


def _check_list(question: Question, ids: list[str], texts: list[str], least: int, problems: Problems) -> None:
    if len(ids) < least:
        problems.add(question.place, f"question {question.id} has {len(ids)} to choose from", Code.OPTIONS_FEW)
    for each, count in Counter(ids).items():
        if count > 1:
            problems.add(question.place, f"question {question.id} uses id {each} twice", Code.DUPLICATE_ID)
    _check_alike(question, texts, problems)


def _check_alike(question: Question, texts: list[str], problems: Problems) -> None:
    for each, count in Counter(map(str.casefold, texts)).items():
        if count > 1:
            problems.add(question.place, f"question {question.id} shows {quoted(each)} twice", Code.OPTIONS_ALIKE)
