"""The search page in a real browser: other spellings, slips, kinds, keys, a disk, and no scripts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe import barriers
from conftest import SITE
from playwright.sync_api import Browser, Page, expect

from proverka.sphinx_ext.beside import web_file


@pytest.fixture
def ask(open_page: Callable) -> Callable[..., Page]:
    """The search page of the book with the results of a query; complaints of the browser fail the test."""

    def ask(query: str, **options: Any) -> Page:
        page, complaints = open_page("search.html", **options)
        box = page.get_by_role("searchbox")
        box.fill(query)
        expect(page.locator("#pv-found")).not_to_be_empty(timeout=15_000)
        assert complaints == []
        return page

    return ask


def groups(page: Page) -> list[str]:
    return page.locator(".pv-group h2").all_inner_texts()


def rows(page: Page, kind: str) -> list[str]:
    """The links to what was found of a kind."""
    found = page.locator(".pv-row").filter(has=page.locator(".pv-kind", has_text=re.compile(f"^{kind}$")))
    return found.locator(".pv-hit").all_inner_texts()


@pytest.mark.parametrize(
    "query", ["Tarkovsky", "Tarkovskij", "Tarkowski", "tarkovskiy", "Тарковский", "Tarkovksy", "Andrej Tarkovskij"]
)
def test_a_name_is_found_under_every_spelling_and_with_a_slip(query: str, ask: Callable[..., Page]) -> None:
    page = ask(query)
    assert "Andrei Tarkovsky" in rows(page, "person")
    assert len(groups(page)) > 10


@pytest.mark.parametrize(
    ("query", "kind", "found"),
    [
        ("earthquake Isfara", "claim", "A strong earthquake struck the Isfara–Batken area on 31 January 1977."),
        ("khudsovet", "term", "Artistic council, Khudsovet"),
        ("худсовет", "term", "Artistic council, Khudsovet"),
        ("aspect rat", "term", "Aspect ratio"),
        ("Khanzhonkov established Mosfilm", "question", "A web page says that Khanzhonkov"),
        ("Rerbreg", "person", "Georgy Rerberg"),
        ("Knjazhinskij", "person", "Alexander Knyazhinsky"),
    ],
)
def test_what_is_meant_is_found(query: str, kind: str, found: str, ask: Callable[..., Page]) -> None:
    assert any(each.startswith(found) for each in rows(ask(query), kind))


def test_results_stand_by_chapter_with_what_was_found_marked(ask: Callable[..., Page]) -> None:
    page = ask("earthquake Isfara")
    said = page.locator("#pv-found").inner_text()
    assert re.fullmatch(r"\d+ results on \d+ pages", said)
    assert len(groups(page)) == int(said.split()[-2])
    first = page.locator(".pv-group").first
    assert {each.lower() for each in first.locator("mark").all_inner_texts()} >= {"earthquake", "isfara"}


def test_a_result_leads_to_its_passage(ask: Callable[..., Page]) -> None:
    page = ask("seismologists Academy aftershocks")
    link = page.locator(".pv-row", has=page.locator(".pv-kind", has_text="chapter")).first.locator(".pv-hit")
    link.click()
    page.wait_for_url("**/book/**")
    passage = page.get_by_text("aftershocks").first
    expect(passage).to_be_in_viewport()


def test_words_that_nowhere_stand_together_give_what_has_most_of_them(ask: Callable[..., Page]) -> None:
    page = ask("khudsovet seismologists")
    expect(page.locator("#pv-found")).to_contain_text("none has all")
    page = ask("qqqqzzzz")
    expect(page.locator("#pv-found")).to_have_text("Nothing found for “qqqqzzzz”")


def test_arrows_go_through_the_results_and_escape_comes_back(ask: Callable[..., Page]) -> None:
    page = ask("Isfara")
    box, hits = page.get_by_role("searchbox"), page.locator(".pv-hit:visible, summary:visible").all()
    keys = page.keyboard
    keys.press("ArrowDown")
    expect(hits[0]).to_be_focused()
    keys.press("ArrowDown")
    expect(hits[1]).to_be_focused()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    expect(box).to_be_focused()
    keys.press("Enter")
    expect(hits[0]).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Escape")
    expect(box).to_be_focused()
    assert box.input_value() == "Isfara"
    keys.press("Enter")
    address = hits[0].get_attribute("href") or ""
    keys.press("Enter")
    page.wait_for_url(f"**/{address.partition('#')[0]}*")


def test_a_query_is_in_the_address_and_comes_back_with_it(ask: Callable[..., Page]) -> None:
    page = ask("Isfara earthquake")
    assert page.url.endswith("search.html?q=Isfara%20earthquake")
    said = page.locator("#pv-found").inner_text()
    page.goto("about:blank")
    page.go_back()
    expect(page.locator("#pv-found")).to_have_text(said)


def test_control_k_leads_to_the_box_from_every_width(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("search").locator("input[name=q]")).to_be_focused()
    page.keyboard.type("Isfara")
    page.keyboard.press("Enter")
    expect(page.locator("#pv-found")).to_contain_text("results")
    page, _ = open_page("book/mosfilm.html", width=360)
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search.html")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_index_comes_when_somebody_searches_and_is_not_heavy(open_page: Callable) -> None:
    page, _ = open_page("search.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not any("search-index" in each for each in loaded)
    page.get_by_role("searchbox").fill("Mosfilm")
    expect(page.locator("#pv-found")).to_contain_text("results")
    assert sum("search-index" in each for each in asked) == 1
    files = {each.name: len(gzip.compress(each.read_bytes(), 9)) for each in (SITE / "_proverka").glob("*.*")}
    assert files["search-index.js"] <= 260_000
    assert files["search.js"] + files["page.js"] + files["page.css"] <= 12_000


def test_the_results_have_no_barriers_and_fit(ask: Callable[..., Page]) -> None:
    assert barriers(ask("Tarkovskij letter"), widths=(1280, 320)) == []


def test_a_book_on_a_disk_is_searched_too(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{(SITE / 'search.html').as_uri()}?q=Tarkovskij")
    expect(page.locator("#pv-found")).to_contain_text("results")
    page.locator(".pv-hit").first.click()
    page.wait_for_url(re.compile(r"^file:.*\.html"))
    assert errors == []
    context.close()


def test_without_scripts_the_page_says_so_and_where_else_to_look(open_page: Callable) -> None:
    page, _ = open_page("search.html", scripts=False)
    assert page.locator("noscript p").is_visible()
    assert "needs scripts" in page.locator("noscript p").inner_text()
    others = page.locator(".pv-elsewhere a")
    assert others.all_inner_texts() == ["the contents", "the glossary", "the bibliography", "the index of names"]
    for link in others.all():
        assert (SITE / (link.get_attribute("href") or "")).is_file()


@pytest.fixture(scope="session")
def module() -> str:
    """The functions of the module, for a page without a book."""
    folding = re.search(r"^export (function fold\(.*?\n}\n)", web_file("proverka-quiz.js"), re.DOTALL | re.MULTILINE)
    assert folding
    text = re.sub(r"^import .*\n|^export (?=\w)", "", web_file("proverka-search.js"), flags=re.MULTILINE)
    return f"(() => {{ {folding[1]}{text}; return {{ isNear, snippet, clause, Index }}; }})()"


@pytest.mark.parametrize(
    ("one", "other", "most", "near"),
    [
        ("rerberg", "rerbreg", 1, True),
        ("rerberg", "rerbergs", 1, True),
        ("rerberg", "rerber", 1, True),
        ("rerberg", "xerberg", 1, True),
        ("rerberg", "xexberg", 1, False),
        ("knyazhinsky", "knazhinski", 2, True),
        ("knyazhinsky", "knazhinsk", 2, True),
        ("knyazhinsky", "nazhinsk", 2, False),
        ("ab", "ba", 1, True),
        ("", "ab", 1, False),
    ],
)
def test_slips_are_counted(one: str, other: str, most: int, near: bool, module: str, browser: Browser) -> None:
    page = browser.new_page()
    assert page.evaluate(f"([one, other, most]) => {module}.isNear(one, other, most)", [one, other, most]) is near
    page.close()


def test_a_snippet_loses_no_letter_of_what_it_shows(module: str, browser: Browser) -> None:
    text = "One, two “three” " + "and " * 60 + "the River’s bank; " + "so " * 60 + "end."
    page = browser.new_page()
    snippet = f"([text, words, about]) => {module}.snippet(text, new Set(words), about)"
    for words, shown in ((["river"], "River’s"), (["one"], "One"), (["end"], "end")):
        parts = page.evaluate(snippet, [text, words, 20])
        assert [each["text"] for each in parts if each["found"]] == [shown]
        inner = "".join(each["text"] for each in parts).removeprefix("… ").removesuffix(" …")
        assert inner in text
    assert "".join(each["text"] for each in page.evaluate(snippet, [text, ["river"], 10_000])) == text
    page.close()
