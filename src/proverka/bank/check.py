"""What can be wrong with questions."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from proverka.bank.load import Bank
from proverka.chapters import Chapter
from proverka.ledger.check import check_claims_known
from proverka.ledger.load import Ledger
from proverka.model import (
    GAP,
    Blanks,
    Choice,
    Choices,
    Claim,
    Essay,
    Match,
    Number,
    Order,
    Outcome,
    Pin,
    Place,
    Question,
    Status,
    Text,
)
from proverka.model import Code as CodeQuestion
from proverka.problems import Code, Problems, did_you_mean
from proverka.scoring.number import readings
from proverka.text import fold
from proverka.yaml_lines import quoted

_HTML = re.compile(r"</?[A-Za-z](?!\w*:)[^>]*>|<!--")
_CODE = re.compile(r"`[^`]*`")
_PATTERN = re.compile(r"\.[*+?]|[\])][*+?{]|\(\?|\\[A-Za-z.]|\||\w\?\w|^\^|\$$")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)\)")
_DECIMAL = r"(-?\d+(?:\.\d+)?)"
_VIEW_BOX = re.compile(rf"""viewBox=["']\s*{_DECIMAL}[\s,]+{_DECIMAL}[\s,]+{_DECIMAL}[\s,]+{_DECIMAL}\s*["']""")
_WEAK = {Status.DISPUTED, Status.UNVERIFIED}


def check_bank(bank: Bank, ledger: Ledger, chapters: Mapping[str, Chapter], problems: Problems) -> None:
    """Keys, options, claims and outcomes of every question; questions and outcomes of every quiz."""
    outcomes = [each for chapter in chapters.values() for each in chapter.outcomes]
    ids = {each.id for each in outcomes}
    sound = ledger.sound
    check_questions(bank, problems)
    for question in bank.written():
        check_claims_known(question.claims, question.place, ledger, problems)
        _check_status(question, sound, problems)
        if question.outcome and question.outcome not in ids and _stem(question.place) in chapters:
            message = f"{_name(question)} names unknown outcome {quoted(question.outcome)}"
            problems.add(question.place, message, Code.OUTCOME_UNKNOWN, hint=did_you_mean(question.outcome, ids))
    _check_outcomes(outcomes, bank, problems)
    known = {each.id for each in bank.written()}
    for chapter in chapters.values():
        for each, place in chapter.questions:
            if each not in known and not any(each.startswith(f"q-{stem}-") for stem in bank.unread):
                hint = did_you_mean(each, known)
                problems.add(place, f"unknown question {quoted(each)}", Code.QUESTION_UNKNOWN, hint=hint)
        for each, place in chapter.quiz_outcomes:
            if each not in ids:
                hint = did_you_mean(each, ids)
                problems.add(place, f"a quiz on unknown outcome {quoted(each)}", Code.OUTCOME_UNKNOWN, hint=hint)


def check_questions(bank: Bank, problems: Problems) -> None:
    """Keys, options and texts of every variant of every question, whatever it belongs to."""
    for question in bank.versions():
        _check_texts(question, problems)
        _check_key(question, problems)


def _name(question: Question) -> str:
    return f"question {question.id}" if question.id else "the question"


def _stem(place: Place) -> str:
    """The chapter that a file belongs to."""
    return PurePosixPath(place.file).stem


def _check_outcomes(outcomes: Sequence[Outcome], bank: Bank, problems: Problems) -> None:
    ids = {each.id for each in outcomes}
    counted = Counter(question.outcome for question in bank.written())
    # A question whose outcome is misspelt may be the one that is missed.
    doubtful = Counter(_stem(question.place) for question in bank.written() if question.outcome not in ids)
    places: dict[str, Place] = {}
    for each in outcomes:
        if each.id in places:
            message = f"outcome {each.id} stands already at {places[each.id]}"
            problems.add(each.place, message, Code.DUPLICATE_ID)
            continue
        places[each.id] = each.place
        count, stem = counted[each.id], _stem(each.place)
        if count + doubtful[stem] < 2 and stem not in bank.unread:
            noun = "question" if count == 1 else "questions"
            problems.add(each.place, f"outcome {each.id} has {count} {noun}", Code.OUTCOME_THIN)


def _check_status(question: Question, claims: Mapping[str, Claim], problems: Problems) -> None:
    if question.about_dispute:
        return
    for each in question.claims:
        if each in claims and claims[each].status in _WEAK:
            message = f"the key of {_name(question)} rests on {each}, which is {claims[each].status}"
            problems.add(question.place, message, Code.KEY_STATUS)


def check_pictures(bank: Bank, folder: Path, problems: Problems) -> None:
    """Pictures and drawings of every question exist, are described, and hold the spots.

    :param folder: That of the chapters, from which paths are written.
    """
    for question in bank.versions():
        for text in _texts(question):
            for alt, path in _PICTURE.findall(text):
                if not alt.strip():
                    message = f"picture {quoted(path)} in {_name(question)} is not described"
                    problems.add(question.place, message, Code.ALT_MISSING)
                _check_file(question, folder, path, problems)
        if isinstance(question, Pin) and _check_file(question, folder, question.drawing, problems):
            _check_spots(question, (folder / question.drawing).read_text(encoding="utf-8", errors="replace"), problems)


def pictures_of(question: Question) -> list[str]:
    """The paths of the pictures in a question’s texts, each once."""
    return pictures_in(_texts(question))


def pictures_in(texts: Iterable[str]) -> list[str]:
    """The paths of the pictures in texts, each once."""
    return list(dict.fromkeys(path for text in texts for _, path in _PICTURE.findall(text)))


def _check_file(question: Question, folder: Path, path: str, problems: Problems) -> bool:
    # os.path, because pathlib raises on links that lead back to themselves and on names that are too long.
    inside = Path(os.path.realpath(folder)) in Path(os.path.realpath(folder / path)).parents
    if inside and os.path.isfile(folder / path):  # noqa: PTH113 - see above
        return True
    problems.add(question.place, f"{_name(question)} shows {quoted(path)}, which is not there", Code.PICTURE_MISSING)
    return False


def _check_spots(question: Pin, svg: str, problems: Problems) -> None:
    box = _VIEW_BOX.search(svg)
    left, top, width, height = map(float, box.groups()) if box else (0.0, 0.0, 0.0, 0.0)
    for spot in question.spots:
        if not (spot.radius > 0 and left <= spot.x <= left + width and top <= spot.y <= top + height):
            message = f"spot {spot.id} of {_name(question)} is not on the drawing"
            problems.add(question.place, message, Code.SPOT_OUTSIDE)


def _texts(question: Question) -> Iterable[str]:
    yield question.stem
    yield question.explain
    yield from question.hints
    for name in ("options", "items", "pairs", "distractors", "wrong", "blanks", "spots", "rubric"):
        for part in getattr(question, name, ()):
            for attribute in ("text", "left", "right", "why"):
                yield getattr(part, attribute, "")


def _check_texts(question: Question, problems: Problems) -> None:
    for text in _texts(question):
        if found := _HTML.search(_CODE.sub("", text)):
            message = f"{_name(question)} contains HTML: {quoted(found[0])}"
            problems.add(question.place, message, Code.HTML)


def _check_key(question: Question, problems: Problems) -> None:
    match question:
        case Choice() | Choices():
            _check_options(question, problems)
        case Text():
            for each in question.accept:
                if _PATTERN.search(each):
                    message = f"{_name(question)} accepts {quoted(each)}, which looks like a regular expression"
                    problems.add(question.place, message, Code.KEY_PATTERN)
                if not fold(each):
                    message = f"{_name(question)} accepts {quoted(each)}, which has no letter or digit"
                    problems.add(question.place, message, Code.KEY_MISSING, hint="give an answer that can be typed")
            given = {fold(each) for each in question.accept}
            for foreseen in question.wrong:
                if fold(foreseen.is_) in given:
                    message = f"{_name(question)} both accepts and rejects {quoted(foreseen.is_)}"
                    problems.add(question.place, message, Code.OPTIONS_ALIKE)
        case Number():
            for foreseen in question.wrong:
                values = readings(foreseen.is_)
                if not values:
                    message = f"{_name(question)} foresees {quoted(foreseen.is_)}, which is no number"
                    problems.add(question.place, message, Code.KEY_VALUE, hint="write the number without its unit")
                elif any(question.low <= value <= question.high for value in values):
                    message = f"{_name(question)} both accepts and rejects {quoted(foreseen.is_)}"
                    problems.add(question.place, message, Code.OPTIONS_ALIKE)
        case Order():
            _check_list(question, "item", [(each.id, each.text) for each in question.items], 3, problems)
        case Match():
            right = [(pair.id, pair.right) for pair in question.pairs]
            right += [(each.id, each.text) for each in question.distractors]
            _check_list(question, "right-hand side", right, 2, problems)
            _check_alike(question, [pair.left for pair in question.pairs], problems)
            if len(question.pairs) == 1:
                problems.add(question.place, f"{_name(question)} has only 1 pair", Code.OPTIONS_FEW)
        case Blanks():
            _check_blanks(question, problems)
        case Pin():
            _check_options(question, problems)
        case CodeQuestion():
            _check_code(question, problems)
        case Essay():
            _check_list(question, "criterion", [(each.id, each.text) for each in question.rubric], 1, problems)


def _check_blanks(question: Blanks, problems: Problems) -> None:
    gaps, blanks = GAP.findall(question.text), [blank.id for blank in question.blanks]
    if sorted(gaps) != sorted(set(blanks)):
        message = f"{_name(question)} has gaps {', '.join(gaps) or 'none'} and blanks {', '.join(blanks) or 'none'}"
        problems.add(question.place, message, Code.GAP_MISMATCH)
    # Blanks have no text of their own that could be alike.
    _check_list(question, "blank", [(each, str(number)) for number, each in enumerate(blanks)], 1, problems)
    for blank in question.blanks:
        both = {fold(each) for each in blank.accept} & {fold(each) for each in blank.among}
        if both:
            message = f"blank {blank.id} of {_name(question)} both accepts and rejects {quoted(min(both))}"
            problems.add(question.place, message, Code.OPTIONS_ALIKE)


def _check_code(question: CodeQuestion, problems: Problems) -> None:
    for field, source in (("starter", question.starter), ("solution", question.solution)):
        try:
            with warnings.catch_warnings(action="ignore"):
                tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            reason = error.args[0] if error.args else "it is nested too deeply"
            message = f"field “{field}” of {_name(question)} is not Python: {reason}"
            problems.add(question.place, message, Code.CODE_BROKEN)
            continue
        if not any(isinstance(each, ast.FunctionDef) and each.name == question.function for each in tree.body):
            message = f"field “{field}” of {_name(question)} does not define {quoted(question.function)}"
            problems.add(question.place, message, Code.CODE_BROKEN)


def _check_options(question: Choice | Choices | Pin, problems: Problems) -> None:
    options = question.spots if isinstance(question, Pin) else question.options
    correct = sum(option.correct for option in options)
    if not correct:
        problems.add(question.place, f"{_name(question)} has no correct option", Code.KEY_MISSING)
    if not isinstance(question, Choices) and correct > 1:
        message = f"{_name(question)} has {correct} correct options but type is {question.type}"
        problems.add(question.place, message, Code.KEY_AMBIGUOUS)
    _check_list(question, "option", [(each.id, each.text) for each in options], 2, problems)
    for option in options:
        if not option.correct and not option.why:
            message = f"option {option.id} of {_name(question)} is wrong and does not say why"
            problems.add(question.place, message, Code.WHY_MISSING)


def _check_list(
    question: Question, noun: str, parts: Sequence[tuple[str, str]], least: int, problems: Problems
) -> None:
    """Ids and texts of what can be chosen."""
    if len(parts) < least:
        count = f"{len(parts)} {noun}{'' if len(parts) == 1 else 's'}"
        problems.add(question.place, f"{_name(question)} has only {count}", Code.OPTIONS_FEW)
    for each, times in Counter(id_ for id_, _ in parts).items():
        if times > 1:
            problems.add(question.place, f"{_name(question)} uses id {quoted(each)} twice", Code.DUPLICATE_ID)
    _check_alike(question, [text for _, text in parts], problems)


def _check_alike(question: Question, texts: Sequence[str], problems: Problems) -> None:
    for number, each in enumerate(texts):
        if each.casefold() in map(str.casefold, texts[:number]):
            problems.add(question.place, f"{_name(question)} shows {quoted(each)} twice", Code.OPTIONS_ALIKE)
