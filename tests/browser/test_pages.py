"""Every page of the book: quiet, light on its reader, and accessible."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe import barriers, sideways
from conftest import SITE, pages
from playwright.sync_api import expect


@pytest.mark.parametrize("path", pages() or ["index.html"])
def test_a_page_is_quiet_fits_and_has_no_barriers(path: str, open_page: Callable) -> None:
    """No message, no request elsewhere, no axe violation of any level; no sideways scrolling, also when zoomed."""
    page, complaints = open_page(path)
    assert page.request.head(page.url).headers["content-security-policy"] == "default-src 'self'"
    # Questions come alive when a reader comes near.
    if page.locator("proverka-quiz").count():
        page.locator("proverka-quiz").first.scroll_into_view_if_needed()
        page.locator("proverka-quiz:defined").first.wait_for()
    found = []
    # A computer’s window at 400 % and at 200 %.
    for width in (320, 640):
        page.set_viewport_size({"width": width, "height": 900})
        found += sideways(page)
    assert [*found, *barriers(page), *complaints] == []


def test_the_page_of_a_notebook_answers(open_page: Callable) -> None:
    page, complaints = open_page("quizzes/mosfilm.html")
    assert page.locator("proverka-quiz").count() == page.locator(".pv-question").count() > 5
    question = page.locator(".pv-choice").first
    question.scroll_into_view_if_needed()
    question.locator(".pv-check").wait_for()
    question.locator("input").first.check()
    question.locator(".pv-check").click()
    expect(question.locator(".pv-verdict")).to_contain_text(re.compile("Right|Not yet"))
    # The chapter asks it, too, and remembers.
    name = question.get_attribute("id")
    page.goto(page.url.replace("quizzes/", "book/"))
    question = page.locator(f"#{name}")
    question.scroll_into_view_if_needed()
    expect(question.locator(".pv-verdict")).to_contain_text(re.compile("Right|Not yet"))
    assert complaints == []


def test_every_link_leads_to_a_place_that_is_there_once() -> None:
    html = {path: (SITE / path).read_text(encoding="utf-8") for path in pages()}
    ids = {path: re.findall(r' id="([^"]*)"', text) for path, text in html.items()}
    assert [path for path, found in ids.items() if len({*found}) < len(found)] == []
    astray = []
    # The page for wrong addresses says elsewhere where the book is.
    for path in html.keys() - {"404.html"}:
        for link in {*re.findall(r'\bhref="([^"]*)"', html[path])}:
            to = urlsplit(urljoin(f"/{path}", unescape(link)))
            file, anchor = to.path.removeprefix("/"), unquote(to.fragment)
            if not to.scheme and not ((SITE / file).is_file() and (not anchor or anchor in ids.get(file, ()))):
                astray.append(f"{path}: {link}")
    assert astray == []


@pytest.mark.parametrize("path", ["book/index.html", "quizzes/mosfilm.html", "search.html"])
def test_a_page_has_an_icon_for_light_and_dark(path: str, open_page: Callable) -> None:
    """Its top left corner is empty; the colour of the nut follows the scheme."""
    colours = {}
    for scheme in ("light", "dark"):
        page, _ = open_page(path, scheme=scheme)
        colours[scheme] = page.evaluate(
            """async () => {
                const icon = Object.assign(new Image(), { src: document.querySelector("link[rel~=icon]").href });
                await icon.decode();
                const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 32 });
                const pen = canvas.getContext("2d");
                pen.drawImage(icon, 0, 0, 32, 32);
                return [[1, 1], [11, 28]].map((at) => [...pen.getImageData(...at, 1, 1).data]);
            }"""
        )
        assert colours[scheme][0][3] == 0
        assert colours[scheme][1][3] == 255
    assert sum(colours["light"][1][:3]) < 380 < sum(colours["dark"][1][:3])


def test_without_scripts_answers_unfold(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html", scripts=False)
    question = page.locator("#q-mosfilm-founders")
    explanation = question.locator(".pv-explain")
    assert not explanation.is_visible()
    question.locator("summary").click()
    assert explanation.is_visible()
    question.get_by_text("They sold their factories").first.click()
    assert question.locator("input:checked").count() == 1


def test_the_enter_key_sends_no_form(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html")
    field = page.locator(".proverka-quiz input[type=text]").first
    field.fill("1979")
    before = page.url
    field.press("Enter")
    assert page.url == before
    assert field.input_value() == "1979"


def test_print_shows_the_questions_without_their_answers(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html")
    page.emulate_media(media="print")
    assert page.locator("#q-mosfilm-founders .pv-stem").is_visible()
    assert not page.locator("#q-mosfilm-founders .pv-answer").is_visible()
