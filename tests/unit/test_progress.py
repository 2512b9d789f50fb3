"""The directive ``progress`` in real builds."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from proverka.sphinx_ext.extension import page_script

SOURCE = Path(__file__).parent.parent / "sourcedirs" / "quiz"

pytestmark = [
    pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInNextVersionWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


class Book:
    """A copy of the book of quizzes that can be built again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written: set[str] = set()
        self.progress = ""

    def build(self, builder: str = "html", *, parallel: int = 1) -> Path:
        """Build without a warning; keeps the names of the pages written."""
        warnings = StringIO()
        out = self.root / "_build" / builder
        with patch_docutils(str(self.root)), docutils_namespace():
            app = Sphinx(
                str(self.root), str(self.root), str(out), str(self.root / "_build" / "doctrees"), builder,
                status=None, warning=warnings, parallel=parallel, confoverrides={"html_theme": "basic"},
            )  # fmt: skip
            self.written = set()
            app.connect("doctree-resolved", lambda app, doctree, docname: self.written.add(docname))
            app.build()
        assert warnings.getvalue() == ""
        if builder == "html":
            self.progress = (out / "book" / "progress.html").read_text(encoding="utf-8")
        return out / "book"

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a file, with a later time than any build so far."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        time.sleep(0.01)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def listed(self) -> list[dict[str, Any]]:
        """The data that the page’s script reads."""
        found = re.search(r'<script type="application/json">(.*?)</script>', self.progress, re.DOTALL)
        assert found
        data: list[dict[str, Any]] = json.loads(found[1])
        return data

    def rows(self) -> list[tuple[str, str]]:
        """First cell and number of questions of each row of the table."""
        return re.findall(r'<th scope="row">(.*?)</th><td>(\d+)</td>', self.progress)


@pytest.fixture
def book(tmp_path: Path) -> Callable[[], Book]:
    def copy() -> Book:
        shutil.copytree(SOURCE, tmp_path / "quiz")
        built = Book(tmp_path / "quiz")
        built.build()
        return built

    return copy


def test_the_table_has_chapters_and_outcomes_with_links_and_numbers(book: Callable[[], Book]) -> None:
    assert book().rows() == [
        ("The whole book", "9"),
        ('<a href="river.html">The river</a>', "6"),
        ('<a href="river.html#lo-river-length">Say how long the river is.</a>', "4"),
        ('<a href="river.html#lo-river-length-more">Say what the river does.</a>', "2"),
        ('<a href="mill.html">The mill</a>', "3"),
        ('<a href="mill.html#lo-mill-work">Say how the mill works.</a>', "3"),
    ]


def test_the_data_lead_to_each_question(book: Callable[[], Book]) -> None:
    built = book()
    first = built.listed()[0]
    assert re.fullmatch(r"[0-9a-f]{16}", first.pop("fingerprint"))
    assert first == {
        "id": "q-river-where",
        "keys": ["book/river", "lo-river-length"],
        "href": "river.html#q-river-where",
        "stem": "Where does the river turn?",
    }
    assert [each["id"] for each in built.listed()][-2:] == ["q-mill-place", "q-mill-essay"]


def test_a_change_writes_the_page_again_and_nothing_does_not(book: Callable[[], Book]) -> None:
    built = book()
    built.build()
    assert built.written == set()
    before = built.listed()

    built.edit("quizzes/bank/river.yml", "Where does *the river* turn?", "Where does it <turn>?")
    built.build()
    assert built.written - {"book/index"} == {"book/river", "book/progress"}
    assert built.listed()[0]["stem"] == "Where does it <turn>?"
    assert built.listed()[0]["fingerprint"] != before[0]["fingerprint"]
    assert "<turn>" not in built.progress

    built.edit("book/mill.md", "# The mill", "# The old mill")
    built.build()
    assert "book/progress" in built.written
    assert ">The old mill</a>" in built.progress

    built.edit("book/mill.md", "Say how the mill works.", "Say what the mill did.")
    built.build()
    assert "Say what the mill did." in built.progress

    built.edit("book/river.md", "q-river-name\n", "")
    built.build()
    assert built.rows()[0] == ("The whole book", "8")

    built.edit("book/river.md", "The river is 42 kilometres long.", "42 kilometres long is the river.")
    built.build()
    assert "book/progress" not in built.written


def test_a_page_that_is_gone_is_forgotten(book: Callable[[], Book]) -> None:
    built = book()
    (built.root / "book" / "mill.md").unlink()
    built.edit("book/index.md", "mill\n", "")
    built.build()
    assert built.rows()[0] == ("The whole book", "6")
    assert "mill" not in built.progress


def test_a_question_that_two_pages_ask_counts_once(book: Callable[[], Book]) -> None:
    built = book()
    built.edit("book/mill.md", "q-mill-gaps", "q-mill-gaps\nq-river-name")
    built.build()
    assert built.rows()[0] == ("The whole book", "9")


def test_reading_and_writing_in_parallel_gives_the_same_page(book: Callable[[], Book]) -> None:
    built = book()
    serial = built.progress
    shutil.rmtree(built.root / "_build")
    built.build(parallel=3)
    assert built.progress == serial


def test_other_builders_have_a_list(book: Callable[[], Book]) -> None:
    built = book()
    text = (built.build("text") / "progress.txt").read_text(encoding="utf-8")
    assert text == "Progress\n********\n\n* The river: 6 questions\n\n* The mill: 3 questions\n"
    built.build("latex")


def test_an_epub_has_the_list_alone(book: Callable[[], Book]) -> None:
    built = book()
    built.edit("conf.py", 'language = "en"', 'language = "en"\nversion = "1"\nepub_show_urls = "no"')
    built.edit("conf.py", "html_title", 'copyright = "2026"\nhtml_title')
    page = (built.build("epub") / "progress.xhtml").read_text(encoding="utf-8")
    assert re.search(r"The river(</\w+>)*: 6 questions", page)
    assert "proverka-progress" not in page
    assert "<button" not in page


def test_only_pages_that_need_the_script_load_it(book: Callable[[], Book]) -> None:
    pages = book().build()
    loading = {page.stem for page in pages.glob("*.html") if "_static/proverka.js" in page.read_text(encoding="utf-8")}
    assert loading == {"river", "mill", "progress"}


def test_a_quiz_names_the_site_and_its_drawing(book: Callable[[], Book]) -> None:
    page = (book().build() / "mill.html").read_text(encoding="utf-8")
    assert '<proverka-quiz site="A quiz of every type">' in page
    assert 'role="img" aria-label="A river from left to right with two houses."' in page


def test_pictures_of_hints_are_copied(book: Callable[[], Book]) -> None:
    pages = book().build()
    assert '<img src="../_images/dot.svg" alt="a black dot"' in (pages / "river.html").read_text(encoding="utf-8")
    assert (pages.parent / "_images" / "dot.svg").is_file()


def test_the_script_of_a_page_is_the_module_without_what_modules_need() -> None:
    script = page_script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert 'customElements.define("proverka-quiz", ProverkaQuiz);' in script
    assert "class ProverkaProgress" in script
    assert not re.search(r"^ *(//|/\*\*|\*)", script, re.MULTILINE)
