"""Draw the figures of the chapter ``lost-year``: the year against its plan, and the metres.

Reads ``book/data/chronology.csv`` and the ledger; writes ``plan.svg`` and ``metres.svg`` into
``book/figures/lost-year/``. Days, months, metres and statuses come from there.
"""

from __future__ import annotations

import calendar
import datetime as dt
from itertools import pairwise
from typing import Any

from drawing import (
    CONFIRMED,
    DISPUTED,
    FIGURES,
    INK,
    LINE,
    MARKS,
    PAPER,
    SINGLE,
    SOFT,
    STATUSES,
    TYPE,
    WIDTH,
    A,
    B,
    Claims,
    D,
    disputed_days,
    guard,
    load_chronology,
    load_claims,
    number,
    publish,
    rect,
    row_of,
    sheet,
    span,
    status_key,
    status_mark,
    status_of,
    style,
    text,
    value,
)

OUT = FIGURES / "lost-year"


def said(day: dt.date) -> str:
    """Return a day as the book writes it, without its year."""
    return f"{day.day} {calendar.month_name[day.month]}"


# The year against its plan.

YEAR = 1977
#: What is told beside the months: the claim, and its label; the day is the chronology’s or the claim’s.
EVENTS = {
    "c-isfara-earthquake-date": "earthquake at Isfara",
    "c-academy-letter-1977-02-09": "the Academy warns",
    "c-prep-extended-1977-02-11": "more time: to {new_deadline}",
    "c-first-shooting-day-1977-02-15": "first shooting day",
    "c-unsuccessful-search-1977-03-13": "fruitless search",
    "c-estonia-found-1977-04": "spring: Estonia found",
    "c-to-tallinn-1977-05-05": "departure for Tallinn",
    "c-location-shoot-start-1977": "start in Estonia",
    "c-first-complaint-1977-06": "doubts, a short stop",
    "c-end-june-1977-ahead": "ahead of schedule",
    "c-second-batch-1977-06": "second batch disliked",
    "c-boim-dismissed": "summer: Boim leaves",
    "c-loss-date-1977-08-09": "the break",
    "c-rerberg-leaves-1977-08": "Rerberg leaves",
    "c-diary-1977-08-26": "diary: “twice” spoiled",
    "c-mosfilm-bureau-1977-09-21": "council backs director",
    "c-kalashnikov-replaces": "autumn: Kalashnikov",
    "c-nekhoroshev-ermash-1977-11-16": "meeting with Ermash",
    "c-suspension": "production suspended",
}
#: Events without a row of their own in the chronology: the claim whose row or months they share.
MONTH_OF = {"c-boim-dismissed": "c-second-batch-1977-06"}
AUTUMN = "c-kalashnikov-replaces"  # stands beside the last month of the block of autumn

PLAN_X, FILMED_X, BLOCK = 72, 164, 84  # left edges and width of the two columns of blocks
MARK_X, DAY_X, EVENT_X = 266, 346, 354
TOP, LINE_HEIGHT, PAD = 156, 31, 12


def months_of_events(claims: Claims, rows: list[dict[str, Any]]) -> dict[int, list[tuple[str, str, str]]]:
    """Return for each month its events: status, day or days, label."""
    months: dict[int, list[tuple[str, str, str]]] = {month: [] for month in range(1, 13)}
    for claim, label in EVENTS.items():
        if claim == AUTUMN:
            month = span(value(claims, "c-abdusalamov-hired-fired", "worked")[-1])[0].month
            months[month].append((status_of(claims, claim), "", label))
            continue
        row = row_of(rows, MONTH_OF.get(claim, claim))
        start = span(row["date_start"])[0]
        guard(start.year == YEAR, f"{claim} belongs to {YEAR}")
        days = [start.day] if row["precision"] == "day" else []
        if claims[claim]["status"] == DISPUTED and row["precision"] == "day":
            days = sorted({span(each)[0].day for each in disputed_days(claims, claim)})
        if claim == "c-prep-extended-1977-02-11":
            until = span(value(claims, claim, "new_deadline"))[0]
            label = label.format(new_deadline=said(until))
        shown = f"{days[0]}" if len(days) == 1 else f"{days[0]}–{days[-1]}" if days else ""
        months[start.month].append((status_of(claims, claim), shown, label))
    return months


def open_block(css: str, x: float, top: float, bottom: float, *, closed: str = "") -> str:
    """Draw a block whose edges are dashed where nobody knows them; ``closed`` names the firm ones."""
    sides = f"M{number(x)} {number(top)}V{number(bottom)}M{number(x + BLOCK)} {number(top)}V{number(bottom)}"
    firm = f"M{number(x)} {number(top)}h{BLOCK}" if "top" in closed else ""
    loose = "" if "top" in closed else f"M{number(x)} {number(top)}h{BLOCK}"
    edge = f"M{number(x)} {number(bottom)}h{BLOCK}"
    firm, loose = (firm + edge, loose) if "bottom" in closed else (firm, loose + edge)
    fill = rect("d-paper", x, top, BLOCK, bottom - top) + rect(f"{css}-fill", x, top, BLOCK, bottom - top)
    return f'{fill}<path class="{css}" d="{sides}{firm}"/><path class="{css} d-loose" d="{loose}"/>'


