"""What can be wrong with claims, and with chapters that cite them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from proverka.chapters import Chapter, Paragraph
from proverka.ledger.figures import figures_in, tokens_of
from proverka.ledger.load import Ledger
from proverka.model import Claim, Place, Status
from proverka.names import Name
from proverka.problems import Code, Problems, did_you_mean
from proverka.text import fold
from proverka.yaml_lines import quoted

MAX_QUOTE_WORDS = 15


def check_ledger(ledger: Ledger, problems: Problems) -> None:
    """Claims against their sources, statements against their claims."""
    for each in [*ledger.claims.values(), *ledger.statements.values(), *ledger.left_out]:
        if isinstance(each, Claim):
            _check_claim(each, ledger, problems)
        else:
            check_claims_known(each.claims, each.place, ledger, problems)
    _check_matters(ledger.claims.values(), problems)


def _check_matters(claims: Iterable[Claim], problems: Problems) -> None:
    """Claims that speak of one thing give one value for it, unless one of them is disputed."""
    known: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        if not claim.matter or claim.status is Status.DISPUTED:
            continue
        for name, values in claim.values.items():
            first = known.setdefault((claim.matter, name), claim)
            if first.values[name] != values:
                ours, theirs = (quoted(", ".join(each)) for each in (values, first.values[name]))
                message = f"on {quoted(claim.matter)}, {name} is {ours} in {claim.id} and {theirs} in {first.id}"
                problems.add(claim.place, message, Code.VALUES_DISAGREE)


def _check_claim(claim: Claim, ledger: Ledger, problems: Problems) -> None:
    name = f"claim {claim.id}" if claim.id else "the claim"
    keys = {each.key for each in claim.citations}
    # A source that could not be read may be the one that is wanted.
    if claim.id not in ledger.broken:
        if not claim.citations:
            problems.add(claim.place, f"{name} has no source", Code.SOURCE_MISSING)
        elif claim.status is Status.CONFIRMED and len(keys) < 2 and not claim.reading:
            problems.add(claim.place, f"{name} is confirmed by one source only", Code.SOURCE_SINGLE)
    for citation in claim.citations:
        if citation.key:
            _check_source(citation.key, claim.place, ledger, problems, who=f"{name} cites ")
        words = len(citation.quote.split())
        if words > MAX_QUOTE_WORDS:
            message = f"{name} quotes {words} words from {quoted(citation.key)}"
            problems.add(claim.place, message, Code.QUOTE_LONG)


def _check_source(key: str, place: Place, ledger: Ledger, problems: Problems, *, who: str = "") -> None:
    if ledger.sources_read and key not in ledger.sources:
        hint = did_you_mean(key, ledger.sources)
        problems.add(place, f"{who}unknown source {quoted(key)}", Code.SOURCE_UNKNOWN, hint=hint)


def check_claims_known(ids: Iterable[str], place: Place, ledger: Ledger, problems: Problems) -> None:
    """Every id names a claim."""
    for each in ids:
        if not ledger.knows(each):
            hint = did_you_mean(each, ledger.claims)
            problems.add(place, f"unknown claim {quoted(each)}", Code.CLAIM_UNKNOWN, hint=hint)


def check_chapter(chapter: Chapter, ledger: Ledger, names: tuple[Name, ...], problems: Problems) -> None:
    """Ids, figures and spellings of a chapter's prose."""
    for claim, place in chapter.claims:
        check_claims_known([claim], place, ledger, problems)
    for key, place in chapter.sources:
        _check_source(key, place, ledger, problems)
    sound = ledger.sound
    for paragraph in chapter.paragraphs:
        _check_figures(paragraph, sound, problems)
    _check_spellings(chapter, names, problems)


def _check_figures(paragraph: Paragraph, sound: Mapping[str, Claim], problems: Problems) -> None:
    """Every figure occurs in the claims; where one of these is unknown or has errors, nobody can tell."""
    for sentence in paragraph.sentences:
        cited = sentence.claims or paragraph.claims
        if not all(each in sound for each in cited):
            continue
        supported = tokens_of([text for each in cited for text in _texts(sound[each])])
        for figure in sorted(figures_in(sentence.text), key=lambda each: each.offset):
            place = Place(sentence.place.file, sentence.place.line + sentence.text.count("\n", 0, figure.offset))
            if not cited:
                message = f"the paragraph says {quoted(figure.text)} and cites no claim"
                problems.add(place, message, Code.PARAGRAPH_UNSUPPORTED)
                return
            if not figure.tokens & supported:
                where = ", ".join(dict.fromkeys(cited))
                problems.add(place, f"{quoted(figure.text)} occurs in none of {where}", Code.FIGURE_UNSUPPORTED)


def _texts(claim: Claim) -> list[str]:
    return [claim.says, *(value for values in claim.values.values() for value in values)]


def _check_spellings(chapter: Chapter, names: tuple[Name, ...], problems: Problems) -> None:
    wanted = other_spellings(names)
    for paragraph in chapter.paragraphs:
        for sentence in paragraph.sentences:
            for word in re.finditer(r"[^\W\d_]{4,}", sentence.text):
                if right := wanted.get(word[0]):
                    line = sentence.place.line + sentence.text.count("\n", 0, word.start())
                    message = f"{quoted(word[0])} is spelt {quoted(right)} in this book"
                    problems.add(Place(sentence.place.file, line), message, Code.SPELLING)


def other_spellings(names: tuple[Name, ...]) -> dict[str, str]:
    """Single words in Latin letters that are a name's other spelling, each with the book's."""
    ours = {word for name in names for word in name.name.split()}
    found: dict[str, str] = {}
    for name in names:
        last = name.name.split()[-1] if name.kind == "person" else name.name
        for spelling in name.surnames() or name.spellings():
            single = spelling.isascii() or fold(spelling).isascii()
            if single and " " not in spelling and spelling not in ours and len(spelling) > 3:
                found.setdefault(spelling, last)
    return found


def check_claims_used(ledger: Ledger, used: set[str], chapters_in_book: Iterable[str], problems: Problems) -> None:
    """A notice for each claim that nothing uses although its chapter is in the book."""
    for stem in chapters_in_book:
        for each in ledger.chapters.get(stem, ()):
            if each not in used:
                problems.add(ledger.claims[each].place, f"claim {each} is used nowhere", Code.CLAIM_UNUSED, notice=True)
