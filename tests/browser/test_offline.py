"""A site that stays on the device: without its host, through good updates and bad ones, and until it is removed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SITE, pages
from hosts import Handler, Server
from playwright.sync_api import Browser, BrowserContext, Page, expect

from proverka.sphinx_ext.offline import write_worker

SOURCES = Path(__file__).parent.parent / "sourcedirs" / "quiz"
EXTENSIONS = "myst_nb,proverka.sphinx_ext,proverka.sphinx_ext.search,proverka.sphinx_ext.offline"
KEPT = "This book is on your device."
NEW = "There is a new edition of this book."


class Host:
    """Serves a folder below an address of its own until it is stopped; some of its answers can be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.spoilt: dict[str, bytes | int] = {}
        self.asked: list[str] = []
        host = self

        class Spoiling(Handler):
            def do_GET(self) -> None:  # noqa: N802
                path = self.path.partition("?")[0].removeprefix("/")
                host.asked.append(path)
                spoilt = host.spoilt.get(path)
                if spoilt is None:
                    super().do_GET()
                elif isinstance(spoilt, int):
                    self.send_error(spoilt)
                else:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html")
                    self.end_headers()
                    self.wfile.write(spoilt)

        self.server = Server(folder, Spoiling)
        self.address = self.server.address
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        """Answer nothing any more."""
        if self.thread.is_alive():
            self.server.shutdown()
            self.server.server_close()
            self.thread.join()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a small book that keeps itself."""
    pages = tmp_path_factory.mktemp("offline") / "pages"
    command = [sys.executable, "-m", "sphinx", "-qnW", "-D", f"extensions={EXTENSIONS}", str(SOURCES), str(pages)]
    done = subprocess.run([*command, "-d", str(pages.parent / "doctrees")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return pages


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of them below a path of its own, to be changed."""
    shutil.copytree(built, tmp_path / "some" / "where")
    return tmp_path / "some" / "where"


@pytest.fixture
def host(folder: Path) -> Iterator[Host]:
    """Serves that path, not from the top."""
    host = Host(folder.parent.parent)
    yield host
    host.stop()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens an address in the one profile of the test; errors of pages fail it."""
    context: BrowserContext = browser.new_context()
    errors: list[str] = []

    def visit(address: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield visit
    context.close()
    assert errors == []


def line(page: Page) -> Any:
    return page.locator("[data-offline]:not(script)")


def notice(page: Page) -> Any:
    return page.locator("[data-notice]")


def kept(page: Page) -> list[str]:
    """The keys of everything that the browser keeps."""
    return page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) => "
        "(await (await caches.open(name)).keys()).map(({ url }) => url)))).flat().sort()"
    )


def edit(folder: Path, page: str, old: str, new: str) -> None:
    """A new edition."""
    path = folder / page
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    write_worker(folder)


def look_for_update(page: Page) -> None:
    """As browsers do at a visit; waits until the new worker is ready or has given up."""
    page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            await registration.update();
            const coming = registration.installing;
            if (coming) await new Promise((done) => coming.addEventListener("statechange", done, { once: true }));
        }"""
    )


def test_after_one_visit_pages_search_and_quiz_need_no_host(host: Host, visit: Callable[[str], Page]) -> None:
    book = f"{host.address}/some/where/book"
    expect(line(visit(f"{book}/index.html"))).to_contain_text(KEPT)
    host.stop()
    for name in ("river", "mill", "evidence", "progress", "index"):
        page = visit(f"{book}/{name}.html")
        assert page.locator("h1").first.inner_text()
        assert page.evaluate("[...document.styleSheets].every((sheet) => sheet.cssRules.length)")
    page = visit(f"{book}/../search.html?q=river")
    expect(page.locator("#pv-found")).to_contain_text("result")
    page = visit(f"{book}/river.html")
    question = page.locator(".pv-question.pv-choice").first
    question.locator("input").first.check()
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".pv-verdict")).not_to_be_empty()


def test_an_update_fetches_only_what_changed_and_waits_for_the_reader(
    host: Host, folder: Path, visit: Callable[[str], Page]
) -> None:
    address = f"{host.address}/some/where/book/mill.html"
    page = visit(address)
    expect(line(page)).to_contain_text(KEPT)
    heading = page.locator("h1").inner_text()
    before = kept(page)
    edit(folder, "book/mill.html", "<h1>", "<h1>New: ")
    host.asked.clear()
    look_for_update(page)
    expect(notice(page)).to_contain_text(NEW)
    assert set(host.asked) == {"some/where/service-worker.js", "some/where/book/mill.html"}
    assert len(kept(page)) == len(before) + 1

    other = visit(address)
    assert other.locator("h1").inner_text() == heading
    expect(notice(other)).to_contain_text(NEW)
    notice(page).get_by_role("button", name="Show it").click()
    expect(page.locator("h1")).to_contain_text(f"New: {heading}")
    expect(notice(page)).to_be_empty()
    assert other.locator("h1").inner_text() == heading
    assert len(kept(page)) == len(before)
    host.stop()
    assert visit(address).locator("h1").inner_text() == f"New: {heading}"


