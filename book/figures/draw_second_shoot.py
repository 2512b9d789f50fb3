"""Draw the calendar of the chapter ``second-shoot``: work, interruptions, papers and showings.

Reads ``book/data/chronology.csv`` and the ledger; writes ``calendar.svg`` into
``book/figures/second-shoot/``. A row of the drawing is a year; what lasts is a bar, what has a day a mark.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from drawing import (
    CONFIRMED,
    DISPUTED,
    FIGURES,
    INK,
    LINE,
    PAPER,
    SINGLE,
    SOFT,
    STATUSES,
    TYPE,
    WIDTH,
    A,
    B,
    C,
    Claims,
    D,
    guard,
    load_chronology,
    load_claims,
    number,
    publish,
    rect,
    sheet,
    span,
    status_of,
    style,
    text,
    value,
)

OUT = FIGURES / "second-shoot" / "calendar.svg"

FIRST_YEAR, LAST_YEAR = 1975, 1980

WORK, FILMING, STOP, PAPER_DATED, SHOWN = "work", "filming", "interruption", "paper", "showing"
KIND_NAMES = (WORK, FILMING, STOP, PAPER_DATED, SHOWN)
#: What each row of the chronology is, by the first claim that it cites.
KINDS = {
    "c-idea-new-year-1975": WORK,
    "c-application-1975-10": PAPER_DATED,
    "c-tarkovsky-urges-1975-10": PAPER_DATED,
    "c-scouting-central-asia-1976": WORK,
    "c-eto-agreement-1976-01": PAPER_DATED,
    "c-first-script-1976-02": WORK,
    "c-letter-to-congress-1976-02": PAPER_DATED,
    "c-ermash-approves-1976-04-16": PAPER_DATED,
    "c-ognev-recommends-1976-04-22": PAPER_DATED,
    "c-mosfilm-letter-1976-04-30": PAPER_DATED,
    "c-actors-photos-1976-10": PAPER_DATED,
    "c-screen-tests-1977-01": WORK,
    "c-isfara-earthquake-date": STOP,
    "c-scouting-list-1977": WORK,
    "c-academy-letter-1977-02-09": PAPER_DATED,
    "c-prep-extended-1977-02-11": PAPER_DATED,
    "c-first-shooting-day-1977-02-15": FILMING,
    "c-unsuccessful-search-1977-03-13": PAPER_DATED,
    "c-estonia-found-1977-04": WORK,
    "c-to-tallinn-1977-05-05": WORK,
    "c-location-shoot-start-1977": FILMING,
    "c-first-complaint-1977-06": STOP,
    "c-second-batch-1977-06": STOP,
    "c-kalashnikov-replaces": FILMING,
    "c-rerberg-leaves-1977-08": STOP,
    "c-loss-date-1977-08-09": STOP,
    "c-diary-1977-08-26": PAPER_DATED,
    "c-mosfilm-bureau-1977-09-21": PAPER_DATED,
    "c-nekhoroshev-ermash-1977-11-16": PAPER_DATED,
    "c-suspension": STOP,
    "c-heart-attack-1978-04": STOP,
    "c-goskino-order-409": PAPER_DATED,
    "c-estimate-approved-1978-06-06": PAPER_DATED,
    "c-tsymbal-to-tallinn-1978-06-25": WORK,
    "c-expedition-four-months": FILMING,
    "c-moscow-exterior-gagarin-sq": FILMING,
    "c-studio-1978-11-09": FILMING,
    "c-tarkovsky-ill-1979-01": STOP,
    "c-goskino-viewing-1979-04-02": PAPER_DATED,
    "c-handed-over-1979-04-19": PAPER_DATED,
    "c-first-screening-1979-05-25": SHOWN,
    "c-pay-category-1979-05-30": PAPER_DATED,
    "c-goskino-distribution-licence-june-1979": PAPER_DATED,
    "c-distributors-meeting-1980": PAPER_DATED,
    "c-stalker-cannes-date": SHOWN,
    "c-moscow-release-1980-05-19": SHOWN,
}
#: Rows that are not drawn, each with its reason.
LEFT_OUT = {
    "c-isfara-shoot-plan": "never held; drawn in the chapter lost-year",
    "c-end-june-1977-ahead": "a report on the pace, within the filming",
    "c-shoot-1978-start": "the beginning of the expedition",
    "c-shoot-1978-august-witness": "a day within the expedition",
    "c-end-of-shooting-1978-12": "the end of the weeks in the studio",
}
#: Filming goes on until the day of another row.
UNTIL = {"c-location-shoot-start-1977": "c-loss-date-1977-08-09"}
#: Words in a bar that is long enough.
INSIDE = {
    "c-location-shoot-start-1977": "Estonia",
    "c-expedition-four-months": "Estonia",
    "c-suspension": "suspended",
    "c-scouting-list-1977": "search",
}
#: Words beside a mark, and on which side.
BESIDE = {
    "c-application-1975-10": ("application", "left"),
    "c-scouting-central-asia-1976": ("scouting", "right"),
    "c-first-script-1976-02": ("script", "right"),
    "c-isfara-earthquake-date": ("earthquake", "right"),
    "c-first-shooting-day-1977-02-15": ("first day", "right"),
    "c-rerberg-leaves-1977-08": ("Rerberg", "right"),
    "c-loss-date-1977-08-09": ("the break", "right"),
    "c-heart-attack-1978-04": ("heart attack", "right"),
    "c-estimate-approved-1978-06-06": ("estimate", "right"),
    "c-moscow-exterior-gagarin-sq": ("Moscow", "right"),
    "c-tarkovsky-ill-1979-01": ("illness", "right"),
    "c-goskino-viewing-1979-04-02": ("accepted", "left"),
    "c-first-screening-1979-05-25": ("closed showing", "right"),
    "c-stalker-cannes-date": ("Cannes", "right"),
    "c-moscow-release-1980-05-19": ("release", "right"),
}
#: Rows whose limits enclose an event, at some time within them.
WITHIN = {"c-scouting-central-asia-1976", "c-estonia-found-1977-04", "c-moscow-exterior-gagarin-sq"}
#: Rows for which another claim of the row has closer months: its value.
CLOSER = {"c-kalashnikov-replaces": ("c-abdusalamov-hired-fired", "worked")}

LEFT, MONTH = 90.0, 44.5  # of January; width of a month
TOP, LANE, PAD = 150.0, 25.0, 12.0
BAR, HALF = 18.0, 8.0  # height of a bar, half the size of a mark

#: Kinds that share a lane, from the top.
LANES = ((WORK,), (FILMING,), (STOP,), (PAPER_DATED, SHOWN))


@dataclass(frozen=True)
class Item:
    """Something on the calendar, within one year."""

    claim: str
    kind: str
    status: str
    first: dt.date
    last: dt.date
    precision: str
    #: Whether it goes on from the year before, or into the next.
    before: bool = False
    beyond: bool = False

    @property
    def lasts(self) -> bool:
        """Whether it is a bar; a few days are a mark."""
        return (self.before or self.beyond or self.last.month != self.first.month) and self.claim not in WITHIN

    @property
    def ends(self) -> tuple[float, float]:
        """Its left and its right edge."""
        start, end = across(self.first), across(self.last, after=True)
        if self.lasts:
            return start, end
        middle = (start + end) / 2
        return min(start, middle - HALF - 1), max(end, middle + HALF + 1)


def across(day: dt.date, *, after: bool = False) -> float:
    """Where a day begins, or ends."""
    share = (day.day - (0 if after else 1)) / calendar.monthrange(day.year, day.month)[1]
    return LEFT + MONTH * (day.month - 1 + share)


def items(claims: Claims, rows: list[dict[str, Any]]) -> list[Item]:
    """Return what is drawn, cut at the ends of the years."""
    found = []
    dated = {row["claims"][0]: row for row in rows}
    for claim, row in dated.items():
        if not FIRST_YEAR <= int(row["date_start"][:4]) <= LAST_YEAR or claim in LEFT_OUT:
            continue
        if claim not in KINDS:
            raise SystemExit(f"chronology.csv has a row that the calendar does not know: {claim}")
        first, last = span(row["date_start"])[0], span(row["date_end"] or row["date_start"])[1]
        if claim in UNTIL:
            last = span(dated[UNTIL[claim]]["date_start"])[1]
        if claim in CLOSER:
            months = value(claims, *CLOSER[claim])
            first, last = span(months[0])[0], span(months[-1])[1]
        status = status_of(claims, claim)
        for year in range(first.year, last.year + 1):
            start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
            cut = (max(first, start), min(last, end), row["precision"], first < start, last > end)
            found.append(Item(claim, KINDS[claim], status, *cut))
    missing = set(KINDS) - set(dated)
    if missing:
        raise SystemExit(f"chronology.csv no longer has rows for: {', '.join(sorted(missing))}")
    return found


def packed(found: list[Item]) -> list[list[Item]]:
    """Return the items in as few lines as hold them without a collision."""
    lines: list[list[Item]] = []
    for item in sorted(found, key=lambda each: (not each.lasts, each.ends, each.claim)):
        for line in lines:
            if all(item.ends[1] + 2 < each.ends[0] or each.ends[1] + 2 < item.ends[0] for each in line):
                line.append(item)
                break
        else:
            lines.append([item])
    return lines


def outline(item: Item, y: float) -> tuple[str, str]:
    """Return the outline of an item around ``y`` and of the half that is filled when there is one source."""
    left, right = item.ends
    if item.lasts:
        tip = 9.0 if item.precision == "season" else 0.0
        return bar(left, right - left, y, 0 if item.before else tip, 0 if item.beyond else tip)
    return symbol(item.kind, (left + right) / 2, y)


def symbol(kind: str, x: float, y: float) -> tuple[str, str]:
    """Return the outline of a mark and of its half: a square, a sheet, a triangle, or a diamond."""
    left, right, top, bottom = x - HALF, x + HALF, y - HALF - 1, y + HALF + 1
    if kind in (WORK, FILMING):
        return bar(left, 2 * HALF, y)
    if kind == PAPER_DATED:
        left, right = x - HALF + 2, x + HALF - 2
        whole = f"M{number(left)} {number(top)}H{number(right)}V{number(bottom)}H{number(left)}z"
        return whole, f"M{number(left)} {number(y)}H{number(right)}V{number(bottom)}H{number(left)}z"
    if kind == SHOWN:
        whole = f"M{number(left)} {number(top)}L{number(right)} {number(y)}L{number(left)} {number(bottom)}z"
        return whole, f"M{number(left)} {number(y)}H{number(right)}L{number(left)} {number(bottom)}z"
    whole = f"M{number(left)} {number(y)}L{number(x)} {number(top)}L{number(right)} {number(y)}L{number(x)} "
    return f"{whole}{number(bottom)}z", f"M{number(left)} {number(y)}H{number(right)}L{number(x)} {number(bottom)}z"


def drawn(kind: str, status: str, shape: tuple[str, str]) -> str:
    """Draw an outline: full, half full, or dashed and empty, by its status."""
    css = f"d-shape d-k-{kind}"
    whole, half = shape
    if status == CONFIRMED:
        return f'<path class="{css} d-full" d="{whole}"/>'
    if status == SINGLE:
        return f'<path class="{css}" d="{whole}"/><path class="{css} d-part" d="{half}"/>'
    return f'<path class="{css} d-dashed" d="{whole}"/>'


def words(number_of: int) -> str:
    """Return a small number in words, to begin a sentence."""
    return "Zero One Two Three Four Five Six Seven Eight Nine".split()[number_of]


def draw(claims: Claims, rows: list[dict[str, Any]]) -> str:
    """Return the SVG file."""
    found = items(claims, rows)
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    with_papers = {each.first.year for each in found if each.kind == PAPER_DATED}
    summers = [int(each) for each in value(claims, "c-two-years-of-shooting", "years")]
    title = (f"{words(len(with_papers))} years of papers,", f"{words(len(summers)).lower()} summers of filming.")
    guard(len(with_papers) == len(years), f"every year has a paper: {title[0]}")
    in_summer = {each.first.year for each in found if each.kind == FILMING and each.first.month <= 8 <= each.last.month}
    guard(in_summer == set(summers), title[1])
    single = sum(each.status == SINGLE for each in found)
    guard(single > len(found) / 2, "most marks are half full, as the caption says")

    body = [text(22, 42, title[0], "d-head"), text(22, 76, title[1], "d-head")]
    body += [text(LEFT + MONTH * (i + 0.5), 124, "JFMAMJJASOND"[i], anchor="middle") for i in range(12)]
    y = TOP - 14
    for year in years:
        lanes = [packed([each for each in found if each.first.year == year and each.kind in lane]) for lane in LANES]
        lines = [line for lane in lanes for line in lane]
        height = 2 * PAD + LANE * max(len(lines), 1)
        if year % 2:
            body.append(rect("d-band", 8, y, WIDTH - 16, height))
        body.append(text(18, y + height / 2 + 8, str(year), "d-label d-strong"))
        ticks = "".join(f"M{number(LEFT + MONTH * 3 * i)} {number(y)}v{number(height)}" for i in range(5))
        body.append(f'<path class="d-grid" d="{ticks}"/>')
        middle = y + PAD + LANE / 2
        for line in lines:
            for item in line:
                left, right = item.ends
                if not item.lasts and right - left > 2 * HALF + 3:
                    dotted = f"d-shape d-k-{item.kind} d-whisker"
                    body.append(f'<path class="{dotted}" d="M{number(left)} {number(middle)}H{number(right)}"/>')
                body.append(drawn(item.kind, item.status, outline(item, middle)))
                if item.claim in BESIDE:
                    label, side = BESIDE[item.claim]
                    x, anchor = (left - 7, "end") if side == "left" else (right + 7, "start")
                    if item.claim in WITHIN:
                        x = (left + right) / 2 + HALF + 7
                    body.append(text(x, middle + 7, label, "d-in", anchor=anchor))
                if item.claim in INSIDE and right - left > 90:
                    body.append(text((left + right) / 2, middle + 7, INSIDE[item.claim], "d-in", anchor="middle"))
            middle += LANE
        y += height
    y += 30
    body += key(y)
    height = y + 92
    counted = []
    for year in years:
        tally = Counter(each.kind for each in found if each.first.year == year)
        counted.append(f"{year}: " + ", ".join(f"{tally[kind]} {kind}" for kind in KIND_NAMES if tally[kind]) + ".")
    description = f"A row for each year, bars for what lasted and marks for what has a day. {' '.join(counted)}"
    colours = {WORK: B, FILMING: A, STOP: C, PAPER_DATED: INK, SHOWN: INK, "none": D}
    kinds = "".join(f".{{0}} .d-k-{kind}{{{{color:{colour}}}}}" for kind, colour in colours.items())
    rules = (
        ".{0} .d-band{{fill:" + SOFT + ";fill-opacity:.5}}.{0} .d-grid{{stroke:" + LINE + ";stroke-opacity:.45}}"
        ".{0} .d-shape{{fill:" + PAPER + ";stroke:currentColor;stroke-width:2;stroke-linejoin:round}}"
        ".{0} .d-full,.{0} .d-part{{fill:currentColor}}.{0} .d-part{{fill-opacity:.75}}"
        ".{0} .d-dashed{{stroke-dasharray:4 3}}.{0} .d-whisker{{stroke-width:1.6;stroke-dasharray:2 3}}"
        ".{0} .d-in{{font-size:20px;paint-order:stroke;stroke:" + PAPER + ";stroke-width:6;"
        "stroke-linejoin:round}}@media (max-width:560px){{.{0} .d-in{{font-size:22px}}}}"
    )
    return sheet("calendar", height, " ".join(title), description, style("calendar", TYPE, kinds, rules), body)


def key(y: float) -> list[str]:
    """Draw the key: what the shapes are, and what their filling says."""
    lines, x = [], 22.0
    names = ((WORK, "work", 106), (FILMING, "filming", 138), (STOP, "stop", 112), (PAPER_DATED, "paper", 118))
    for kind, name, step in (*names, (SHOWN, "shown", 0)):
        shape = bar(x, 26, y) if kind in (WORK, FILMING) else symbol(kind, x + 13, y)
        lines.append(drawn(kind, CONFIRMED, shape))
        lines.append(text(x + 32, y + 7, name))
        x += step
    x, y = 22.0, y + 34
    for status, step in ((CONFIRMED, 200), (SINGLE, 200), (DISPUTED, 0)):
        lines.append(drawn("none", status, bar(x, 26, y)))
        lines.append(text(x + 34, y + 7, STATUSES[status]))
        x += step
    y += 34
    lines.append(drawn("none", CONFIRMED, bar(22, 26, y, 9, 9)))
    lines.append(text(56, y + 7, "pointed: approximate"))
    lines.append(f'<path class="d-shape d-k-none d-whisker" d="M340 {number(y)}h40"/>')
    lines.append(text(388, y + 7, "some time within"))
    return lines


def bar(left: float, width: float, y: float, start: float = 0, end: float = 0) -> tuple[str, str]:
    """Return the outline of a bar, its ends pointed so far, and of its lower half."""
    right, top, bottom = left + width, y - BAR / 2, y + BAR / 2
    foot = f"L{number(right - end)} {number(bottom)}H{number(left + start)}L{number(left)} {number(y)}"
    whole = f"M{number(left + start)} {number(top)}H{number(right - end)}L{number(right)} {number(y)}{foot}z"
    return whole, f"M{number(left)} {number(y)}H{number(right)}{foot}z"


if __name__ == "__main__":
    publish({OUT: draw(load_claims(), load_chronology())})