def draw_plan(claims: Claims, rows: list[dict[str, Any]]) -> str:
    """Draw the months of the year, the plan beside what was filmed and what happened."""
    months = months_of_events(claims, rows)
    tops, y = {}, float(TOP)
    for month, events in months.items():
        tops[month] = y
        y += PAD + LINE_HEIGHT * max(1, len(events))
    tops[13] = y

    def at(day: dt.date) -> float:
        share = (day.day - 1) / calendar.monthrange(YEAR, day.month)[1]
        return tops[day.month] + share * (tops[day.month + 1] - tops[day.month])

    def after(day: dt.date) -> float:
        """The end of a day."""
        following = day + dt.timedelta(days=1)
        return at(following) if following.year == YEAR else tops[13]

    plan = [span(value(claims, "c-isfara-shoot-plan", each))[0] for each in ("start", "end")]
    starts = sorted(span(each)[0] for each in value(claims, "c-location-shoot-start-1977", "reported"))
    breaks = sorted(span(each)[0] for each in value(claims, "c-loss-date-1977-08-09", "dates"))
    last = sorted(disputed_days(claims, "c-location-shoot-start-1977"))
    title = ("When Isfara was to be over,", "Estonia had hardly begun.")
    guard(plan[0] < starts[0], "the plan begins first")
    guard(all(0 < (plan[1] - span(each)[0]).days < 31 for each in last), " ".join(title))
    guard(len(starts) == 2, "two days are reported for the start in Estonia")
    guard(claims["c-no-shooting-tajikistan"]["status"] == CONFIRMED, "nothing was filmed at Isfara")
    flat = span(value(claims, "c-first-shooting-day-1977-02-15", "date"))[0]
    autumn = [span(each) for each in value(claims, "c-abdusalamov-hired-fired", "worked")]
    metres = value(claims, "c-kalashnikov-replaces", "metres")

    body = [text(22, 42, title[0], "d-head"), text(22, 76, title[1], "d-head")]
    for x, words in ((PLAN_X, "Plan"), (FILMED_X, "Filmed"), (MARK_X + 24, f"What happened in {YEAR}")):
        body.append(text(x, 134, words, "d-label d-strong"))
    for month, (top, bottom) in zip(months, pairwise(tops.values()), strict=True):
        if month % 2:
            body.append(rect("d-band", 8, top, WIDTH - 16, bottom - top))
        body.append(text(16, top + 28, calendar.month_abbr[month]))

    top, bottom = at(plan[0]), after(plan[1])
    body.append(rect("d-plan-block", PLAN_X, top, BLOCK, bottom - top, 3))
    cross = f"M{PLAN_X} {number(top)}L{PLAN_X + BLOCK} {number(bottom)}M{PLAN_X + BLOCK} {number(top)}"
    body.append(f'<path class="d-never" d="{cross}L{PLAN_X} {number(bottom)}"/>')
    body += in_block(PLAN_X, (top + bottom) / 2, "Isfara", "never")
    february = span(f"{YEAR}-02")[1]
    body.append(open_block("d-filmed", FILMED_X, at(flat), after(february), closed="top"))
    body += in_block(FILMED_X, (at(flat) + after(february)) / 2, "Moscow")
    body += maybe_block(at(starts[0]), at(starts[-1]))
    body.append(open_block("d-filmed", FILMED_X, at(starts[-1]), after(breaks[-1]), closed="top"))
    body += in_block(FILMED_X, (at(starts[-1]) + after(breaks[-1])) / 2, "Estonia")
    body += maybe_block(at(autumn[0][0]), after(autumn[-1][1]))
    body += in_block(FILMED_X, (at(autumn[0][0]) + after(autumn[-1][1])) / 2, f"{metres} m")

    for month, events in months.items():
        for i, (status, day, label) in enumerate(events):
            y = tops[month] + 28 + LINE_HEIGHT * i
            body.append(status_mark(status, MARK_X, y - 7))
            if day:
                body.append(text(DAY_X, y, day, "d-label d-strong", anchor="end"))
            body.append(text(EVENT_X, y, label))
        if not events:
            body.append(text(EVENT_X, tops[month] + 28, "nothing dated", "d-label d-quiet"))
    body += status_key(tops[13] + 34)
    quake = span(value(claims, "c-isfara-earthquake-date", "date"))[0]
    description = (
        f"The months of {YEAR} in rows. Planned: Isfara, {said(plan[0])} to {said(plan[1])}, crossed out because an "
        f"earthquake on {said(quake)} ended the plan. Filmed: in Moscow from {said(flat)}; in Estonia from "
        f"{said(starts[-1])}, if not earlier, to {said(breaks[-1])} or so; a little in {autumn[0][0]:%B} and "
        f"{autumn[-1][0]:%B}. Beside them, what happened: "
        + "; ".join(
            f"{calendar.month_name[month]}: "
            + ", ".join(f"{day} {label} ({STATUSES[status]})".strip() for status, day, label in events)
            for month, events in months.items()
            if events
        )
        + "."
    )
    rules = (
        ".{0} .d-band{{fill:" + SOFT + ";fill-opacity:.55}}"
        ".{0} .d-plan-block{{fill:" + PAPER + ";stroke:" + D + ";stroke-width:2.4;stroke-dasharray:7 4}}"
        ".{0} .d-never{{stroke:" + D + ";stroke-width:1.4;stroke-opacity:.55}}"
        ".{0} .d-filmed-fill{{fill:" + A + ";fill-opacity:.3}}"
        ".{0} .d-filmed{{fill:none;stroke:" + A + ";stroke-width:2.4}}"
        ".{0} .d-filmed-maybe{{fill:" + A + ";fill-opacity:.12;stroke:" + A + ";stroke-width:2;stroke-dasharray:3 5}}"
        ".{0} .d-loose{{stroke-dasharray:3 5}}"
        ".{0} .d-in{{font-size:20px;text-anchor:middle;paint-order:stroke;stroke:" + PAPER + ";stroke-width:5;"
        "stroke-opacity:.7;stroke-linejoin:round}}"
    )
    css = style("plan", TYPE, MARKS, rules)
    return sheet("plan", tops[13] + 58, " ".join(title), description, css, body)


