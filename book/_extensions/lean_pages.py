"""Pages that load only what they use, hold no script or style of their own, and name what they show.

Jupyter Book always loads two themes and several components, each of which adds its scripts and styles
to every page. Here a page has one stylesheet and one script, which ``named_assets`` makes; that of the
questions comes when a reader comes to them. Nothing is written into the page itself that a content
security policy would have to allow.
"""

from __future__ import annotations

import re
from typing import Any

from furo.navigation import get_navigation_tree
from sphinx.application import Sphinx

#: Extensions that Jupyter Book loads and this book does not use: they would write into every page.
UNUSED = ("sphinx_thebe", "sphinx_book_theme", "sphinx_togglebutton", "sphinx_copybutton")
#: What templates and writers put into pages, and what they should.
MARKS = {
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<aside class="sidebar-drawer"': '<aside aria-label="Book" class="sidebar-drawer"',
    # The switches of the drawers in a landmark of their own.
    '<input type="checkbox" class="sidebar-toggle" name="__navigation"': (
        '<nav class="switches" aria-label="Panels"><input type="checkbox" class="sidebar-toggle" name="__navigation"'
    ),
    'aria-label="Toggle table of contents sidebar">': 'aria-label="Toggle table of contents sidebar"></nav>',
    # What is wider than a phone scrolls, also by keyboard: code, what it put out, and tables.
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
    '<div class="cell_output docutils container">': '<div class="cell_output docutils container" tabindex="0">',
    '<div class="table-wrapper ': '<div tabindex="0" class="table-wrapper ',
    '<aside class="toc-drawer': '<aside aria-label="Page" class="toc-drawer',
    # The templates have one of their own.
    '<meta name="viewport" content="width=device-width, initial-scale=1" />': "",
    # Tables of pandas.
    ' style="text-align: right;"': ' class="text-right"',
}
#: The widths of columns, which the stylesheet leaves to the text; the styles of drawings, which it has; furo’s link
#: past the contents, because ours comes before the switches of the drawers; its button that lies over the text
#: when one scrolls back; and the id of a table on what it puts around the table, too.
TAKEN_OUT = re.compile(
    r"<colgroup>.*?</colgroup>\s*|<style>.*?</style>|"
    r'<a class="skip-to-content.*?</a>|<a href="#" class="back-to-top.*?</a>|'
    r'(?<=docutils container") id="[^"]*"(?=>\s*<table)',
    re.DOTALL,
)
#: What Sphinx writes around the text of a link, and what nothing refers to; a chapter has hundreds.
WRAPPED = re.compile(r'<span class="(?:xref )?(?:std std-\w+|doc)">([^<]*)</span>')
#: What MyST-NB puts into a fold’s summary, where only words may stand.
FOLD_TITLE = re.compile(r'<p class="((?:collapsed|expanded)[^"]*)">([^<]*)</p>')
PLAIN_LINK = ' class="reference internal"'


def _leave_out_unused(app: Sphinx) -> None:
    for event in ("html-page-context", "doctree-resolved"):
        for listener in list(app.events.listeners.get(event, [])):
            if str(getattr(listener.handler, "__module__", "")).startswith(UNUSED):
                app.disconnect(listener.id)


def _mark(app: Sphinx) -> None:
    """Let every rendered page pass through ``MARKS``."""
    if app.builder.format != "html" or not getattr(app.builder, "templates", None):
        return
    templates = app.builder.templates
    render = templates.render

    def rendered(template: str, context: dict[str, Any]) -> str:
        html: str = TAKEN_OUT.sub("", render(template, context))
        for old, new in MARKS.items():
            html = html.replace(old, new)
        return html

    templates.render = rendered


def _keep(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    del templatename, doctree
    # The templates name the scripts: that of the questions is fetched by that of every page.
    context["script_files"] = []
    body = context.get("body", "")
    context["asks_questions"] = "<proverka-" in body
    body = FOLD_TITLE.sub(r'<span class="\1">\2</span>', body)
    context["body"] = WRAPPED.sub(r"\1", body).replace(PLAIN_LINK, "")
    if "toctree" in context:
        # Chapters alone, with what lies under the one that is open; furo would list everything on every page.
        tree = context["toctree"](collapse=True, titles_only=True, maxdepth=-1, includehidden=True)
        context["furo_navigation_tree"] = get_navigation_tree(tree)


def setup(app: Sphinx) -> dict[str, bool]:
    """Come after everything that adds files to pages."""
    app.connect("builder-inited", _leave_out_unused, priority=900)
    app.connect("builder-inited", _mark)
    app.connect("html-page-context", _keep, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
