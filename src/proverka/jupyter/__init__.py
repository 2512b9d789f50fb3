"""Quizzes in notebooks. Needs no compiled package, so that it also runs in a browser’s Python."""

from __future__ import annotations

from proverka.jupyter.quiz import Quiz

__all__ = ["Quiz"]
