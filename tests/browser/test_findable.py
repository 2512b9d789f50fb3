"""Every page says what it is; wrong and old addresses lead somewhere; the picture is of the drawing."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from conftest import SITE, pages
from hosts import Handler, served
from PIL import Image
from playwright.sync_api import Browser, expect

ROOT = Path(__file__).parent.parent.parent
BASE = "https://mills.example/some/where/"


def loaded(path: Path) -> ModuleType:
    """A script of the project as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FINDABLE = loaded(ROOT / "book" / "_extensions" / "findable.py")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book that knows where it will stand."""
    root = tmp_path_factory.mktemp("findable")
    source = root / "source"
    shutil.copytree(ROOT / "tests" / "sourcedirs" / "quiz", source)
    shutil.copy(ROOT / "book" / "open-graph.png", source / "book")
    (source / "book" / "redirects.csv").write_text(
        "old,new\nindex.html,book/index.html\nbook/old/stream.html,book/river.html\n", "utf-8"
    )
    with (source / "conf.py").open("a", encoding="utf-8") as file:
        file.write(f"import sys\nsys.path.append({str(ROOT / 'book' / '_extensions')!r})\n")
    extensions = "myst_nb,proverka.sphinx_ext,proverka.sphinx_ext.search,findable,proverka.sphinx_ext.offline"
    options = ["-D", f"extensions={extensions}", "-D", f"html_baseurl={BASE}"]
    command = [sys.executable, "-m", "sphinx", "-qnW", *options, str(source), str(root / "some" / "where")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "some" / "where"


@pytest.fixture(scope="session")
def host(published: Path) -> Iterator[str]:
    """Serves it below its path, and its own page for what is not there, as hosts do."""

    class Host(Handler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            del message, explain
            body = (published / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

    with served(published.parent.parent, Host) as address:
        yield f"{address}/some/where"


def meta(html: str, name: str) -> list[str]:
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)"', html)
    return [unescape(each) for each in found]


@pytest.mark.parametrize("path", pages() or ["index.html"])
def test_a_page_has_a_title_and_one_description_that_fits(path: str) -> None:
    html = (SITE / path).read_text(encoding="utf-8")
    (title,) = re.findall(r"<title>([^<]+)</title>", html.partition("<body")[0])
    assert title.strip()
    (description,) = meta(html, "description")
    assert 20 <= len(description) <= 160
    assert not re.search(r"[<>*`{}]", description)
    if not meta(html, "robots"):
        assert meta(html, "og:title")[0] in unescape(title)
        assert meta(html, "og:description") == [description]
    for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html):
        assert json.loads(text)["@context"] == "https://schema.org"


def test_no_two_pages_describe_themselves_alike() -> None:
    told = [meta((SITE / path).read_text("utf-8"), "description")[0] for path in pages()]
    assert len(set(told)) == len(told)


def test_without_an_address_nothing_names_one() -> None:
    assert not (SITE / "sitemap.xml").exists()
    assert not (SITE / "robots.txt").exists()
    html = (SITE / "book" / "mosfilm.html").read_text("utf-8")
    assert "canonical" not in html
    assert meta(html, "og:image") == []


def test_with_an_address_pages_and_map_name_it(published: Path) -> None:
    html = (published / "book" / "river.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{BASE}book/river.html">' in html
    assert meta(html, "og:url") == [f"{BASE}book/river.html"]
    assert meta(html, "og:image") == [f"{BASE}open-graph.png"]
    assert (published / "open-graph.png").is_file()
    listed = re.findall("<loc>(.*?)</loc>", (published / "sitemap.xml").read_text("utf-8"))
    there = {f"{BASE}{path.relative_to(published).as_posix()}" for path in (published / "book").glob("*.html")}
    assert set(listed) == there | {f"{BASE}genindex.html"}
    assert f"Sitemap: {BASE}sitemap.xml" in (published / "robots.txt").read_text("utf-8")


@pytest.mark.parametrize("path", ["nothing", "book/nothing.html", "book/a/b/c/nothing.html"])
def test_a_wrong_address_at_any_depth_gives_a_whole_page(path: str, host: str, browser: Browser) -> None:
    page = browser.new_page()
    answers: dict[str, int] = {}
    page.on("response", lambda answer: answers.update({answer.url: answer.status}))
    page.goto(f"{host}/{path}")
    assert page.locator("h1").inner_text() == "There is no page here"
    assert {url for url, status in answers.items() if status != 200} == {f"{host}/{path}"}
    assert len([url for url in answers if url.endswith(".css") or ".css?" in url]) >= 2
    page.locator("article a", has_text="the contents").click()
    expect(page).to_have_url(f"{host}/book/index.html")
    page.goto(f"{host}/{path}")
    page.locator("article a", has_text="search").click()
    expect(page).to_have_url(f"{host}/search.html")
    page.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_old_address_leads_on(scripts: bool, host: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{host}/book/old/stream.html#notes")
    # Only a script can keep the place in the page.
    page.wait_for_url(f"{host}/book/river.html{'#notes' if scripts else ''}")
    page.goto(f"{host}/")
    page.wait_for_url(f"{host}/book/index.html")
    context.close()


def test_the_table_of_old_addresses_leads_to_pages() -> None:
    with (ROOT / "book" / "redirects.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"old": "index.html", "new": "book/index.html"}
    assert len({row["old"] for row in rows}) == len(rows)
    assert all((SITE / row["new"]).is_file() for row in rows)


def test_only_addresses_of_files_are_rewritten(tmp_path: Path) -> None:
    for name in ("x.html", "a.woff2"):
        (tmp_path / name).touch()
    html = (
        '<a href="x.html#y"><a href="#y"><a href="https://x.example/x.html"><i data-fonts="a.woff2 x.html?v=1 b.woff2">'
    )
    assert FINDABLE.from_the_top(html, "/top/", tmp_path) == (
        '<a href="/top/x.html#y"><a href="#y"><a href="https://x.example/x.html">'
        '<i data-fonts="/top/a.woff2 /top/x.html?v=1 b.woff2">'
    )


def test_a_long_text_is_cut_between_words() -> None:
    text = "word, " * 40
    assert FINDABLE.describe("Short.") == "Short."
    assert len(FINDABLE.describe(text)) <= 160
    assert FINDABLE.describe(text).endswith("word…")


def test_the_picture_is_of_the_drawing_as_it_is() -> None:
    drawer = loaded(ROOT / "tools" / "draw_open_graph.py")
    with Image.open(drawer.PICTURE) as image:
        assert image.size == (1200, 630)
        made_from = image.info["Source"]
    assert drawer.PICTURE.stat().st_size < 100_000
    assert made_from == drawer.source(), "run: .venv/bin/python tools/draw_open_graph.py"
