"""The content security policy that the site asks hosts to send: nothing inline, nobody else.

Every page is opened under it, here and in the other tests (``conftest.py``), and browsers complain of what they refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import SITE, pages
from playwright.sync_api import Page

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`));
"""


@pytest.fixture
def visit(open_page: Callable) -> Callable[[str], tuple[Page, list[str]]]:
    """Opens a page that counts refusals; hands over what the browser complained of, too."""

    def visit(path: str) -> tuple[Page, list[str]]:
        page, complaints = open_page("404.html")
        page.add_init_script(WATCH)
        answer = page.goto(page.url.replace("404.html", path))
        assert answer.headers["content-security-policy"] == "default-src 'self'"
        return page, complaints

    return visit


def test_questions_and_notes_keep_the_policy_when_they_are_used(visit: Callable) -> None:
    page, said = visit("book/mosfilm.html")
    page.locator("proverka-quiz").first.scroll_into_view_if_needed()
    page.locator("proverka-quiz:defined").first.wait_for()
    question = page.locator(".pv-question:has(.pv-check)").first
    for choice in question.locator("select").all():
        choice.select_option(index=1)
    question.locator(".pv-check").click()
    assert question.get_attribute("data-state")
    page.locator(".theme-toggle-content .theme-toggle").click()
    page.locator(".claim-mark a").first.hover()
    page.locator(".note-card").wait_for()
    assert [*page.evaluate("violations"), *[each for each in said if not each.startswith("console: Changed to")]] == []


def test_the_policy_is_in_force(visit: Callable) -> None:
    """An inline script, an inline style and a picture from elsewhere are refused, and the refusals are counted."""
    page, said = visit("book/colophon.html")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            document.body.setAttribute("style", "color: red");
            document.body.append(Object.assign(new Image(), { src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" }));
        }"""
    )
    page.evaluate("new Promise((done) => setInterval(() => violations.length >= 3 && done(), 10))")
    assert {each.split()[0] for each in page.evaluate("violations")} == {
        "img-src",
        "script-src-elem",
        "style-src-attr",
    }
    assert not page.evaluate("window.ran")
    assert sum("Content Security Policy" in each for each in said) == 3


def test_pages_hold_no_script_and_no_style_of_their_own() -> None:
    """Data for scripts are not scripts."""
    for path in pages():
        html = (SITE / path).read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", html), path
        for opening in re.findall(r"<script\b[^>]*>", html):
            assert "src=" in opening or re.search(r'type="application/(ld\+)?json"', opening), f"{path}: {opening}"
