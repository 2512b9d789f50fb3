"""The book while it is written: what is saved is built and shown within seconds. ``make live``.

One process stays, so that nothing is imported, read or unpacked twice. Pages go into a folder of their own and
are served with a script more, which loads the page again after a build. What a writer does not need is left
out: search, index, and the copy on the reader’s device.
"""

from __future__ import annotations

import contextlib
import http.server
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx_runs import BUILD, ROOT, configuration

PAGES = BUILD / "live"
#: What is looked at for changes, and what makes the process begin anew.
WRITTEN = ("book", "quizzes", "_toc.yml")
CODE = ("src", "book/_extensions", "tools/publish", "_config.yml")
SUFFIXES = {".md", ".yml", ".bib", ".csv", ".svg", ".ipynb", ".css", ".js", ".py", ".html"}
NOT_NEEDED = {"proverka.sphinx_ext.offline", "proverka.sphinx_ext.search"}
SCRIPT = "/live-reload.js"
LOOK_EVERY = 0.2  # seconds


class Builds:
    """Builds one after another, and whoever waits for the next."""

    def __init__(self) -> None:
        self.number = 0
        self.done = threading.Condition()

    def after(self, known: int) -> int:
        """The number of the newest build: at once if it is not the known one, else at the next or after a while."""
        with self.done:
            self.done.wait_for(lambda: self.number != known, timeout=15)
            return self.number

    def announce(self) -> None:
        """A build is finished."""
        with self.done:
            self.number += 1
            self.done.notify_all()


BUILDS = Builds()


class LiveHandler(http.server.SimpleHTTPRequestHandler):
    """Serves the pages, each with the script, and tells browsers of builds."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, directory=str(PAGES))

    def do_GET(self) -> None:
        """A page with the script, the script, the news of builds, or a file."""
        path = Path(self.translate_path(self.path))
        if self.path == SCRIPT:
            self._send(b'new EventSource("/live-builds").onmessage = () => location.reload();', "text/javascript")
        elif self.path == "/live-builds":
            self._tell()
        elif path.suffix == ".html" and path.is_file():
            script = f'<script src="{SCRIPT}" defer></script></body>'
            page = path.read_text(encoding="utf-8").replace("</body>", script)
            self._send(page.encode(), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _tell(self) -> None:
        # Before the answer: a build that ends after it is news.
        known = BUILDS.number
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                newest = BUILDS.after(known)
                # What is sent without news finds out whether the browser has gone.
                self.wfile.write(b"data: built\n\n" if newest != known else b": still here\n\n")
                self.wfile.flush()
                known = newest
        except OSError:
            return

    def log_message(self, *args: object) -> None:
        """Nothing: the builds are what matters."""


class Figures:
    """Numbers figures anew only if a page that was read has other figures than before.

    Sphinx walks through every page of the book for it, at every build: more than half of the time.
    """

    def __init__(self) -> None:
        self.known: dict[str, list[str]] = {}
        self.stale = True
        self.numbers: dict[str, dict[str, dict[str, tuple[int, ...]]]] = {}
        self.number = TocTreeCollector.assign_figure_numbers
        TocTreeCollector.assign_figure_numbers = self.assign  # type: ignore[method-assign]

    def look(self, app: Sphinx, doctree: nodes.document) -> None:
        """See what figures a page has that was read."""
        figures = [
            each
            for node in doctree.findall(lambda each: isinstance(each, nodes.figure | nodes.table))
            for each in node["ids"]  # type: ignore[index]
        ]
        self.stale |= self.known.get(app.env.docname) != figures
        self.known[app.env.docname] = figures

    def assign(self, env: BuildEnvironment) -> list[str]:
        """What Sphinx calls, as a method of its collector, to number the figures of all pages."""
        if not self.stale:
            # Sphinx forgets those of a page that it reads again.
            env.toc_fignumbers = dict(self.numbers)
            return []
        changed = self.number(TocTreeCollector(), env)
        self.stale, self.numbers = False, dict(env.toc_fignumbers)
        return changed


def times(names: tuple[str, ...]) -> dict[str, int]:
    """When each file under these paths was changed."""
    found = {}
    for name in names:
        path = ROOT / name
        for folder, folders, files in os.walk(path) if path.is_dir() else [(path.parent, [], [path.name])]:
            folders[:] = [each for each in folders if not each.startswith((".", "__"))]
            for file in files:
                if Path(file).suffix in SUFFIXES:
                    full = os.path.join(folder, file)  # noqa: PTH118 - hundreds of files, five times a second
                    found[full] = os.stat(full).st_mtime_ns  # noqa: PTH116
    return found


def watched(names: tuple[str, ...], known: dict[str, int]) -> dict[str, int]:
    """The times now; those known if a file vanished meanwhile."""
    try:
        return times(names)
    except FileNotFoundError:
        return known


def main() -> None:
    """Build, serve, watch."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8001
    os.environ["IPYTHONDIR"] = str(BUILD / "ipython")
    config = configuration()
    config["extensions"] = [each for each in config["extensions"] if each not in NOT_NEEDED]
    config["html_use_index"] = False
    with patch_docutils(str(ROOT)), docutils_namespace():
        app = Sphinx(str(ROOT), None, str(PAGES), str(BUILD / "live-doctrees"), "html", config, status=None)
        app.builder.search = False  # type: ignore[attr-defined]
        app.connect("doctree-read", Figures().look)
        written, code = times(WRITTEN), times(CODE)
        build(app)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), LiveHandler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"http://127.0.0.1:{port}/ shows the book; every save builds it again\n")
        while True:
            time.sleep(LOOK_EVERY)
            if watched(CODE, code) != code:
                os.execv(sys.executable, [sys.executable, *sys.argv])
            if (now := watched(WRITTEN, written)) != written:
                written = now
                build(app)
                BUILDS.announce()


def build(app: Sphinx) -> None:
    """Bring the pages up to date, and say how long it took."""
    began = time.monotonic()
    app.build()
    sys.stdout.write(f"built in {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
