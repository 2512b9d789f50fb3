"""A real browser on the built book, which is served as a host is asked to serve it."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from front_ends import open_notebook as open_notebook
from front_ends import python as python
from front_ends import server as server
from hosts import Handler, served
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SITE = Path(__file__).parent.parent.parent / "_build" / "html"
#: What remembers that a reader wants no copy of the book.
UNWANTED = {"name": "proverka-offline /", "value": "no"}
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def headers_of(path: str) -> dict[str, str]:
    """What the book’s ``_headers`` wants to be sent with a path."""
    rules = re.findall(r"^(/\S*)\n((?:  .+\n?)+)", (SITE / "_headers").read_text(encoding="utf-8"), re.MULTILINE)
    return {
        name: value
        for pattern, lines in rules
        if fnmatch.fnmatchcase(path, pattern)
        for name, value in re.findall(r"^  ([\w-]+): (.+)$", lines, re.MULTILINE)
    }


class _Host(Handler):
    def end_headers(self) -> None:
        for name, value in headers_of(self.path.partition("?")[0]).items():
            self.send_header(name, value)
        super().end_headers()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the built book, at a host that sends the headers."""
    assert (SITE / "index.html").is_file(), "the book is not built; run: make book"
    with served(SITE, _Host) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Complaints(list[str]):
    """Console messages, page errors, failed requests and requests to other hosts."""


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., tuple[Page, Complaints]]]:
    """Opens a page of the book; hands over what the browser complained of, too."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> tuple[Page, Complaints]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            # Hundreds of visitors here would each take the whole book along; test_offline.py has those who do.
            storage_state={"cookies": [], "origins": [{"origin": site, "localStorage": [UNWANTED]}]},
        )
        contexts.append(context)
        page = context.new_page()
        complaints = Complaints()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
        page.on(
            "response",
            lambda answer: complaints.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None,
        )
        ours = (site, "data:", "blob:")
        page.on(
            "request",
            lambda request: None if request.url.startswith(ours) else complaints.append(f"foreign: {request.url}"),
        )
        page.goto(f"{site}/{path}")
        if scripts:
            # Text waits for its fonts; before, there would be nothing to see or to find fault with.
            page.locator("html:not(.fonts-coming)").wait_for(state="attached")
        return page, complaints

    yield open_page
    for context in contexts:
        context.close()


def pages() -> list[str]:
    """Every page of the book, by its path; none before it is built, and then the fixture says so."""
    return sorted(
        path.relative_to(SITE).as_posix()
        for path in SITE.rglob("*.html")
        if not {"_static", "lite"} & {*path.relative_to(SITE).parts} and path != SITE / "index.html"
    )
