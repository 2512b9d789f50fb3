"""Draw the figure of the chapter ``image-and-sound``: three cameramen, two shoots.

Reads the ledger; writes ``cameramen.svg`` into ``book/figures/image-and-sound/``. Above, who was at the camera
when; below, what of his work is in the film, as far as anybody says.
"""

from __future__ import annotations

import calendar
import datetime as dt

from drawing import (
    CONFIRMED,
    FIGURES,
    LINE,
    MARKS,
    PAPER,
    SINGLE,
    SOFT,
    TYPE,
    A,
    Claims,
    D,
    disputed_days,
    guard,
    load_claims,
    number,
    publish,
    rect,
    sheet,
    span,
    status_key,
    status_mark,
    status_of,
    style,
    text,
    value,
)

OUT = FIGURES / "image-and-sound" / "cameramen.svg"

FIRST, LAST = dt.date(1977, 1, 1), dt.date(1978, 12, 31)
LEFT, RIGHT = 22.0, 618.0
AXIS = 132.0  # base line of the years
LANE, BAR = 52.0, 32.0
TOP = 160.0


def across(day: dt.date, *, after: bool = False) -> float:
    """Where a day begins, or ends, by months of equal width."""
    share = (day.day - (0 if after else 1)) / calendar.monthrange(day.year, day.month)[1]
    months = (day.year - FIRST.year) * 12 + day.month - 1 + share
    return LEFT + (RIGHT - LEFT) * months / 24


def surnames(claims: Claims) -> list[str]:
    """Return the cameramen in their order."""
    return [each.split()[-1] for each in value(claims, "c-three-cameramen", "order")]


