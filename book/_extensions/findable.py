"""What lets a page be found, shown elsewhere, and found again after it has moved.

Each page says in its head what it is about. With ``html_baseurl`` it also says where it stands, and the site
has a map and a picture for those who pass its address on; without, all of that is left out. ``404.html``
is for every address that leads nowhere, ``book/redirects.csv`` for pages that have moved.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

from proverka.sphinx_ext.beside import add_to_head
from proverka.sphinx_ext.cite import address_of, chapters_of
from proverka.sphinx_ext.passages import passages
from proverka.sphinx_ext.reading_order import in_order

#: As much as search engines show.
LONGEST = 160
#: Pages that have no text of their own to take it from.
DESCRIPTIONS = {
    "genindex": "People and studios of the book, and the pages that speak of them.",
    "search": "Search the chapters, the claims behind them, terms, people and questions.",
    "404": "There is no page at this address.",
}
PICTURE = "open-graph.png"
PICTURE_ALT = "Three men on a trolley leave a brown plain for a green country."
NOT_FOUND = """\
<h1>There is no page here</h1>
<p>The address may be mistyped, or the page has moved.
You can go to <a href="{contents}">the contents</a>, or <a href="{search}">search</a> the book.</p>
"""
MOVED = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width,initial-scale=1" />
<title>{title}</title>
<link rel="canonical" href="{canonical}" />
<script src="{script}" data-to="{new}"></script>
<meta http-equiv="refresh" content="0; url={new}" />
</head>
<body>
<main><h1>{title}</h1><p>This page has moved <a href="{new}">here</a>.</p></main>
</body>
</html>
"""
#: A refresh alone would lose the place in the page.
MOVED_SCRIPT = """\
location.replace(document.currentScript.dataset.to + location.search + location.hash);
"""


def describe(text: str) -> str:
    """A text, or as many of its first words as fit."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rpartition(" ")[0].rstrip(" ,;:–—") + "…"


def _description(app: Sphinx, pagename: str, doctree: nodes.document | None) -> str:
    written = app.env.metadata.get(pagename, {}).get("description") or DESCRIPTIONS.get(pagename)
    if written:
        return str(written)
    for chapter, stem in chapters_of(app.env).items():
        if pagename == f"quizzes/{stem}":
            return describe(f"Questions with an explanation for every answer: {app.env.titles[chapter].astext()}")
    return describe(next((each.text for each in passages(doctree)), "")) if doctree else ""


def _say(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    del templatename
    if app.builder.name != "html":
        return
    title = unescape(re.sub(r"<[^>]*>", "", str(context.get("title", ""))))
    description = _description(app, pagename, doctree)
    head = context.get("metatags", "")
    if description and 'name="description"' not in head:
        add_to_head(context, f'<meta name="description" content="{escape(description)}" />')
    if pagename in ("search", "404"):
        if 'name="robots"' not in head:
            add_to_head(context, '<meta name="robots" content="noindex" />')
        return
    facts = {
        "og:title": title,
        "og:type": "book" if pagename == app.config.root_doc else "article",
        "og:site_name": str(app.config.html_title),
        "og:locale": str(app.config.language),
        "og:description": description,
    }
    if address := address_of(app, pagename):
        facts |= {
            "og:url": address,
            "og:image": f"{_base(app)}{PICTURE}",
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": PICTURE_ALT,
        }
        add_to_head(context, '<meta name="twitter:card" content="summary_large_image" />')
    for name, value in facts.items():
        add_to_head(context, f'<meta property="{name}" content="{escape(value)}" />')


def _base(app: Sphinx) -> str:
    base = str(app.config.html_baseurl)
    return f"{base.rstrip('/')}/" if base else ""


def _not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name == "html":
        uri = app.builder.get_target_uri
        body = NOT_FOUND.format(contents=uri(str(app.config.root_doc)), search="search.html")
        yield "404", {"title": "No page here", "body": body}, "page.html"


def from_the_top(html: str, top: str, site: Path) -> str:
    """A page whose addresses of files begin at the top of the site, as a host shows it at any depth."""

    def moved(found: re.Match[str]) -> str:
        # Scripts are told of files in attributes of their own, of several at once.
        values = found[2].split(" ")
        return found[1] + " ".join(
            top + each if not each.startswith("#") and (site / re.split("[?#]", each)[0]).is_file() else each
            for each in values
        )

    return re.sub(r'( (?:href|src|action|data-[\w-]+)=")([^"]+)', moved, html)


def _finish_not_found(app: Sphinx) -> None:
    page = Path(app.outdir) / "404.html"
    top = urlsplit(_base(app)).path or "/"
    html = page.read_text(encoding="utf-8").replace('data-content_root="./"', f'data-content_root="{top}"')
    page.write_text(from_the_top(html, top, page.parent), encoding="utf-8")


def _redirect(app: Sphinx) -> None:
    out = Path(app.outdir)
    table = Path(app.srcdir) / "book" / "redirects.csv"
    (out / "moved.js").write_text(MOVED_SCRIPT, encoding="utf-8")
    for number, row in enumerate(csv.DictReader(table.read_text(encoding="utf-8").splitlines()), 2):
        old, new = row["old"], row["new"]
        if not (out / new).is_file():
            raise ExtensionError(f"{table}:{number}: there is no page {new}")
        if old.removesuffix(".html") in app.env.all_docs:
            raise ExtensionError(f"{table}:{number}: {old} is a page of the book")
        here = relative_uri(old, new)
        page = MOVED.format(
            language=str(app.config.language).replace("_", "-"),
            title=escape(str(app.config.html_title)),
            new=here,
            canonical=f"{_base(app)}{new}" if _base(app) else here,
            script=relative_uri(old, "moved.js"),
        )
        (out / old).parent.mkdir(parents=True, exist_ok=True)
        (out / old).write_text(page, encoding="utf-8")


def _map(app: Sphinx) -> None:
    out = Path(app.outdir)
    if not (base := _base(app)):
        for name in ("sitemap.xml", "robots.txt", PICTURE):
            (out / name).unlink(missing_ok=True)
        return
    pages = [app.builder.get_target_uri(docname) for docname in in_order(app.env)] + ["genindex.html"]
    entries = "".join(f"<url><loc>{escape(base + page)}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    (out / "sitemap.xml").write_text(f"{head}{entries}</urlset>\n", encoding="utf-8")
    (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n", encoding="utf-8")
    shutil.copyfile(Path(app.srcdir) / "book" / PICTURE, out / PICTURE)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.name == "html":
        _finish_not_found(app)
        _redirect(app)
        _map(app)


def setup(app: Sphinx) -> dict[str, bool]:
    """Come after the files of pages have their names, and before the list of all files is made."""
    app.connect("html-page-context", _say, priority=950)
    app.connect("html-collect-pages", _not_found)
    app.connect("build-finished", _finish, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