def maybe_block(top: float, bottom: float) -> list[str]:
    """Draw a block of filming whose limits are uncertain."""
    return [rect(css, FILMED_X, top, BLOCK, bottom - top) for css in ("d-paper", "d-filmed-maybe")]


def in_block(x: float, middle: float, *lines: str) -> list[str]:
    """Write lines into the middle of a block."""
    first = middle + 7 - 12.5 * (len(lines) - 1)
    return [text(x + BLOCK / 2, first + 25 * i, line, "d-in") for i, line in enumerate(lines)]


# The metres.

#: Value of ``c-defect-metres``: who gives it, what is counted; whether it was said at the time.
FIGURES_GIVEN: dict[str, tuple[str, str, bool]] = {
    "konoplev_rejected_m": ("Konoplev, {council}", "rejected by the inspection", True),
    "naumov_first_m": ("Naumov, later", "one early batch", False),
    "ryazan_m": ("a newspaper, later", "of what, is not said", False),
    "diary_m": ("Tarkovsky’s diary, {diary}", "defective, in three batches", True),
    "later_m": ("Naumov, later", "the whole loss; how measured is not said", False),
}
#: Counts no loss, but all that had been shot.
NOT_A_LOSS = "tarkovsky_council_useful_m"
ROUND = {"ryazan_m"}  # “about”

ZERO, END = 26.0, 612.0


def metres(value: float) -> str:
    """Return metres as the book writes them."""
    return f"{value:,.1f}".removesuffix(".0")


