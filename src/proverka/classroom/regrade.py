"""Regrading: which keys were corrected, and who gains and who loses by it.

A corrected key is a new run over stored responses. Until the run is finished its scores do not count, so
the same run is first the rehearsal and then, if the teacher agrees, the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proverka.bank.load import Bank
from proverka.classroom.grade import pool_of
from proverka.classroom.gradebook.rows import AssignmentRecord
from proverka.classroom.score import Keys
from proverka.model import JSON, Question

#: Fields that are shown beside one another where a key changed; the rest of a question is prose.
_NEVER = {"explain", "hints", "claims", "outcome", "level"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A question that the bank now has otherwise than it was scored."""

    #: Of the question as it was asked.
    asked: str
    old: Question
    new: Question

    @property
    def fields(self) -> Iterator[tuple[str, JSON, JSON]]:
        """The fields that bear on scoring and differ: name, old, new."""
        old, new = self.old.to_data(), self.new.to_data()
        for name in sorted((old.keys() | new.keys()) - _NEVER):
            if old.get(name) != new.get(name):
                yield name, old.get(name), new.get(name)


def corrections_in(assignment: AssignmentRecord, keys: Keys, banks: Sequence[Bank]) -> tuple[Correction, ...]:
    """What the banks have otherwise than the keys; questions that no bank has stay as they are.

    :param keys: By which the assignment is scored now.
    """
    variants = {name: each for bank in banks for name, each in bank.variants.items()}
    found = []
    for asked in pool_of(assignment):
        new = variants.get(asked[0].id, ())
        # A variant is known by its place; where rows were added or taken away none can be.
        for before, after in zip(asked, new, strict=True) if len(asked) == len(new) else ():
            old = keys.by_fingerprint[before.fingerprint]
            if old.fingerprint != after.fingerprint:
                found.append(Correction(before.fingerprint, old, after))
    return tuple(found)


def corrected(keys: Keys, corrections: Sequence[Correction]) -> Keys:
    """The keys with the corrections in them."""
    return Keys({**keys.by_fingerprint, **{each.asked: each.new for each in corrections}})


def note_of(corrections: Sequence[Correction]) -> str:
    """What names the run of these corrections, so that it is found again."""
    pairs = sorted(f"{each.asked}>{each.new.fingerprint}" for each in corrections)
    digest = hashlib.sha256("\n".join(pairs).encode()).hexdigest()[:12]
    return f"{', '.join(sorted({each.new.id for each in corrections}))} ({digest})"
