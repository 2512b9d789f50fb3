"""Imports point one way, and a notebook needs nothing but pure Python."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import proverka

SOURCE = Path(proverka.__file__).parent

#: A module may import its own level and those above it in this table, never one below.
LEVELS = [
    {"model", "problems", "text", "config", "files", "yaml_lines", "names", "chapters", "citation", "receipt"},
    {"ledger", "bank", "scoring", "labs", "project", "task"},
    {"render"},
    {"jupyter", "sphinx_ext", "validate"},
    {"classroom"},
    {"cli"},
]
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}

#: Packages that only some parts may import, at any depth.
ONLY_IN = {
    "sphinx": {"sphinx_ext"},
    "docutils": {"sphinx_ext"},
    "myst_parser": {"sphinx_ext"},
    "click": {"cli"},
    "rich": {"cli"},
    "nbclient": {"validate"},
    "nbformat": {"validate"},
    "sqlalchemy": {"classroom"},
    "orjson": {"classroom"},
    "distributed": {"classroom"},
    "IPython": {"jupyter"},
    "anywidget": {"jupyter"},
    "traitlets": {"jupyter"},
    "yaml": {"yaml_lines", "chapters"},
}

QUIZ = {
    "version": 1,
    "stem": "alpha",
    "title": "Alpha",
    "outcomes": {"lo-alpha": "Tell one from another."},
    "questions": [
        {
            "id": "q-alpha",
            "type": "choice",
            "outcome": "lo-alpha",
            "claims": ["c-alpha"],
            "level": "recall",
            "stem": "Which?",
            "explain": "So it is.",
            "options": [{"id": "one", "text": "One", "correct": True}, {"id": "two", "text": "Two", "why": "No."}],
            "fingerprint": "0123456789abcdef",
        }
    ],
    "evidence": {"c-alpha": {"says": "It is one.", "status": "confirmed", "sources": "A; B"}},
}

RUNTIME = """
import json, sys
before = set(sys.modules)
from proverka.jupyter import Quiz, quiz
if sys.argv[2:]:
    # What a notebook has anyway is not ours to answer for.
    import IPython, comm, traitlets
    from IPython.core.interactiveshell import InteractiveShell
    before = set(sys.modules)
    quiz.is_live = lambda: True
quiz = Quiz.from_json(sys.argv[1])
quiz.ask("q-alpha")
quiz.answer("q-alpha", "one")
quiz.results()
new = [sys.modules[name] for name in sorted(set(sys.modules) - before)]
print(json.dumps([[each.__name__, getattr(each, "__file__", None) or ""] for each in new]))
"""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).with_suffix("").parts[0], path


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_imports_point_one_way() -> None:
    wrong = []
    for part, path in modules():
        for name in imported(path):
            other = name.split(".")[1] if name.startswith("proverka.") else ""
            if part in LEVEL and other in LEVEL and LEVEL[other] > LEVEL[part]:
                wrong.append(f"{path.relative_to(SOURCE)} imports {name}")
    assert wrong == []


def test_every_part_has_a_level() -> None:
    parts = {part for part, _ in modules()} - {"__init__", "__main__"}
    assert parts <= LEVEL.keys()


def test_a_package_is_imported_only_where_it_belongs() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for part, path in modules()
        for name in imported(path)
        if part not in ONLY_IN.get(name.split(".")[0], {part})
    ]
    assert wrong == []


def imports(*arguments: str) -> dict[str, str]:
    """What asking, answering and showing results has imported."""
    command = [sys.executable, "-W", "error", "-c", RUNTIME, json.dumps(QUIZ), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return dict(json.loads(run.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def runtime() -> dict[str, str]:
    """What is imported outside of a live front end."""
    return imports()


@pytest.fixture(scope="module")
def live() -> dict[str, str]:
    """What a question in a live front end brings in addition, beside what every notebook has."""
    return imports("live")


def foreign(found: dict[str, str]) -> set[str]:
    return {name.split(".")[0] for name, file in found.items() if "site-packages" in file} - {"proverka"}


def test_the_notebook_runtime_is_light(runtime: dict[str, str]) -> None:
    heavy = {"yaml", "click", "rich", "nbformat", "nbclient", "sphinx", "docutils", "IPython", "numpy", "pandas"}
    heavy |= {"anywidget", "ipywidgets", "traitlets"}
    assert {name.split(".")[0] for name in runtime} & heavy == set()


def test_the_notebook_runtime_needs_no_compiled_package(runtime: dict[str, str]) -> None:
    compiled = [
        name
        for name, file in runtime.items()
        if "site-packages" in file and Path(file).suffix in {".so", ".pyd", ".dylib", ".dll"}
    ]
    assert compiled == []


def test_the_notebook_runtime_uses_one_package_beside_our_own(runtime: dict[str, str]) -> None:
    # Markdown-it takes linkify_it where it finds it and does without where it does not.
    assert foreign(runtime) - {"linkify_it"} == {"markdown_it", "mdurl"}


def test_a_widget_brings_anywidget_and_what_that_needs(live: dict[str, str]) -> None:
    found = {each for each in foreign(live) if "mypy" not in each}
    assert found - {"IPython", "traitlets", "comm"} == {"anywidget", "ipywidgets", "psygnal", "typing_extensions"}


def test_what_a_widget_brings_runs_without_compiled_code_too(live: dict[str, str]) -> None:
    """Psygnal is compiled by mypyc from Python that stands beside it, and has wheels without."""
    compiled = [Path(file) for name, file in live.items() if "site-packages" in file and "__mypyc" not in name]
    compiled = [each for each in compiled if each.suffix in {".so", ".pyd", ".dylib", ".dll"}]
    assert [each for each in compiled if not each.with_name(f"{each.name.split('.')[0]}.py").is_file()] == []
