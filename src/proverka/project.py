"""A whole project, loaded and checked in one go."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from proverka.bank.check import check_bank, check_pictures
from proverka.bank.load import Bank, bank_files, load_bank
from proverka.chapters import Chapter, load_chapters
from proverka.config import Config, load_config
from proverka.labs import Labs, check_labs, load_labs
from proverka.ledger.check import check_chapter, check_claims_used, check_ledger
from proverka.ledger.load import Ledger, load_ledger
from proverka.model import Outcome, Place, Question
from proverka.names import Name, load_names
from proverka.problems import Code, Problems
from proverka.yaml_lines import quoted


@dataclass
class Project:
    """Everything that authors wrote, as far as it can be read, and the problems met on the way."""

    config: Config
    ledger: Ledger
    names: tuple[Name, ...]
    bank: Bank
    chapters: dict[str, Chapter]
    problems: Problems
    labs: Labs = field(default_factory=Labs)

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """All learning outcomes by id."""
        return {each.id: each for chapter in self.chapters.values() for each in chapter.outcomes}


def load_project(root: Path) -> Project:
    """Read a project; what cannot be read is noted in ``problems``."""
    problems = Problems()
    config = load_config(root, problems)
    ledger = load_ledger(config, problems)
    names = load_names(config.path("names"), config.shown(config.path("names")), problems)
    bank = load_bank(config, ledger.sound, names, problems, excused=ledger.knows)
    chapters = load_chapters(config, problems)
    labs = load_labs(config, ledger, names, problems)
    return Project(config, ledger, names, bank, chapters, problems, labs)


def check_project(project: Project) -> Problems:
    """Every problem of a project, those met while reading included."""
    problems = Problems(project.problems)
    config, ledger, bank, chapters = project.config, project.ledger, project.bank, project.chapters
    check_ledger(ledger, problems)
    for chapter in chapters.values():
        check_chapter(chapter, ledger, project.names, problems)
    check_bank(bank, ledger, chapters, problems)
    check_pictures(bank, config.path("chapters"), problems)
    for path in bank_files(config):
        chapter_file = config.path("chapters") / f"{path.stem}.md"
        # The chapters’ folder is reported by itself if it is missing.
        if chapter_file.parent.is_dir() and not os.path.lexists(chapter_file):
            problems.add(Place(config.shown(path)), f"there is no chapter {quoted(path.stem)}", Code.CHAPTER_MISSING)
    check_labs(project.labs, ledger, config, problems)
    _check_apart(project, problems)
    if not project.problems.unread:
        used = {each for chapter in chapters.values() for each, _ in chapter.claims}
        used |= {each for question in (*bank.written(), *project.labs.bank.written()) for each in question.claims}
        used |= {each for statement in ledger.statements.values() for each in statement.claims}
        check_claims_used(ledger, used, chapters, problems)
    return problems


def _check_apart(project: Project, problems: Problems) -> None:
    """No question and no outcome of a lab has the id of one of the chapters."""
    of_chapters: list[Question | Outcome] = [*project.bank.questions.values(), *project.outcomes.values()]
    of_labs: list[Question | Outcome] = [*project.labs.bank.written()]
    of_labs += [each for lab in project.labs.chapters.values() for each in lab.outcomes]
    known = {each.id: each.place for each in of_chapters}
    for each in of_labs:
        if each.id in known:
            problems.add(each.place, f"id {quoted(each.id)} stands already at {known[each.id]}", Code.DUPLICATE_ID)
