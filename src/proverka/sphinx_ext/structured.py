"""An extension of its own: what pages hold, for machines, as JSON-LD in the terms of schema.org.

The first page is a Book, a chapter a Chapter, the page of a quiz notebook a Quiz, a page with statements
under examination has a ClaimReview for each, and a glossary is a DefinedTermSet. Addresses are relative to
the page where ``html_baseurl`` does not say where the book stands. Nothing is said that the project’s own
files do not say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from proverka import __version__
from proverka.citation import Work
from proverka.model import Choice, Choices, Number, Option, Question, Source, Statement, Text, Verdict
from proverka.problems import Code, did_you_mean
from proverka.render.answers import key_text
from proverka.render.inline import to_plain
from proverka.sphinx_ext.beside import add_to_head, is_site
from proverka.sphinx_ext.cite import address_of, chapters_of, work_of
from proverka.sphinx_ext.content import content_of, warn
from proverka.sphinx_ext.passages import terms

Data = dict[str, Any]

#: A verdict as a rating. What cannot be verified is neither true nor false and gets no number.
RATINGS = {Verdict.FALSE: 1, Verdict.MISLEADING: 2, Verdict.SUPPORTED: 3}
SCALE = (
    "1 false: the evidence speaks against it; 2 misleading: there is something in it, but a reader would come "
    "away with a wrong idea; 3 supported: the evidence bears it out; unverifiable statements have no number"
)


class _Page:
    """A page, and how it names others."""

    def __init__(self, app: Sphinx, docname: str, work: Work) -> None:
        self.app = app
        self.docname = docname
        self.work = work
        self.about: Data = {
            "author": [
                {"@type": "Person" if len(names) > 1 else "Organization", "name": name}
                for names, name in zip(work.authors, work.author_names, strict=True)
            ],
            "datePublished": work.released.isoformat(),
            "inLanguage": str(app.config.language).replace("_", "-"),
        }

    def address(self, docname: str, anchor: str = "") -> str:
        """Absolute if it is known where the book stands."""
        known = address_of(self.app, docname)
        return (known or self.app.builder.get_relative_uri(self.docname, docname)) + (f"#{anchor}" if anchor else "")

    def here(self, anchor: str = "") -> str:
        """The page itself or a place in it."""
        return self.address(self.docname, anchor)

    def title(self, docname: str) -> str:
        """As its heading says."""
        return self.app.env.titles[docname].astext()

    def book(self) -> Data:
        """The book as others refer to it."""
        root = str(self.app.config.root_doc)
        return {"@type": "Book", "@id": self.address(root), "name": self.work.title}


def _book(page: _Page) -> Data:
    chapters = [
        {"@type": "Chapter", "@id": page.address(docname), "name": page.title(docname), "position": position}
        for position, docname in enumerate(chapters_of(page.app.env), 1)
    ]
    return {**page.book(), "url": page.here(), "version": page.work.version, **page.about, "hasPart": chapters}


def _chapter(page: _Page) -> Data:
    position = [*chapters_of(page.app.env)].index(page.docname) + 1
    data: Data = {"@type": "Chapter", "@id": page.here(), "url": page.here(), "name": page.title(page.docname)}
    data |= {"position": position, "isPartOf": page.book(), **page.about}
    if description := page.app.env.metadata[page.docname].get("description"):
        data["description"] = description
    return data


def _quiz(page: _Page, chapter: str, questions: list[Question]) -> Data:
    parts = [_question(page, each) for each in questions if isinstance(each, Choice | Choices | Number | Text)]
    return {
        "@type": "Quiz",
        "@id": page.here(),
        "url": page.here(),
        "name": page.title(page.docname),
        "learningResourceType": "Practice problem",
        "about": {"@type": "Thing", "name": page.title(chapter)},
        "isPartOf": page.book(),
        **page.about,
        "hasPart": parts,
    }


def _question(page: _Page, question: Choice | Choices | Number | Text) -> Data:
    data: Data = {
        "@type": "Question",
        "@id": page.here(question.id),
        "url": page.here(question.id),
        "name": question.id,
        "text": to_plain(question.stem),
    }
    explanation = {"@type": "Comment", "text": to_plain(question.explain)}
    if isinstance(question, Number | Text):
        key = key_text(question) if isinstance(question, Number) else question.accept[0]
        answer = {"@type": "Answer", "text": key, "answerExplanation": explanation}
        return {**data, "eduQuestionType": "Flashcard", "acceptedAnswer": answer}
    right = [_option(option, place) for place, option in enumerate(question.options) if option.correct]
    wrong = [_option(option, place) for place, option in enumerate(question.options) if not option.correct]
    for each in right:
        each["answerExplanation"] = explanation
    data["eduQuestionType"] = "Multiple choice" if isinstance(question, Choice) else "Checkbox"
    return {**data, "acceptedAnswer": right[0] if isinstance(question, Choice) else right, "suggestedAnswer": wrong}


def _option(option: Option, position: int) -> Data:
    data: Data = {"@type": "Answer", "text": to_plain(option.text), "position": position}
    if option.why:
        data["comment"] = {"@type": "Comment", "text": to_plain(option.why)}
    return data


def _review(page: _Page, statement: Statement, article: Source) -> Data:
    rating: Data = {"@type": "Rating", "alternateName": statement.verdict.value.capitalize()}
    if statement.verdict in RATINGS:
        rating |= {"ratingValue": RATINGS[statement.verdict], "bestRating": 3, "worstRating": 1}
    rating["ratingExplanation"] = SCALE
    return {
        "@type": "ClaimReview",
        "@id": page.here(statement.id),
        "url": page.here(statement.id),
        "claimReviewed": to_plain(statement.says),
        "reviewRating": rating,
        "itemReviewed": {"@type": "Claim", "appearance": _work(article)},
        "isPartOf": page.book(),
        **page.about,
    }


def _work(source: Source) -> Data:
    """A work as the bibliography has it, with nothing that it does not tell."""
    fields = source.fields
    data: Data = {"@type": "CreativeWork", "name": fields["title"]}
    if author := fields.get("author"):
        data["author"] = [{"@type": "Person", "name": each} for each in author.split(" and ")]
    if publisher := next(
        (fields[each] for each in ("publisher", "organization", "howpublished") if each in fields), ""
    ):
        data["publisher"] = {"@type": "Organization", "name": publisher}
    for field, name in (("year", "datePublished"), ("url", "url"), ("langid", "inLanguage")):
        if field in fields:
            data[name] = fields[field]
    return data


def _glossary(page: _Page, doctree: nodes.document) -> Data:
    entries = []
    for term in terms(doctree):
        entry: Data = {"@type": "DefinedTerm", "@id": page.here(term.anchor), "name": term.names[0]}
        if term.names[1:]:
            entry["alternateName"] = list(term.names[1:])
        entries.append({**entry, "description": term.definition, "url": page.here(term.anchor)})
    name = page.title(page.docname)
    return {"@type": "DefinedTermSet", "@id": page.here(), "name": name, **page.about, "hasDefinedTerm": entries}


def _of_page(page: _Page, body: str, doctree: nodes.document) -> Iterator[Data]:
    env = page.app.env
    content = content_of(env)
    if page.docname == env.config.root_doc:
        yield _book(page)
    if page.docname in chapters_of(env):
        yield _chapter(page)
    for chapter, stem in chapters_of(env).items():
        if page.docname == f"{content.config.notebooks}/{stem}":
            yield _quiz(page, chapter, [content.bank.questions[each] for each in content.bank.chapters[stem]])
    if article := _article(env):
        shown = (each for each in content.ledger.statements.values() if f'id="{each.id}"' in body)
        yield from (_review(page, each, article) for each in shown)
    if any(True for _ in terms(doctree)):
        yield _glossary(page, doctree)


def _article(env: BuildEnvironment) -> Source | None:
    key = str(env.config.proverka_article)
    return content_of(env).ledger.sources.get(key)


def _add_data(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    del templatename
    if not is_site(app) or doctree is None or not (work := work_of(app.env)):
        return
    if found := list(_of_page(_Page(app, pagename, work), context["body"], doctree)):
        data = {"@context": "https://schema.org", **(found[0] if len(found) == 1 else {"@graph": found})}
        # Nothing in a text can end the element.
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        add_to_head(context, f'<script type="application/ld+json">{text}</script>')


def _check_article(app: Sphinx, env: BuildEnvironment) -> None:
    key, sources = str(app.config.proverka_article), content_of(env).ledger.sources
    if key and key not in sources:
        hint = did_you_mean(key, sources, Code.SOURCE_UNKNOWN.hint)
        warn(Code.SOURCE_UNKNOWN, f"unknown source “{key}” in proverka_article", (str(env.config.root_doc), 1), hint)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the data to the head of pages."""
    app.setup_extension("proverka.sphinx_ext")
    app.add_config_value(
        "proverka_article",
        "",
        "html",
        types=[str],
        description="Key of the work whose statements are under examination",
    )
    app.connect("env-updated", _check_article)
    app.connect("html-page-context", _add_data)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