def draw(claims: Claims) -> str:
    """Return the SVG file."""
    names = surnames(claims)
    guard(names == ["Rerberg", "Kalashnikov", "Knyazhinsky"], "three cameramen in this order")
    shoots = int(value(claims, "c-not-three-films", "long_versions"))
    guard(shoots == 2 and claims["c-not-three-films"]["status"] == CONFIRMED, "two versions were filmed at length")
    guard(f"only {value(claims, 'c-dp-knyazhinsky', 'person')}" in claims["c-rerberg-not-credited"]["says"], "one name")
    guard(claims["c-rerberg-not-credited"]["status"] == CONFIRMED, "one name in the titles")
    title = ("Three cameramen, two shoots,", "one name in the titles.")

    begun = span(value(claims, "c-first-shooting-day-1977-02-15", "date"))[0]
    estonia = max(span(each)[0] for each in value(claims, "c-location-shoot-start-1977", "reported"))
    left = span(value(claims, "c-rerberg-leaves-1977-08", "date"))
    autumn = [span(each) for each in value(claims, "c-abdusalamov-hired-fired", "worked")]
    again = span(value(claims, "c-shoot-1978-start", "date"))[0]
    ended = sorted(span(each)[0] for each in disputed_days(claims, "c-end-of-shooting-1978-12"))
    metres = value(claims, "c-kalashnikov-replaces", "metres")
    breaks = sorted(span(each)[0] for each in value(claims, "c-loss-date-1977-08-09", "dates"))

    body = [text(22, 42, title[0], "d-head"), text(22, 76, title[1], "d-head")]
    middle, foot = across(dt.date(1978, 1, 1)), TOP + 3 * LANE
    for start, year, which in ((LEFT, FIRST.year, "first"), (middle, LAST.year, "second")):
        said = f'<tspan class="d-strong">{year}</tspan>, {which} shoot'
        centre = number(start + (RIGHT - LEFT) / 4)
        body.append(f'<text class="d-label" x="{centre}" y="{number(AXIS)}" text-anchor="middle">{said}</text>')
    for start, end in ((across(estonia), across(breaks[-1])), (across(again), across(ended[-1], after=True))):
        body.append(rect("d-band", start, AXIS + 12, end - start, foot - AXIS - 12))
    ticks = "".join(f"M{number(LEFT + (RIGHT - LEFT) * i / 8)} {number(AXIS + 12)}V{number(foot)}" for i in range(9))
    body.append(f'<path class="d-grid" d="{ticks}"/>')
    body.append(f'<path class="d-year" d="M{number(middle)} {number(AXIS - 20)}V{number(foot)}"/>')

    # Where each was at the camera: as far as it is told, and where it may have begun or ended.
    first, second, third = (TOP + LANE * i for i in range(3))
    body += at_camera(first, [across(begun), across(estonia), across(left[0]), across(left[1], after=True)])
    body.append(text(across(left[1], after=True) + 10, first + 24, names[0], "d-label d-strong"))
    start, end = across(autumn[0][0]), across(autumn[-1][1], after=True)
    body += at_camera(second, [start, end, end, end])
    body.append(text(end + 10, second + 24, names[1], "d-label d-strong d-halo"))
    july = across(again), across(again) + 10
    body += at_camera(third, [*july, across(ended[0]), across(ended[-1], after=True)])
    body.append(text(july[0] - 10, third + 24, names[2], "d-label d-strong d-halo", anchor="end"))

    y = foot + 44
    body.append(text(LEFT, y, "In the finished film", "d-label d-strong"))
    y += 22
    told = (
        ("a few shots: two authors, one root", status_of(claims, "c-rerberg-ex-shots-in-film"), "few"),
        (f"about {metres} m shot, none traced", "", "none"),
        ("the version that was released", status_of(claims, "c-dp-knyazhinsky"), "whole"),
    )
    for i, (name, (what, status, part)) in enumerate(zip(names, told, strict=True)):
        named = "in the titles" if i == 2 else "not in the titles"
        body += frame(LEFT, y, part)
        line = f'<tspan class="d-strong">{name}</tspan>, {named}'
        body.append(f'<text class="d-label" x="{number(LEFT + 92)}" y="{number(y + 21)}">{line}</text>')
        body.append(text(LEFT + 92, y + 49, what))
        if status:
            body.append(status_mark(status, RIGHT - 12, y + 42))
        y += 78
    body += status_key(y + 18, (CONFIRMED, SINGLE))
    body += [rect("d-loose", 390, y + 7, 26, 22), text(426, y + 25, "uncertain")]
    description = (
        f"Above, the years {FIRST.year} and {LAST.year}. {names[0]} was at the camera from {estonia:%B} to "
        f"{left[0]:%B %Y}, perhaps from {begun:%B}; {names[1]} perhaps from {autumn[0][0]:%B} to {autumn[-1][1]:%B %Y}; "
        f"{names[2]} from {again:%B} to {ended[-1]:%B %Y}. "
        f"Below, the finished film: {'; '.join(f'{n}: {t[0]}' for n, t in zip(names, told, strict=True))}. "
        f"Only {names[2]} is named in the titles."
    )
    rules = (
        ".{0} .d-band{{fill:" + SOFT + "}}.{0} .d-grid,.{0} .d-year{{stroke:" + LINE + ";stroke-opacity:.45}}"
        ".{0} .d-year{{stroke-width:2;stroke-opacity:1}}"
        ".{0} .d-firm{{fill:" + A + ";stroke:" + A + ";stroke-width:2}}"
        ".{0} .d-loose{{fill:" + PAPER + ";stroke:" + A + ";stroke-width:2;stroke-dasharray:4 4}}"
        ".{0} .d-halo{{paint-order:stroke;stroke:" + PAPER + ";stroke-width:7;stroke-linejoin:round}}"
        ".{0} .d-frame{{fill:" + PAPER + ";stroke:" + D + ";stroke-width:2}}"
        ".{0} .d-hole{{fill:" + D + "}}.{0} .d-few{{fill:none;stroke:" + A + ";stroke-width:2;stroke-dasharray:4 3}}"
    )
    css = style("cameramen", TYPE, MARKS, rules)
    return sheet("cameramen", y + 42, " ".join(title), description, css, body)


def at_camera(y: float, edges: list[float]) -> list[str]:
    """Draw a bar: firm between the second edge and the third, dashed between the others."""
    pairs = ((edges[0], edges[1], "d-loose"), (edges[2], edges[3], "d-loose"), (edges[1], edges[2], "d-firm"))
    return [rect(css, start, y, end - start, BAR) for start, end, css in pairs if end > start]


def frame(x: float, y: float, part: str) -> list[str]:
    """Draw a piece of film with two pictures: both full, one dashed, or both empty."""
    lines = [rect("d-frame", x, y, 74, 58, 3)]
    for i in range(6):
        lines += [rect("d-hole", x + 6 + 11.2 * i, y + edge, 6, 5, 1) for edge in (4, 49)]
    for i in range(2):
        css = "d-firm" if part == "whole" else "d-few" if part == "few" and i else ""
        lines += [rect(css, x + 7 + 32 * i, y + 14, 28, 30)] if css else []
    return lines


if __name__ == "__main__":
    publish({OUT: draw(load_claims())})
