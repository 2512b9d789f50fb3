"""Figures in prose and in claims: years, dates, quantities, number words.

A figure is a set of tokens of which one must be found among a claim’s tokens: “4.3 million” is
4.3 or 4,300,000. “2 April 1979” is two figures, the day and the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = ("January February March April May June July August September October November December").split()
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)}
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_UNITS)}
_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
_WORDS |= {
    f"{ten}-{unit}": 10 * number + digit
    for number, ten in enumerate(_TENS, 2)
    for digit, unit in enumerate(_UNITS[1:10], 1)
}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

_MONTH = "|".join(_MONTHS)
# Not re.IGNORECASE, under which “ſix” would be a number too.
_WORD = "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in sorted(_WORDS, key=len, reverse=True))
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:\s*(?:–|-|to|and|or)\s*(\d{{1,2}}))?\s+({_MONTH})\b(?:,?\s+(\d{{4}}))?")
_MONTH_YEAR = re.compile(rf"\b({_MONTH})(?:\s*(?:–|-|to|and|or|/)\s*({_MONTH}))?\s+(\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_DECADE = re.compile(r"\b(\d{3})0s\b")
_YEAR_RANGE = re.compile(r"\b(1[5-9]\d\d|20\d\d)[–/-](\d{2})\b(?![–-])")
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:st|nd|rd|th)?\b(?:\s+(thousand|million|billion)\b)?"
)
_NUMBER_WORD = re.compile(
    rf"\b(?:({_WORD})\s+(hundred)(?:\s+and\s+({_WORD}))?|({_WORD}))\b(?:\s+(thousand|million|billion)\b)?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as written, and the tokens any of which supports it."""

    text: str
    tokens: frozenset[str]
    offset: int


def _number(value: float) -> str:
    return f"{value:.10g}"


def figures_in(text: str, *, smallest_word: int = 11) -> Iterator[Figure]:
    """The figures of a text, in no particular order.

    :param smallest_word: Number words below it are passed over, since “one” and “two” are mostly
        not figures.
    """
    left = text

    def found(match: re.Match[str], *tokens: str) -> Figure:
        nonlocal left
        left = left[: match.start()] + " " * len(match[0]) + left[match.end() :]
        return Figure(match[0], frozenset(tokens), match.start())

    for each in _ISO.finditer(text):
        year, month, day = each[1], int(each[2]), each[3]
        if not 1 <= month <= 12:
            continue
        yield found(each, _number(int(year)))
        yield found(each, f"{month}/{year}")
        if day:
            yield found(each, f"{int(day)}.{month}")
    for each in _DAY_MONTH.finditer(text):
        month = _MONTH_NUMBER[each[3]]
        for day in (each[1], each[2]):
            if day:
                yield found(each, f"{int(day)}.{month}")
        if each[4]:
            yield found(each, _number(int(each[4])))
            yield found(each, f"{month}/{each[4]}")
    for each in _MONTH_YEAR.finditer(left):
        yield found(each, _number(int(each[3])))
        for name in (each[1], each[2]):
            if name:
                yield found(each, f"{_MONTH_NUMBER[name]}/{each[3]}")
    for each in _DECADE.finditer(left):
        yield found(each, f"{each[1]}0s")
    for each in _YEAR_RANGE.finditer(left):
        yield found(each, _number(int(each[1])))
        yield found(each, _number(int(each[1][:2] + each[2])))
    for each in _NUMBER.finditer(left):
        value = float(each[1].replace(",", "") + (each[2] or ""))
        tokens = {_number(value)}
        if each[3]:
            tokens.add(_number(value * _SCALES[each[3]]))
        yield Figure(each[0], frozenset(tokens), each.start())
    for each in _NUMBER_WORD.finditer(left):
        if each[2]:
            value = _WORDS[each[1].lower()] * 100 + (_WORDS[each[3].lower()] if each[3] else 0)
        else:
            value = _WORDS[each[4].lower()]
        scaled = value * _SCALES[each[5]] if each[5] else value
        if scaled < smallest_word:
            continue
        tokens = {_number(value), _number(scaled)}
        yield Figure(each[0], frozenset(tokens), each.start())


def tokens_of(texts: list[str]) -> set[str]:
    """All tokens that the texts of a claim support, decades of its years included."""
    tokens: set[str] = set()
    for text in texts:
        for figure in figures_in(text, smallest_word=0):
            tokens |= figure.tokens
    for token in list(tokens):
        if token.isdigit() and len(token) == 4:
            tokens.add(f"{token[:3]}0s")
    return tokens
