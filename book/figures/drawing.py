"""What the drawings share: the sheet they stand on, what they read, their marks, and how they are written.

A script ``draw_<stem>.py`` makes the drawings of a chapter, from the tables and the ledger alone, the
same bytes every time. Its last line is ``publish({path: svg, …})``.

    python book/figures/draw_<stem>.py            # write what has changed
    python book/figures/draw_<stem>.py --check    # exit 1 and name what is stale

Colours are variables of the page with a fallback each, so that a drawing follows the page into the
dark; class names begin with ``d-``; text is text.
"""

from __future__ import annotations

import argparse
import calendar
import csv
import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import yaml

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

Claims = dict[str, dict[str, Any]]

CONFIRMED, SINGLE, DISPUTED = "confirmed", "single-source", "disputed"
#: The statuses from the firmest to the weakest, and their names in a key.
STATUSES = {CONFIRMED: "confirmed", SINGLE: "one source", DISPUTED: "disputed"}

#: The first line of a drawing, the second, and the labels; larger where the drawing is small.
TYPE = (
    ".{0} .d-head{{font-size:27px;font-weight:700}}.{0} .d-sub{{font-size:23px}}"
    ".{0} .d-label{{font-size:20px}}.{0} .d-strong{{font-weight:700}}.{0} .d-quiet{{font-style:italic;fill:" + D + "}}"
    "@media (max-width:560px){{.{0} .d-head{{font-size:30px}}.{0} .d-sub{{font-size:26px}}"
    ".{0} .d-label{{font-size:24px}}}}"
)
#: The marks of the statuses: full, half full, dashed with “?”.
MARKS = (
    ".{0} .d-confirmed{{fill:" + A + ";stroke:" + A + ";stroke-width:2}}"
    ".{0} .d-single{{fill:" + PAPER + ";stroke:" + B + ";stroke-width:2.4}}.{0} .d-half{{fill:" + B + "}}"
    ".{0} .d-disputed{{fill:" + PAPER + ";stroke:" + C + ";stroke-width:2.4;stroke-dasharray:4.4 2.6}}"
    ".{0} text.d-ask{{font-size:16px;font-weight:700;text-anchor:middle;fill:" + C + "}}"
)


def number(value: float) -> str:
    """A number with at most one decimal and no padding."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, css: str = "d-label", *, anchor: str = "start") -> str:
    """A line of text, its base line at ``y``."""
    placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{css}" x="{number(x)}" y="{number(y)}"{placed}>{escape(words)}</text>'


def rect(css: str, x: float, y: float, width: float, height: float, rx: float = 0) -> str:
    """A rectangle."""
    corner = f' rx="{number(rx)}"' if rx else ""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect class="{css}" {place}{corner}/>'


def status_mark(status: str, x: float, y: float, r: float = 9) -> str:
    """The mark of a status: a full disc, a half full one, or a dashed ring with “?”."""
    shape = {CONFIRMED: "d-confirmed", SINGLE: "d-single", DISPUTED: "d-disputed"}[status]
    ring = f'<circle class="{shape}" cx="{number(x)}" cy="{number(y)}" r="{number(r)}"/>'
    if status == SINGLE:
        return f'{ring}<path class="d-half" d="M{number(x)} {number(y - r)}a{r} {r} 0 0 0 0 {2 * r}z"/>'
    if status == DISPUTED:
        return f'{ring}<text class="d-ask" x="{number(x)}" y="{number(y)}" dy=".36em">?</text>'
    return ring


def status_key(y: float, statuses: Iterable[str] = tuple(STATUSES)) -> list[str]:
    """The key of the marks, in a row."""
    lines = []
    for i, status in enumerate(statuses):
        lines.append(status_mark(status, 31 + 184 * i, y))
        lines.append(text(50 + 184 * i, y + 7, STATUSES[status]))
    return lines


def style(name: str, *rules: str) -> str:
    """The rules for one drawing; ``{0}`` in them is its class."""
    return "".join(rule.format(f"d-{name}") for rule in rules)


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


def load_claims() -> Claims:
    """Every claim of the ledger, all values as text."""
    claims = {}
    for path in sorted((BOOK / "ledger").glob("*.yml")):
        for each in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            if each.get("id", "").startswith("c-"):
                claims[each["id"]] = each
    return claims


def load_chronology() -> list[dict[str, Any]]:
    """The rows of the chronology, their claims as a list."""
    with (BOOK / "data" / "chronology.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, "claims": row["claims"].split(";")} for row in csv.DictReader(file)]


def row_of(rows: list[dict[str, Any]], claim: str) -> dict[str, Any]:
    """The row of the chronology that cites a claim first."""
    found = [row for row in rows if row["claims"][0] == claim]
    if len(found) != 1:
        raise SystemExit(f"chronology.csv has {len(found)} rows that begin with {claim}, not 1")
    return found[0]


def value(claims: Claims, claim: str, name: str) -> Any:
    """A value of a claim."""
    try:
        return claims[claim]["values"][name]
    except KeyError:
        raise SystemExit(f"{claim} has no value {name} any more: the drawing needs it") from None


def disputed_days(claims: Claims, claim: str) -> list[str]:
    """Every day that a disputed claim holds, flat."""
    found: list[str] = []
    for each in claims[claim]["values"].values():
        found += [each] if isinstance(each, str) else each
    return found


def span(iso: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a day, a month or a year, like ``1977-08``."""
    parts = [int(each) for each in iso.replace("–", "-").split("-")]
    year, month, day = (*parts, 0, 0)[:3]
    first, last = month or 1, month or 12
    end = day or calendar.monthrange(year, last)[1]
    return dt.date(year, first, day or 1), dt.date(year, last, end)


def status_of(claims: Claims, *names: str) -> str:
    """The weakest status among claims."""
    order = list(STATUSES)
    return order[max(order.index(claims[each]["status"]) for each in names)]


def guard(holds: object, words: str) -> None:
    """Stop unless what the drawing says in words still holds."""
    if not holds:
        raise SystemExit(f"no longer true, the drawing needs new words: {words}")


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
