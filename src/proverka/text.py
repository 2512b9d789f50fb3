"""Folding of typed answers, so that spelling differences that do not matter do not count."""

from __future__ import annotations

import unicodedata

_DROPPED = frozenset("'’‘ʼʹʺ′`´")


def fold(text: str) -> str:
    """Text reduced to its letters and digits, for comparison.

    NFKC; upper- then lower-cased, character by character; diacritics and apostrophes dropped; any
    other run of characters that are neither letters nor digits becomes one space.
    """
    folded = "".join(each.upper().lower() for each in unicodedata.normalize("NFKC", text))
    parts: list[str] = []
    for each in unicodedata.normalize("NFD", folded):
        if each in _DROPPED or unicodedata.category(each)[0] == "M":
            continue
        parts.append(each if unicodedata.category(each)[0] in "LN" else " ")
    return " ".join("".join(parts).split())
