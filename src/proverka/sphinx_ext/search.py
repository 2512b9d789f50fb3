"""An extension of its own: a search page that finds passages, claims, terms, people and questions.

It takes the place of Sphinx’s search. The index holds the text alone, as a script, which a page opened
from a disk may load too; the browser makes what it needs of it when somebody searches.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from proverka import __version__
from proverka.names import Name
from proverka.render.inline import to_plain
from proverka.sphinx_ext.beside import add_to_head, is_site, setup_page_files, web_file, write_beside
from proverka.sphinx_ext.content import Content, content_of
from proverka.sphinx_ext.domain import domain_of
from proverka.sphinx_ext.passages import Passage, passages
from proverka.sphinx_ext.people import entry_text
from proverka.sphinx_ext.reading_order import in_order
from proverka.text import fold

#: Where the names stand; Sphinx calls the page so.
INDEX = "genindex"


class _Search:
    """The passages of all pages, kept between builds, as Sphinx writes only the pages that have changed."""

    def __init__(self) -> None:
        self.kept: dict[str, list[list[str]]] = {}

    def begin(self, app: Sphinx) -> None:
        if is_site(app):
            app.builder.search = False  # type: ignore[attr-defined]
            file = _kept_in(app)
            self.kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def unknown(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        return [docname for docname in env.all_docs if docname not in self.kept] if is_site(app) else []

    def take(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        if is_site(app):
            self.kept[docname] = [list(each) for each in passages(doctree)]

    def finish(self, app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The search page; the pages are all written when Sphinx asks for more."""
        if not is_site(app):
            return
        self.kept = {docname: kept for docname, kept in self.kept.items() if docname in app.env.all_docs}
        _kept_in(app).write_text(json.dumps(self.kept, ensure_ascii=False), encoding="utf-8")
        index = _index(app, {docname: [Passage(*each) for each in kept] for docname, kept in self.kept.items()})
        data = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        address = write_beside(app, "search-index.js", f"proverkaIndex({data});\n")
        write_beside(app, "search.js", search_script())
        yield "search", {"title": "Search", "body": _page(app, address)}, "page.html"


def _kept_in(app: Sphinx) -> Path:
    return Path(app.doctreedir) / "proverka-passages.json"


def search_script() -> str:
    """The script of the search page; it folds words as the questions do."""
    folding = re.search(r"^export (function fold\(.*?\n}\n)", web_file("proverka-quiz.js"), re.DOTALL | re.MULTILINE)
    assert folding
    module = re.sub(r"^import .*\n|^export (?=\w)", "", web_file("proverka-search.js"), flags=re.MULTILINE)
    return f'(() => {{\n"use strict";\n{folding[1]}{module}}})();\n'


# ----------------------------------------------------------------------------------------------------
# The index


def _index(app: Sphinx, kept: dict[str, list[Passage]]) -> dict[str, Any]:
    env = app.env
    content = content_of(env)
    docnames = [*in_order(env), INDEX]
    number = {docname: place for place, docname in enumerate(docnames)}
    uri = app.builder.get_target_uri
    titles = [env.titles[each].astext() if each in env.titles else "Index of names" for each in docnames]
    # Pages of claims, and the notebooks of the bank, which all say the same; what they hold is found by its kind.
    listing = {docname for (kind, _), (docname, _) in domain_of(env).anchors.items() if kind == "claim"}
    listing.update(f"{content.config.notebooks}/{stem}" for stem in content.bank.chapters)
    sections = [
        [number[docname], f"#{anchor}", title, *(each.text for each in found)]
        for docname in docnames
        if docname not in listing
        for (kind, anchor, title), found in groupby(kept.get(docname, ()), itemgetter(0, 1, 2))
        if kind == "chapter"
    ]
    entries: list[list[Any]] = []
    chapter_of = {
        each: f"{content.config.chapters}/{stem}" for stem, ids in content.ledger.chapters.items() for each in ids
    }
    for claim in content.ledger.claims.values():
        if place := domain_of(env).anchors.get(("claim", claim.id)):
            page = number.get(chapter_of[claim.id], number[place[0]])
            entries.append([page, "claim", f"{uri(place[0])}#{place[1]}", "", to_plain(claim.says)])
    for docname, question, stem in _questions(env, content, docnames):
        entries.append([number[docname], "question", f"#{question}", "", stem])
    for name, where in _people(env, content, docnames):
        first = f"{uri(where[0][0])}#{where[0][1]}"
        entries.append([number[INDEX], "person", first, name.name, name.ru, [number[each] for each, _ in where]])
    for docname, found in kept.items():
        terms = (each for each in found if each.kind == "term")
        entries += ([number[docname], "term", f"#{each.anchor}", each.title, each.text] for each in terms)
    words, phrases = spellings(content.names)
    return {
        "pages": [[uri(docname), title] for docname, title in zip(docnames, titles, strict=True)],
        "sections": sections,
        # By page, so that like stands by like, which packs well.
        "entries": sorted(entries, key=itemgetter(0)),
        "words": words,
        "phrases": phrases,
    }


