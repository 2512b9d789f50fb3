"""Points by learning outcome as bars: a drawing that takes its colours from the text around it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape

WIDTH, BAR, LINE, GAP = 640, 12, 18, 14
#: Room for the figures behind a bar.
FIGURES = 140
#: As many characters as fit into a line, and lines before a label is cut.
CHARACTERS, LINES = 84, 2
#: Stands out from white and from black.
EARNED = "#2e8b57"


def render_chart(bars: Sequence[tuple[str, float, float, str]], label: str) -> str:
    """An image with its content in words as its name.

    :param bars: Of each bar what it is about, the points earned, the points to be had, and both in words.
    """
    words = " ".join(f"{about.rstrip('.')}: {figures}." for about, _, _, figures in bars)
    parts, height = [], 0
    for about, earned, of, figures in bars:
        lines = textwrap.wrap(about, CHARACTERS, max_lines=LINES, placeholder=" …")
        parts += list(_bar(lines, earned / of if of else 0, figures, height))
        height += LINE * len(lines) + BAR + GAP
    # A fixed height keeps the drawing from growing beyond its size; where there is little room it shrinks.
    return (
        f'<svg class="pv-chart" role="img" aria-label="{escape(f"{label}. {words}")}" width="100%" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="xMinYMin meet" '
        f'font-size="13" fill="currentColor">\n{"".join(parts)}</svg>\n'
    )


def _bar(lines: Sequence[str], share: float, figures: str, top: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f'<text x="0" y="{top + LINE * number + 13}">{escape(line)}</text>\n'
    top += LINE * len(lines)
    width = WIDTH - FIGURES
    bar = f'<rect x="0.5" y="{top}.5" height="{BAR}"'
    yield f'{bar} width="{width}" fill-opacity="0.12" stroke="currentColor" stroke-opacity="0.5" />\n'
    if share > 0:
        yield f'{bar} width="{max(2, round(width * min(share, 1)))}" fill="{EARNED}" />\n'
    yield f'<text x="{width + 10}" y="{top + BAR - 1}">{escape(figures)}</text>\n'
