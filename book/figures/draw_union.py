"""Draw the figure of the chapter ``union``: fifteen republics, their years in the Union and their acts of leaving.

Reads ``book/data/republics.csv`` and the ledger; writes ``republics.svg``, and ``republics.csv`` with the same in
words, into ``book/figures/union/``. On the left the years in the Union; on the right, wider, the months in which
the acts were passed. The mark says which kind of act it was.
"""

from __future__ import annotations

import calendar
import csv
import datetime
import io
import re

from drawing import (
    BOOK,
    FIGURES,
    INK,
    LINE,
    PAPER,
    SOFT,
    TYPE,
    A,
    B,
    C,
    D,
    guard,
    load_claims,
    number,
    publish,
    rect,
    sheet,
    span,
    style,
    text,
    value,
)

OUT = FIGURES / "union"

Row = dict[str, str]
Day = datetime.date

LEFT, RIGHT = 22.0, 618.0
YEARS = (260.0, 398.0)  # left and right edge of the years
MONTHS = (426.0, 610.0)  # left and right edge of the months
TOP, ROW, BAR = 312.0, 37.0, 16.0
#: Easy to find.
OURS = ("RSFSR", "Ukrainian SSR", "Estonian SSR")
SHOWN = {"RSFSR": "RSFSR, Russia"}

INDEPENDENCE, RESTORED, SOVEREIGNTY = "independence declared", "independence restored", "sovereignty declared"
#: The kind of each act, by its name in the table.
ACTS = {
    "Declaration of state sovereignty (no declaration of independence)": SOVEREIGNTY,
    "Declaration of sovereignty given the force of law": SOVEREIGNTY,
    "Act of Declaration of Independence": INDEPENDENCE,
    "Declaration of independence": INDEPENDENCE,
    "Referendum and declaration of independence": INDEPENDENCE,
    "Act of restoration of independence": RESTORED,
    "Act on the re-establishment of the state": RESTORED,
    "Constitutional law on statehood": RESTORED,
    "Restoration of independence": RESTORED,
}
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()

RULES = (
    ".{0} .d-band{{fill:" + SOFT + "}}.{0} .d-grid{{stroke:" + LINE + ";stroke-width:1.2}}"
    ".{0} .d-in{{fill:" + D + "}}"
    ".{0} .d-annexed{{fill:" + PAPER + ";stroke:" + C + ";stroke-width:2.4;stroke-dasharray:5 3.4}}"
    ".{0} .d-inside{{fill:none;stroke:" + D + ";stroke-width:2.2}}"
    ".{0} .d-film{{stroke:" + INK + ";stroke-width:2;stroke-dasharray:2 4}}"
    ".{0} .d-over{{stroke:" + PAPER + ";stroke-width:2}}"
    ".{0} .d-day{{paint-order:stroke;stroke:" + PAPER + ";stroke-width:7}}.{0} .d-on{{stroke:" + SOFT + "}}"
    ".{0} .d-end{{stroke:" + INK + ";stroke-width:2.4}}"
    ".{0} .d-declared{{fill:" + A + ";stroke:" + A + ";stroke-width:2}}"
    ".{0} .d-restored{{fill:" + PAPER + ";stroke:" + C + ";stroke-width:3.4}}"
    ".{0} .d-sovereign{{fill:" + B + ";stroke:" + B + ";stroke-width:2}}"
)


