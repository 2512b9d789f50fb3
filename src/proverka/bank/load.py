"""Questions from YAML files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from proverka.config import Config
from proverka.model import (
    LEVELS,
    QUESTION_TYPES,
    Claim,
    Distractor,
    Foreseen,
    Item,
    Option,
    Pair,
    Question,
)
from proverka.names import Name, spellings_of
from proverka.problems import Code, Problems, did_you_mean
from proverka.yaml_lines import Entry, load_entries, parse_plain_number, quoted


@dataclass
class Bank:
    """All questions of a project, by id and by chapter."""

    questions: dict[str, Question] = field(default_factory=dict)
    #: Stems, each with the ids of its questions in the order written.
    chapters: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of_chapter(self, stem: str) -> tuple[Question, ...]:
        """The questions of a chapter."""
        return tuple(self.questions[each] for each in self.chapters.get(stem, ()))


def bank_files(config: Config) -> list[Path]:
    """The files that hold questions, sorted by name."""
    return sorted(config.path("bank").glob("*.yml"))


def load_bank(config: Config, claims: dict[str, Claim], names: tuple[Name, ...], problems: Problems) -> Bank:
    """Every question that can be read; problems are noted, not raised.

    :param claims: For keys that a claim's value gives.
    :param names: For answers whose other spellings count.
    """
    bank = Bank()
    if not config.path("bank").is_dir():
        return bank
    for path in bank_files(config):
        ids = []
        for question in load_questions(path, config.shown(path), claims, names, problems):
            known = bank.questions.get(question.id)
            if known:
                problems.add(question.place, f"id {question.id} stands already at {known.place}", Code.DUPLICATE_ID)
            else:
                bank.questions[question.id] = question
                ids.append(question.id)
        bank.chapters[path.stem] = tuple(ids)
    return bank


def load_questions(
    path: Path, shown: str, claims: dict[str, Claim], names: tuple[Name, ...], problems: Problems
) -> list[Question]:
    """The questions of one file, in the order written; those that cannot be read are left out."""
    reader = _Reader(claims, names)
    found = [reader.question(entry) for entry in load_entries(path, shown, problems)]
    return [each for each in found if each]


class _Reader:
    def __init__(self, claims: dict[str, Claim], names: tuple[Name, ...]) -> None:
        self.claims = claims
        self.names = names

    def question(self, entry: Entry) -> Question | None:
        before = len(entry.problems.errors)
        kind = entry.text("type")
        if kind and kind not in QUESTION_TYPES:
            hint = did_you_mean(kind, QUESTION_TYPES, Code.TYPE_UNKNOWN.hint)
            entry.problems.add(entry.place_of("type"), f"unknown type {quoted(kind)}", Code.TYPE_UNKNOWN, hint=hint)
        if kind not in QUESTION_TYPES:
            return None
        common = {
            "id": entry.id("q-"),
            "outcome": entry.id("lo-", "outcome"),
            "claims": entry.texts("claims"),
            "level": entry.word("level", LEVELS),
            "stem": entry.text("stem"),
            "explain": entry.text("explain"),
            "points": entry.number("points", default=1) or 0,
            "about_dispute": entry.truth("about-dispute"),
            "place": entry.place,
        }
        if common["points"] <= 0 and len(entry.problems.errors) == before:  # type: ignore[operator]
            entry.problems.add(entry.place_of("points"), "points should be more than 0", Code.FIELD_TYPE)
        read: Callable[[Entry], dict[str, Any]] = getattr(self, f"_{kind}")
        body = read(entry)
        entry.finish()
        if len(entry.problems.errors) > before:
            return None
        return QUESTION_TYPES[kind](**common, **body)  # type: ignore[arg-type]

    def _choice(self, entry: Entry) -> dict[str, Any]:
        options = []
        for each in entry.entries("options"):
            options.append(
                Option(each.id(""), each.text("text"), each.truth("correct"), each.text("why", needed=False))
            )
            each.finish()
        return {"options": tuple(options)}

    _choices = _choice

    def _number(self, entry: Entry) -> dict[str, Any]:
        low, high = self._range(entry)
        return {"low": low, "high": high, "unit": entry.text("unit", needed=False), "wrong": self._wrong(entry)}

    def _range(self, entry: Entry) -> tuple[float, float]:
        if entry.has("range"):
            ends = [parse_plain_number(each) for each in entry.texts("range")]
            tolerated = entry.has("tolerance") or entry.has("answer")
            if len(ends) == 2 and None not in ends and ends[0] <= ends[1] and not tolerated:  # type: ignore[operator]
                return ends[0], ends[1]  # type: ignore[return-value]
            message = "range should be [low, high], without answer and tolerance"
            entry.problems.add(entry.place_of("range"), message, Code.KEY_VALUE)
            return 0, 0
        tolerance = entry.number("tolerance", default=0)
        typed = self._claim_value(entry) if (entry.entry("answer")) else entry.text("answer")
        if typed is None or tolerance is None or not typed:
            return 0, 0
        value = parse_plain_number(typed)
        if value is None or tolerance < 0:
            message = f"the key is {quoted(typed)}" if value is None else "tolerance is negative"
            entry.problems.add(entry.place_of("answer"), message, Code.KEY_VALUE)
            return 0, 0
        # Decimal, so that 0.1 ± 0.2 reaches 0.3 exactly.
        exact, about = Decimal(repr(value)), Decimal(repr(tolerance))
        return float(exact - about), float(exact + about)

    def _claim_value(self, entry: Entry) -> str | None:
        inner = entry.entry("answer")
        if inner is None:
            return None
        claim_id, name = inner.id("c-", "claim"), inner.text("value")
        inner.finish()
        if not claim_id or not name:
            return None
        claim = self.claims.get(claim_id)
        if claim is None:
            hint = did_you_mean(claim_id, self.claims)
            entry.problems.add(inner.place, f"unknown claim {claim_id}", Code.CLAIM_UNKNOWN, hint=hint)
            return None
        values = claim.values.get(name, ())
        if len(values) != 1:
            hint = did_you_mean(name, claim.values, f"its values are: {', '.join(claim.values) or 'none'}")
            entry.problems.add(inner.place, f"claim {claim_id} has no single value “{name}”", Code.KEY_VALUE, hint=hint)
            return None
        # A date stands for its year when a number is asked for.
        return values[0][:4] if values[0][4:5] == "-" else values[0]

    def _text(self, entry: Entry) -> dict[str, Any]:
        spellings: dict[str, None] = {}
        for each in entry.texts("accept"):
            spellings.update(dict.fromkeys(spellings_of(each, self.names)))
        if entry.has("accept") and not spellings:
            entry.problems.add(entry.place_of("accept"), "no accepted answer is given", Code.KEY_MISSING)
        return {"accept": tuple(spellings), "wrong": self._wrong(entry)}

    def _wrong(self, entry: Entry) -> tuple[Foreseen, ...]:
        found = []
        for each in entry.entries("wrong", needed=False):
            found.append(Foreseen(each.text("is"), each.text("why")))
            each.finish()
        return tuple(found)

    def _order(self, entry: Entry) -> dict[str, Any]:
        items = []
        for each in entry.entries("items"):
            items.append(Item(each.id(""), each.text("text"), each.text("why", needed=False)))
            each.finish()
        return {"items": tuple(items)}

    def _match(self, entry: Entry) -> dict[str, Any]:
        pairs, distractors = [], []
        for each in entry.entries("pairs"):
            pairs.append(Pair(each.id(""), each.text("left"), each.text("right"), each.text("why", needed=False)))
            each.finish()
        for each in entry.entries("distractors", needed=False):
            distractors.append(Distractor(each.id(""), each.text("text"), each.text("why", needed=False)))
            each.finish()
        return {"pairs": tuple(pairs), "distractors": tuple(distractors)}
