"""What a place that shows questions has to offer: addresses, pictures, drawings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _nowhere(name: str) -> str | None:
    del name
    return None


def _same(path: str) -> str:
    return path


def _empty(path: str) -> str:
    del path
    return ""


@dataclass(frozen=True)
class Surface:
    """Where questions are shown. The defaults suit a place that knows nothing of the book."""

    #: The address of a claim’s entry on the Evidence page, or ``None``.
    claim: Callable[[str], str | None] = _nowhere
    #: The address of the notebook with a question, or ``None``.
    notebook: Callable[[str], str | None] = _nowhere
    #: The address under which a picture can be had, from its path as written.
    picture: Callable[[str], str] = _same
    #: The SVG of a drawing, ready to stand in the page, from its path as written.
    drawing: Callable[[str], str] = _empty
    #: Whether a function is written in a cell below its question.
    cell_below: bool = False
    #: Whether the page has the script, so that forms carry the data it needs.
    interactive: bool = False
    #: Under which name the script keeps answers in the browser.
    site: str = ""


PLAIN = Surface()
