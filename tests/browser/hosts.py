"""Folders that are served from loopback ports."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def handle(self) -> None:
        # A page that is left lets go of what it asked for.
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    """Answers on a free port."""

    def __init__(self, folder: Path, handler: type[Handler] = Handler) -> None:
        super().__init__(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def served(folder: Path, handler: type[Handler] = Handler) -> Iterator[str]:
    """The address, without a slash at its end, where a folder is served for so long."""
    with Server(folder, handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.address
        finally:
            server.shutdown()
            thread.join()
