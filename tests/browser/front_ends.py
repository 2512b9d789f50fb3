"""JupyterLab and Notebook 7: one server runs both, and a page shows a notebook to hands on the keyboard.

The server’s kernels have the wheel that is built from this repository, and nothing of the user’s is read
or written.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe import looked_at
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

ROOT = Path(__file__).parent.parent.parent
#: Each notebook in a workspace of its own, as JupyterLab opens again what was open.
FRONT_ENDS = {"lab": "lab/workspaces/{workspace}/tree", "notebook": "notebooks"}


@dataclass
class Server:
    """Both front ends on a loopback port."""

    url: str
    token: str
    root: Path
    settings: Path

    def set(self, name: str, **values: object) -> None:
        """Write a settings file of the front ends; a page reads it when it is loaded."""
        path = self.settings / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")

    def ask(self, method: str, path: str) -> Any:
        """What the server’s interface answers."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def wait_for_kernel(self, path: str) -> None:
        """Until the kernel of a notebook has nothing to do."""
        for _ in range(200):
            states = [each["kernel"]["execution_state"] for each in self.ask("GET", "sessions") if each["path"] == path]
            if states == ["idle"]:
                return
            time.sleep(0.1)
        raise AssertionError(f"no kernel is ready for {path}")

    def end_kernels(self) -> None:
        """As if the reader came back another day."""
        for session in self.ask("GET", "sessions"):
            self.ask("DELETE", f"sessions/{session['id']}")


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel of this repository, and beside it what this environment has."""
    folder = tmp_path_factory.mktemp("kernel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True)
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    # The line adds a folder but not what the folder’s own .pth files add: there stands src itself.
    site = next((folder / "venv").glob("lib/python*/site-packages"))
    (site / "environment.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    wheel = next(folder.glob("*.whl"))
    subprocess.run([*pip, "--python", str(python), "install", "--no-index", "--no-deps", str(wheel)], check=True)
    return python


@pytest.fixture(scope="session")
def server(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Jupyter’s server with folders of its own."""
    folder = tmp_path_factory.mktemp("jupyter")
    kernel = folder / "path" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}), encoding="utf-8")
    names = {
        "HOME": "home", "IPYTHONDIR": "ipython", "JUPYTER_PATH": "path", "JUPYTER_DATA_DIR": "data",
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }  # fmt: skip
    for name in ("root", *names.values()):
        (folder / name).mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}", secrets.token_hex(), folder / "root", folder / "settings")
    server.set("notification", fetchNews="false", checkForUpdates=False)
    command = [
        sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--port-retries=0", f"--IdentityProvider.token={server.token}", f"--ServerApp.root_dir={server.root}",
        "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    environment = {**os.environ, **{name: str(folder / each) for name, each in names.items()}}
    log = folder / "log"
    with log.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
        try:
            _wait(server, process, log)
            yield server
            server.end_kernels()
        finally:
            process.terminate()
            process.wait(20)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            server.ask("GET", "status")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


class Reader:
    """A page with a notebook, and hands on the keyboard."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file

    def cell_with(self, text: str) -> Locator:
        """The code cell with a text."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text)

    def menu(self, *names: str) -> None:
        """Choose from the menu bar."""
        for name in names:
            self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel").get_by_text(name, exact=True).last.click()

    def run_cells(self) -> None:
        """Run all cells, to the last."""
        self.menu("Run", "Run All Cells")
        expect(self.page.locator(".pv-widget form").first).to_be_visible()
        expect(self.page.locator(".jp-InputPrompt").filter(has_text="[*]")).to_have_count(0)

    def restart_kernel(self) -> None:
        """From the menu, without running anything."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog .jp-mod-warn").last.click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def press(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)

    def select(self, cell: Locator) -> None:
        """Select a cell, by the arrow keys of command mode."""
        self.press("Escape")
        for _ in range(30):
            if cell.count() and "jp-mod-active" in (cell.get_attribute("class") or ""):
                return
            self.press("ArrowUp")
        raise AssertionError(f"the arrow keys do not lead to {cell}")

    def tab_to(self, control: Locator) -> None:
        """Press the tabulator until a control has the focus."""
        for _ in range(40):
            if control.count() and control.evaluate("each => each === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"the tabulator does not lead to {control}")

    def save(self) -> Any:
        """The notebook in the file after Ctrl and S."""
        before = self.file.stat().st_mtime_ns
        self.press("Control+s")
        for _ in range(100):
            if self.file.stat().st_mtime_ns != before:
                break
            time.sleep(0.1)
        return self.saved()

    def saved(self) -> Any:
        """The notebook in the file."""
        for _ in range(20):
            try:
                return json.loads(self.file.read_text(encoding="utf-8"))
            except ValueError:  # it is being written
                time.sleep(0.1)
        raise AssertionError("the file cannot be read")


Open = Callable[..., Page]


@pytest.fixture
def open_notebook(browser: Browser, server: Server) -> Iterator[Open]:
    """Opens a notebook in a new browser; no request may go elsewhere."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []

    def note(url: str) -> None:
        if not url.startswith((server.url, server.url.replace("http", "ws", 1), "data:", "blob:")):
            foreign.append(url)

    def open_notebook(front_end: str, file: Path) -> Page:
        context = browser.new_context(viewport={"width": 1100, "height": 1400})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket_: note(socket_.url))
        path = file.relative_to(server.root).as_posix()
        place = FRONT_ENDS[front_end].format(workspace=file.parent.name)
        page.goto(f"{server.url}/{place}/{path}?token={server.token}")
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
        server.wait_for_kernel(path)
        return page

    # A kernel beside other tests takes its time.
    expect.set_options(timeout=20_000)
    yield open_notebook
    expect.set_options(timeout=5_000)
    for context in contexts:
        context.close()
    server.end_kernels()
    assert foreign == []


def barriers(reader: Reader) -> list[str]:
    """What axe finds in widgets, in the light theme and in the dark one."""
    found = []
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        reader.menu("Settings", "Theme", theme)
        light = "true" if "Light" in theme else "false"
        expect(reader.page.locator(f"body[data-jp-theme-light={light}]")).to_be_attached()
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        response = looked_at(reader.page, context=".pv-widget", rules=rules)
        assert len(response["passes"]) > 5
        for violation in response["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            found.append(f"{theme}: {violation['impact']} {violation['id']}: {nodes}")
    return found
