"""Chapters as the checks see them: outcomes, quizzes, claims cited, and prose sentence by sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from proverka.config import Config
from proverka.model import Outcome, Place
from proverka.problems import Code, Problems
from proverka.yaml_lines import parse_tree, quoted, read_text

#: Directives whose content is not prose.
_NOT_PROSE = {
    "code", "code-block", "code-cell", "csv-table", "evidence", "image", "include", "literalinclude", "math",
    "mermaid", "raw", "sources", "tableofcontents", "toctree", "verdicts",
}  # fmt: skip
#: Directives whose first line is prose: a title or caption, or the text itself.
_PROSE_FIRST = {
    "admonition", "attention", "card", "caution", "danger", "dropdown", "epigraph", "error", "grid-item-card",
    "hint", "important", "list-table", "margin", "note", "pull-quote", "seealso", "sidebar", "tab-item", "table",
    "tip", "topic", "warning",
}  # fmt: skip
#: Directives that say what words mean: what they cite is checked, their figures are not.
_EXPLAINS_WORDS = {"glossary"}
#: Sphinx would not follow directives further into one another.
_MAX_DEPTH = 20
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
_OPTION = re.compile(r"\s*:?([\w-]+):\s*(.*)")
OUTCOME = re.compile(r"(lo-[a-z0-9]+(?:-[a-z0-9]+)*):\s+(\S.*)")
_OUTCOME_ID = re.compile(r"lo-[a-z0-9]+(?:-[a-z0-9]+)*")
_ABBREVIATION = re.compile(
    r"(?:^|[^\w’'])(?:[A-ZА-Я]|St|Dr|Mr|Mrs|[Nn]os?|pp?|[Vv]ols?|eds?|transl?|ch|figs?|ca?|cf|vs|approx)\.$"
)
# A role stands after the full stop; if a space got between, it still belongs to the sentence before.
# What goes on in lower case is no new sentence: “Why?” he asked.
_SENTENCE_END = re.compile(r"[.!?…]+[”’\"')\]]*(?:\s*\ue000\d+\ue001)*(?=\s|$)(?!\s+[a-zа-яё])")
_MARKER = re.compile(r"\ue000(\d+)\ue001")
#: Stands for a title, code or role, which may begin a sentence whose text goes on in lower case.
_LEFT_OUT = "\ue002"
_NO_MARKS = str.maketrans(dict.fromkeys("\ue000\ue001\ue002"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """Plain text without titles, code and roles, and the claims that it cites."""

    text: str
    claims: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together: a paragraph, an item of a list, a row of a table, a caption."""

    sentences: tuple[Sentence, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """All claims that it cites."""
        return tuple(each for sentence in self.sentences for each in sentence.claims)


@dataclass
class Chapter:
    """What a chapter's file says."""

    stem: str
    file: str
    outcomes: list[Outcome] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    claims: list[tuple[str, Place]] = field(default_factory=list)
    sources: list[tuple[str, Place]] = field(default_factory=list)
    questions: list[tuple[str, Place]] = field(default_factory=list)
    #: Outcomes of which a quiz asks every question.
    quiz_outcomes: list[tuple[str, Place]] = field(default_factory=list)
    title: str = ""


def chapters_in_book(config: Config, problems: Problems) -> list[Path]:
    """The chapter files that the table of contents names, in its order; without one, every file."""
    folder = config.path("chapters")
    toc = config.path("toc")
    if not folder.is_dir():
        problems.add(Place(config.shown(folder)), "the chapters’ folder does not exist", Code.FILE_MISSING)
        return []
    shown = config.shown(toc)
    text = read_text(toc, shown, problems) if os.path.lexists(toc) else None
    tree = None if text is None else parse_tree(text, shown, problems)
    if tree is None:
        return sorted(folder.glob("*.md"))
    found: dict[Path, None] = {}
    for node in _toc_files(tree):
        path = toc.parent / node.value
        if config.shown(path.parent) != config.shown(folder):
            continue
        chapter = folder / (path.name if path.suffix == ".md" else f"{path.name}.md")
        if os.path.lexists(chapter):
            found[chapter] = None
        elif not any(path.with_name(path.name + suffix).is_file() for suffix in ("", ".ipynb", ".rst")):
            place = Place(shown, node.start_mark.line + 1)
            hint = "write the chapter, or correct the table of contents"
            problems.add(place, f"there is no chapter {quoted(node.value)}", Code.FILE_MISSING, hint=hint)
    return list(found)


def _toc_files(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _toc_files(each)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in ("root", "file") and isinstance(value, yaml.ScalarNode):
                yield value
            yield from _toc_files(value)


def load_chapters(config: Config, problems: Problems) -> dict[str, Chapter]:
    """Every chapter of the book by stem, in its order."""
    chapters = {}
    for path in chapters_in_book(config, problems):
        shown = config.shown(path)
        text = read_text(path, shown, problems)
        if text is not None:
            chapters[path.stem] = parse_chapter(text, path.stem, shown, problems)
    return chapters


def parse_chapter(text: str, stem: str, file: str, problems: Problems) -> Chapter:
    """A chapter from its Markdown."""
    chapter = Chapter(stem, file)
    _Reader(chapter, problems).read(text, 0)
    return chapter


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    return parser.use(front_matter_plugin).use(myst_role_plugin).use(colon_fence_plugin).use(myst_block_plugin)


class _Reader:
    def __init__(self, chapter: Chapter, problems: Problems) -> None:
        self.chapter = chapter
        self.problems = problems
        self.parser = _parser()

    def read(self, text: str, offset: int, *, depth: int = 0, prose: bool = True) -> None:
        tokens = self.parser.parse(text)
        row: list[tuple[Token, int]] | None = None
        heading = False
        line = offset
        for token in tokens:
            if token.map:
                line = offset + token.map[0] + 1
            if token.type == "heading_open":
                heading = True
            elif token.type == "heading_close":
                heading = False
            elif token.type == "tr_open":
                row = []
            elif token.type == "tr_close" and row is not None:
                self._paragraph(row)
                row = None
            elif token.type == "inline":
                if row is not None:
                    row.append((token, line))
                elif heading or not prose:
                    self.chapter.title = self.chapter.title or token.content
                    self._roles(token, line)
                else:
                    self._paragraph([(token, line)])
            elif token.type in ("fence", "colon_fence"):
                self._directive(token, line, depth)

    def _directive(self, token: Token, line: int, depth: int) -> None:
        found = _DIRECTIVE.match(token.info.strip())
        if not found:
            return
        name, first = found[1], found[2]
        lines = list(enumerate(token.content.split("\n"), line + 1))
        options, body = _options(lines)
        if name in ("outcomes", "quiz"):
            for number, each in [(line, first), *body]:
                if each.strip():
                    self._outcome_or_question(name, each.strip(), Place(self.chapter.file, number))
            if name == "quiz":
                found_here = [(value, Place(self.chapter.file, n)) for n, key, value in options if key == "outcome"]
                self.chapter.quiz_outcomes += found_here
        elif name not in _NOT_PROSE and depth < _MAX_DEPTH:
            if name in _PROSE_FIRST:
                self.read(first, line - 1, depth=depth + 1)
            if body:
                text = "\n".join(each for _, each in body)
                self.read(text, body[0][0] - 1, depth=depth + 1, prose=name not in _EXPLAINS_WORDS)

    def _outcome_or_question(self, name: str, text: str, place: Place) -> None:
        if name == "quiz":
            self.chapter.questions.append((text, place))
        elif found := OUTCOME.fullmatch(text):
            self.chapter.outcomes.append(Outcome(found[1], found[2], place))
        else:
            self.problems.add(place, f"{quoted(text)} is not an outcome", Code.OUTCOME_MALFORMED)
            if start := _OUTCOME_ID.match(text):  # known, so that its questions are not reported too
                self.chapter.outcomes.append(Outcome(start[0], text, place))

    def _roles(self, token: Token, line: int) -> None:
        for each, number in _with_lines(token, line):
            if each.type == "myst_role":
                self._role(each, Place(self.chapter.file, number))

    def _role(self, token: Token, place: Place) -> tuple[str, ...]:
        if token.meta["name"] == "claim":
            ids = split_ids(token.content)
            self.chapter.claims += [(each, place) for each in ids]
            return ids
        if token.meta["name"] == "source":
            self.chapter.sources += [(each, place) for each in split_ids(token.content)]
        return ()

    def _paragraph(self, tokens: list[tuple[Token, int]]) -> None:
        """Flatten inline tokens to text in which claims are numbered marks, then cut it into sentences."""
        text = ""
        cited: list[str] = []
        first = reached = tokens[0][1]
        for token, start in tokens:
            text += " " if text else ""
            titles = 0
            for each, line in _with_lines(token, start):
                text += "\n" * (line - reached)
                reached = line
                titles += each.nesting if each.type in ("em_open", "em_close") else 0
                if each.type == "text" and not titles:
                    text += each.content.translate(_NO_MARKS)
                elif each.type == "myst_role":
                    claims = self._role(each, Place(self.chapter.file, line))
                    text += "".join(f"\ue000{number}\ue001" for number, _ in enumerate(claims, len(cited)))
                    text += "" if claims else _LEFT_OUT
                    cited += claims
                elif each.type in ("em_open", "code_inline"):
                    text += _LEFT_OUT
        self.chapter.paragraphs.append(Paragraph(tuple(_sentences(text, cited, Place(self.chapter.file, first)))))


def _options(lines: list[tuple[int, str]]) -> tuple[list[tuple[int, str, str]], list[tuple[int, str]]]:
    """The options that a directive begins with, each with its line, and the lines of its body."""
    if lines[0][1].startswith("---"):
        end = next((n for n, (_, each) in enumerate(lines[1:], 1) if each.startswith("---")), len(lines))
        head, body = lines[1:end], lines[end + 1 :]
    else:
        end = next((n for n, (_, each) in enumerate(lines) if not re.match(r"\s*:[\w-]+:", each)), len(lines))
        head, body = lines[:end], lines[end:]
    return [(n, found[1], found[2].strip()) for n, each in head if (found := _OPTION.match(each))], body


def _with_lines(token: Token, line: int) -> Iterator[tuple[Token, int]]:
    """The inline tokens, each with the line of the file that it begins on.

    Line ends within code, roles and the addresses of links leave no token, so they are looked for in the
    source of the paragraph.
    """
    source, position, counted = token.content, 0, 0
    children = token.children or []
    hidden = source.count("\n") > sum(each.type in ("softbreak", "hardbreak") for each in children)
    for each in children:
        start = position
        if each.type in ("softbreak", "hardbreak"):
            position = source.find("\n", position) + 1 or position
        elif hidden:
            sought = f"{{{each.meta['name']}}}`" if each.type == "myst_role" else each.markup or each.content
            start = max(source.find(sought, position), position)
            position = start + len(each.content)
        line += source.count("\n", counted, start)
        counted = start
        yield each, line


def split_ids(text: str) -> tuple[str, ...]:
    """The ids of a role: separated by commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _sentences(text: str, cited: list[str], start: Place) -> Iterable[Sentence]:
    begin = 0
    ends = []
    for found in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text, max(begin, found.end() - 10), found.end()):
            begin = found.end()
            ends.append(begin)
    begin, line = 0, start.line
    for end in [*ends, len(text)]:
        piece = text[begin:end]
        plain = _MARKER.sub("", piece).replace(_LEFT_OUT, "")
        if plain.strip():
            above = plain[: len(plain) - len(plain.lstrip())].count("\n")
            claims = tuple(cited[int(number)] for number in _MARKER.findall(piece))
            yield Sentence(plain.strip(), claims, Place(start.file, line + above))
        line += piece.count("\n")
        begin = end
