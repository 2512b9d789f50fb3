"""Files of ours that lie beside the pages, in a folder of their own, and what pages say of them in their head.

They are kept out of the folder of static files, and their elements out of Sphinx’s lists of scripts,
because the script of the offline copy has to stand at the top of the site, and because a theme or a book
may join, rename or leave out what it finds there.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

FOLDER = "_proverka"


def web_file(name: str) -> str:
    """The text of a file of ours."""
    return files("proverka").joinpath("web", name).read_text(encoding="utf-8")


def write_beside(app: Sphinx, name: str, text: str) -> str:
    """Write a file; returns its address from the top of the site, which changes with the text."""
    path = Path(app.outdir) / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return f"{FOLDER}/{name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def is_site(app: Sphinx) -> bool:
    """Whether pages for browsers are made, each a file with its name."""
    return app.builder.name == "html"


def add_to_head(context: dict[str, Any], html: str) -> None:
    """Put an element into the head of a page."""
    context["metatags"] = f"{context.get('metatags', '')}\n{html}"


def setup_page_files(app: Sphinx) -> None:
    """Let every page load the script and the style of pages; asked for more than once, they are there once."""
    if not getattr(app, "_proverka_page_files", False):
        app._proverka_page_files = True  # type: ignore[attr-defined]
        app.connect("html-page-context", _add_files)


def _add_files(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    del pagename, templatename, doctree
    if is_site(app):
        style = write_beside(app, "page.css", web_file("proverka-page.css"))
        script = write_beside(app, "page.js", web_file("proverka-page.js"))
        offline = " data-offline" if "proverka.sphinx_ext.offline" in app.extensions else ""
        add_to_head(context, f'<link rel="stylesheet" href="{context["pathto"](style, 1)}" />')
        add_to_head(context, f'<script src="{context["pathto"](script, 1)}" defer{offline}></script>')
