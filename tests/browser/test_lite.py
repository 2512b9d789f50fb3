"""The notebooks in JupyterLite: they are all there, they run, and nothing comes from another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import SITE
from hosts import Handler, served
from playwright.sync_api import Browser, Page, expect

LITE = SITE / "lite"
QUIZZES = SITE.parent.parent / "quizzes"
NOTEBOOKS = sorted([*QUIZZES.glob("*.ipynb"), *QUIZZES.glob("labs/*.ipynb")])
#: What JupyterLite and Pyodide need. The browser refuses the rest, in workers too, and tells the server of it.
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; report-uri /refused"
#: A kernel starts within 5 seconds when nothing else runs; here other tests do.
SLOW = 120_000


class _Strict(Handler):
    """Serves the site under the policy and keeps the reports of what was refused."""

    refused: list[str]

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self) -> None:  # noqa: N802
        self.refused.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()


@pytest.fixture
def refused() -> list[str]:
    """Reports of requests that the browser refused to make."""
    return []


@pytest.fixture
def strict_site(refused: list[str]) -> Iterator[str]:
    """The address of the built book, under the policy."""
    assert (LITE / "index.html").is_file(), "the notebooks are not in the browser; run: make lite"
    kind = type("_Strict", (_Strict,), {"refused": refused})
    with served(SITE, kind) as address:
        yield address


@pytest.fixture
def complaints(strict_site: str) -> list[str]:
    """Errors in the console, requests that failed, and requests to other hosts."""
    del strict_site
    return []


@pytest.fixture
def page(browser: Browser, strict_site: str, complaints: list[str]) -> Iterator[Page]:
    """An empty page that keeps what the browser complains of."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SLOW)
    page = context.new_page()

    def note(kind: str, what: str) -> None:
        # The browser asks for an icon before JupyterLite has named its own.
        if what != f"{strict_site}/favicon.ico":
            complaints.append(f"{kind}: {what}")

    def own(address: str) -> bool:
        return address.startswith((f"{strict_site}/", "data:", f"blob:{strict_site}/"))

    page.on("pageerror", lambda error: note("error", str(error)))
    page.on("console", lambda each: note(each.text, each.location["url"]) if each.type == "error" else None)
    context.on("request", lambda each: None if own(each.url) else note("foreign", each.url))
    context.on("requestfailed", lambda each: note("failed", each.url))
    context.on("response", lambda each: note(str(each.status), each.url) if each.status >= 400 else None)
    yield page
    context.close()


def run_in_new_cell(page: Page, code: str) -> None:
    """Put a cell under the selected one, type into it, and run it."""
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(code)  # Typed key by key, every bracket would be closed by the editor, too.
    page.keyboard.press("Control+Enter")


def test_a_quiz_is_answered_and_nothing_is_asked_of_another_host(
    page: Page, strict_site: str, complaints: list[str], refused: list[str]
) -> None:
    page.goto(f"{strict_site}/quizzes/mosfilm.html")
    page.get_by_role("link", name="Open in the browser").click()
    expect(page.get_by_role("heading", name="Quiz: Mosfilm")).to_be_visible(timeout=SLOW)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    results = page.get_by_role("table").filter(has_text="Results: Mosfilm")
    expect(results).to_have_count(1, timeout=SLOW)

    question = page.get_by_role("group").filter(has_text="How should the sentence be corrected?")
    question.scroll_into_view_if_needed()
    expect(question).to_be_visible()
    question.get_by_label("Their factories were nationalised").check()
    question.get_by_role("button", name="Check").click()
    expect(results).to_contain_text(re.compile(r"In all\s*1 of \d+\s*1 of \d+"), timeout=SLOW)

    page.get_by_text("quiz.results()", exact=True).click()
    run_in_new_cell(page, 'quiz.answer("q-mosfilm-encyclopedia", "gse")')
    feedback = page.get_by_role("status").filter(has_text="✓ Right: 1 of 1 point").last
    expect(feedback).to_contain_text("Only a source older than the occasion", timeout=SLOW)
    expect(results).to_contain_text(re.compile(r"In all\s*2 of \d+\s*2 of \d+"), timeout=SLOW)

    widget = "import anywidget\nclass Box(anywidget.AnyWidget):\n"
    run_in_new_cell(page, f"{widget}    _esm = 'export default {{render: o => {{o.el.innerText = 6 * 7}}}}'\nBox()")
    expect(page.get_by_text("42", exact=True)).to_be_visible(timeout=SLOW)
    assert complaints == []
    assert refused == []

    # Were there a request elsewhere, even from Python, then it would have been noticed.
    run_in_new_cell(page, "from pyodide.http import pyfetch\nawait pyfetch('https://elsewhere.invalid/')")
    expect(page.get_by_text("Failed to fetch").first).to_be_visible(timeout=SLOW)
    assert "https://elsewhere.invalid" in "".join(refused)


def test_no_time_of_building_is_in_the_lists_of_files() -> None:
    """What was made from the same files is the same, byte for byte."""
    listings = list((LITE / "api" / "contents").rglob("all.json"))
    assert listings
    for listing in listings:
        times = re.findall(r'"(?:created|last_modified)": "([^"]*)"', listing.read_text(encoding="utf-8"))
        assert {*times} == {"1980-01-01T00:00:00Z"}, listing


def test_the_wheels_are_pure() -> None:
    wheels = [path.name for path in (LITE / "static" / "pyodide").glob("*.whl")]
    assert any(name.startswith("proverka-") for name in wheels), "run: make lite"
    assert [name for name in wheels if not name.endswith("-none-any.whl")] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_that_can_run_is_there_and_linked_from_its_page(notebook: Path) -> None:
    """Every quiz can; a lab cannot if it needs what has to be compiled."""
    name = notebook.relative_to(QUIZZES.parent)
    copy, page = LITE / "files" / name, SITE / name.with_suffix(".html")
    if name.parts[1] == "labs" and not copy.exists():
        assert not page.exists() or "lite/notebooks/" not in page.read_text(encoding="utf-8")
        return
    assert copy.is_file(), "run: make lite"
    assert copy.read_bytes() == notebook.read_bytes()
    links = re.findall(r'href="([^"]*/lite/notebooks/index\.html)\?path=([^"]*)"', page.read_text(encoding="utf-8"))
    assert [unquote(path) for _, path in links] == [name.as_posix()]
    assert (page.parent / links[0][0]).resolve() == LITE / "notebooks" / "index.html"
