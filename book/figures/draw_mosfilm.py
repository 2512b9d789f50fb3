"""Draw the figure of the chapter ``mosfilm``: the studio’s names, some of its units, and the way of one film.

Reads the ledger and ``book/data/studios.csv``; writes ``units.svg`` into ``book/figures/mosfilm/``.
A bar runs from one dated end to another; its edge says how the dates are known, and what has no date is dashed.
"""

from __future__ import annotations

import ast
import csv
import datetime
import re

from drawing import (
    BOOK,
    CONFIRMED,
    DISPUTED,
    FIGURES,
    INK,
    LINE,
    PAPER,
    SINGLE,
    STATUSES,
    TYPE,
    A,
    B,
    C,
    Claims,
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

OUT = FIGURES / "mosfilm"

LEFT, RIGHT = 22.0, 618.0
BARS = 254.0  # left edge of the bars beside names
ROW, BAR = 36.0, 18.0
SHOWN = {"Goskino 1st and 3rd factories": "two factories"}
NUMBERS = "no one two three four five six seven eight nine".split()
#: How the edge of a bar shows a status.
EDGES = {CONFIRMED: "d-firm", SINGLE: "d-one", DISPUTED: "d-open"}

RULES = (
    ".{0} .d-firm{{fill:" + A + ";stroke:" + A + ";stroke-width:2}}"
    ".{0} .d-one{{fill:" + PAPER + ";stroke:" + B + ";stroke-width:3.2}}"
    ".{0} .d-open{{fill:" + PAPER + ";stroke:" + C + ";stroke-width:2.4;stroke-dasharray:5 3.4}}"
    ".{0} .d-label{{paint-order:stroke;stroke:" + PAPER + ";stroke-width:6;stroke-linejoin:round}}"
    ".{0} .d-grid{{stroke:" + LINE + ";stroke-width:1.2}}"
    ".{0} .d-gap{{fill:none;stroke:" + D + ";stroke-width:2.8;stroke-dasharray:7 5}}"
    ".{0} .d-tip{{fill:none;stroke:" + INK + ";stroke-width:2.4}}"
)


class Scale:
    """Years on a line."""

    def __init__(self, first: float, last: float, left: float = BARS, right: float = RIGHT) -> None:
        self.first, self.unit, self.left = first, (right - left) / (last - first), left

    def __call__(self, year: float) -> float:
        """Return the place of a moment."""
        return self.left + (year - self.first) * self.unit


def moment(day: datetime.date) -> float:
    """Return a day as a fraction of its year."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def day_of(claims: Claims, claim: str) -> datetime.date:
    """Return the day that a claim gives."""
    first, last = span(value(claims, claim, "date"))
    guard(first == last, f"{claim} has a day")
    return first


def named(day: datetime.date, *, year: bool) -> str:
    """Return a day in words."""
    return f"{day.day} {day:%B}" + (f" {day.year}" if year else "")


def bar(status: str, x: float, to: float, y: float) -> str:
    """Draw a bar whose edge shows a status."""
    return rect(EDGES[status], x, y - BAR / 2, to - x, BAR)


def tip(x: float, y: float) -> str:
    """Draw the point of an arrow that leads out of the drawing."""
    return f'<path class="d-tip" d="M{number(x - 9)} {number(y - 9)}l9 9-9 9"/>'


def grid(scale: Scale, years: tuple[int, ...], top: float, bottom: float) -> list[str]:
    """Draw the years as fine lines with their numbers below."""
    lines = [f'<path class="d-grid" d="M{number(scale(year))} {number(top)}V{number(bottom)}"/>' for year in years]
    return lines + [text(scale(year), bottom + 23, str(year), "d-label d-quiet", anchor="middle") for year in years]


def names(claims: Claims) -> list[tuple[str, int]]:
    """Return the names of the studio and the years from which they are dated."""
    found = [ast.literal_eval(each) for each in value(claims, "c-mosfilm-names", "names")]
    return [(each["name"], int(each["from"])) for each in found]


def years_of_the_name() -> tuple[int, int]:
    """Return the years between which the sources date the name Mosfilm."""
    with (BOOK / "data" / "studios.csv").open(encoding="utf-8", newline="") as file:
        note = next(row["note"] for row in csv.DictReader(file) if row["name"] == "Mosfilm")
    found = re.search(r"named Mosfilm since (\d\d)(\d\d)–(\d\d)\b", note)
    if not found:
        raise SystemExit("studios.csv no longer says since when the studio is named Mosfilm")
    return int(found[1] + found[2]), int(found[1] + found[3])


def years_in(words: str) -> tuple[int, int]:
    """Return the two years of a range."""
    first, last = (int(each) for each in re.findall(r"\d{4}", words))
    return first, last


def draw_names(claims: Claims, top: float) -> tuple[list[str], float]:
    """Draw the names of the studio; return the lines and where they end."""
    listed = names(claims)
    guard([listed[0][0], listed[1][0], listed[-1][0]] == [*SHOWN, "Sovkino", "Mosfilm"], "factories, Sovkino … Mosfilm")
    merged = years_in(value(claims, "c-mosfilm-sovkino-merger", "year"))
    called = years_of_the_name()
    guard(merged[1] == listed[1][1], "the later year of the merger is the likelier one")
    guard(called[1] == listed[-1][1], "the later year of the name Mosfilm is the one in the list")
    united = years_in(value(claims, "c-tsoks-name", "years"))
    scale = Scale(listed[0][1], 1946)
    status = claims["c-mosfilm-names"]["status"]
    lines = grid(scale, (1925, 1930, 1935, 1940, 1945), top, top + ROW * (len(listed) + 1))
    for i, (name, since) in enumerate(listed):
        y = top + ROW * (i + 0.5)
        lines.append(text(LEFT, y + 8, SHOWN.get(name, name), "d-label d-strong" if name == "Mosfilm" else "d-label"))
        if name == "Mosfilm":
            lines += [bar(DISPUTED, scale(called[0]), scale(called[1]), y), bar(status, scale(since), RIGHT, y)]
            lines.append(tip(RIGHT + 12, y))
            lines.append(text(scale(called[0]) - 8, y + 8, f"{called[0]}–{called[1] % 100}", anchor="end"))
            continue
        until = listed[i + 1][1]
        if i == 0:
            lines += [bar(status, scale(since), scale(merged[0]), y), bar(DISPUTED, scale(merged[0]), scale(until), y)]
            shown = str(since)
        elif i == 1:
            lines += [bar(DISPUTED, scale(merged[0]), scale(since), y), bar(status, scale(since), scale(until), y)]
            shown = f"{merged[0]} or {merged[1]}"
        else:
            lines.append(bar(status, scale(since), scale(until), y))
            shown = str(since)
        lines.append(text(scale(until) + 9, y + 8, shown))
    y = top + ROW * (len(listed) + 0.5)
    lines.append(text(LEFT, y + 8, "TsOKS, in the war"))
    lines.append(bar(claims["c-tsoks-name"]["status"], scale(united[0]), scale(united[1] + 1), y))
    lines.append(text(scale(united[0]) - 8, y + 8, f"{united[0]}–{united[1] % 100}", anchor="end"))
    return lines, top + ROW * (len(listed) + 1) + 23


def draw_units(claims: Claims, top: float) -> tuple[list[str], float]:
    """Draw three units of the studio; return the lines and where they end."""
    own, joined = (int(each) for each in value(claims, "c-mosfilm-experimental-1968", "years"))
    ordered = int(value(claims, "c-mosfilm-reorganised-1973", "year"))
    guard(
        "Second" in " ".join(value(claims, "c-mosfilm-reorganised-1973", "units")), "the Second was one of the numbered"
    )
    last = moment(day_of(claims, "c-ognev-recommends-1976-04-22"))
    rublev = int(value(claims, "c-mosfilm-director-surin", "year"))
    guard(str(rublev) in claims["c-rublev-sixth-unit"]["says"], f"the Sixth discussed the film in {rublev}")
    ready = moment(day_of(claims, "c-goskino-viewing-1979-04-02"))
    scale = Scale(own, 1981)
    bottom = top + ROW * 4
    lines = grid(scale, (1965, 1970, 1975, 1980), top, bottom)
    first, second, third = (top + ROW * (i + 0.5) for i in (0, 2, 3))
    status = claims["c-mosfilm-experimental-1968"]["status"]
    lines += [
        text(LEFT, first + 8, "Experimental"),
        bar(status, scale(own), scale(joined), first),
        bar(status, scale(joined), scale(last), first),
        text(scale(last) + 30, first + 8, "?", "d-label d-strong"),
        f'<path class="d-gap" d="M{number(scale(last) + 3)} {number(first)}h24"/>',
        text(scale(own) - 4, first + ROW + 2, f"its own studio to {joined}", "d-label d-quiet"),
        text(LEFT, second + 8, "Sixth"),
        bar(claims["c-rublev-sixth-unit"]["status"], scale(rublev), scale(rublev + 1), second),
        text(scale(rublev + 1) + 9, second + 8, f"“Andrei Rublev”, {rublev}"),
        text(LEFT, third + 8, "Second"),
        f'<path class="d-gap" d="M{number(scale(ordered) - 3)} {number(third)}h-24"/>',
        text(scale(ordered) - 42, third + 8, "?", "d-label d-strong"),
        bar(claims["c-mosfilm-reorganised-1973"]["status"], scale(ordered), scale(ready), third),
        tip(scale(ready) + 14, third),
    ]
    return lines, bottom + 23


def draw_move(claims: Claims, top: float) -> tuple[list[str], float]:
    """Draw the way of the film from unit to unit; return the lines and where they end."""
    guard("ЭТО" in value(claims, "c-eto-agreement-1976-01", "unit"), "the first paper names the Experimental")
    guard("ETO" in claims["c-ognev-recommends-1976-04-22"]["says"], "the second paper names the Experimental")
    guard(
        "Second Creative" in " ".join(claims["c-academy-letter-1977-02-09"]["says"].split()),
        "the third names the Second",
    )
    one, two, three = (
        day_of(claims, each)
        for each in ("c-eto-agreement-1976-01", "c-ognev-recommends-1976-04-22", "c-academy-letter-1977-02-09")
    )
    guard(one < two < three and one.year == two.year, "the papers follow each other")
    scale = Scale(moment(one) - 0.05, moment(three) + 0.17, LEFT, RIGHT)
    above, below = top + 58, top + 140
    lines = [text(LEFT, top + 32, f"Experimental: {named(one, year=False)} to {named(two, year=True)}")]
    x, to, again = (scale(moment(each)) for each in (one, two, three))
    middle = number((to + again) / 2)
    bend = f"C{middle} {number(above)} {middle} {number(below)} {number(again)} {number(below)}"
    lines += [
        bar(claims["c-eto-agreement-1976-01"]["status"], x, to, above),
        f'<path class="d-gap" d="M{number(to)} {number(above)}{bend}"/>',
        text(RIGHT, top + 82, "no paper that was read", anchor="end"),
        text(RIGHT, top + 110, "dates the move", anchor="end"),
        bar(claims["c-academy-letter-1977-02-09"]["status"], again, RIGHT, below),
        tip(RIGHT + 12, below),
        text(RIGHT, top + 184, f"Second: {named(three, year=True)},", anchor="end"),
        text(RIGHT, top + 212, "then the titles of the film", anchor="end"),
    ]
    return lines, top + 212


def draw(claims: Claims) -> str:
    """Return the drawing."""
    count = len(names(claims)) - 2
    guard(
        day_of(claims, "c-ognev-recommends-1976-04-22") < day_of(claims, "c-academy-letter-1977-02-09"), "an open gap"
    )
    first = f"{NUMBERS[count].capitalize()} names, then Mosfilm."
    second = "Stalker’s change of units has no date."
    body = [text(LEFT, 42, first, "d-head"), text(LEFT, 78, second, "d-sub")]
    for status, x in zip(STATUSES, (LEFT, 222.0, 424.0), strict=True):
        body += [bar(status, x, x + 30, 112), text(x + 40, 120, STATUSES[status])]
    bottom = 120.0
    for heading, panel in (("The names", draw_names), ("Some units", draw_units), ("Where Stalker was", draw_move)):
        body.append(text(LEFT, bottom + 46, heading, "d-label d-strong"))
        lines, bottom = panel(claims, bottom + 58)
        body += lines
    told = "; ".join(f"{name} from {year}" for name, year in names(claims))
    description = f"{told}. Stalker: Experimental Association, a gap without a paper, Second Association."
    return sheet("units", bottom + 24, f"{first} {second}", description, style("units", TYPE, RULES), body)


if __name__ == "__main__":
    publish({OUT / "units.svg": draw(load_claims())})