def draw_metres(claims: Claims) -> str:
    """Draw the figures for the loss on one scale, and three lengths to compare them with."""
    given = {name: value(claims, "c-defect-metres", name) for name in claims["c-defect-metres"]["values"]}
    useful = float(given.pop(NOT_A_LOSS))
    guard(set(given) == set(FIGURES_GIVEN), "the chart shows every figure of c-defect-metres")
    ranges = {name: [float(each) for each in figure.split("–")] for name, figure in given.items()}
    guard(len(ranges) == 5, "Five figures for the spoiled footage")
    least, most = min(each[0] for each in ranges.values()), max(each[-1] for each in ranges.values())
    kodak = float(value(claims, "c-kodak-7000m", "metres"))
    film = float(value(claims, "c-length-metres", "length_m"))
    council = span(value(claims, "c-mosfilm-bureau-1977-09-21", "date"))[0].year
    diary = span(value(claims, "c-diary-april-1978-list", "date"))[0].year
    title = (f"{metres(least)} metres or {metres(most)}?", "The figures count different things.")
    guard(claims["c-defect-metres"]["status"] == DISPUTED, " ".join(title))
    guard(ranges["later_m"][0] < kodak < most, "the whole stock lies within the range")

    def x(value: float) -> float:
        return ZERO + (END - ZERO) * value / most

    body = [
        text(22, 42, title[0], "d-head"),
        text(22, 76, title[1], "d-head"),
        '<circle class="d-then" cx="33" cy="118" r="9"/>',
        text(50, 125, f"said in {council} or {diary}"),
        '<circle class="d-later" cx="333" cy="118" r="9"/>',
        text(350, 125, "told later"),
    ]
    y = 186.0
    told = []
    for name, numbers in sorted(ranges.items(), key=lambda each: each[1][0]):
        who, what, then = FIGURES_GIVEN[name]
        who = who.format(council=council, diary=diary)
        figure = ("about " if name in ROUND else "") + "–".join(metres(each) for each in numbers)
        told.append(f"{figure} metres: {who}, {what}")
        mark = "d-then" if then else "d-later"
        if len(numbers) == 1:
            end = x(numbers[0])
            body.append(f'<path class="d-stem" d="M{ZERO} {number(y)}H{number(end)}"/>')
            body.append(f'<circle class="{mark}" cx="{number(end)}" cy="{number(y)}" r="10"/>')
            body += figure_label(end + 22, y - 6, figure, who, what)
            y += 74
        else:
            y += 50
            body += figure_label(END, y - 56, figure, who, what, anchor="end")
            body.append(f'<path class="d-stem d-faint" d="M{ZERO} {number(y)}H{number(x(numbers[0]))}"/>')
            body.append(rect("d-range", x(numbers[0]), y - 10, x(numbers[1]) - x(numbers[0]), 20, 10))
            y += 30
    range_y = y - 30
    y += 26
    axis = y
    body.append(f'<path class="d-axis" d="M{ZERO} 160V{number(axis)}M{ZERO} {number(axis)}H{END}"/>')
    for tick in range(0, int(most) + 1, 3000):
        anchor = "start" if tick == 0 else "end" if tick == most else "middle"
        body.append(f'<path class="d-axis" d="M{number(x(tick))} {number(axis)}v8"/>')
        body.append(text(x(tick), axis + 32, metres(tick) if tick else "0 m", anchor=anchor))
    y = axis + 76
    body.append(text(22, y, "To compare", "d-label d-strong"))
    lengths = (
        (kodak, f"about {metres(kodak)} m: all the Kodak, by one witness", "c-kodak-7000m"),
        (film, f"{metres(film)} m: the finished film, by a document", "c-length-metres"),
        (useful, f"{metres(useful)} m: all the useful metres shot (Tarkovsky, {council})", "c-defect-metres"),
    )
    body.append(f'<path class="d-limit" d="M{number(x(kodak))} {number(range_y - 17)}V{number(y + 28)}"/>')
    y += 18
    for length, words, claim in lengths:
        guard(claims[claim]["status"] == SINGLE or length == useful, f"one source: {words}")
        body.append(rect("d-length", ZERO, y, x(length) - ZERO, 14))
        body.append(text(ZERO, y + 42, words))
        y += 68
    description = (
        f"Five figures for the spoiled footage on a scale of metres. {'; '.join(told)}. To compare: all the Kodak "
        f"allotted, about {metres(kodak)} metres by one recollection, beyond which the upper end of the range lies; "
        f"the finished film, {metres(film)} metres; and all the useful metres shot, {metres(useful)}, which "
        f"Tarkovsky named in {council}."
    )
    rules = (
        ".{0} .d-stem{{fill:none;stroke:" + B + ";stroke-width:4}}"
        ".{0} .d-faint{{stroke-width:1.6;stroke-dasharray:2 6}}"
        ".{0} .d-then{{fill:" + B + ";stroke:" + B + ";stroke-width:2.6}}"
        ".{0} .d-later{{fill:" + PAPER + ";stroke:" + B + ";stroke-width:2.6}}"
        ".{0} .d-range{{fill:" + PAPER + ";stroke:" + B + ";stroke-width:2.6;stroke-dasharray:8 5}}"
        ".{0} .d-axis{{fill:none;stroke:" + LINE + ";stroke-width:1.6}}"
        ".{0} .d-length{{fill:" + D + ";fill-opacity:.45}}"
        ".{0} .d-limit{{stroke:" + INK + ";stroke-width:2;stroke-dasharray:4 4}}"
    )
    return sheet("metres", y, " ".join(title), description, style("metres", TYPE, rules), body)


def figure_label(x: float, y: float, figure: str, who: str, what: str, *, anchor: str = "start") -> list[str]:
    """Write a figure, who gives it, and below what it counts."""
    placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
    first = f'<tspan class="d-strong">{figure} m</tspan> {who}'
    return [
        f'<text class="d-label" x="{number(x)}" y="{number(y)}"{placed}>{first}</text>',
        text(x, y + 27, what, anchor=anchor),
    ]


if __name__ == "__main__":
    known = load_claims()
    table = load_chronology()
    publish({OUT / "plan.svg": draw_plan(known, table), OUT / "metres.svg": draw_metres(known)})
