"""Chapters as the checks see them: outcomes, quizzes, claims cited, and prose sentence by sentence."""

from __future__ import annotations

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
from proverka.yaml_lines import quoted, read_text

#: Directives whose content is not prose.
_NOT_PROSE = {
    "code", "code-block", "code-cell", "csv-table", "evidence", "glossary", "image", "math", "mermaid",
    "raw", "sources", "tableofcontents", "toctree", "verdicts",
}  # fmt: skip
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
OUTCOME = re.compile(r"(lo-[a-z0-9]+(?:-[a-z0-9]+)*):\s+(\S.*)")
_ABBREVIATION = re.compile(r"(\b[A-ZА-Я]|\b(?:St|Dr|Mr|Mrs|no|nos|p|pp|vol|ed|eds|transl|trans|c|ca|vs))\.$")
_SENTENCE_END = re.compile(r"[.!?…]+[”’\"')\]]*(?:\ue000\d+\ue001)*(?=\s|$)")
_MARKER = re.compile(r"\ue000(\d+)\ue001")


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
    title: str = ""


def chapters_in_book(config: Config) -> list[Path]:
    """The chapter files that the table of contents names, in its order; without one, every file."""
    folder = config.path("chapters")
    toc = config.path("toc")
    if not toc.is_file():
        return sorted(folder.glob("*.md"))
    try:
        tree = yaml.safe_load(toc.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return sorted(folder.glob("*.md"))
    found = []
    for name in _toc_files(tree):
        path = config.root / name
        path = path if path.suffix == ".md" else path.with_name(f"{path.name}.md")
        if path.parent == folder and path.is_file():
            found.append(path)
    return found


def _toc_files(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for name in ("root", "file"):
            if isinstance(tree.get(name), str):
                yield tree[name]
        for value in tree.values():
            if isinstance(value, list | dict):
                yield from _toc_files(value)
    elif isinstance(tree, list):
        for each in tree:
            yield from _toc_files(each)


def load_chapters(config: Config, problems: Problems) -> dict[str, Chapter]:
    """Every chapter of the book by stem, in its order."""
    chapters = {}
    for path in chapters_in_book(config):
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

    def read(self, text: str, offset: int) -> None:
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
                elif heading:
                    self.chapter.title = self.chapter.title or token.content
                    self._roles(token, line)
                else:
                    self._paragraph([(token, line)])
            elif token.type in ("fence", "colon_fence"):
                self._directive(token, line)

    def _directive(self, token: Token, line: int) -> None:
        found = _DIRECTIVE.match(token.info.strip())
        if not found:
            return
        name, argument = found[1], found[2]
        body = token.content.splitlines()
        start = 0
        options: dict[str, str] = {}
        if body and body[0].strip() == "---":
            start = next((n + 1 for n, each in enumerate(body[1:], 1) if each.strip() == "---"), len(body))
        else:
            while start < len(body) and (option := re.match(r":([\w-]+):\s*(.*)", body[start])):
                options[option[1]] = option[2]
                start += 1
        content = list(enumerate(body[start:], line + start + 1))
        if name == "outcomes":
            self._outcomes(content)
        elif name == "quiz":
            for number, each in content:
                if each.strip():
                    self.chapter.questions.append((each.strip(), Place(self.chapter.file, number)))
        elif name not in _NOT_PROSE:
            if name in ("admonition", "dropdown") and argument:
                self.read(argument, line - 1)
            self.read("\n".join(body[start:]), line + start)

    def _outcomes(self, content: list[tuple[int, str]]) -> None:
        for number, each in content:
            if not each.strip():
                continue
            place = Place(self.chapter.file, number)
            if found := OUTCOME.fullmatch(each.strip()):
                self.chapter.outcomes.append(Outcome(found[1], found[2], place))
            else:
                self.problems.add(place, f"{quoted(each)} is not an outcome", Code.OUTCOME_MALFORMED)

    def _roles(self, token: Token, line: int) -> None:
        for each in token.children or ():
            if each.type == "softbreak":
                line += 1
            elif each.type == "myst_role":
                self._role(each, Place(self.chapter.file, line))

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
        first = tokens[0][1]
        for token, line in tokens:
            text += "\n" * (line - first - text.count("\n")) + (" " if text else "")
            titles = 0
            for each in token.children or ():
                titles += each.nesting if each.type in ("em_open", "em_close") else 0
                if each.type in ("softbreak", "hardbreak"):
                    text += "\n"
                    line += 1
                elif each.type == "text" and not titles:
                    text += each.content
                elif each.type == "myst_role":
                    place = Place(self.chapter.file, line)
                    for claim in self._role(each, place):
                        text += f"\ue000{len(cited)}\ue001"
                        cited.append(claim)
        self.chapter.paragraphs.append(Paragraph(tuple(_sentences(text, cited, Place(self.chapter.file, first)))))


def split_ids(text: str) -> tuple[str, ...]:
    """The ids of a role: separated by commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _sentences(text: str, cited: list[str], start: Place) -> Iterable[Sentence]:
    begin = 0
    ends = [
        found.end() for found in _SENTENCE_END.finditer(text) if not _ABBREVIATION.search(text[begin : found.end()])
    ]
    for end in [*ends, len(text)]:
        piece = text[begin:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            line = start.line + text.count("\n", 0, begin + lead)
            claims = tuple(cited[int(number)] for number in _MARKER.findall(piece))
            yield Sentence(_MARKER.sub("", piece).strip(), claims, Place(start.file, line))
        begin = end
