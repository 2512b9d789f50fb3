"""A release: an assignment, its roster, the questions with their keys, and the seed that decides the rest.

Everything that differs between students follows from the seed: which questions they get, in which order
things are shown, and the tag that proves whose sheet it is. So a release is small, however large the class,
and a sheet can be made again whenever an answer has to be read.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proverka.bank.draw import draw_questions
from proverka.classroom.model import Answered, Policy, Student
from proverka.model import JSON, Code, Question, question_from_data
from proverka.task import Mask, Task, mask_of, masked, task_of

#: The version of the manifest, and of what is derived from the seed.
VERSION = 1
#: A shorter seed could be guessed, and with it the order in which the bank was written.
SHORTEST_SEED = 20

#: A question in all its variants, of which a student gets one.
Variants = tuple[Question, ...]


class ManifestError(Exception):
    """A manifest cannot be read; the text says which and why."""


@dataclass(frozen=True)
class Sheet:
    """One student’s questions, as they are shown and as they are scored, in one order."""

    student: Student
    #: Proves that the sheet was made for this student; 26 characters.
    tag: str
    questions: tuple[Question, ...]
    masks: tuple[Mask, ...]
    #: Decides the order in which things are shown.
    seed: str

    @functools.cached_property
    def tasks(self) -> tuple[Task, ...]:
        """What is shown of each question."""
        # Not made for those who only read answers: it takes most of the time.
        both = enumerate(zip(self.questions, self.masks, strict=True), 1)
        return tuple(
            masked(task_of(question, seed=self.seed), mask, name=_name(number)) for number, (question, mask) in both
        )

    def answered(self, answers: Mapping[str, JSON]) -> tuple[Answered, ...]:
        """Every question with its answer in the question’s own ids.

        :param answers: By the name that the sheet gives a question (q1, q2 …); others are passed over.
        """
        both = enumerate(zip(self.questions, self.masks, strict=True), 1)
        return tuple(
            Answered(question.id, question.fingerprint, mask.lifted(answers.get(_name(number))))
            for number, (question, mask) in both
        )

    def starters(self) -> dict[str, str]:
        """What the cell of each function begins with, by the name that the sheet gives its question."""
        numbered = enumerate(self.questions, 1)
        return {_name(number): each.starter for number, each in numbered if isinstance(each, Code)}


def _name(number: int) -> str:
    return f"q{number}"


@dataclass(frozen=True, kw_only=True)
class Release:
    """What the teacher keeps; see the module."""

    assignment: str
    title: str
    seed: str
    students: tuple[Student, ...]
    pool: tuple[Variants, ...]
    policy: Policy
    instructions: str = ""
    #: When it is due, in words and in the zone of whoever wrote it.
    due: str = ""
    #: How many questions a student gets; all of the pool if 0.
    draw: int = 0
    #: What the questions’ outcomes say, by id, as far as it is known.
    outcomes: dict[str, str] = field(default_factory=dict)

    @functools.cached_property
    def tag(self) -> str:
        """Tells this release from another of the same assignment; 26 characters."""
        return self._tag("release")

    @functools.cached_property
    def by_tag(self) -> dict[str, Student]:
        """The student for whom each tag was made."""
        return {self.tag_of(each.id): each for each in self.students}

    @functools.cached_property
    def _by_id(self) -> dict[str, Student]:
        return {each.id: each for each in self.students}

    @functools.cached_property
    def _variants(self) -> dict[str, Variants]:
        return {each[0].id: each for each in self.pool}

    def tag_of(self, student: str) -> str:
        """The tag of a student’s sheet."""
        return self._tag(f"sheet\0{student}")

    def sheet(self, student: str) -> Sheet:
        """The sheet of a student.

        :raises KeyError: nobody on the roster has this id.
        """
        seed = self._secret(f"order\0{student}").hex()
        count = self.draw or len(self.pool)
        drawn = draw_questions([each[0] for each in self.pool], count, seed=seed)
        questions = tuple(self._variant(each, student) for each in drawn)
        return Sheet(
            student=self._by_id[student],
            tag=self.tag_of(student),
            questions=questions,
            masks=tuple(mask_of(each, seed=seed) for each in questions),
            seed=seed,
        )

    def _variant(self, question: Question, student: str) -> Question:
        variants = self._variants[question.id]
        chosen = int.from_bytes(self._secret(f"variant\0{student}\0{question.id}")[:8], "big")
        return variants[chosen % len(variants)]

    def _tag(self, purpose: str) -> str:
        return base64.b32encode(self._secret(purpose)[:16]).decode().rstrip("=").lower()

    def _secret(self, purpose: str) -> bytes:
        message = f"proverka {VERSION}\0{self.assignment}\0{purpose}"
        return hmac.digest(self.seed.encode(), message.encode(), hashlib.sha256)

    def to_text(self) -> str:
        """The manifest: JSON that :func:`read_manifest` reads, the same for the same release to the byte."""
        data: dict[str, JSON] = {
            "version": VERSION,
            "assignment": self.assignment,
            "title": self.title,
            "instructions": self.instructions,
            "due": self.due,
            "seed": self.seed,
            "draw": self.draw,
            "policy": dataclasses.asdict(self.policy),
            "outcomes": dict(self.outcomes),
            "students": [dataclasses.asdict(each) for each in self.students],
            "pool": [[each.to_data() for each in variants] for variants in self.pool],
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def read_manifest(path: Path) -> Release:
    """The release of a manifest.

    :raises ManifestError: it cannot be read.
    """
    try:
        return _release(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ManifestError(f"{path}: {error.strerror}; name the folder that “proverka release” wrote") from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ManifestError(f"{path}: this is not a whole manifest ({error})") from error


def _release(data: dict[str, Any]) -> Release:
    if data["version"] != VERSION:
        raise ValueError(f"it is of version {data['version']}, and proverka here reads {VERSION}")
    return Release(
        assignment=data["assignment"],
        title=data["title"],
        instructions=data["instructions"],
        due=data["due"],
        seed=data["seed"],
        draw=data["draw"],
        outcomes=data["outcomes"],
        policy=Policy(**data["policy"]),
        students=tuple(Student(**each) for each in data["students"]),
        pool=tuple(tuple(question_from_data(each) for each in variants) for variants in data["pool"]),
    )
