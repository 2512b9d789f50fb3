"""An extension of its own: how to cite a chapter, at its end, and links to single claims, statements and questions.

Authors, version and date are those of CITATION.cff. A chapter is a page that has questions in the bank under
its name. The references lie beside the pages as files too, for reference managers; with the page’s address if
``html_baseurl`` says what it is.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from proverka import __version__
from proverka.citation import Chapter, Work, as_bibtex, as_csl, as_text, load_work
from proverka.config import find_root
from proverka.problems import Problems
from proverka.sphinx_ext.beside import is_site, setup_page_files, write_beside
from proverka.sphinx_ext.content import content_of, warn_of
from proverka.sphinx_ext.reading_order import in_order

_BOX = """\
<section class="pv-cite" aria-labelledby="cite">
<h2 id="cite">Cite this chapter</h2>
<p id="cite-text">{text}</p>
{copy_text}
{forms}</section>
"""
_FORM = """\
<details><summary>{name}</summary>
<pre id="{id}" tabindex="0">{text}</pre>
<p>{copy} <a href="{file}" download>Download</a></p>
</details>
"""
#: What stands before the end of the first paragraph of an entry in a list, or of a question.
_PLACES = (
    re.compile(r'<li id="(?P<id>[\w-]+)">\s*<p>.*?(?=</p>)', re.DOTALL),
    re.compile(r'<fieldset [^>]*\bid="(?P<id>[\w-]+)">.*?(?=</fieldset>)', re.DOTALL),
)
_COPY = '<button type="button" data-copies="{id}" hidden>Copy<span class="pv-unseen"> {name}</span></button>'


def work_of(env: BuildEnvironment) -> Work | None:
    """The book as its CITATION.cff describes it; problems in that file are warned of once."""
    if not hasattr(env.app, "_proverka_work"):
        root = find_root(Path(env.srcdir) / str(env.config.proverka_root))
        problems = Problems()
        env.app._proverka_work = load_work(root, problems)  # type: ignore[attr-defined]
        for problem in problems.in_order():
            warn_of(problem, root)
    work: Work | None = env.app._proverka_work  # type: ignore[attr-defined]
    return work


def chapters_of(env: BuildEnvironment) -> dict[str, str]:
    """The pages that are chapters, in their order, with their stems."""
    content = content_of(env)
    pages = {f"{content.config.chapters}/{stem}": stem for stem in content.bank.chapters}
    return {docname: pages[docname] for docname in in_order(env) if docname in pages}


def address_of(app: Sphinx, docname: str) -> str:
    """Where a page is published, as far as known."""
    base = str(app.config.html_baseurl)
    return f"{base.rstrip('/')}/{app.builder.get_target_uri(docname)}" if base else ""


def _add_box(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    del templatename, doctree
    if not is_site(app) or not (work := work_of(app.env)) or not (stem := chapters_of(app.env).get(pagename)):
        return
    key = f"{_slug(str(app.config.project))}-{stem}"
    chapter = Chapter(key, app.env.titles[pagename].astext(), work, address_of(app, pagename))
    forms = ""
    for name, ending, text in (("BibTeX", "bib", as_bibtex(chapter)), ("CSL-JSON", "json", as_csl(chapter))):
        file = write_beside(app, f"cite/{key}.{ending}", text).partition("?")[0]
        anchor = f"cite-{ending}"
        copy = _COPY.format(id=anchor, name=name)
        file = context["pathto"](file, 1)
        forms += _FORM.format(name=name, id=anchor, text=escape(text, quote=False), copy=copy, file=file)
    shown = escape(as_text(chapter), quote=False)
    context["body"] += _BOX.format(
        text=shown, copy_text=_COPY.format(id="cite-text", name="the reference"), forms=forms
    )


def _add_links(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Every claim, statement and question shows its id as a link to itself, in forms made by notebooks too."""
    del pagename, templatename
    if not is_site(app) or doctree is None:
        return
    content = content_of(app.env)
    known = content.ledger.claims.keys() | content.ledger.statements.keys() | content.bank.questions.keys()

    def linked(found: re.Match[str]) -> str:
        name = found["id"]
        # An index that leads to the claims by their ids has its links.
        if name not in known or f'#{name}"' in found[0]:
            return found[0]
        return f'{found[0]} <a class="pv-permalink" href="#{name}">{name}</a>'

    for place in _PLACES:
        context["body"] = place.sub(linked, context["body"])


def _slug(text: str) -> str:
    return "-".join("".join(each if each.isalnum() else " " for each in text.lower()).split())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the box."""
    app.setup_extension("proverka.sphinx_ext")
    setup_page_files(app)
    app.connect("html-page-context", _add_box, priority=800)
    app.connect("html-page-context", _add_links, priority=800)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
