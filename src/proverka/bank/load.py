"""Questions from YAML files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from proverka.config import Config
from proverka.model import (
    LEVELS,
    QUESTION_TYPES,
    Blank,
    Claim,
    Criterion,
    Distractor,
    Foreseen,
    Item,
    Option,
    Pair,
    Place,
    Question,
    Spot,
    Trial,
)
from proverka.names import Name, spellings_of
from proverka.problems import Code, Problems, did_you_mean
from proverka.yaml_lines import PLACEHOLDER, Entry, load_entries, parse_plain_number, quoted


@dataclass
class Bank:
    """All questions of a project, by id and by chapter."""

    questions: dict[str, Question] = field(default_factory=dict)
    #: Every question in all its variants, the one that is asked where nothing is drawn first.
    variants: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    #: Stems, each with the ids of its questions in the order written.
    chapters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Questions with errors, as far as they could be read: never asked, but checked and counted, so that
    #: what refers to them is not reported too.
    left_out: list[Question] = field(default_factory=list)
    #: Stems of files in which nothing could be read.
    unread: set[str] = field(default_factory=set)

    def of_chapter(self, stem: str) -> tuple[Question, ...]:
        """The questions of a chapter."""
        return tuple(self.questions[each] for each in self.chapters.get(stem, ()))

    def written(self) -> tuple[Question, ...]:
        """Every question, those with errors included."""
        return (*self.questions.values(), *self.left_out)

    def versions(self) -> tuple[Question, ...]:
        """Every variant of every question, those with errors included."""
        return (*(each for variants in self.variants.values() for each in variants), *self.left_out)


def bank_files(config: Config) -> list[Path]:
    """The files that hold questions, sorted by name."""
    return sorted(config.path("bank").glob("*.yml"))


def load_bank(
    config: Config,
    claims: Mapping[str, Claim],
    names: tuple[Name, ...],
    problems: Problems,
    *,
    excused: Callable[[str], bool] = lambda _: False,
) -> Bank:
    """Every question that can be read; problems are noted, not raised.

    :param claims: For keys that a claim's value gives.
    :param names: For answers whose other spellings count.
    :param excused: Of which claims it need not be said that they are unknown.
    """
    bank = Bank()
    folder = config.path("bank")
    if os.path.lexists(folder) and not folder.is_dir():
        message = "something else stands where the folder of the bank is expected"
        problems.add(Place(config.shown(folder)), message, Code.FILE_MISSING, hint="put the folder in its place")
    reader = _Reader(claims, names, excused)
    for path in bank_files(config):
        ids = []
        entries = load_entries(path, config.shown(path), problems)
        if not entries:
            bank.unread.add(path.stem)
        for entry in entries:
            variants, sound = reader.variants(entry)
            question = variants[0]
            known = bank.questions.get(question.id)
            if known:
                message = f"id {quoted(question.id)} stands already at {known.place}"
                problems.add(question.place, message, Code.DUPLICATE_ID)
            if known or not sound:
                bank.left_out.append(question)
            else:
                bank.questions[question.id] = question
                bank.variants[question.id] = variants
                ids.append(question.id)
        bank.chapters[path.stem] = tuple(ids)
    return bank


class _Reader:
    def __init__(self, claims: Mapping[str, Claim], names: tuple[Name, ...], excused: Callable[[str], bool]) -> None:
        self.claims = claims
        self.names = names
        self.excused = excused

    def variants(self, entry: Entry) -> tuple[tuple[Question, ...], bool]:
        """The question with each row of its table of values, and whether all are sound; one if it has no table."""
        rows = [{name: each.text(name) for name in each.nodes} for each in entry.entries("variants", needed=False)]
        before = len(entry.problems)
        for name, place in entry.left(PLACEHOLDER):
            if any(name not in row for row in rows or [{}]):
                message = f"{quoted(f'<<{name}>>')} has no value in every variant"
                hint = f"give each entry of “variants” a field {name}"
                entry.problems.add(place, message, Code.FIELD_MISSING, hint=hint)
        named = {name for name, _ in entry.left(PLACEHOLDER)}
        for name in sorted({name for row in rows for name in row} - named):
            message = f"the variants’ field {quoted(name)} is used nowhere"
            hint = f"write <<{name}>> where its value belongs, or leave it out"
            entry.problems.add(entry.place_of("variants"), message, Code.FIELD_UNKNOWN, hint=hint)
        read = [self.question(entry.filled(row)) for row in rows or [{}]]
        sound = len(entry.problems) == before and all(each for _, each in read)
        return tuple(question for question, _ in read), sound

    def question(self, entry: Entry) -> tuple[Question, bool]:
        """The question and whether it is sound; one that is not lacks what could not be read."""
        problems = entry.problems
        before = len(problems)
        kind = entry.text("type")
        common: dict[str, Any] = {
            "id": entry.id("q-") or _first(entry.lost, "q-"),
            "outcome": entry.id("lo-", "outcome") or _first(entry.lost, "lo-"),
            "claims": entry.texts("claims") or tuple(each for each in entry.lost if each in self.claims),
            "level": entry.word("level", LEVELS),
            "stem": entry.text("stem"),
            "explain": entry.text("explain"),
            "points": entry.number("points", default=1),
            "hints": entry.texts("hints", needed=False),
            "pinned": entry.truth("pinned"),
            "about_dispute": entry.truth("about-dispute"),
            "place": entry.place,
        }
        entry.skip("variants")
        if common["points"] is not None and common["points"] <= 0:
            problems.add(entry.place_of("points"), "points should be more than 0", Code.FIELD_TYPE)
        if kind not in QUESTION_TYPES:
            if kind:
                hint = did_you_mean(kind, QUESTION_TYPES, Code.TYPE_UNKNOWN.hint)
                problems.add(entry.place_of("type"), f"unknown type {quoted(kind)}", Code.TYPE_UNKNOWN, hint=hint)
            return Question(**common), False
        sound = len(problems) == before and not entry.flawed
        before = len(problems)
        read: Callable[[Entry], dict[str, Any]] = getattr(self, f"_{kind}")
        body = read(entry)
        whole = body and len(problems) == before
        entry.finish()
        question = QUESTION_TYPES[kind](**common, **body) if whole else Question(**common)
        return question, sound and len(problems) == before and bool(whole)

    def _choice(self, entry: Entry) -> dict[str, Any]:
        options = []
        for each in entry.entries("options"):
            options.append(
                Option(
                    each.id(""),
                    each.text("text"),
                    each.truth("correct"),
                    each.text("why", needed=False),
                    each.truth("pinned"),
                )
            )
            each.finish()
        return {"options": tuple(options)}

    _choices = _choice

    def _number(self, entry: Entry) -> dict[str, Any]:
        ends = self._range(entry)
        rest = {"unit": entry.text("unit", needed=False), "wrong": self._wrong(entry)}
        return {"low": ends[0], "high": ends[1]} | rest if ends else {}

    def _range(self, entry: Entry) -> tuple[float, float] | None:
        problems = entry.problems
        if entry.has("range"):
            given = entry.texts("range")
            ends = [number for each in given if (number := parse_plain_number(each)) is not None]
            good = len(given) == len(ends) == 2 and ends[0] <= ends[1]
            if entry.skip("answer", "tolerance") or (given and not good):
                message = "field “range” should be [low, high], without answer and tolerance"
                problems.add(entry.place_of("range"), message, Code.KEY_VALUE)
                return None
            return (ends[0], ends[1]) if good else None
        tolerance = entry.number("tolerance", default=0)
        inner = entry.entry("answer")
        typed = self._claim_value(inner) if inner else entry.text("answer")
        if tolerance is not None and tolerance < 0:
            problems.add(entry.place_of("tolerance"), "field “tolerance” is negative", Code.KEY_VALUE)
        if not typed or tolerance is None:
            return None
        value = parse_plain_number(typed)
        if value is None:
            message = f"the key is {quoted(typed)}, which is not a plain number"
            problems.add(entry.place_of("answer"), message, Code.KEY_VALUE)
            return None
        # Decimal, so that 0.1 ± 0.2 reaches 0.3 exactly.
        exact, about = Decimal(repr(value)), Decimal(repr(tolerance))
        return float(exact - about), float(exact + about)

    def _claim_value(self, entry: Entry) -> str:
        """The text of ``{claim: c-…, value: name}``; empty if there is none."""
        claim_id, name = entry.id("c-", "claim"), entry.text("value")
        entry.finish()
        claim = self.claims.get(claim_id)
        if not claim or not name:
            if claim_id and not claim and not self.excused(claim_id):
                hint = did_you_mean(claim_id, self.claims)
                entry.problems.add(entry.place, f"unknown claim {quoted(claim_id)}", Code.CLAIM_UNKNOWN, hint=hint)
            return ""
        values = claim.values.get(name, ())
        if len(values) != 1:
            hint = did_you_mean(name, claim.values, f"its values are: {', '.join(claim.values) or 'none'}")
            message = f"claim {claim_id} has no single value {quoted(name)}"
            entry.problems.add(entry.place, message, Code.KEY_VALUE, hint=hint)
            return ""
        # A date stands for its year when a number is asked for.
        return values[0][:4] if values[0][4:5] == "-" else values[0]

    def _text(self, entry: Entry) -> dict[str, Any]:
        spellings: dict[str, None] = {}
        for each in entry.texts("accept"):
            spellings.update(dict.fromkeys(spellings_of(each, self.names)))
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

    def _blanks(self, entry: Entry) -> dict[str, Any]:
        blanks = []
        for each in entry.entries("blanks"):
            among = each.texts("among", needed=False)
            spellings: dict[str, None] = {}
            for accepted in each.texts("accept"):
                # Words to choose from are compared as they are; words to type, in any spelling.
                spellings.update(dict.fromkeys([accepted] if among else spellings_of(accepted, self.names)))
            blanks.append(Blank(each.id(""), tuple(spellings), among, each.text("why", needed=False)))
            each.finish()
        return {"text": entry.text("text"), "blanks": tuple(blanks)}

    def _pin(self, entry: Entry) -> dict[str, Any]:
        spots = []
        for each in entry.entries("spots"):
            x, y, radius = (each.number(name) or 0.0 for name in ("x", "y", "radius"))
            spots.append(
                Spot(
                    each.id(""),
                    each.text("text"),
                    x,
                    y,
                    radius,
                    each.truth("correct"),
                    each.text("why", needed=False),
                )
            )
            each.finish()
        return {"drawing": entry.text("drawing"), "alt": entry.text("alt"), "spots": tuple(spots)}

    def _code(self, entry: Entry) -> dict[str, Any]:
        trials = []
        for each in entry.entries("trials"):
            args = each.json("args")
            trials.append(Trial(tuple(args) if isinstance(args, list) else (args,), each.json("gives")))
            each.finish()
        return {
            "function": entry.text("function"),
            "starter": entry.text("starter"),
            "solution": entry.text("solution"),
            "trials": tuple(trials),
        }

    def _essay(self, entry: Entry) -> dict[str, Any]:
        rubric = []
        for each in entry.entries("rubric"):
            rubric.append(Criterion(each.id(""), each.text("text"), each.number("points", default=1) or 0))
            each.finish()
        words = entry.number("words", default=0) or 0
        return {"rubric": tuple(rubric), "model": entry.text("model"), "words": int(words)}


def _first(ids: Iterable[str], prefix: str) -> str:
    return next((each for each in ids if each.startswith(prefix)), "")
