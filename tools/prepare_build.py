"""What has to be in _build before Jupyter Book runs.

It keeps what it read of a page and what a notebook printed until the page or the notebook changes, but both also
depend on src/proverka and on the book’s own extensions, so they are forgotten when those change. And its kernels get
a profile in which ipykernel does not warn, at every start, that a kernel on this machine talks to this machine
without encryption.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
CODE = ("src/proverka", "book/_extensions")
PROFILE = BUILD / "ipython" / "profile_default" / "ipython_kernel_config.py"


def forget_stale() -> None:
    """Remove the pages read and the notebooks executed if the code is not the one that ran last."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".css", ".js"}:
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    stamp = BUILD / "code.sha256"
    if not stamp.is_file() or stamp.read_text() != digest.hexdigest():
        for kept in (BUILD / ".jupyter_cache", *BUILD.glob("*doctrees*")):
            shutil.rmtree(kept, ignore_errors=True)
        stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    PROFILE.parent.mkdir(parents=True, exist_ok=True)
    PROFILE.write_text("c.IPKernelApp.log_level = 40\n")
    forget_stale()