def test_later_is_heard_for_the_visit(host: Host, folder: Path, visit: Callable[[str], Page]) -> None:
    page = visit(f"{host.address}/some/where/book/mill.html")
    expect(line(page)).to_contain_text(KEPT)
    edit(folder, "book/mill.html", "<h1>", "<h1>New: ")
    look_for_update(page)
    notice(page).get_by_role("button", name="Later").press("Enter")
    expect(notice(page)).to_be_empty()
    page.reload()
    expect(line(page)).to_contain_text(KEPT)
    expect(notice(page)).to_be_empty()


@pytest.mark.parametrize("spoilt", [500, 404, b"<h1>Something else</h1>"], ids=["500", "404", "wrong bytes"])
def test_a_half_failed_update_leaves_the_old_copy_whole(
    spoilt: bytes | int, host: Host, folder: Path, visit: Callable[[str], Page]
) -> None:
    book = f"{host.address}/some/where/book"
    page = visit(f"{book}/mill.html")
    expect(line(page)).to_contain_text(KEPT)
    heading = page.locator("h1").inner_text()
    before = kept(page)
    edit(folder, "book/mill.html", "<h1>", "<h1>New: ")
    edit(folder, "book/river.html", "<h1>", "<h1>New: ")
    host.spoilt["some/where/book/river.html"] = spoilt
    look_for_update(page)
    page.reload()
    expect(line(page)).to_contain_text(KEPT)
    expect(notice(page)).to_be_empty()
    assert set(before) <= set(kept(page))
    host.stop()
    assert page.evaluate("navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting)") is None
    for name in ("mill", "river", "index", "evidence"):
        assert not visit(f"{book}/{name}.html").locator("h1").first.inner_text().startswith("New")
    assert visit(f"{book}/mill.html").locator("h1").inner_text() == heading


def test_after_a_failed_update_a_good_one_comes_through(host: Host, folder: Path, visit: Callable[[str], Page]) -> None:
    page = visit(f"{host.address}/some/where/book/river.html")
    expect(line(page)).to_contain_text(KEPT)
    before = kept(page)
    edit(folder, "book/mill.html", "<h1>", "<h1>New: ")
    edit(folder, "book/river.html", "<h1>", "<h1>New: ")
    host.spoilt["some/where/book/river.html"] = 500
    look_for_update(page)
    host.spoilt.clear()
    look_for_update(page)
    notice(page).get_by_role("button", name="Show it").click()
    expect(page.locator("h1")).to_contain_text("New: ")
    assert len(kept(page)) == len(before)


def test_a_failed_first_copy_says_nothing_and_the_next_visit_tries_again(
    host: Host, visit: Callable[[str], Page]
) -> None:
    host.spoilt["some/where/book/river.html"] = 500
    address = f"{host.address}/some/where/book/mill.html"
    page = visit(address)
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((found) => !found)")
    assert line(page).count() == 0
    host.spoilt.clear()
    expect(line(visit(address))).to_contain_text(KEPT)


def test_the_copy_can_be_removed_and_had_again(host: Host, visit: Callable[[str], Page]) -> None:
    address = f"{host.address}/some/where/book/mill.html"
    page = visit(address)
    line(page).get_by_role("button", name="Remove the copy").press("Enter")
    again = line(page).get_by_role("button", name="Keep this book on your device")
    expect(again).to_be_focused()
    assert kept(page) == []
    page = visit(address)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    line(page).get_by_role("button", name="Keep this book on your device").click()
    expect(line(page)).to_contain_text(KEPT)
    host.stop()
    assert visit(address).locator("h1").inner_text()


def test_pages_from_a_disk_keep_no_copy_and_do_not_complain(built: Path, visit: Callable[[str], Page]) -> None:
    page = visit((built / "book" / "mill.html").as_uri())
    page.wait_for_load_state("load")
    assert line(page).count() == 0


def test_the_same_files_give_the_same_list(folder: Path) -> None:
    first = (folder / "service-worker.js").read_bytes()
    write_worker(folder)
    assert (folder / "service-worker.js").read_bytes() == first


def test_downloads_and_jupyterlite_are_left_out(folder: Path) -> None:
    for name in ("book.pdf", "book.epub", "quizzes.zip", "lite/index.html", "_headers"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "data.csv").write_text("x", encoding="utf-8")
    before = (folder / "service-worker.js").read_text(encoding="utf-8")
    write_worker(folder)
    after = (folder / "service-worker.js").read_text(encoding="utf-8")
    assert [each for each in after.splitlines() if each not in before.splitlines()] == [
        each for each in after.splitlines() if each.startswith('"data.csv": ')
    ]


def test_the_whole_book_needs_no_host_after_one_visit(visit: Callable[[str], Page]) -> None:
    host = Host(SITE)
    page = visit(f"{host.address}/book/index.html")
    expect(line(page)).to_contain_text(KEPT, timeout=60_000)
    host.stop()
    failed: list[str] = []
    # Of what a page still waits for when the next one is opened, the browser says that it was broken off.
    broken = "net::ERR_ABORTED"
    page.on("requestfailed", lambda each: None if each.failure == broken else failed.append(f"{page.url}: {each.url}"))
    for path in pages():
        page.goto(f"{host.address}/{path}")
        assert page.locator("h1").first.inner_text()
    assert failed == []
