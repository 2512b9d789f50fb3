"""Search index, citations and structured data in real builds, on the Sphinx of Jupyter Book 1 and on Sphinx 9."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from proverka.names import Name
from proverka.sphinx_ext.search import spellings

# As in test_sphinx_ext.py.
pytestmark = [
    pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInNextVersionWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

BASIC = Path(__file__).parent.parent / "sourcedirs" / "basic"
EXTENSIONS = [
    "myst_nb",
    *(f"proverka.sphinx_ext{each}" for each in ("", ".search", ".cite", ".structured", ".offline")),
]
CFF = "title: Basic and more\nauthors:\n  - name: Nobody\nversion: 1.0\ndate-released: 2026-03-05\n"
GLOSSARY = "# Glossary\n\n```{glossary}\nReel\nChast\n  One roll, 1 < 2.\n```\n"
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Quiz: alpha\n", "\n", "Text."]}],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
BASE = "https://basic.example/book/"

Build = Callable[..., Path]

#: What schema.org’s pages, and for practice problems and reviews of claims the pages for search engines, ask of
#: each type: properties and the types or kinds of value that they may hold.
SHAPES: dict[str, dict[str, str]] = {
    "Book": {"name": "text", "author": "Person Organization", "inLanguage": "text", "hasPart": "Chapter"},
    "Chapter": {"name": "text", "position": "number"},
    "Quiz": {"name": "text", "about": "Thing", "hasPart": "Question", "author": "Person Organization"},
    "Question": {"text": "text", "eduQuestionType": "text", "acceptedAnswer": "Answer"},
    "Answer": {"text": "text"},
    "Comment": {"text": "text"},
    "ClaimReview": {
        "claimReviewed": "text",
        "reviewRating": "Rating",
        "itemReviewed": "Claim",
        "url": "text",
        "author": "Person Organization",
        "datePublished": "date",
    },
    "Rating": {"alternateName": "text", "ratingExplanation": "text"},
    "Claim": {"appearance": "CreativeWork"},
    "CreativeWork": {"name": "text"},
    "DefinedTermSet": {"name": "text", "hasDefinedTerm": "DefinedTerm"},
    "DefinedTerm": {"name": "text", "description": "text"},
    "Person": {"name": "text"},
    "Organization": {"name": "text"},
    "Thing": {"name": "text"},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The case ``basic`` with a glossary, a quiz notebook and a file that says how to cite it."""
    root = tmp_path / "basic"
    shutil.copytree(BASIC, root)
    (root / "CITATION.cff").write_text(CFF)
    (root / "book" / "glossary.md").write_text(GLOSSARY)
    (root / "quizzes" / "alpha.ipynb").write_text(json.dumps(NOTEBOOK))
    index = root / "book" / "index.md"
    index.write_text(index.read_text("utf-8").replace("evidence\n", "evidence\nglossary\n/quizzes/alpha\n"), "utf-8")
    return root


@pytest.fixture
def build(root: Path) -> Build:
    """Builds it without a warning, as often as asked; returns the folder with the output."""

    def build(**options: str) -> Path:
        out, warnings = root / "_build" / "html", StringIO()
        overrides = {"extensions": EXTENSIONS, **options}
        with patch_docutils(str(root)), docutils_namespace():
            Sphinx(
                str(root), str(root), str(out), str(root / "_build" / "doctrees"), "html",
                confoverrides=overrides, status=None, warning=warnings,
            ).build()  # fmt: skip
        assert warnings.getvalue() == ""
        return out

    return build


def index_of(out: Path) -> dict[str, Any]:
    text = (out / "_proverka" / "search-index.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"proverkaIndex\((.*)\);\n", text, re.DOTALL)
    assert found
    return json.loads(found[1])


def entries(index: dict[str, Any], kind: str) -> list[list[Any]]:
    return [[index["pages"][each[0]][0], *each[2:]] for each in index["entries"] if each[1] == kind]


def data_of(page: Path) -> list[dict[str, Any]]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.read_text(encoding="utf-8"))
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return data.get("@graph", [data])


