"""Zip archives that are the same to the byte for the same files and the same commit."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path


def write_zip(path: Path, files: Mapping[str, bytes], *, stored: Collection[str] = ()) -> None:
    """Write files in the order given, all with the date of the commit.

    :param stored: Names of those that are not compressed.
    """
    from edition import commit_time

    # Zip knows no time before 1980.
    when = time.gmtime(max(commit_time() or 0, 315_532_800))[:6]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
