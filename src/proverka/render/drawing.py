"""SVG from a file, made ready to stand in a page."""

from __future__ import annotations

import re
from html import escape

_PROLOG = re.compile(r"^\s*(<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|\s)*", re.DOTALL)
_NAMES = re.compile(r"<(title|desc)\b.*?</\1>\s*", re.DOTALL)
_OLD = re.compile(r'\s(?:class|role|aria-[a-z]+)="[^"]*"')


def inline_svg(svg: str, alt: str) -> str:
    """A drawing for inside a page: one image named ``alt`` to assistive technology."""
    svg = _NAMES.sub("", _PROLOG.sub("", svg, count=1))
    head, _, rest = svg.partition(">")
    return f'{_OLD.sub("", head)} class="drawing" role="img" aria-label="{escape(alt)}">{rest}'
