"""What the drawings share: the sheet they stand on, and how they are written or checked.

A script ``draw_<stem>.py`` makes the drawings of a chapter, from the tables and the ledger alone, the
same bytes every time. Its last line is ``publish({path: svg, …})``.

    python book/figures/draw_<stem>.py            # write what has changed
    python book/figures/draw_<stem>.py --check    # exit 1 and name what is stale

Colours are variables of the page with a fallback each, so that a drawing follows the page into the
dark; class names begin with ``d-``; text is text.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

FIGURES = Path(__file__).resolve().parent
BOOK = FIGURES.parent
WIDTH = 640

INK = "var(--drawing-ink,#1f1c16)"
PAPER = "var(--drawing-paper,#fdfcf8)"
SOFT = "var(--drawing-soft,#efe8d6)"
LINE = "var(--drawing-line,#b5a98c)"
#: Green, ochre, red, grey: told apart by shape or label as well.
A = "var(--drawing-a,#2f6b3f)"
B = "var(--drawing-b,#8a5a12)"
C = "var(--drawing-c,#9b3323)"
D = "var(--drawing-d,#6b6350)"


def number(value: float) -> str:
    """A number with at most one decimal and no padding."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, css: str = "d-label", *, anchor: str = "start") -> str:
    """A line of text, its base line at ``y``."""
    placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{css}" x="{number(x)}" y="{number(y)}"{placed}>{escape(words)}</text>'


def sheet(name: str, height: float, title: str, description: str, style: str, body: Iterable[str]) -> str:
    """A whole drawing.

    :param name: Its class, ``d-<name>``; the rules of ``style`` begin with it.
    :param title: The finding.
    :param description: The drawing in words, for those who do not see it.
    """
    named = f'role="img" aria-labelledby="d-{name}-title d-{name}-desc"'
    css = f".d-{name} text{{font-family:system-ui,sans-serif;fill:{INK}}}.d-{name} .d-paper{{fill:{PAPER}}}{style}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {number(height)}" {named}>',
            f'<title id="d-{name}-title">{escape(title)}</title>',
            f'<desc id="d-{name}-desc">{escape(description)}</desc>',
            f"<style>{css}</style>",
            f'<g class="d-{name}">',
            f'<rect class="d-paper" width="{WIDTH}" height="{number(height)}"/>',
            *body,
            "</g>",
            "</svg>",
            "",
        ]
    )


def publish(drawings: Mapping[Path, str]) -> None:
    """Write the drawings that changed, or with ``--check`` say which are stale; ends the script."""
    parser = argparse.ArgumentParser(description="Draw the figures of a chapter.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a drawing is stale")
    check = parser.parse_args().check
    stale = 0
    for path, svg in drawings.items():
        shown = path.relative_to(BOOK.parent).as_posix()
        if path.is_file() and path.read_text(encoding="utf-8") == svg:
            continue
        if check:
            sys.stderr.write(f"{shown} is stale: run python book/figures/{Path(sys.argv[0]).name}\n")
            stale = 1
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8", newline="\n")
        sys.stdout.write(f"drew {shown}\n")
    raise SystemExit(stale)