def load() -> list[Row]:
    """Return the republics, in the order of the table."""
    with (BOOK / "data" / "republics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        guard(row["independence_or_sovereignty"] in ACTS, f"{row['name_short']}: {row['independence_or_sovereignty']}")
        guard(row["status"] == "confirmed", f"{row['name_short']} is confirmed")
    guard(set(OURS) <= {row["name_short"] for row in rows}, "the three are in the table")
    return rows


def fraction(day: Day) -> float:
    """Return a day as a fraction of its year."""
    return day.year + (day.timetuple().tm_yday - 1) / (366 if calendar.isleap(day.year) else 365)


def place(year: float, edges: tuple[float, float], first: float, last: float) -> float:
    """Return where a moment stands between two edges."""
    return edges[0] + (edges[1] - edges[0]) * (year - first) / (last - first)


def mark(kind: str, x: float, y: float) -> str:
    """Draw the mark of an act: a disc, a ring, a square."""
    if kind == SOVEREIGNTY:
        return rect("d-sovereign", x - 8, y - 8, 16, 16)
    css, r = ("d-declared", 9) if kind == INDEPENDENCE else ("d-restored", 8.4)
    return f'<circle class="{css}" cx="{number(x)}" cy="{number(y)}" r="{r}"/>'


def earlier(row: Row) -> tuple[int, int] | None:
    """Return the years in which a republic was in the Union within another."""
    found = re.search(r"\b(\d\d)(\d\d)–(\d\d) inside", row["founding_or_joining_note"])
    return (int(found[1] + found[2]), int(found[1] + found[3])) if found else None


def draw(rows: list[Row]) -> str:
    """Return the drawing."""
    claims = load_claims()
    begun = span(value(claims, "c-ussr-created", "date"))[0]
    ended = span(value(claims, "c-ussr-ended", "date"))[0]
    made = span(value(claims, "c-ussr-year-of-stalker", "years").split("–")[0])[0].year
    until = int(value(claims, "c-ussr-year-of-stalker", "years").split("–")[1])
    kinds = {ACTS[row["independence_or_sovereignty"]] for row in rows if row["name_short"] in OURS}
    guard(len(kinds) == len(OURS), "each of the three has a mark of its own, says the chapter")
    days = [Day.fromisoformat(row["date_of_it"]) for row in rows]
    late = [day for day in days if (day.year, day.month) >= (ended.year, 8)]
    guard(max(late) <= ended, "the last act is older than the end of the Union")
    guard(min(days).year >= ended.year - 1, "no act before the months shown")
    first = f"{NUMBERS[len(late)].capitalize()} of {NUMBERS[len(rows)]} acts"
    second = "of independence or sovereignty"
    third = f"fall in the last five months of {ended.year}."
    bottom = TOP + ROW * len(rows)
    start, end = begun.year, ended.year + 1
    opening = ended.year - 1

    def year_x(year: float) -> float:
        return place(year, YEARS, start, end)

    def month_x(day: Day) -> float:
        return place(fraction(day), MONTHS, opening, end)

    body = [text(LEFT, 42, first, "d-head"), text(LEFT, 76, second, "d-sub"), text(LEFT, 106, third, "d-sub")]
    for i, kind in enumerate((INDEPENDENCE, RESTORED, SOVEREIGNTY)):
        y = 142 + 31 * i
        body += [mark(kind, LEFT + 10, y), text(LEFT + 30, y + 8, kind)]
    body += [rect("d-annexed", 388, 134, 30, BAR), text(428, 150, "annexed")]
    body += [rect("d-inside", 388, 165, 30, BAR), text(428, 181, "in a federation")]
    for i, row in enumerate(rows):
        if row["name_short"] in OURS:
            body.append(rect("d-band", LEFT - 10, TOP + ROW * i + 1, RIGHT - LEFT + 20, ROW - 2, 4))
    body.append(text(YEARS[0], TOP - 48, "in the Union", "d-label d-strong"))
    body.append(text(MONTHS[1], TOP - 48, "the act", "d-label d-strong", anchor="end"))
    for year in (start, ended.year):
        anchor = "start" if year == start else "end"
        body.append(
            text(year_x(year) if year == start else YEARS[1], TOP - 16, str(year), "d-label d-quiet", anchor=anchor)
        )
    for year in (opening, ended.year):
        x = place(year, MONTHS, opening, end)
        body.append(f'<path class="d-grid" d="M{number(x)} {number(TOP - 8)}V{number(bottom)}"/>')
        body.append(text(x + 4, TOP - 16, str(year), "d-label d-quiet"))
    x = month_x(ended)
    body.append(f'<path class="d-end" d="M{number(x)} {number(TOP - 8)}V{number(bottom + 42)}"/>')
    behind = len(body)
    for i, (row, day) in enumerate(zip(rows, days, strict=True)):
        y = TOP + ROW * (i + 0.5)
        name = SHOWN.get(row["name_short"], row["name_short"])
        body.append(text(LEFT, y + 8, name, "d-label d-strong" if row["name_short"] in OURS else "d-label"))
        since = int(row["in_union_since"])
        kind = ACTS[row["independence_or_sovereignty"]]
        if before := earlier(row):
            guard(before[1] == since, f"{name}: from the federation into the Union")
            body.append(rect("d-inside", year_x(before[0]), y - 5, year_x(since) - year_x(before[0]), 10))
        css = "d-annexed" if "nnexed" in row["founding_or_joining_note"] else "d-in"
        body.append(rect(css, year_x(since), y - BAR / 2, YEARS[1] - year_x(since), BAR))
        x = month_x(day)
        shown = f"{day.day} {day:%b}"
        css = "d-label d-day d-on" if row["name_short"] in OURS else "d-label d-day"
        if x - MONTHS[0] > 100:
            body.append(text(x - 15, y + 8, shown, css, anchor="end"))
        else:
            body.append(text(x + 15, y + 8, shown, css))
        body.append(mark(kind, x, y))
    for year in (made, until + 1):
        lines = f"M{number(year_x(year))} {number(TOP)}V{number(bottom + 10)}"
        body.insert(behind, f'<path class="d-film" d="{lines}"/>')
        ticks = "".join(
            f"M{number(year_x(year))} {number(TOP + ROW * (i + 0.5) - BAR / 2)}v{BAR}" for i in range(len(rows))
        )
        body.append(f'<path class="d-over" d="{ticks}"/>')
    body.append(text(year_x(until + 1), bottom + 34, f"Stalker, {made}–{until % 100}", anchor="end"))
    body.append(text(RIGHT, bottom + 64, f"The Union ends on {ended.day} {ended:%B} {ended.year}.", anchor="end"))
    told = "; ".join(
        f"{row['name_short']}: in the Union since {row['in_union_since']}; {row['independence_or_sovereignty']}, {row['date_of_it']}"
        for row in rows
    )
    return sheet(
        "republics", bottom + 84, f"{first} {second} {third}", f"{told}.", style("republics", TYPE, RULES), body
    )


def tabulate(rows: list[Row]) -> str:
    """Return the same as a table."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["Republic", "In the Union since", "How it came in", "Act", "Date"])
    for row in rows:
        day = Day.fromisoformat(row["date_of_it"])
        shown = f"{day.day} {day:%B %Y}"
        act = row["independence_or_sovereignty"]
        writer.writerow([row["name_short"], row["in_union_since"], row["founding_or_joining_note"], act, shown])
    return file.getvalue()


if __name__ == "__main__":
    republics = load()
    publish({OUT / "republics.svg": draw(republics), OUT / "republics.csv": tabulate(republics)})
