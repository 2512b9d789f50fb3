"""An extension of its own: the site keeps itself on the reader’s device. ``docs/offline.md`` tells how.

It comes last: the list of files that it writes holds the SHA-256 of each, so nothing may change them
afterwards. A program that does so calls ``write_worker`` again.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proverka import __version__
from proverka.sphinx_ext.beside import is_site, setup_page_files, web_file

WORKER = "service-worker.js"
#: Folders at the top of the site that need a network: JupyterLite is many times larger than all pages.
NOT_KEPT = frozenset({"lite"})
#: Downloads, what only other programs read, and what hosts read.
NOT_KEPT_SUFFIXES = frozenset({".epub", ".inv", ".map", ".pdf", ".whl", ".xml", ".zip"})
NOT_KEPT_NAMES = frozenset({"_headers", "_redirects", "robots.txt", WORKER})


def write_worker(site: Path) -> None:
    """Write the script that keeps the files of a finished site; the same files give the same script."""
    hashes = {
        quote(path.relative_to(site).as_posix()): base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
        for path in sorted(_kept(site))
    }
    script, placeholder = web_file(WORKER), "const FILES = {};"
    assert placeholder in script
    table = json.dumps(hashes, indent=0)
    (site / WORKER).write_text(script.replace(placeholder, f"const FILES = {table};"), encoding="utf-8")


def _kept(site: Path) -> Iterator[Path]:
    for path in site.rglob("*"):
        parts = path.relative_to(site).parts
        if (
            path.is_file()
            and parts[0] not in NOT_KEPT
            and not any(part.startswith(".") for part in parts)
            and path.suffix not in NOT_KEPT_SUFFIXES
            and path.name not in NOT_KEPT_NAMES
        ):
            yield path


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and is_site(app):
        write_worker(Path(app.outdir))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Come after everything that writes files."""
    setup_page_files(app)
    app.connect("build-finished", _finish, priority=999)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
