"""What has to be in _build before Jupyter Book runs.

It keeps the outputs of a notebook until the notebook changes, but ours also depend on src/proverka, so
they are forgotten when that changes. And its kernels get a profile in which ipykernel does not warn,
at every start, that a kernel on this machine talks to this machine without encryption.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
PROFILE = BUILD / "ipython" / "profile_default" / "ipython_kernel_config.py"


def forget_stale_outputs() -> None:
    """Remove the executed notebooks if the package is not the one that ran last."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "proverka").rglob("*")):
        if path.suffix in {".py", ".css", ".js"}:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    stamp = BUILD / "package.sha256"
    if not stamp.is_file() or stamp.read_text() != digest.hexdigest():
        for kept in (".jupyter_cache", ".doctrees/quizzes"):
            shutil.rmtree(BUILD / kept, ignore_errors=True)
        stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    PROFILE.parent.mkdir(parents=True, exist_ok=True)
    PROFILE.write_text("c.IPKernelApp.log_level = 40\n")
    forget_stale_outputs()
