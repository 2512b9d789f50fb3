"""Words that the commands share."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """“no notebooks”, “1 notebook”, “2 notebooks”."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
