"""Every page keeps the content security policy that the site asks hosts to send: nothing inline, nobody else."""

from __future__ import annotations

import fnmatch
import functools
import http.server
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from conftest import SITE, pages
from playwright.sync_api import Browser, Page

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`));
"""


def headers_of(path: str) -> dict[str, str]:
    """What ``_headers`` wants to be sent with a path."""
    rules = re.findall(r"^(/\S*)\n((?:  .+\n?)+)", (SITE / "_headers").read_text(encoding="utf-8"), re.MULTILINE)
    return {
        name: value
        for pattern, lines in rules
        if fnmatch.fnmatchcase(path, pattern)
        for name, value in re.findall(r"^  ([\w-]+): (.+)$", lines, re.MULTILINE)
    }


class _Host(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        for name, value in headers_of(self.path.split("?")[0]).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def host() -> Iterator[str]:
    """The address of the built book at a host that sends the headers."""
    assert (SITE / "_headers").is_file(), "the book is not built; run: make book"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Host, directory=str(SITE))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(browser: Browser, host: str) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Opens a page and looks at all of it, light and dark; hands over what the browser said, too."""
    context = browser.new_context()

    def visit(path: str) -> tuple[Page, list[str]]:
        page, said = context.new_page(), []
        page.add_init_script(WATCH)
        page.on("console", lambda message: said.append(message.text))
        answer = page.goto(f"{host}/{path}")
        assert answer
        assert answer.headers["content-security-policy"] == "default-src 'self'"
        # Questions come alive when a reader comes near.
        if page.locator("proverka-quiz").count():
            page.locator("proverka-quiz").first.scroll_into_view_if_needed()
            page.locator("proverka-quiz:defined").first.wait_for()
        page.emulate_media(color_scheme="dark")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return page, said

    yield visit
    context.close()


@pytest.mark.parametrize("path", pages() or ["index.html"])
def test_a_page_keeps_the_policy(path: str, visit: Callable) -> None:
    page, said = visit(path)
    assert [*page.evaluate("violations"), *said] == []


def test_questions_and_notes_keep_the_policy_when_they_are_used(visit: Callable) -> None:
    page, said = visit("book/mosfilm.html")
    question = page.locator(".pv-question:has(.pv-check)").first
    for choice in question.locator("select").all():
        choice.select_option(index=1)
    question.locator(".pv-check").click()
    assert question.get_attribute("data-state")
    page.locator(".theme-toggle-content .theme-toggle").click()
    page.locator(".claim-mark a").first.hover()
    page.locator(".note-card").wait_for()
    assert [*page.evaluate("violations"), *[each for each in said if not each.startswith("Changed to")]] == []


def test_the_policy_is_in_force(visit: Callable) -> None:
    """An inline script, an inline style and a picture from elsewhere are refused, and the refusals are counted."""
    page, _ = visit("book/colophon.html")
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


def test_pages_hold_no_script_and_no_style_of_their_own() -> None:
    """Data for scripts are not scripts."""
    for path in pages():
        html = (SITE / path).read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", html), path
        for opening in re.findall(r"<script\b[^>]*>", html):
            assert "src=" in opening or re.search(r'type="application/(ld\+)?json"', opening), f"{path}: {opening}"
