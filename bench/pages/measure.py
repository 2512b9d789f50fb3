"""What a first view of each kind of page costs: bytes, requests, messages and movement.

    make book && .venv/bin/python bench/pages/measure.py            # the pages of PAGES
    .venv/bin/python bench/pages/measure.py book/people.html …      # others

Chromium opens each page with an empty cache, as wide as a phone, from a server that compresses text as hosts do.
All transfers count until the network has been silent for half a second, each with its headers. The program fails if a
page is over a budget.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = {
    "cover": "book/index.html",
    "chapter": "book/mosfilm.html",
    "longest chapter": "book/article.html",
    "quiz page": "quizzes/mosfilm.html",
    "notebook": "quizzes/labs/admissions.html",
    "evidence": "book/evidence.html",
    "most evidence": "book/evidence/the-film.html",
    "search": "search.html",
}
#: Kilobytes of 1,000 bytes, and requests.
MOST_KB, MOST_REQUESTS = 120, 12
COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".txt"}
MOVEMENT = """
new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => (sum += each.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files, the text among them compressed."""

    def handle(self) -> None:
        """Answer; a page that is closed lets go of what it asked for."""
        with suppress(ConnectionError):
            super().handle()

    def send_head(self) -> io.BytesIO | None:  # type: ignore[override]
        """Answer with the file as a host would send it."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return None
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in COMPRESSED:
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path = SITE) -> Iterator[str]:
    """The address of a folder."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@dataclass
class View:
    """One page, seen for the first time."""

    kilobytes: float = 0
    requests: int = 0
    movement: float = 0
    faults: list[str] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)

    def over_budget(self) -> bool:
        """Whether it costs more than a page may."""
        return bool(self.kilobytes > MOST_KB or self.requests > MOST_REQUESTS or self.movement or self.faults)


def view(browser: Browser, site: str, path: str) -> View:
    """Open a page with an empty cache and count."""
    context = browser.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=2, is_mobile=True)
    page, seen = context.new_page(), View()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}

    def asked(event: dict) -> None:
        address = event["request"]["url"]
        addresses[event["requestId"]] = address
        if address.startswith(("data:", "blob:")):
            return
        seen.requests += 1
        if not address.startswith(site):
            seen.faults.append(f"another host: {address}")

    def loaded(event: dict) -> None:
        name = addresses[event["requestId"]].removeprefix(site)
        seen.parts[name] = event["encodedDataLength"] / 1000
        seen.kilobytes += event["encodedDataLength"] / 1000

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", loaded)
    page.on("console", lambda message: seen.faults.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: seen.faults.append(f"error: {error}"))
    page.on(
        "response", lambda answer: seen.faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else 0
    )
    page.goto(site + path, wait_until="networkidle")
    seen.movement = page.evaluate(MOVEMENT)
    context.close()
    return seen


def main(paths: list[str]) -> int:
    """Print a row for each page; the number of pages over a budget."""
    over = 0
    print(f"{'page':38}{'kB':>8}{'requests':>10}{'CLS':>8}  faults")
    with sync_playwright() as playwright, served() as site:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in paths or PAGES.values():
            seen = view(browser, site, path)
            over += seen.over_budget()
            mark = " ← over" if seen.over_budget() else ""
            faults = "; ".join(seen.faults) or "none"
            print(f"{path:38}{seen.kilobytes:8.1f}{seen.requests:10}{seen.movement:8.3f}  {faults}{mark}")
            if paths:
                for name, size in sorted(seen.parts.items(), key=lambda each: -each[1]):
                    print(f"    {size:8.1f}  {name}")
        browser.close()
    return min(over, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
