"""What is published beside the pages: data with their codebook, archives, editions, the page that offers them."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).parents[2]
for folder in ("tools/publish", "book/_extensions"):
    sys.path.append(str(ROOT / folder))

import data_package  # noqa: E402 - from the folders above
import deterministic_zip  # noqa: E402
import edition  # noqa: E402
import live  # noqa: E402
import paper  # noqa: E402
import pdf  # noqa: E402

from proverka.render.drawing import settled_svg  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str | None], dict[str, str]]]:
    """Sets the time of the commit, or none, outside any repository; hands over the facts."""

    def told(epoch: str | None) -> dict[str, str]:
        edition.commit_time.cache_clear()
        edition.facts.cache_clear()
        monkeypatch.setattr(edition, "ROOT", Path("/"))
        if epoch is None:
            monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
        else:
            monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        return edition.facts()

    yield told
    edition.commit_time.cache_clear()
    edition.facts.cache_clear()


def test_the_codebook_describes_every_table_and_every_column() -> None:
    assert list(data_package.problems(data_package.load_codebook(), data_package.tables())) == []


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (b"year,who\n1979,a\n", []),
        (b"year,who\nlate,a\n", ["t.csv, row 2: “late” does not fit year"]),
        (b"year,who\n1979,c\n", ["t.csv, row 2: “c” does not fit who"]),
        (b"who,year\na,1979\n", ["t.csv has the columns who, year; the codebook has others"]),
    ],
)
def test_a_table_that_differs_from_the_codebook_is_told_of(table: bytes, found: list[str]) -> None:
    columns = {"year": {"type": "integer", "says": "A year."}, "who": {"type": "string", "says": "Who.", "among": "ab"}}
    assert list(data_package.problems({"tables": {"t": {"columns": columns}}}, {"t": table})) == found


def test_words_that_a_comma_has_cut_off_are_told_of() -> None:
    columns = {"year": {"type": "integer", "says": "A year", "or none.": None}}
    found = list(data_package.problems({"tables": {"t": {"columns": columns}}}, {"t": b"year\n1\n"}))
    assert found == ["t.csv: year has “or none.” in the codebook"]


def test_a_column_of_which_nothing_is_said_and_a_table_that_is_unknown_are_told_of() -> None:
    book = {"tables": {"t": {"columns": {"year": {"type": "integer"}}}}}
    assert list(data_package.problems(book, {"t": b"year\n1\n", "u": b"x\n"})) == [
        "u.csv is not in the codebook",
        "t.csv: nothing is said of year",
    ]


def test_the_data_package_has_what_the_standard_wants_of_it() -> None:
    """By the rules of the Tabular Data Package, version 1."""
    found = data_package.tables()
    package = json.loads(data_package.descriptor(data_package.load_codebook(), found, created="2026-01-01T00:00:00Z"))
    assert package["profile"] == "tabular-data-package"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    names = [each["name"] for each in package["resources"]]
    assert sorted(set(names)) == sorted(names)
    assert {"claims", "sources", "locations"} <= set(names)
    for each in package["resources"]:
        assert re.fullmatch(r"[-a-z0-9._/]+", each["name"])
        assert each["path"] == f"{each['name']}.csv"
        assert each["bytes"] == len(found[each["name"]])
        assert each["hash"] == f"sha256:{hashlib.sha256(found[each['name']]).hexdigest()}"
        for field in each["schema"]["fields"]:
            assert field["type"] in {"string", "integer", "number", "date", "boolean"}
            assert field["description"].endswith(".")


def test_every_source_that_a_table_names_is_in_the_table_of_sources() -> None:
    found = data_package.tables()
    rows = {name: list(data_package.csv.DictReader(StringIO(data.decode()))) for name, data in found.items()}
    keys = {row["key"] for row in rows["sources"]}
    assert len(rows["claims"]) >= 844
    for name, table in rows.items():
        for row in table:
            assert {each.strip() for each in row.get("sources", "").split(";") if each} <= keys, (name, row)


def test_an_archive_is_the_same_to_the_byte(tmp_path: Path, facts: Callable[[str | None], dict[str, str]]) -> None:
    facts("1700000000")
    for name in ("one.zip", "two.zip"):
        deterministic_zip.write_zip(tmp_path / name, {"a": b"A" * 1000, "b": b"B"}, stored=("b",))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert [each.date_time for each in archive.infolist()] == [(2023, 11, 14, 22, 13, 20)] * 2
        assert [each.compress_type for each in archive.infolist()] == [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]


def test_outside_a_repository_the_edition_is_unknown(facts: Callable[[str | None], dict[str, str]]) -> None:
    told = facts(None)
    assert (told["date"], told["commit"]) == ("unknown", "unknown")
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])


def test_a_set_date_stands_for_that_of_the_commit(facts: Callable[[str | None], dict[str, str]]) -> None:
    assert facts("1700000000")["date"] == "14 November 2023"


class Pages:
    """A page that says what edition it is and what can be downloaded, built again and again."""

    def __init__(self, root: Path) -> None:
        self.root, self.written = root, []
        (root / "index.rst").write_text(
            "Title\n=====\n\nEdition :edition:`date`.\n\n"
            ".. downloads::\n\n   a.pdf | The book | On paper. | make pdf\n\n.. toctree::\n\n   other\n",
            encoding="utf-8",
        )
        (root / "other.rst").write_text("Other\n=====\n", encoding="utf-8")

    def build(self) -> str:
        """The page’s HTML; keeps the names of the pages that were written."""
        warnings = StringIO()
        out, trees = str(self.root / "out"), str(self.root / "trees")
        options = {"extensions": ["edition", "downloads"], "html_theme": "basic"}
        with patch_docutils(str(self.root)), docutils_namespace():
            app = Sphinx(str(self.root), None, out, trees, "html", options, status=None, warning=warnings)
            self.written = []
            app.connect("doctree-resolved", lambda app, doctree, docname: self.written.append(docname))
            app.build()
        assert warnings.getvalue() == ""
        return (self.root / "out" / "index.html").read_text(encoding="utf-8")


def test_a_download_is_linked_when_it_is_there_and_else_says_how_to_make_it(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    html = pages.build()
    assert "<strong>The book</strong>. On paper. It is not in this build; " in html
    assert ">make pdf</span>" in html.replace('make</span> <span class="pre">', "make ")
    assert "a.pdf" not in html
    pages.build()
    assert pages.written == []
    (tmp_path / "out" / "downloads").mkdir()
    (tmp_path / "out" / "downloads" / "a.pdf").write_bytes(b"x" * 1_234_567)
    assert 'href="downloads/a.pdf">The book</a> (PDF, 1.2 MB). On paper.' in pages.build()
    assert "other" not in pages.written


def test_a_new_commit_writes_the_pages_that_tell_of_it_and_no_other(
    tmp_path: Path, facts: Callable[[str | None], dict[str, str]]
) -> None:
    pages = Pages(tmp_path)
    facts("1700000000")
    assert "Edition 14 November 2023." in pages.build()
    facts("1700100000")
    assert "Edition 16 November 2023." in pages.build()
    assert "other" not in pages.written


def test_editions_leave_out_what_only_the_web_has_and_keep_the_labs(tmp_path: Path) -> None:
    paper.write_contents(tmp_path / "toc.yml")
    contents = (tmp_path / "toc.yml").read_text(encoding="utf-8")
    whole = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for gone in ("quizzes/mosfilm", "book/progress", "book/evidence", "book/downloads"):
        assert f"file: {gone}\n" in whole
        assert gone not in contents
    for kept in ("book/mosfilm", "quizzes/labs/distances", "book/bibliography"):
        assert f"file: {kept}\n" in contents
    assert [part["caption"] for part in yaml.safe_load(contents)["parts"]] == re.findall(r"caption: (.+)", whole)


def test_the_index_on_paper_is_sorted_without_accents() -> None:
    entry = r"\index{%s@\spxentry{Žižek, Slavoj}}"
    text = rf"a\index{{Zone@\spxentry{{Zone}}}} {entry} b@c"
    assert pdf.sorted_by_plain_letters(text % "Žižek, Slavoj") == text % "Zizek, Slavoj"


@pytest.mark.parametrize("drawing", sorted((ROOT / "book/figures").rglob("*.svg")), ids=lambda path: path.stem)
def test_a_settled_drawing_needs_no_page(drawing: Path) -> None:
    svg = settled_svg(drawing.read_text(encoding="utf-8"), "Some Font")
    assert svg.startswith("<svg ")
    assert "var(" not in svg
    assert "@media" not in svg
    assert set(re.findall(r"font-family:([^;}]+)", svg)) <= {"Some Font"}
    assert len(re.findall("<text", svg)) == len(re.findall("<text", drawing.read_text(encoding="utf-8")))


def test_live_pages_load_themselves_again_after_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PAGES", tmp_path)
    (tmp_path / "a.html").write_text("<body>Text</body>", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), live.LiveHandler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{address}/a.html") as page:
            assert page.read() == b'<body>Text<script src="/live-reload.js" defer></script></body>'
        with urllib.request.urlopen(f"{address}/live-reload.js") as script:
            assert b"location.reload()" in script.read()
        with urllib.request.urlopen(f"{address}/live-builds") as news:
            live.BUILDS.announce()
            assert news.readline() == b"data: built\n"
        server.shutdown()


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_reads_is_pinned_and_knows_no_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets" not in text
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    for step in steps:
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", step.get("uses", "a/b@v1"))
    for job in workflow["jobs"].values():
        assert set(job.get("needs", "").split()) <= set(workflow["jobs"])


def test_the_workflows_run_what_one_runs_oneself() -> None:
    runs = {
        path.stem: [
            step.get("run") for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values() for step in job["steps"]
        ]
        for path in WORKFLOWS
    }
    assert ".ci/run" in runs["test"]
    assert "make site" in runs["publish"]


def test_make_knows_the_targets_that_the_docs_name() -> None:
    text = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z-]+)", text))
    assert {"site", "pdf", "epub", "live", "bench-build"} <= named
    for target in sorted(named):
        asked = subprocess.run(["make", "--question", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert "No rule" not in asked.stderr, target
