"""Reports in a real browser: without barriers at any width, silent, and parsed as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe import barriers
from playwright.sync_api import Browser, BrowserContext, Page
from reported import fill, write

from proverka.classroom.gradebook import open_gradebook

PAGES = ["class.html", *(f"feedback/first-week-{name}.html" for name in ("anna", "boris", "vera", "dina", "_e_f_im"))]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    with open_gradebook(folder / "gradebook.sqlite") as book:
        fill(book)
        return write(book, folder / "out")


@pytest.fixture
def show(browser: Browser, report: Path) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Opens a file of the report; hands over what it asked for and said, too."""
    contexts: list[BrowserContext] = []

    def show(path: str, *, width: int = 1280, scheme: str = "light") -> tuple[Page, list[str]]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page, complaints = context.new_page(), []
        address = (report / path).as_uri()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: request.url == address or complaints.append(f"request: {request.url}"))
        page.goto(address)
        return page, complaints

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_quiet_fits_and_has_no_barriers(path: str, show: Callable) -> None:
    """No message, no request, no sideways scrolling, no axe violation of any level."""
    page, complaints = show(path)
    found = barriers(page, widths=(1280, 768, 360))
    assert [*found, *(each for each in complaints if "data:," not in each)] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_mending(path: str, show: Callable, report: Path) -> None:
    """A parser of HTML makes the same tree of it as one of XML, which mends nothing: all is nested as it may be."""
    page, _ = show("class.html")
    trees = page.evaluate(
        """(source) => {
            const told = (node) => node.nodeType === Node.TEXT_NODE ? node.data
                : [node.localName, [...node.attributes].map((each) => `${each.name}=${each.value}`).sort(),
                   [...node.childNodes].map(told)];
            return ["text/html", "application/xml"].map((kind) =>
                told(new DOMParser().parseFromString(source, kind).querySelector("body")));
        }""",
        (report / path).read_text(encoding="utf-8"),
    )
    # What follows the body belongs to it as HTML is parsed.
    for tree in trees:
        tree[2] = [each for each in tree[2] if not isinstance(each, str) or each.strip()]
    assert trees[0] == trees[1]


def test_colours_differ_in_the_dark(show: Callable) -> None:
    paper = [
        show("feedback/first-week-boris.html", scheme=scheme)[0].evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    ]
    assert paper[0] != paper[1]


def test_a_wide_table_can_be_moved_by_keyboard(show: Callable) -> None:
    page, _ = show("class.html", width=360)
    table = page.get_by_role("region", name="How each question was answered")
    table.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_headings_lead_from_question_to_question(show: Callable) -> None:
    page, _ = show("feedback/first-week-boris.html")
    headings = page.get_by_role("heading").all_inner_texts()
    levels = page.get_by_role("heading").evaluate_all("all => all.map((each) => Number(each.localName[1]))")
    assert levels == [1, 2, 2, 2, *[3] * 10]
    assert [each.split("\n")[0] for each in headings[4:]] == [f"Question {number}" for number in range(1, 11)]
    page.get_by_role("link", name="7", exact=True).click()
    assert page.evaluate("document.querySelector('#q7').getBoundingClientRect().top") < 900


@pytest.mark.parametrize("path", ["class.html", "feedback/first-week-boris.html"])
def test_on_paper_everything_is_there_dark_on_white(path: str, show: Callable) -> None:
    page, _ = show(path, width=700, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 28, 22)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    hidden = page.evaluate(
        """[...document.querySelectorAll("body *")].filter((each) => !each.closest("svg")
            && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible").length"""
    )
    assert hidden == 0
