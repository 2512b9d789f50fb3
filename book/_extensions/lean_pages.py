"""Pages that load only what they use.

Jupyter Book always loads two themes and several components, each of which adds its scripts and styles
to every page. Here a page keeps furo’s, ours, and those of components that stand on it. The
description in a chapter’s front matter becomes the page’s.
"""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from typing import Any

from sphinx.application import Sphinx

#: Files of every page.
ALWAYS = {
    "pygments.css",
    "furo.css",
    "furo-extensions.css",
    "proverka.css",
    "book.css",
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "furo.js",
}
#: Files of pages on which a text occurs.
WHERE = {
    "sphinx-design.min.css": 'class="sd-',
    "mystnb.css": 'class="cell',
}
#: Files of the search page.
SEARCH = {"searchtools.js", "language_data.js"}


def _keep(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    del templatename, doctree
    body = context.get("body", "")

    def wanted(file: object) -> bool:
        path = str(getattr(file, "filename", file) or "")
        name = PurePosixPath(path.split("?")[0]).name
        if name.startswith("mystnb."):
            name = "mystnb.css"
        return name in ALWAYS or (name in WHERE and WHERE[name] in body) or (pagename == "search" and name in SEARCH)

    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if wanted(file)]
    if description := app.env.metadata.get(pagename, {}).get("description"):
        context["metatags"] = (
            f'{context.get("metatags", "")}\n<meta name="description" content="{escape(description)}" />'
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Come after everything that adds files."""
    app.connect("html-page-context", _keep, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