def faults(node: Any, where: str = "") -> Iterator[str]:
    """Everything in structured data that is not of its shape."""
    for each in node if isinstance(node, list) else [node]:
        if not isinstance(each, dict):
            continue
        kind = each.get("@type", "")
        if kind not in SHAPES:
            yield f"{where}: unknown type {kind}"
            continue
        # A thing that is only referred to by its address is described elsewhere.
        for name, wanted in SHAPES[kind].items() if where.rpartition(".")[2] != "isPartOf" else ():
            values = each.get(name, [])
            for value in values if isinstance(values, list) else [values]:
                fits = {
                    "text": isinstance(value, str) and value.strip() != "",
                    "number": isinstance(value, int),
                    "date": isinstance(value, str) and re.fullmatch(r"\d{4}(-\d\d-\d\d)?", value) is not None,
                }
                if not fits.get(wanted, isinstance(value, dict) and value.get("@type") in wanted.split()):
                    yield f"{where}.{kind}.{name}: {value!r} is not {wanted}"
            if values == []:
                yield f"{where}.{kind}: {name} is missing"
        for name, value in each.items():
            yield from faults(value, f"{where}.{name}")


def test_the_index_knows_every_kind(build: Build) -> None:
    index = index_of(build())
    pages = [address for address, _ in index["pages"]]
    assert pages[0] == "book/index.html"
    assert pages[-1] == "genindex.html"
    texts = {text for _, _, _, *texts in index["sections"] for text in texts}
    assert any("The film was accepted on 2 April 1979." in text for text in texts)
    assert ["book/glossary.html", "#term-Reel", "Reel, Chast", "One roll, 1 < 2."] in entries(index, "term")
    claims = {address: page for page, address, *_ in entries(index, "claim")}
    assert claims["book/evidence.html#c-alpha-accepted"] == "book/alpha.html"
    questions = {address: page for page, address, *_ in entries(index, "question")}
    assert questions["#q-alpha-year"] == "book/alpha.html"
    people = {title: (address, russian) for _, address, title, russian, _ in entries(index, "person")}
    assert people["Evgeny Tsymbal"] == ("book/alpha.html#name-evgeny-tsymbal", "Евгений Васильевич Цымбал")
    assert index["words"]["цымбал"] == "tsymbal"


def test_the_index_is_whole_after_one_page_has_changed(root: Path, build: Build) -> None:
    before = index_of(build())
    page = root / "book" / "beta.md"
    page.write_text(page.read_text("utf-8") + "\nA new sentence of five words.\n", "utf-8")
    after = index_of(build())
    texts = {text for _, _, _, *texts in after["sections"] for text in texts}
    assert "A new sentence of five words." in texts
    assert texts > {text for _, _, _, *texts in before["sections"] for text in texts}


def test_sphinx_own_search_is_gone(build: Build) -> None:
    out = build()
    assert not (out / "searchindex.js").exists()
    page = (out / "search.html").read_text(encoding="utf-8")
    assert "searchtools" not in page
    assert page.count('name="q"') == 1
    for address in re.findall(r'(?:href|src|data-index)="(?!https:)([^"#?]+)', page):
        assert (out / address).is_file(), address


def test_other_spellings_lead_to_the_words_of_the_book() -> None:
    names = (
        Name("Andrei Tarkovsky", "person", ru="Андрей Арсеньевич Тарковский"),
        Name("Arseny Tarkovsky", "person", ru="Арсений Тарковский"),
        Name("Mosfilm", "studio", ru="Мосфильм"),
    )
    words, phrases = spellings(names)
    for each in ("tarkovskij", "tarkowski", "tarkovskiy", "тарковскии", "tarkovski"):
        assert words[each] == "tarkovsky"
    assert words["andrej"] == words["андреи"] == "andrei"
    assert words["мосфильм"] == "mosfilm"
    assert phrases["андреи арсеньевич тарковскии"] == "andrei tarkovsky"
    assert "tarkovsky" not in words


