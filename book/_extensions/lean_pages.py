"""Pages that load only what they use and name what they show.

Jupyter Book always loads two themes and several components, each of which adds its scripts and styles
to every page. Here a page keeps furo’s, ours, and those of components that stand on it. The description in a
chapter’s front matter becomes the page’s, and a few marks that assistive technology needs are added
to what furo’s templates give.
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
    "proverka.js": "<proverka-",
    "sphinx-design.min.css": 'class="sd-',
    "mystnb.css": 'class="cell',
}
#: Files of the search page.
SEARCH = {"searchtools.js", "language_data.js"}
#: What furo’s templates write, and what they should.
MARKS = {
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<aside class="sidebar-drawer"': '<aside aria-label="Book" class="sidebar-drawer"',
    # Code that is wider than a phone scrolls, also by keyboard.
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
    '<aside class="toc-drawer': '<aside aria-label="Page" class="toc-drawer',
}


def _mark(app: Sphinx) -> None:
    """Let every rendered page pass through ``MARKS``."""
    if app.builder.format != "html" or not getattr(app.builder, "templates", None):
        return
    templates = app.builder.templates
    render = templates.render

    def rendered(template: str, context: dict[str, Any]) -> str:
        html: str = render(template, context)
        for old, new in MARKS.items():
            html = html.replace(old, new)
        if context.get("pagename") == "search":
            html = html.replace('id="furo-main-content">', 'id="furo-main-content">\n<h1>Search</h1>', 1)
        return html

    templates.render = rendered


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
    """Come after everything that adds files to pages."""
    app.connect("builder-inited", _mark)
    app.connect("html-page-context", _keep, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
