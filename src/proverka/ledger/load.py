"""Claims and statements from YAML files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from proverka.config import Config
from proverka.ledger.bibliography import load_sources
from proverka.model import Citation, Claim, Place, Source, Statement, Status, Verdict
from proverka.problems import Code, Problems
from proverka.yaml_lines import Entry, load_entries, quoted


@dataclass
class Ledger:
    """All claims, sources and statements of a project, by id.

    What an author has to mend in one place is not reported in others: an id is known, though nothing is
    sure about it, if its claim has errors or if a file of claims could not be read at all.
    """

    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    #: Stems of the ledger's files, each with the ids of its claims in the order written.
    chapters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Second ones of an id and those without, which are checked but cannot be cited.
    left_out: list[Claim | Statement] = field(default_factory=list)
    #: Ids of claims with errors.
    broken: set[str] = field(default_factory=set)
    #: Whether every file of claims, and the bibliography, could be read.
    claims_read: bool = True
    sources_read: bool = True

    def knows(self, claim: str) -> bool:
        """Whether the id is, or may be, that of a claim."""
        return claim in self.claims or claim in self.broken or not self.claims_read

    @property
    def sound(self) -> dict[str, Claim]:
        """The claims without errors."""
        return {each: claim for each, claim in self.claims.items() if each not in self.broken}


def claim_files(config: Config) -> list[Path]:
    """The files that hold claims, sorted by name."""
    apart = {config.shown(config.path(each)) for each in ("article", "names")}
    return sorted(each for each in config.path("ledger").glob("*.yml") if config.shown(each) not in apart)


def load_ledger(config: Config, problems: Problems) -> Ledger:
    """Everything that the ledger's folder and the bibliography hold; problems are noted, not raised."""
    ledger = Ledger()
    folder = config.path("ledger")
    if not folder.is_dir():
        problems.add(Place(config.shown(folder)), "the ledger’s folder does not exist", Code.FILE_MISSING)
        ledger.claims_read = ledger.sources_read = False
        return ledger
    files = claim_files(config)
    path = config.path("bibliography")
    if files or os.path.lexists(path):
        ledger.sources = load_sources(path, config.shown(path), problems)
        ledger.sources_read = config.shown(path) not in problems.unread
    for path in files:
        claims = []
        for entry in load_entries(path, config.shown(path), problems):
            before = len(problems)
            claim = _claim(entry)
            if entry.flawed or len(problems) > before:
                ledger.broken |= {claim.id, *entry.lost}
            _add(ledger.claims, claim, ledger.left_out, problems)
            claims.append(claim)
        ledger.chapters[path.stem] = tuple(claim.id for claim in claims if claim.id)
        ledger.claims_read &= config.shown(path) not in problems.unread
    article = config.path("article")
    if os.path.lexists(article):
        for statement in load_statements(article, config.shown(article), problems):
            _add(ledger.statements, statement, ledger.left_out, problems)
    return ledger


_Entry = TypeVar("_Entry", Claim, Statement)


def _add(known: dict[str, _Entry], new: _Entry, left_out: list[Claim | Statement], problems: Problems) -> None:
    if new.id and new.id not in known:
        known[new.id] = new
        return
    left_out.append(new)
    if new.id:
        problems.add(new.place, f"id {quoted(new.id)} stands already at {known[new.id].place}", Code.DUPLICATE_ID)


def _claim(entry: Entry) -> Claim:
    status = entry.word("status", tuple(Status))
    claim = Claim(
        id=entry.id("c-"),
        says=entry.text("says"),
        status=Status(status) if status else Status.UNVERIFIED,
        citations=tuple(_citation(each) for each in entry.entries("sources", needed=False)),
        values=entry.values("values"),
        reading=entry.word("kind", ("reading", "fact"), default="fact") == "reading",
        note=entry.text("note", needed=False),
        matter=entry.text("matter", needed=False),
        place=entry.place,
    )
    entry.finish()
    return claim


def _citation(entry: Entry) -> Citation:
    citation = Citation(
        key=entry.text("key"),
        at=entry.text("at", needed=False),
        quote=entry.text("quote", needed=False),
        lang=entry.text("lang", needed=entry.has("quote")),
    )
    entry.finish()
    return citation


def load_statements(path: Path, shown: str, problems: Problems) -> list[Statement]:
    """The statements of the article under examination, in its order."""
    statements = []
    for entry in load_entries(path, shown, problems):
        verdict = entry.word("verdict", tuple(Verdict))
        statements.append(
            Statement(
                id=entry.id(""),
                section=entry.text("section"),
                says=entry.text("says"),
                verdict=Verdict(verdict) if verdict else Verdict.UNVERIFIABLE,
                correction=entry.text("correction", needed=False),
                claims=entry.texts("claims", needed=False),
                place=entry.place,
            )
        )
        entry.finish()
    return statements