def _questions(env: BuildEnvironment, content: Content, docnames: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each question once, on the first page that asks it: a chapter before its notebook."""
    asked = domain_of(env).asked
    where: dict[str, str] = {}
    for docname in docnames:
        for each in asked.get(docname, []):
            where.setdefault(each.id, docname)
    for stem, ids in content.bank.chapters.items():
        notebook = f"{content.config.notebooks}/{stem}"
        for question in ids:
            if docname := where.get(question, notebook if notebook in env.all_docs else ""):
                yield docname, question, to_plain(content.bank.questions[question].stem)


def _people(
    env: BuildEnvironment, content: Content, docnames: list[str]
) -> Iterator[tuple[Name, list[tuple[str, str]]]]:
    """The people and studios of the general index, with the pages that speak of them and where."""
    entries = env.get_domain("index").data["entries"]
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for docname in docnames:
        for _, text, anchor, *_ in entries.get(docname, []):
            named[text].append((docname, anchor))
    for name in content.names:
        if where := named.get(entry_text(name)):
            yield name, where


def spellings(names: Iterable[Name]) -> tuple[dict[str, str], dict[str, str]]:
    """Other spellings, folded: word → the book’s words for it; and phrases of another number of words → name."""
    words: dict[str, dict[str, None]] = defaultdict(dict)
    phrases: dict[str, str] = {}
    for name in names:
        ours = fold(name.name).split()
        for spelling in name.spellings():
            theirs = fold(spelling).split()
            if len(theirs) == len(ours):
                for other, word in zip(theirs, ours, strict=True):
                    if other != word:
                        words[other][word] = None
            else:
                phrases[" ".join(theirs)] = " ".join(ours)
        for surname in map(fold, name.surnames()):
            if surname != ours[-1] and " " not in surname:
                words[surname][ours[-1]] = None
    return {other: " ".join(each) for other, each in sorted(words.items())}, dict(sorted(phrases.items()))


# ----------------------------------------------------------------------------------------------------
# The page

_PAGE = """\
<section id="search">
<h1>Search</h1>
<search>
<form class="pv-search" role="search" method="get">
<label for="pv-search">Words, names, or the beginnings of words</label>
<input id="pv-search" name="q" type="search" autocomplete="off" autocapitalize="off" spellcheck="false"
 aria-keyshortcuts="Control+K" aria-describedby="pv-found" />
<button>Search</button>
</form>
</search>
<noscript><p>Searching needs scripts, and this browser runs none here.</p></noscript>
<p id="pv-found" role="status"></p>
<div id="pv-results" data-index="{index}"></div>
<p class="pv-elsewhere">You can also look in {others}.</p>
<template id="pv-group"><section class="pv-group"><h2><a></a></h2><ol></ol>\
<details><summary></summary><ol></ol></details></section></template>
<template id="pv-row"><li class="pv-row"><a class="pv-hit"></a> <span class="pv-kind"></span>\
<p class="pv-snippet"></p></li></template>
</section>
<script src="{script}" defer></script>
"""


def _page(app: Sphinx, index: str) -> str:
    uri = app.builder.get_target_uri
    terms = (docname for (kind, _), (docname, _) in app.env.get_domain("std").data["objects"].items() if kind == "term")
    works = (docname for (kind, _), (docname, _) in domain_of(app.env).anchors.items() if kind == "source")
    pages = {
        "the contents": str(app.config.root_doc),
        "the glossary": next(terms, ""),
        "the bibliography": next(works, ""),
        "the index of names": INDEX if app.config.html_use_index else "",
    }
    links = [f'<a href="{escape(uri(docname))}">{text}</a>' for text, docname in pages.items() if docname]
    script = write_beside(app, "search.js", search_script())
    listed = " and ".join(filter(None, [", ".join(links[:-1]), links[-1]]))
    return _PAGE.format(index=escape(index), others=listed, script=escape(script))


def _of_search_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """The page has one box, its own, and is not itself to be found."""
    del templatename, doctree
    if is_site(app) and pagename == "search":
        context["sidebars"] = [each for each in context.get("sidebars") or [] if "search" not in each]
        add_to_head(context, '<meta name="robots" content="noindex" />')


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the search in place of Sphinx’s own."""
    app.setup_extension("proverka.sphinx_ext")
    setup_page_files(app)
    search = _Search()
    app.connect("builder-inited", search.begin)
    app.connect("env-updated", search.unknown)
    app.connect("doctree-resolved", search.take, priority=900)
    app.connect("html-collect-pages", search.finish)
    app.connect("html-page-context", _of_search_page)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
