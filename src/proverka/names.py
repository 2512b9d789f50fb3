"""How names are spelt: the form the book uses, and every other spelling of the same name."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path

from proverka.model import NOWHERE, Place
from proverka.problems import Code, Problems
from proverka.text import fold
from proverka.yaml_lines import load_entries

KINDS = ("person", "place", "studio", "film", "other")

#: Romanizations of Russian by system, each a table of letters. Sources: BGN/PCGN 1947; ISO/R 9:1968
#: (scholarly); ALA-LC without ligatures (its diacritics are folded away in comparison); passports of
#: the Russian Federation (ICAO Doc 9303); and the usual German, French and Italian newspaper spellings.
_TABLE = list(csv.DictReader(files("proverka").joinpath("romanization.csv").read_text("utf-8").splitlines()))
_SYSTEMS = {system: {row["russian"]: row[system] for row in _TABLE} for system in _TABLE[0] if system != "russian"}
#: BGN/PCGN writes “ye” for е at the start of a word and after a vowel, ъ and ь.
_SOFT_E = re.compile(r"(?:(?<=[аеёиоуыэюяъь])|^)е")
_ENDINGS = {
    "bgn": (("iy", "y"), ("yy", "y"), ("ey", "ei"), ("ay", "ai")),
    "ala-lc": (),
    "german": (("ij", "i"), ("ii", "i"), ("yi", "y")),
    "french": (("iï", "i"), ("yï", "y")),
    "passport": (("ii", "y"),),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A person, place, studio or film."""

    name: str
    kind: str
    ru: str = ""
    also: tuple[str, ...] = ()
    place: Place = NOWHERE

    def spellings(self) -> tuple[str, ...]:
        """Every spelling of the whole name, the book’s own first."""
        found = [self.name, *self.also]
        if self.ru:
            short = self._short_russian()
            found += [self.ru, " ".join(short), *romanizations(" ".join(short))]
            if self.kind == "person":
                given = self.name.rpartition(" ")[0]
                found += [f"{given} {each}".strip() for each in romanizations(short[-1])]
        return _unlike(found)

    def surnames(self) -> tuple[str, ...]:
        """Every spelling of a person’s surname; none for other names."""
        if self.kind != "person":
            return ()
        russian = self._short_russian()[-1:]
        return _unlike([self.name.split()[-1], *russian, *(each for word in russian for each in romanizations(word))])

    def _short_russian(self) -> list[str]:
        """Without the patronymic."""
        words = self.ru.split()
        return [words[0], words[-1]] if self.kind == "person" and len(words) > 2 else words


def _unlike(texts: list[str]) -> tuple[str, ...]:
    """The texts without those that fold to an earlier one."""
    unique: dict[str, str] = {}
    for each in texts:
        unique.setdefault(fold(each), each)
    return tuple(unique.values())


def romanizations(russian: str) -> tuple[str, ...]:
    """A Russian text in Latin letters by every system known here, doublets left out."""
    found: dict[str, None] = {}
    for system, letters in _SYSTEMS.items():
        words = []
        for word in russian.split():
            latin = "".join(letters.get(each, each) for each in word.lower())
            ways = {latin}
            if system == "bgn" and (soft := _SOFT_E.sub("йэ", word.lower())) != word.lower():
                ways.add("".join(letters.get(each, each) for each in soft))
            for ending, other in _ENDINGS.get(system, ()):
                if latin.endswith(ending):
                    ways.add(latin.removesuffix(ending) + other)
            words.append([way.capitalize() for way in sorted(ways)])
        found.update(dict.fromkeys(" ".join(each) for each in product(*words)))
    return tuple(found)


def load_names(path: Path, shown: str, problems: Problems) -> tuple[Name, ...]:
    """The names of a project; none if it has no such file."""
    if not os.path.lexists(path):
        return ()
    names: dict[str, Name] = {}
    for entry in load_entries(path, shown, problems):
        name = Name(
            name=entry.text("name"),
            kind=entry.word("kind", KINDS),
            ru=entry.text("ru", needed=False),
            also=entry.texts("also", needed=False),
            place=entry.place,
        )
        entry.finish()
        if name.name in names:
            problems.add(name.place, f"name {name.name} stands already at {names[name.name].place}", Code.DUPLICATE_ID)
        elif name.name:
            names[name.name] = name
    return tuple(names.values())


def spellings_of(text: str, names: tuple[Name, ...]) -> tuple[str, ...]:
    """Every spelling of the names that ``text`` is one spelling of, ``text`` itself first.

    A surname stands for a whole name, and a whole name for its surname, only where no other name
    here has that surname.
    """
    wanted = fold(text)
    found = [text]
    wholes, surnames = _index(names)
    bearers = surnames.get(wanted, ())
    for name in wholes.get(wanted, ()):
        found += name.spellings()
        if all(surnames[fold(each)] == (name,) for each in name.surnames()):
            found += name.surnames()
    for name in bearers:
        found += name.surnames()
        if len(bearers) == 1:
            found += name.spellings()
    return _unlike(found)


@cache
def _index(names: tuple[Name, ...]) -> tuple[dict[str, tuple[Name, ...]], dict[str, tuple[Name, ...]]]:
    """Names by folded spelling of the whole and of the surname."""
    wholes: dict[str, tuple[Name, ...]] = {}
    surnames: dict[str, tuple[Name, ...]] = {}
    for name in names:
        for each in name.spellings():
            wholes[fold(each)] = (*wholes.get(fold(each), ()), name)
        for each in name.surnames():
            surnames[fold(each)] = (*surnames.get(fold(each), ()), name)
    return wholes, surnames
