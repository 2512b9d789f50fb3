"""What questions show, as text that can stand in a notebook, so that it needs nothing beside it."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from proverka.render.drawing import inline_svg


def embedded(drawings: Mapping[str, str], pictures: Iterable[str], folders: Sequence[Path]) -> dict[str, str]:
    """By path as written: a drawing’s SVG, a picture’s data address.

    :param drawings: Descriptions by path.
    :param folders: Where paths may begin; the first that has the file counts.
    :raises FileNotFoundError: no folder has it.
    """
    found = {}
    for path, alt in drawings.items():
        found[path] = inline_svg(_file(path, folders).read_text(encoding="utf-8"), alt)
    for path in pictures:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        found[path] = f"data:{kind};base64,{base64.b64encode(_file(path, folders).read_bytes()).decode()}"
    return found


def _file(path: str, folders: Sequence[Path]) -> Path:
    for folder in folders:
        file = (folder / path).resolve()
        if file.is_file() and folder.resolve() in file.parents:
            return file
    raise FileNotFoundError(2, "no such picture", path)
