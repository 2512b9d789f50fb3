"""Slips in calls, told in one line."""

from __future__ import annotations


class QuizError(Exception):
    """A slip in a call, told in one line."""

    def __str__(self) -> str:
        return str(self.args[0])

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines instead of the way through our code.
        return [f"{type(self).__name__}: {self}"]


class UnknownQuestionError(QuizError, KeyError):
    """The quiz has no question of this id."""


class UnreadableAnswerError(QuizError, TypeError):
    """The answer is not text, a number, a list or a mapping."""


class UnreadableQuizError(QuizError, ValueError):
    """The notebook’s quiz is broken or newer than this package."""


class UnknownChoiceError(QuizError, ValueError):
    """The answer names something that is not there to be chosen."""
