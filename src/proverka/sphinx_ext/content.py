"""The ledger and the bank for pages: loaded when a page first needs them, reloaded when they change."""

from __future__ import annotations

import os
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from proverka.bank.load import Bank, bank_files, load_bank
from proverka.config import Config, find_root, load_config
from proverka.ledger.load import Ledger, claim_files, load_ledger
from proverka.model import Place
from proverka.names import Name, load_names
from proverka.problems import Code, Problem, Problems

_logger = logging.getLogger(__name__)
_loaded: dict[Path, tuple[object, Content]] = {}


class Content:
    """Claims, sources, statements and questions of a project."""

    def __init__(self, config: Config, problems: Problems) -> None:
        self.config = config
        self.ledger: Ledger = load_ledger(config, problems)
        self.names: tuple[Name, ...] = load_names(config.path("names"), config.shown(config.path("names")), problems)
        self.bank: Bank = load_bank(config, self.ledger.claims, self.names, problems)


def content_of(env: BuildEnvironment) -> Content:
    """The project's content. Problems met while reading are warned of once, at their place."""
    known: Content | None = env.temp_data.get("proverka_content")
    if known:
        return known
    root = find_root(Path(env.srcdir) / str(env.config.proverka_root))
    problems = Problems()
    config = load_config(root, problems)
    stamp = _stamp(config)
    if root not in _loaded or _loaded[root][0] != stamp:
        _loaded[root] = (stamp, Content(config, problems))
        for problem in problems.in_order():
            warn_of(problem, root)
    content = _loaded[root][1]
    env.temp_data["proverka_content"] = content
    return content


def _stamp(config: Config) -> object:
    paths = [*claim_files(config), *bank_files(config)]
    paths += [config.path(each) for each in ("article", "names", "bibliography")]
    return [(path, stat.st_mtime_ns, stat.st_size) for path in paths if path.is_file() and (stat := path.stat())]


def warn_of(problem: Problem, root: Path) -> None:
    """Pass a problem to Sphinx’s log, with its place in the author’s file."""
    location = f"{root / problem.place.file}:{problem.place.line}"
    hint = problem.hint or problem.code.hint
    _logger.warning("%s (%s)", problem.message, hint, location=location, type="proverka", subtype=problem.code.value)


def warn(code: Code, message: str, location: nodes.Node | tuple[str, int] | str, hint: str = "") -> None:
    """Warn of a problem in a page."""
    _logger.warning("%s (%s)", message, hint or code.hint, location=location, type="proverka", subtype=code.value)


def depend_on(env: BuildEnvironment, *places: Place, options: tuple[str, ...] = ()) -> None:
    """Rebuild the current page when these files change.

    :param options: Names of options, for whole files and folders.
    """
    config = content_of(env).config
    files = {config.root / place.file for place in places}
    for option in options:
        path = config.path(option)
        files |= set(path.glob("*.yml")) if path.is_dir() else {path}
    for file in filter(Path.exists, files):
        env.note_dependency(os.path.relpath(file, env.srcdir))


def path_from_sources(env: BuildEnvironment, path: str) -> str:
    """A path from the folder of the chapters as a path from the folder of the sources."""
    config = content_of(env).config
    return os.path.relpath(config.path("chapters") / path, env.srcdir).replace(os.sep, "/")


def makes_pages(builder: Builder) -> bool:
    """Whether the builder makes web pages, where questions are forms and drawings stand in the page."""
    return builder.format == "html" and builder.name != "epub"


def content_lines(directive: SphinxDirective) -> list[tuple[int, str]]:
    """The lines of a directive’s content that are not blank, with their numbers in the file.

    MyST counts the offset of the content from the directive, reStructuredText from the file’s top.
    """
    first = directive.content_offset + 1
    if directive.content_offset < directive.lineno:
        first += directive.lineno
    return [(line, text.strip()) for line, text in enumerate(directive.content, first) if text.strip()]
