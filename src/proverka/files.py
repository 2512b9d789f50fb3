"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` into a file so that a reader sees the old content or the new, never a part.

    Whatever stops it, the old file stays as it was and nothing is left beside it. A link is followed;
    the mode of a file that exists is kept.

    :raises OSError: the folder cannot be written to, the disk is full, or a link leads back to itself.
    """
    # Not Path.resolve, which raises another error for such links.
    path = Path(os.path.realpath(path))
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
