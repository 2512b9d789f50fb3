"""Quizzes in JupyterLab and in Notebook 7: answered by keyboard, kept in the file, shown again.

One server runs both. Its kernels have the wheel that is built from this repository, and nothing of the
user’s is read or written.
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
from axe_playwright_python.sync_playwright import Axe
from conftest import SITE
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from proverka.jupyter.record import read_records
from proverka.model import (
    Blank,
    Blanks,
    Choice,
    Choices,
    Citation,
    Claim,
    Code,
    Criterion,
    Essay,
    Foreseen,
    Item,
    Match,
    Number,
    Option,
    Order,
    Outcome,
    Pair,
    Pin,
    Question,
    Spot,
    Status,
    Trial,
)
from proverka.render.notebook import render_notebook

ROOT = Path(__file__).parent.parent.parent
#: Each notebook in a workspace of its own, as JupyterLab opens again what was open.
FRONT_ENDS = {"lab": "lab/workspaces/{workspace}/tree", "notebook": "notebooks"}


def common(name: str, **other: Any) -> dict[str, Any]:
    fields = {"outcome": "lo-zone", "claims": ("c-zone",), "level": "recall", "explain": f"Because of {name}."}
    return {"id": f"q-zone-{name}", "stem": f"What of *{name}*?", **fields, **other}


DRAWING = '<svg viewBox="0 0 100 50" class="drawing" role="img" aria-label="Two places."></svg>'
QUESTIONS: tuple[Question, ...] = (
    Choice(
        **common("choice"),
        options=(
            Option("mill", "A *mill*", True),
            Option("ship", "A ship", why="No."),
            Option("bus", "A bus", why="No."),
        ),
    ),
    Choices(**common("choices"), options=(Option("a", "A", True), Option("b", "B", True), Option("c", "C", why="No."))),
    Number(**common("number"), low=17, high=17, unit="reels", wrong=(Foreseen("15", "Those of 1978."),)),
    Order(**common("order"), items=(Item("x", "X"), Item("y", "Y"), Item("z", "Z"))),
    Match(**common("match"), pairs=(Pair("boris", "Boris", "screenplay"), Pair("alexander", "Alexander", "camera"))),
    Blanks(
        **common("blanks"),
        text="In {month} {year}.",
        blanks=(Blank("month", ("April",), among=("May",)), Blank("year", ("1979",))),
    ),
    Pin(
        **common("pin"),
        drawing="d.svg",
        alt="Two places.",
        spots=(Spot("here", "Here", 20, 20, 5, True), Spot("there", "There", 80, 30, 5, why="No.")),
    ),
    Essay(**common("essay"), model="A model.", rubric=(Criterion("source", "Names who says so."),)),
    Code(
        **common("code"),
        function="double",
        starter="def double(number):\n    ...",
        solution="def double(number):\n    return 2 * number",
        trials=(Trial((2,), 4),),
    ),
)
OUTCOMES = [Outcome("lo-zone", "Tell one thing from another.")]
CLAIMS = {"c-zone": Claim("c-zone", "It was a mill.", Status.CONFIRMED, (Citation("a"), Citation("b")))}


# --------------------------------------------------------------------------------------------------
# The server


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

    def notebook(self, folder: str) -> Path:
        """A generated notebook, alone in a folder."""
        path = self.root / folder / "zone.ipynb"
        path.parent.mkdir()
        text = render_notebook("zone", "The *Zone*", QUESTIONS, OUTCOMES, CLAIMS, {}, {"d.svg": DRAWING})
        path.write_text(text, encoding="utf-8")
        return path

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


# --------------------------------------------------------------------------------------------------
# A reader


class Reader:
    """A page with a notebook, and hands on the keyboard."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file

    def question(self, name: str) -> Locator:
        """A question’s form."""
        return self.page.locator(f"#q-zone-{name}")

    def cell(self, name: str) -> Locator:
        """The cell that asks it."""
        return self.page.locator(".jp-CodeCell").filter(has_text=f'quiz.ask("q-zone-{name}")')

    def menu(self, *names: str) -> None:
        """Choose from the menu bar."""
        for name in names:
            self.page.get_by_role("menuitem", name=name).first.click()

    def run_all(self) -> None:
        """Run all cells, to the last."""
        self.menu("Run", "Run All Cells")
        expect(self.question("choice")).to_be_visible()
        expect(self.page.locator(".jp-InputPrompt").filter(has_text="[*]")).to_have_count(0)

    def press(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, name: str) -> None:
        """Select the cell with a question, by the arrow keys of command mode."""
        self.press("Escape")
        cell = self.cell(name)
        for _ in range(30):
            if cell.count() and "jp-mod-active" in (cell.get_attribute("class") or ""):
                return
            self.press("ArrowUp")
        raise AssertionError(f"the arrow keys do not lead to {name}")

    def tab_to(self, control: Locator) -> None:
        """Press the tabulator until a control has the focus."""
        for _ in range(40):
            if control.count() and control.evaluate("each => each === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"the tabulator does not lead to {control}")

    def check(self, name: str) -> None:
        """Reach the button and press it."""
        self.tab_to(self.question(name).locator(".pv-check"))
        self.press("Enter")

    def recorded(self, name: str, text: str) -> None:
        """Wait for the line that stands beside a record."""
        expect(self.cell(name).get_by_text(text, exact=True)).to_be_visible()

    def save(self) -> dict[str, Any]:
        """The answers in the file after Ctrl and S."""
        before = self.file.stat().st_mtime_ns
        self.press("Control+s")
        for _ in range(100):
            if self.file.stat().st_mtime_ns != before:
                break
            time.sleep(0.1)
        return self.records()

    def records(self) -> dict[str, Any]:
        """The answers in the file, by the last part of the question’s id."""
        for _ in range(20):
            try:
                data = json.loads(self.file.read_text(encoding="utf-8"))
            except ValueError:  # it is being written
                time.sleep(0.1)
            else:
                return {name.removeprefix("q-zone-"): each["answer"] for name, each in read_records(data).items()}
        raise AssertionError("the file cannot be read")


@pytest.fixture
def read(browser: Browser, server: Server) -> Iterator[Callable[..., Reader]]:
    """Opens a notebook in a new browser; no request may go elsewhere."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []

    def note(url: str) -> None:
        if not url.startswith((server.url, server.url.replace("http", "ws", 1), "data:", "blob:")):
            foreign.append(url)

    def read(front_end: str, file: Path, *, scheme: str = "light") -> Reader:
        context = browser.new_context(viewport={"width": 1100, "height": 1400}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket_: note(socket_.url))
        path = file.relative_to(server.root).as_posix()
        place = FRONT_ENDS[front_end].format(workspace=file.parent.name)
        page.goto(f"{server.url}/{place}/{path}?token={server.token}")
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
        server.wait_for_kernel(path)
        return Reader(page, file)

    # A kernel beside other tests takes its time.
    expect.set_options(timeout=20_000)
    yield read
    expect.set_options(timeout=5_000)
    for context in contexts:
        context.close()
    server.end_kernels()
    assert foreign == []


Read = Callable[..., Reader]
both = pytest.mark.parametrize("front_end", FRONT_ENDS)


# --------------------------------------------------------------------------------------------------
# Answering


@both
def test_answers_given_by_keyboard_are_saved_and_shown_again(server: Server, read: Read, front_end: str) -> None:
    file = server.notebook(f"keyboard-{front_end}")
    reader = read(front_end, file)
    reader.run_all()
    question = reader.question

    reader.go_to("essay")
    reader.tab_to(question("essay").locator("textarea"))
    reader.page.keyboard.type("One says so.")
    reader.press("Enter")
    reader.page.keyboard.type("Another does not.")
    reader.check("essay")
    reader.recorded("essay", "Recorded: One says so. Another does not.")
    reader.tab_to(question("essay").locator("[data-mark]"))
    reader.press("Space")
    expect(question("essay").locator(".pv-verdict")).to_contain_text("Your own mark: 1 of 1 point")

    reader.go_to("pin")
    reader.tab_to(question("pin").locator(".pv-aim"))
    reader.press(*["ArrowLeft"] * 30, "ArrowUp", "ArrowUp", "ArrowUp")
    reader.check("pin")
    reader.recorded("pin", "Recorded: Here")

    reader.go_to("blanks")
    reader.tab_to(question("blanks").locator("select"))
    reader.page.keyboard.type("A")
    reader.press("Tab")
    reader.page.keyboard.type("1979")
    reader.press("Enter")
    reader.recorded("blanks", "Recorded: 1. April; 2. 1979")

    reader.go_to("match")
    reader.tab_to(question("match").locator("select").first)
    reader.page.keyboard.type("scr")
    reader.press("Tab")
    reader.page.keyboard.type("cam")
    reader.check("match")
    reader.recorded("match", "Recorded: Boris: screenplay; Alexander: camera")

    reader.go_to("order")
    first = question("order").locator("li[data-id]").first
    name = first.get_attribute("data-id")
    reader.tab_to(question("order").locator(f"li[data-id={name}] .pv-move").last)
    reader.press("Alt+ArrowDown")
    reader.check("order")
    expect(question("order").locator("li[data-id]").nth(1)).to_have_attribute("data-id", name or "")

    reader.go_to("number")
    reader.tab_to(question("number").locator("input"))
    reader.page.keyboard.type("15")
    reader.press("Enter")
    expect(question("number").locator("p.pv-said")).to_contain_text("Those of 1978.")
    reader.recorded("number", "Recorded: 15")

    reader.go_to("choice")
    reader.tab_to(question("choice").locator("input[type=radio]").first)
    reader.press("Space", "ArrowDown", "ArrowDown", "ArrowUp")
    taken = question("choice").locator("input:checked").get_attribute("value")
    reader.check("choice")
    expect(question("choice")).to_have_attribute("data-state", "right" if taken == "mill" else "wrong")
    reader.recorded("choice", f"Recorded: A {taken}")

    # The results, further down, have followed; the focus is still in the question, and so is Ctrl+S.
    saved = reader.save()
    order = question("order").locator("li[data-id]").evaluate_all("all => all.map(each => each.dataset.id)")
    assert saved == {
        "choice": taken,
        "number": "15",
        "order": order,
        "match": {"boris": "boris", "alexander": "alexander"},
        "blanks": {"month": "April", "year": "1979"},
        "pin": "here",
        "essay": {"text": "One says so.\nAnother does not.", "marks": {"source": 1}},
    }
    assert "7 of 9 answered: In all" in file.read_text(encoding="utf-8")

    # Another page, the same kernel: the form has its answer.
    again = read(front_end, file)
    expect(again.question("number").locator("input")).to_have_value("15")
    expect(again.question("number")).to_have_attribute("data-state", "wrong")
    again.recorded("number", "Recorded: 15")

    # Another day: no kernel knows the widget, but the record is there, and says how to go on.
    again.page.context.close()
    reader.page.context.close()
    server.end_kernels()
    later = read(front_end, file)
    later.recorded("number", "Recorded: 15")
    expect(later.cell("number").get_by_text("If the question is not shown above, run this cell.")).to_be_visible()
    assert later.records() == saved
    later.run_all()
    expect(later.question("number").locator("input")).to_have_value("15")
    later.recorded("number", "Recorded: 15")
    assert later.save() == saved


def test_the_page_loaded_again_says_that_the_cell_must_run_again(server: Server, read: Read) -> None:
    """Outputs can be changed only by the page in which their cell ran."""
    reader = read("lab", server.notebook("reload"))
    reader.run_all()
    reader.save()
    reader.page.reload()
    field = reader.question("number").locator("input")
    field.fill("17")
    field.press("Enter")
    expect(reader.question("number")).to_have_attribute("data-state", "right")
    note = reader.cell("number").locator(".pv-kept")
    expect(note).to_contain_text("Run the cell again to record it.")
    assert reader.save() == {}
    reader.go_to("number")
    reader.press("Control+Enter")
    reader.recorded("number", "Recorded: 17")
    expect(note).to_be_hidden()
    assert reader.save() == {"number": "17"}


def test_a_restarted_kernel_is_told_of_and_what_was_saved_comes_back(server: Server, read: Read) -> None:
    reader = read("lab", server.notebook("restart"))
    reader.run_all()
    field = reader.question("number").locator("input")
    field.fill("17")
    field.press("Enter")
    reader.recorded("number", "Recorded: 17")
    assert reader.save() == {"number": "17"}
    reader.menu("Kernel", "Restart Kernel…")
    reader.page.locator(".jp-Dialog .jp-mod-warn").last.click()
    expect(reader.page.locator(".jp-Dialog")).to_have_count(0)
    field.fill("18")
    field.press("Enter")
    expect(reader.cell("number").locator(".pv-kept")).to_contain_text("Not recorded yet")
    reader.recorded("number", "Recorded: 17")
    reader.run_all()
    reader.recorded("number", "Recorded: 17")
    expect(field).to_have_value("17")


LINES = """\
def double(number):
    return 2 * number

quiz.answer("q-zone-code", double)
quiz.answer("q-zone-choice", "mill")"""


def test_a_function_and_a_line_are_answers_too(server: Server, read: Read) -> None:
    reader = read("lab", server.notebook("lines"))
    reader.run_all()
    expect(reader.cell("code").locator(".pv-notebook")).to_contain_text('quiz.answer("q-zone-code", double)')
    reader.go_to("code")
    reader.press("b", "Enter")
    reader.page.keyboard.insert_text(LINES)
    reader.press("Control+Enter")
    reader.recorded("code", "Recorded: double, tried 1 time")
    reader.recorded("choice", "Recorded: A mill")
    expect(reader.question("choice")).to_have_attribute("data-state", "right")
    reader.press("Escape")
    saved = reader.save()
    assert saved["choice"] == "mill"
    assert saved["code"]["results"] == [4]


@both
def test_a_question_in_a_notebook_has_no_barriers(server: Server, read: Read, front_end: str) -> None:
    """In the light theme and in the dark one, answered rightly and wrongly."""
    reader = read(front_end, server.notebook(f"barriers-{front_end}"))
    reader.run_all()
    for name, text in (("number", "15"), ("blanks", "1979")):
        field = reader.question(name).locator("input").first
        field.fill(text)
        field.press("Enter")
    reader.question("choices").locator("input").first.check()
    reader.question("choices").locator(".pv-check").click()
    reader.save()
    found = []
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        server.set("themes", theme=theme)
        reader.page.reload()
        expect(
            reader.page.locator(f"body[data-jp-theme-light={'true' if 'Light' in theme else 'false'}]")
        ).to_be_attached()
        expect(reader.question("number")).to_have_attribute("data-state", "wrong")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
        response = Axe().run(reader.page, context=".pv-widget", options=options).response
        assert len(response["passes"]) > 5
        for violation in response["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            found.append(f"{theme}: {violation['impact']} {violation['id']}: {nodes}")
    assert not found, "\n".join(found)


def test_published_notebooks_load_no_widgets() -> None:
    """A widget in an output would make the page load a widget manager from another host."""
    pages = list((SITE / "quizzes").glob("*.html"))
    assert pages, "the book is not built; run: make book"
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert 'class="proverka-quiz"' in text, page.name
        for sign in ("vnd.jupyter.widget", "require.js", "require.min.js", "@jupyter-widgets", "cdn."):
            assert sign not in text, f"{page.name}: {sign}"
