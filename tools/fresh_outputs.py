"""Forgets executed notebooks when the package that they show has changed.

Jupyter Book keeps the outputs of a notebook until its cells change; the outputs also depend on
src/proverka.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "_build" / ".jupyter_cache"
STAMP = ROOT / "_build" / "package.sha256"


def main() -> None:
    """Compare the package with the one that ran last."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "proverka").rglob("*")):
        if path.suffix in {".py", ".css", ".js"}:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    if STAMP.is_file() and STAMP.read_text() == digest.hexdigest():
        return
    shutil.rmtree(CACHE, ignore_errors=True)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(digest.hexdigest())


main()
