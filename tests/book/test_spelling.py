"""Spelling: British, with the names of names.yml and the words of words.txt beside the dictionary."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from proverka.chapters import Chapter
from proverka.model import Question
from proverka.names import romanizations
from proverka.project import Project, load_project

ROOT = Path(__file__).parent.parent.parent
WORDS = Path(__file__).parent / "words.txt"
_NOT_ENGLISH = re.compile(r"\*[^*]+\*|`[^`]*`|\{[a-z0-9-]+\}|!?\[[^\]]*\]\([^)]*\)")


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(ROOT)


def misspelt(text: str, known: set[str]) -> set[str]:
    """The words that neither the British dictionary nor ``known`` has."""
    text = text.replace("’", "'")
    ran = subprocess.run(
        ["hunspell", "-l", "-d", "en_GB", "-i", "utf-8"], input=text, capture_output=True, text=True, check=True
    )
    found = {word.strip("'") for word in ran.stdout.split()}
    found = {re.sub(r"'s?$", "", word).replace("'", "") for word in found}
    return {word for word in found if word.isascii() and word.isalpha() and word.lower() not in known and len(word) > 1}


def known_words(project: Project) -> set[str]:
    words = {line for line in WORDS.read_text(encoding="utf-8").split() if not line.startswith("#")}
    for name in project.names:
        for spelling in (name.name, *name.also, *(romanizations(name.ru) if name.ru else ())):
            words |= set(re.findall(r"[^\W\d_]+", spelling))
    return {word.lower() for word in words}


def prose(chapter: Chapter) -> Iterator[str]:
    yield chapter.title
    for outcome in chapter.outcomes:
        yield outcome.text
    for paragraph in chapter.paragraphs:
        for sentence in paragraph.sentences:
            yield sentence.text


def texts(question: Question) -> Iterator[str]:
    yield from (question.stem, question.explain, *question.hints)
    for name in ("options", "items", "pairs", "distractors", "wrong", "blanks", "spots", "rubric"):
        for part in getattr(question, name, ()):
            yield from (getattr(part, field, "") for field in ("text", "left", "right", "why"))


@pytest.mark.parametrize("stem", list(load_project(ROOT).chapters))
def test_a_chapter_is_spelt_in_british_english(stem: str, project: Project) -> None:
    assert not misspelt("\n".join(prose(project.chapters[stem])), known_words(project))


@pytest.mark.parametrize("stem", list(load_project(ROOT).bank.chapters))
def test_questions_are_spelt_in_british_english(stem: str, project: Project) -> None:
    found = [_NOT_ENGLISH.sub("", each) for question in project.bank.of_chapter(stem) for each in texts(question)]
    assert not misspelt("\n".join(found), known_words(project))


def test_statements_and_claims_are_spelt_in_british_english(project: Project) -> None:
    ledger = project.ledger
    found = [claim.says for claim in ledger.claims.values()]
    found += [f"{each.says} {each.correction}" for each in ledger.statements.values()]
    assert not misspelt("\n".join(found), known_words(project))


def test_the_word_list_is_sorted_and_every_word_is_used(project: Project) -> None:
    words = [line for line in WORDS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert words == sorted(set(words), key=lambda each: (each.casefold(), each))
    used = "\n".join(
        [sentence for chapter in project.chapters.values() for sentence in prose(chapter)]
        + [text for question in project.bank.questions.values() for text in texts(question)]
        + [claim.says for claim in project.ledger.claims.values()]
        + [f"{each.says} {each.correction}" for each in project.ledger.statements.values()]
    ).lower()
    used = used.replace("’", "").replace("'", "")
    assert [word for word in words if word.lower() not in used] == []
