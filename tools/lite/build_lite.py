"""Puts the notebooks into the browser: a JupyterLite site in _build/html/lite that asks no other host for anything.

``make lite`` runs this with the Python of ``.venv-lite``; docs/lite.md says what comes of it.
What comes from outside is pinned with hashes: requirements/lite.txt has what builds the site, lite-browser.txt the
packages of the browser’s Python, tools/lite/package-lock.json that Python itself, Pyodide.
"""

from __future__ import annotations

import ast
import email
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools" / "lite"
PINNED = ROOT / "requirements" / "lite-browser.txt"
STAGE = ROOT / "_build" / "lite"
PYODIDE = STAGE / "static" / "pyodide"  # JupyterLite takes it from there
SITE = ROOT / "_build" / "html" / "lite"
STAMP = STAGE / "made-from.sha256"

#: The parts of Pyodide that a worker loads.
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
#: The kernel brings wheels of its own. The last is empty and stands for what ipywidgets wants on a server.
KERNEL = Path(sys.prefix, "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static")
KERNEL_WHEELS = ("ipykernel-*.whl", "piplite-*.whl", "pyodide_kernel-*.whl", "widgetsnbextension-4.*.whl")
#: When files were made, as the lists of files tell it: the time of a build would make each site another.
NO_TIME = "1980-01-01T00:00:00Z"


def notebooks() -> list[Path]:
    """The quizzes and the labs."""
    return sorted([*(ROOT / "quizzes").glob("*.ipynb"), *(ROOT / "quizzes" / "labs").glob("*.ipynb")])


def made_from() -> str:
    """A digest of everything that the site is made from."""
    files = [ROOT / "pyproject.toml", ROOT / "requirements" / "lite.txt", PINNED, *notebooks()]
    files += sorted(path for folder in (TOOLS, ROOT / "src") for path in folder.rglob("*") if path.suffix != ".pyc")
    digest = hashlib.sha256()
    for file in filter(Path.is_file, files):
        digest.update(f"{file.relative_to(ROOT).as_posix()} {file.stat().st_size}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run(*command: object, folder: Path) -> None:
    """Run a command; what it says is shown only if it fails."""
    words = [str(each) for each in command]
    done = subprocess.run(words, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\nthis failed: {' '.join(words)}")


def fetch_pyodide() -> dict[str, Any]:
    """Put Pyodide’s core into its folder; returns the lock that it comes with."""
    if not shutil.which("npm"):
        sys.exit("make lite needs npm to fetch Pyodide; on Debian: apt-get install npm")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(TOOLS / name, STAGE)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=STAGE)
    package = STAGE / "node_modules" / "pyodide"
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    if f"/v{version}/" not in (KERNEL / "schema" / "kernel.v0.schema.json").read_text(encoding="utf-8"):
        sys.exit(f"the kernel runs in another Pyodide than {version}: see pyodideUrl in {KERNEL / 'schema'}")
    for name in CORE:
        shutil.copy(package / name, PYODIDE)
    lock: dict[str, Any] = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    return lock


def fetch_wheels(python: str) -> None:
    """Put the wheels beside it: the pinned ones, the kernel’s, and our own, built now."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    pure = ("--no-deps", "--only-binary", ":all:", "--platform", "any", "--python-version", python)
    run(*pip, "download", *pure, "--require-hashes", "--requirement", PINNED, "--dest", PYODIDE, folder=STAGE)
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", PYODIDE, ROOT, folder=STAGE)
    for pattern in KERNEL_WHEELS:
        for wheel in (KERNEL / "pypi").glob(pattern):
            shutil.copy(wheel, PYODIDE)


def lock_entry(wheel: Path, python: str) -> dict[str, Any]:
    """What Pyodide has to know of a wheel: which imports call for it, and which packages it needs."""
    in_browser = {
        "sys_platform": "emscripten",
        "platform_system": "Emscripten",
        "platform_machine": "wasm32",
        "os_name": "posix",
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
    }
    with zipfile.ZipFile(wheel) as archive:
        files = [name.split("/") for name in archive.namelist()]
        folder = next(parts[0] for parts in files if parts[0].endswith(".dist-info"))
        metadata = email.message_from_bytes(archive.read(f"{folder}/METADATA"))
    modules = {parts[0].removesuffix(".py") for parts in files if parts[-1].endswith(".py")}
    needs = [Requirement(each) for each in metadata.get_all("Requires-Dist", [])]
    return {
        "name": metadata["Name"],
        "version": metadata["Version"],
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "imports": sorted(filter(str.isidentifier, modules)),
        "depends": sorted(
            canonicalize_name(each.name) for each in needs if not each.marker or each.marker.evaluate(in_browser)
        ),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def write_lock(lock: dict[str, Any], python: str) -> set[str]:
    """Write the lock by which Pyodide finds packages; returns what can be imported.

    Its own names hundreds on another host. This one names the wheels that lie beside it and nothing else; Pyodide
    loads what a cell imports, so that no notebook needs ``%pip``.
    """
    entries = [lock_entry(wheel, python) for wheel in sorted(PYODIDE.glob("*.whl"))]
    packages = {canonicalize_name(each["name"]): each for each in entries}
    for each in entries:
        # The lists that were pinned are whole; what they leave out on purpose must not be asked for.
        each["depends"] = [name for name in each["depends"] if name in packages]
    lock["packages"] = packages
    (PYODIDE / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")
    return {*sys.stdlib_module_names, *(name for each in entries for name in each["imports"])}


def imported(notebook: Path) -> set[str]:
    """The packages and modules that a notebook’s cells import, by their first names."""
    plain = TransformerManager()  # makes Python of lines with % and !
    names: set[str] = set()
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse(plain.transform_cell("".join(cell["source"])))):
                if isinstance(node, ast.Import):
                    names.update(each.name.split(".")[0] for each in node.names)
                elif isinstance(node, ast.ImportFrom):
                    names.add(str(node.module).split(".")[0])
    return names


def build_site(there: set[str]) -> None:
    """Build the site from JupyterLite, Pyodide and the notebooks, whose paths stay those of the project.

    :param there: What can be imported. A notebook that needs more would only disappoint, and is left out.
    """
    for notebook in notebooks():
        if missing := imported(notebook) - there:
            sys.stdout.write(f"not in the browser: {notebook.relative_to(ROOT)} needs {', '.join(sorted(missing))}\n")
            continue
        copy = STAGE / "files" / notebook.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(notebook, copy)
    for name in ("jupyter-lite.json", "jupyter_lite_config.json"):
        shutil.copy(TOOLS / name, STAGE)
    shutil.rmtree(SITE, ignore_errors=True)
    run(sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", STAGE, "--output-dir", SITE, folder=STAGE)
    for listing in (SITE / "api" / "contents").rglob("all.json"):
        text = re.sub(r'("(?:created|last_modified)": )"[^"]*"', rf'\1"{NO_TIME}"', listing.read_text(encoding="utf-8"))
        listing.write_text(text, encoding="utf-8")


def main() -> None:
    """Build everything anew, unless it was made from just this."""
    digest = made_from()
    if SITE.is_dir() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == digest:
        return
    shutil.rmtree(STAGE, ignore_errors=True)
    PYODIDE.mkdir(parents=True)
    lock = fetch_pyodide()
    python = lock["info"]["python"]
    fetch_wheels(python)
    build_site(write_lock(lock, python))
    STAMP.write_text(digest, encoding="utf-8")


if __name__ == "__main__":
    main()
