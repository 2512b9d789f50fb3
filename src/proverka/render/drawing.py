"""SVG from a file, made ready to stand in a page."""

from __future__ import annotations

import re
from html import escape

_PROLOG = re.compile(r"^\s*(<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|\s)*", re.DOTALL)
_NAMES = re.compile(r"<(title|desc)\b.*?</\1>\s*", re.DOTALL)
_CHOSEN = re.compile(r"var\(--[\w-]+,\s*([^()]*)\)")
#: A block of rules for narrow screens, with the rules in it.
_NARROW = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}")
_EMPTY = re.compile(r"<path (?![^>]*\bd=)")
_FONT = re.compile(r"font-family:\s*[^;}]+")
_OLD = re.compile(r'\s(?:class|role|aria-[a-z]+)="[^"]*"')


def inline_svg(svg: str, alt: str) -> str:
    """A drawing for inside a page: one image named ``alt`` to assistive technology."""
    svg = _NAMES.sub("", _PROLOG.sub("", svg, count=1))
    head, _, rest = svg.partition(">")
    return f'{_OLD.sub("", head)} class="drawing" role="img" aria-label="{escape(alt)}">{rest}'


def settled_svg(svg: str, font: str) -> str:
    """A drawing for programs that know neither variables nor screens: its colours and its one font are settled.

    The document type is left out, and a path without a line gets an empty one, as books want it.
    """
    svg = _EMPTY.sub('<path d="M0 0" ', _PROLOG.sub("", svg, count=1))
    svg = _NARROW.sub("", _CHOSEN.sub(r"\1", svg))
    return _FONT.sub(f"font-family:{font}", svg)
