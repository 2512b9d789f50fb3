"""The gradebook: what was handed in, what each answer earned in each run, what people marked.

An SQLite file or a PostgreSQL database; see ``docs/gradebook.md``.
"""

from __future__ import annotations

from proverka.classroom.gradebook.book import Gradebook, open_gradebook
from proverka.classroom.gradebook.errors import GradebookError
from proverka.classroom.gradebook.rows import (
    Arrived,
    AssignmentRecord,
    Change,
    Counts,
    Grade,
    Mark,
    ScoredAnswer,
    ToMark,
    ToScore,
)

__all__ = [
    "Arrived",
    "AssignmentRecord",
    "Change",
    "Counts",
    "Grade",
    "Gradebook",
    "GradebookError",
    "Mark",
    "ScoredAnswer",
    "ToMark",
    "ToScore",
    "open_gradebook",
]
