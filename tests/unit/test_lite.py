"""In the browser’s Python there are only pure wheels: the notebook’s part of proverka needs nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
BROWSER = {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "platform_machine": "wasm32",
    "python_version": "3.14",
    "python_full_version": "3.14.2",
}
#: What ipywidgets names and a server needs; the browser has it from JupyterLite.
ON_SERVERS = {"jupyterlab-widgets", "widgetsnbextension"}
#: These have compiled wheels for some machines and a pure one for the others.
EITHER_WAY = {"psygnal", "wcwidth"}


def needed(requirements: list[str]) -> dict[str, Distribution]:
    """The packages that requirements call for in the browser, and those that these call for."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(each) for each in requirements]
    while waiting:
        each = waiting.pop()
        name = canonicalize_name(each.name)
        wanted = each.marker is None or each.marker.evaluate({**BROWSER, "extra": ""})
        if wanted and name not in {*found, *ON_SERVERS}:
            found[name] = distribution(name)
            waiting += [Requirement(more) for more in found[name].requires or []]
    return found


@pytest.fixture(scope="module")
def packages() -> dict[str, Distribution]:
    """What proverka needs in the browser."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return needed(project["dependencies"])


def test_what_the_notebook_needs_is_pure_python(packages: dict[str, Distribution]) -> None:
    assert "markdown-it-py" in packages
    wheels = {name: each.read_text("WHEEL") or "" for name, each in packages.items()}
    assert {name for name, wheel in wheels.items() if "Root-Is-Purelib: true" not in wheel} <= EITHER_WAY


def test_what_the_notebook_needs_is_pinned_for_the_browser(packages: dict[str, Distribution]) -> None:
    pinned = (ROOT / "requirements" / "lite-browser.txt").read_text(encoding="utf-8")
    names = {canonicalize_name(each) for each in re.findall(r"^([\w.-]+)==", pinned, re.MULTILINE)}
    assert packages.keys() <= names, "run: make lock"
    assert not names & ON_SERVERS
    assert ";" not in pinned, "a marker would be answered by the machine that builds, not by the browser"


def test_the_notebook_runs_with_these_packages_alone(packages: dict[str, Distribution], tmp_path: Path) -> None:
    for each in packages.values():
        for top in {file.parts[0] for file in each.files or [] if file.suffix in {".py", ".so"}} - {".."}:
            (tmp_path / top).symlink_to(str(each.locate_file(top)))
    (tmp_path / "proverka").symlink_to(ROOT / "src" / "proverka")
    cells = json.loads((ROOT / "quizzes" / "mosfilm.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    code = [f"import sys; sys.path.insert(0, {str(tmp_path)!r})", *code]
    code += ['quiz.answer("q-mosfilm-founders", "nationalised")']
    # -S keeps site-packages out, -I what the environment adds.
    command = [sys.executable, "-I", "-S", "-W", "error", "-X", "utf8", "-"]
    ran = subprocess.run(command, input="\n".join(code), capture_output=True, encoding="utf-8", check=False)
    assert ran.stderr == ""
    assert "✓ Right: 1 of 1 point" in ran.stdout


def test_pyodide_is_named_exactly_and_its_lock_names_no_registry() -> None:
    folder = ROOT / "tools" / "lite"
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", wanted["pyodide"])
    assert locked["node_modules/pyodide"]["version"] == wanted["pyodide"]
    for name, each in locked.items():
        assert "resolved" not in each
        assert not name or each["integrity"].startswith("sha512-")
