"""What a teacher sets: a selection of questions, when it is due, and what lateness costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from proverka.bank.load import Bank
from proverka.classroom.model import Policy
from proverka.classroom.release import Variants
from proverka.model import Place
from proverka.problems import Code, Problems, did_you_mean
from proverka.yaml_lines import Entry, load_entry, quoted


@dataclass(frozen=True, slots=True)
class Assignment:
    """A file ``<id>.yml`` in the folder of assignments."""

    id: str
    title: str
    #: Stems of bank files, all of whose questions are meant.
    banks: tuple[str, ...]
    #: Ids of single questions.
    questions: tuple[str, ...]
    #: How many a student gets; all if 0.
    draw: int
    policy: Policy
    #: When it is due, in words and in the zone that was written.
    due: str
    instructions: str
    place: Place


def load_assignment(path: Path, shown: str, problems: Problems) -> Assignment | None:
    """The assignment of a file; ``None`` and problems if it cannot be read."""
    entry = load_entry(path, shown, problems)
    if entry is None:
        return None
    before = len(problems)
    policy, due = _policy(entry)
    assignment = Assignment(
        id=path.stem,
        title=entry.text("title"),
        banks=entry.texts("from", needed=False),
        questions=entry.texts("questions", needed=False),
        draw=_count(entry, "draw"),
        policy=policy,
        due=due,
        instructions=entry.text("instructions", needed=False),
        place=entry.place,
    )
    if not assignment.banks and not assignment.questions:
        hint = "name files of the bank (from: [mosfilm]) or single questions (questions: [q-…])"
        problems.add(entry.place, "the assignment names no questions", Code.FIELD_MISSING, hint=hint)
    entry.finish()
    return assignment if len(problems) == before and not entry.flawed else None


def pool_of(assignment: Assignment, banks: Sequence[Bank], problems: Problems) -> tuple[Variants, ...]:
    """Every question that the assignment draws from, each once, in the order named."""
    found: dict[str, Variants] = {}
    variants = {name: each for bank in banks for name, each in bank.variants.items()}
    chapters = {stem: ids for bank in banks for stem, ids in bank.chapters.items()}
    for stem in assignment.banks:
        if stem not in chapters:
            hint = did_you_mean(stem, chapters, f"there are: {', '.join(chapters) or 'none'}")
            problems.add(assignment.place, f"there is no bank file {quoted(stem)}", Code.QUESTION_UNKNOWN, hint=hint)
        found |= {each: variants[each] for each in chapters.get(stem, ())}
    for each in assignment.questions:
        if each not in variants:
            hint = did_you_mean(each, variants)
            problems.add(assignment.place, f"unknown question {quoted(each)}", Code.QUESTION_UNKNOWN, hint=hint)
        else:
            found[each] = variants[each]
    if len(found) < assignment.draw:
        message = f"{assignment.draw} questions are to be drawn from {len(found)}"
        problems.add(assignment.place, message, Code.FIELD_TYPE, hint="draw fewer, or name more questions")
    return tuple(found.values())


def _policy(entry: Entry) -> tuple[Policy, str]:
    """The policy, and when work is due in words."""
    due, closes = _time(entry, "due"), _time(entry, "closes")
    late = entry.entry("late")
    if late is None and entry.has("late"):
        message = "field “late” should be a mapping like {per-day: 0.1, at-most: 0.5}"
        entry.problems.add(entry.place_of("late"), message, Code.FIELD_TYPE)
    per_day, at_most = 0.0, 1.0
    if late is not None:
        per_day, at_most = _share(late, "per-day", 0), _share(late, "at-most", 1)
        late.finish()
    if due and closes and closes < due:
        entry.problems.add(entry.place_of("closes"), "it closes before it is due", Code.FIELD_TYPE)
    counts = entry.word("counts", ("last", "first", "best"), default="last")
    return Policy(_seconds(due), _seconds(closes), per_day, at_most, counts), _in_words(due)


def _share(entry: Entry, name: str, default: float) -> float:
    value = entry.number(name, default=default)
    if value is not None and not 0 <= value <= 1:
        entry.problems.add(entry.place_of(name), f"field “{name}” should be a share from 0 to 1", Code.FIELD_TYPE)
    return default if value is None else value


def _count(entry: Entry, name: str) -> int:
    value = entry.number(name, default=0) or 0
    if value < 0 or value != int(value):
        entry.problems.add(entry.place_of(name), f"field “{name}” should be a whole number", Code.FIELD_TYPE)
    return int(value)


def _time(entry: Entry, name: str) -> datetime | None:
    """A time with its zone."""
    text = entry.text(name, needed=False)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        hint = "write day, time and zone, like 2026-12-04T23:59+03:00"
        entry.problems.add(entry.place_of(name), f"field “{name}” is {quoted(text)}", Code.FIELD_TYPE, hint=hint)
        return None
    return time


def _seconds(time: datetime | None) -> int | None:
    return int(time.timestamp()) if time else None


def _in_words(time: datetime | None) -> str:
    """“Friday 4 December 2026, 23:59 (UTC+03:00)”."""
    return f"{time:%A} {time.day} {time:%B %Y, %H:%M} (UTC{time.isoformat()[-6:]})" if time else ""
