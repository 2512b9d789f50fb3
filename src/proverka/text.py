"""Folding of typed answers, so that spelling differences that do not matter do not count."""

from __future__ import annotations

import functools
import unicodedata

_APOSTROPHES = frozenset("'’‘ʼʻʹʺ′`")


# The same keys are folded for every answer, and a class makes the same mistakes.
@functools.lru_cache(maxsize=2_000)
def fold(text: str) -> str:
    """Text reduced to its letters and digits, for comparison.

    NFKC; lower-, upper- and lower-cased again, character by character; diacritics, apostrophes and
    invisible marks dropped; any other run of characters that are neither letters nor digits becomes
    one space. ``docs/scoring.md`` gives the steps for other languages.
    """
    # NFKC would make a space and an accent of a free-standing acute, which stands for an apostrophe.
    text = unicodedata.normalize("NFKC", text.replace("´", "'"))
    # Lower case first: the capital ẞ has no other way to “ss”.
    text = "".join(each.lower().upper().lower() for each in text)
    parts: list[str] = []
    for each in unicodedata.normalize("NFD", text):
        category = unicodedata.category(each)
        if each in _APOSTROPHES or category[0] == "M" or category == "Cf":
            continue
        parts.append(each if category[0] in "LN" else " ")
    return " ".join("".join(parts).split())
