"""The ledger and the bank for pages: loaded when a page first needs them, reloaded when they change."""

from __future__ import annotations

import os
import pickle
from functools import cache
from importlib.resources import files
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
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
#: By folder of sources, what was found up to date since the build began.
_current: dict[Path, Content] = {}


class Content:
    """Claims, sources, statements and questions of a project."""

    def __init__(self, config: Config, problems: Problems) -> None:
        self.config = config
        self.ledger: Ledger = load_ledger(config, problems)
        self.names: tuple[Name, ...] = load_names(config.path("names"), config.shown(config.path("names")), problems)
        self.bank: Bank = load_bank(config, self.ledger.claims, self.names, problems)


def content_of(env: BuildEnvironment) -> Content:
    """The project’s content, the same through a build; problems in it are warned of once, at their place."""
    if env.srcdir not in _current:
        root = find_root(Path(env.srcdir) / str(env.config.proverka_root))
        problems = Problems()
        config = load_config(root, problems)
        stamp = _stamp(config)
        if root not in _loaded or _loaded[root][0] != stamp:
            content, problems = _kept(Path(env.doctreedir) / "proverka.pickle", stamp, config, problems)
            _loaded[root] = (stamp, content)
            for problem in problems.in_order():
                warn_of(problem, root)
        _current[env.srcdir] = _loaded[root][1]
    return _current[env.srcdir]


def _kept(path: Path, stamp: object, config: Config, problems: Problems) -> tuple[Content, Problems]:
    """The content and its problems as an earlier build has left them among its pages, else read anew and left there.

    To read hundreds of claims and questions takes longer than to build a page.
    """
    try:
        known, content, met = pickle.loads(path.read_bytes())
    except (OSError, EOFError, AttributeError, ImportError, TypeError, ValueError, pickle.UnpicklingError):
        known = None
    if known != stamp:
        content, met = Content(config, problems), problems
        new = path.with_suffix(f".{os.getpid()}")
        new.write_bytes(pickle.dumps((stamp, content, met)))
        new.replace(path)
    return content, met


def _stamp(config: Config) -> object:
    paths = [config.root / "pyproject.toml", *claim_files(config), *bank_files(config)]
    paths += [config.path(each) for each in ("article", "names", "bibliography")]
    there = [(path, path.stat()) for path in paths if path.is_file()]
    return _package(), [(path, stat.st_mtime_ns, stat.st_size) for path, stat in there]


@cache
def _package() -> object:
    """The state of the package itself: after a change its classes may have other fields."""
    return [(path, path.stat().st_mtime_ns) for path in sorted(Path(str(files("proverka"))).rglob("*.py"))]


def _look_again(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    del app, docnames
    _current.pop(env.srcdir, None)


def setup_content(app: Sphinx) -> None:
    """Let each build look for changes."""
    app.connect("env-before-read-docs", _look_again)


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
    found = {config.root / place.file for place in places}
    for option in options:
        path = config.path(option)
        found |= set(path.glob("*.yml")) if path.is_dir() else {path}
    for file in filter(Path.exists, found):
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
