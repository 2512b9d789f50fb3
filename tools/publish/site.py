"""Copies the built pages, with all that lies beside them, to ``_build/site`` and tells how large things are."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sphinx_runs import BUILD

PAGES = BUILD / "html"
SITE = BUILD / "site"
#: What the next build wants and no reader does.
LEFT = (".buildinfo", ".doctrees", "*.pyc")
PARTS = {
    "the book as PDF": "downloads/*.pdf",
    "the book as EPUB": "downloads/*.epub",
    "notebooks as an archive": "downloads/notebooks.zip",
    "data": "downloads/data*",
    "notebooks in the browser": "lite",
}


def size(path: Path) -> int:
    """Bytes in a file or a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def main() -> None:
    """Copy, and print sizes."""
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(PAGES, SITE, ignore=shutil.ignore_patterns(*LEFT))
    rest = whole = size(SITE)
    for name, pattern in PARTS.items():
        found = sum(map(size, SITE.glob(pattern)))
        rest -= found
        sys.stdout.write(f"{found / 1e6:8.1f} MB  {name}\n" if found else f"{'–':>11}  {name}\n")
    sys.stdout.write(f"{rest / 1e6:8.1f} MB  pages\n{whole / 1e6:8.1f} MB  {SITE}\n")


if __name__ == "__main__":
    main()