def test_a_chapter_ends_with_how_to_cite_it(build: Build) -> None:
    out = build(html_baseurl=BASE)
    page = (out / "book" / "alpha.html").read_text(encoding="utf-8")
    assert f"Nobody, “Alpha”, in Basic and more, version 1.0, 5 March 2026, {BASE}book/alpha.html." in page
    for ending, has in (("bib", "@incollection{basic-alpha,"), ("json", '"container-title": "Basic and more"')):
        file = f"_proverka/cite/basic-alpha.{ending}"
        assert f'href="../{file}" download' in page
        assert has in (out / file).read_text(encoding="utf-8")
    assert "Cite this chapter" not in (out / "book" / "evidence.html").read_text(encoding="utf-8")


def test_claims_statements_and_questions_link_to_themselves(build: Build) -> None:
    out = build()
    evidence = (out / "book" / "evidence.html").read_text(encoding="utf-8")
    ids = re.findall(r'<li id="(c-[\w-]+)">', evidence)
    assert ids
    assert re.findall(r'<a class="pv-permalink" href="#(c-[\w-]+)">\1</a>', evidence) == ids
    alpha = (out / "book" / "alpha.html").read_text(encoding="utf-8")
    found = re.findall(r'<a class="pv-permalink" href="#([\w-]+)">', alpha)
    assert sorted(found) == sorted(["a01", *re.findall(r'<fieldset [^>]*id="(q-[\w-]+)"', alpha)])


@pytest.mark.parametrize("base", ["", BASE], ids=["nowhere", "with an address"])
def test_structured_data_has_the_shapes_of_schema_org(base: str, build: Build) -> None:
    out = build(html_baseurl=base, proverka_article="gosfilmofond")
    types = {}
    for page in ("book/index", "book/alpha", "book/glossary", "quizzes/alpha"):
        data = data_of(out / f"{page}.html")
        types[page] = [each["@type"] for each in data]
        assert [*faults(data)] == []
    assert types == {
        "book/index": ["Book"],
        "book/alpha": ["Chapter", "ClaimReview"],
        "book/glossary": ["DefinedTermSet"],
        "quizzes/alpha": ["Quiz"],
    }


def test_structured_data_says_what_the_files_say(build: Build) -> None:
    out = build(html_baseurl=BASE, proverka_article="gosfilmofond")
    chapter, review = data_of(out / "book" / "alpha.html")
    assert chapter["isPartOf"]["@id"] == f"{BASE}book/index.html"
    assert review["url"] == f"{BASE}book/alpha.html#a01"
    assert review["claimReviewed"] == "The film was accepted in 1970."
    rating = review["reviewRating"]
    assert (rating["ratingValue"], rating["bestRating"], rating["worstRating"]) == (1, 3, 1)
    assert rating["alternateName"] == "False"
    (quiz,) = data_of(out / "quizzes" / "alpha.html")
    kinds = {each["name"]: each["eduQuestionType"] for each in quiz["hasPart"]}
    assert kinds["q-alpha-where"] == "Multiple choice"
    assert kinds["q-alpha-year"] == "Flashcard"
    (glossary,) = data_of(out / "book" / "glossary.html")
    assert glossary["hasDefinedTerm"][0] == {
        "@type": "DefinedTerm",
        "@id": f"{BASE}book/glossary.html#term-Reel",
        "name": "Reel",
        "alternateName": ["Chast"],
        "description": "One roll, 1 < 2.",
        "url": f"{BASE}book/glossary.html#term-Reel",
    }


def test_an_unknown_work_under_examination_is_warned_of(build: Build) -> None:
    with pytest.raises(AssertionError, match="unknown source “gosfilm” in proverka_article"):
        build(proverka_article="gosfilm")
