"""Claims and statements from YAML files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from proverka.config import Config
from proverka.ledger.bibliography import load_sources
from proverka.model import Citation, Claim, Place, Source, Statement, Status, Verdict
from proverka.problems import Code, Problems
from proverka.yaml_lines import Entry, load_entries


@dataclass
class Ledger:
    """All claims, sources and statements of a project, by id."""

    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    #: Stems of the ledger's files, each with the ids of its claims in the order written.
    chapters: dict[str, tuple[str, ...]] = field(default_factory=dict)


def claim_files(config: Config) -> list[Path]:
    """The files that hold claims, sorted by name."""
    apart = {config.path("article").resolve(), config.path("names").resolve()}
    return sorted(each for each in config.path("ledger").glob("*.yml") if each.resolve() not in apart)


def load_ledger(config: Config, problems: Problems) -> Ledger:
    """Everything that the ledger's folder and the bibliography hold; problems are noted, not raised."""
    ledger = Ledger()
    folder = config.path("ledger")
    if not folder.is_dir():
        problems.add(Place(config.shown(folder)), "the ledger’s folder does not exist", Code.FILE_MISSING)
        return ledger
    if config.path("bibliography").is_file() or claim_files(config):
        path = config.path("bibliography")
        ledger.sources = load_sources(path, config.shown(path), problems)
    for path in claim_files(config):
        claims = load_claims(path, config.shown(path), problems)
        ledger.chapters[path.stem] = tuple(claim.id for claim in claims if claim.id)
        for claim in claims:
            _add(ledger.claims, claim, problems)
    article = config.path("article")
    if article.is_file():
        for statement in load_statements(article, config.shown(article), problems):
            _add(ledger.statements, statement, problems)
    return ledger


_Entry = TypeVar("_Entry", Claim, Statement)


def _add(known: dict[str, _Entry], new: _Entry, problems: Problems) -> None:
    if not new.id:
        return
    if new.id in known:
        problems.add(new.place, f"id {new.id} stands already at {known[new.id].place}", Code.DUPLICATE_ID)
    else:
        known[new.id] = new


def load_claims(path: Path, shown: str, problems: Problems) -> list[Claim]:
    """The claims of one file, in the order written."""
    return [_claim(entry) for entry in load_entries(path, shown, problems)]


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
