"""Quizzes in notebooks. Needs no compiled package, so that it also runs in a browser’s Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proverka.jupyter.assignment import Assignment
    from proverka.jupyter.quiz import Quiz

__all__ = ["Assignment", "Quiz"]


def __getattr__(name: str) -> Any:
    """Each is imported when it is asked for: a notebook has use for one of them."""
    if name == "Quiz":
        from proverka.jupyter.quiz import Quiz

        return Quiz
    if name == "Assignment":
        from proverka.jupyter.assignment import Assignment

        return Assignment
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
