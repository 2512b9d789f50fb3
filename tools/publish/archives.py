"""Puts what readers can take along into the folder ``downloads`` of the built pages, beside PDF and EPUB.

The notebooks as one archive; the tables with their codebook as files and as one archive.
"""

from __future__ import annotations

import shutil
import sys
import time

from data_package import descriptor, load_codebook, problems, tables
from deterministic_zip import write_zip
from sphinx_runs import BUILD, ROOT, configuration

DOWNLOADS = BUILD / "html" / "downloads"


def notebooks() -> dict[str, bytes]:
    """Quizzes and labs, as they lie in the project, and their licence."""
    found = [
        *(ROOT / "quizzes").glob("*.ipynb"),
        *(ROOT / "quizzes" / "labs").glob("*.ipynb"),
        ROOT / "LICENSE-CONTENT",
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted(found)}


def main() -> None:
    """Write everything, and take PDF and EPUB over if they are there."""
    configuration()  # brings the folder of “edition”
    from edition import commit_time

    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    write_zip(DOWNLOADS / "notebooks.zip", notebooks())
    book, found = load_codebook(), tables()
    if wrong := list(problems(book, found)):
        sys.exit("\n".join(wrong))
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(commit_time() or 0))
    package = {"datapackage.json": descriptor(book, found, created=created).encode()}
    package |= {f"{name}.csv": data for name, data in found.items()}
    (DOWNLOADS / "data").mkdir(exist_ok=True)
    for name, data in package.items():
        (DOWNLOADS / "data" / name).write_bytes(data)
    write_zip(DOWNLOADS / "data.zip", package)
    for edition in (BUILD / "latex" / "checking-the-zone.pdf", BUILD / "epub" / "checking-the-zone.epub"):
        if edition.is_file():
            shutil.copy(edition, DOWNLOADS)


if __name__ == "__main__":
    main()
