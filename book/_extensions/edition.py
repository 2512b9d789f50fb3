"""Which edition this is: the role ``edition`` with ``version``, ``date`` or ``commit``.

Date and commit are those of the last commit, not of the build, so that the same sources give the same pages.
"""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from proverka import __version__

ROOT = Path(__file__).resolve().parents[2]
UNKNOWN = "unknown"


def _git(*arguments: str) -> str:
    try:
        # Without optional locks, so that a build never stands in the way of somebody’s commit.
        command = ["git", "--no-optional-locks", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


@cache
def commit_time() -> int | None:
    """Seconds since 1970 of the last commit, or of ``SOURCE_DATE_EPOCH`` if it is set; ``None`` if there is neither."""
    said = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct")
    return int(said) if said else None


@cache
def facts() -> dict[str, str]:
    """Version, date and commit, “unknown” outside a repository. Changes since the commit are said."""
    time = commit_time()
    day = datetime.fromtimestamp(time, UTC) if time is not None else None
    commit = _git("rev-parse", "--short=10", "HEAD")
    changed = " with changes" if commit and _git("status", "--porcelain", "--untracked-files=no") else ""
    return {
        "version": __version__,
        "date": f"{day.day} {day:%B %Y}" if day else UNKNOWN,
        "commit": f"{commit}{changed}" or UNKNOWN,
    }


class edition_fact(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes like this
    """Stands for a fact until the page is written, so that a page need not be read again for a new commit."""


class EditionRole(SphinxRole):
    """``{edition}`date` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A place for the fact, or an error if there is no such fact."""
        if self.text not in facts():
            message = self.inliner.reporter.error(f"no such fact: {self.text}", line=self.lineno)
            return [], [message]
        _pages(self.env)[self.env.docname] = {}
        return [edition_fact("", "", fact=self.text)], []


def _pages(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Pages that tell of the edition, and what they were last written with."""
    if not hasattr(env, "edition_pages"):
        env.edition_pages = {}  # type: ignore[attr-defined]
    pages: dict[str, dict[str, str]] = env.edition_pages  # type: ignore[attr-defined]
    return pages


class TellEdition(SphinxPostTransform):
    """Writes the facts."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for place in list(self.document.findall(edition_fact)):
            place.replace_self(nodes.Text(facts()[place["fact"]]))


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    del app
    stale = [docname for docname, told in _pages(env).items() if told != facts()]
    _pages(env).update(dict.fromkeys(stale, facts()))
    return stale


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    del app
    _pages(env).pop(docname, None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the role, its node and transform."""
    app.add_role("edition", EditionRole())
    app.add_node(edition_fact)
    app.add_post_transform(TellEdition)
    app.connect("env-purge-doc", _forget)
    app.connect("env-updated", _pages_to_write_again)
    # Without merging what several processes read; the book is read by one.
    return {"parallel_read_safe": False, "parallel_write_safe": True}
