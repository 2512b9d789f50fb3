"""Draw the figures of the chapter ``release``: audiences in the Soviet Union, and places in polls.

Reads ``book/data/admissions.csv``, ``book/data/polls.csv`` and, for what the headlines say, the ledger; writes
``admissions.svg`` and ``polls.svg``, and ``.csv`` files with the same in words, into ``book/figures/release/``.
Audiences stand on a plain scale from zero, since a scale with a break or of powers would hide how far apart
they are; places stand on a scale of powers, since a place in front is worth more than one behind.
"""

from __future__ import annotations

import csv
import io
import math
from itertools import pairwise

from drawing import (
    BOOK,
    CONFIRMED,
    FIGURES,
    INK,
    LINE,
    MARKS,
    PAPER,
    SINGLE,
    SOFT,
    STATUSES,
    TYPE,
    D,
    guard,
    load_claims,
    number,
    publish,
    rect,
    sheet,
    status_key,
    status_mark,
    style,
    text,
)

OUT = FIGURES / "release"

LEFT, RIGHT = 22.0, 618.0
Row = dict[str, str]


def load(name: str) -> list[Row]:
    """Read a table."""
    with (BOOK / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tabulate(*rows: list[str]) -> str:
    """Return a table as text."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


# Audiences.

#: Titles too long for the drawing.
SHORT = {
    "Pirates of the 20th Century": "Pirates of the 20th…",
    "Moscow Does Not Believe in Tears": "Moscow Does Not…",
    "Prisoner of the Caucasus": "Prisoner of Caucasus",
    "Wedding in Malinovka": "Wedding in Malinovka",
    "Operation Y and Other Adventures of Shurik": "Operation Y…",
    "The Shield and the Sword, part 1": "The Shield…, part 1",
    "New Adventures of the Elusive Avengers": "New Adventures…",
    "The Dawns Here Are Quiet": "The Dawns Here…",
    "The Red Snowball Tree": "Red Snowball Tree",
    "Ivan Vasilievich Changes Profession": "Ivan Vasilievich…",
}
LONGEST = 20
ZERO, MILLION = 330.0, 2.1  # place of nothing, and width of a million
TOP, ROW = 208.0, 36.0

ADMISSIONS_RULES = (
    ".{0} .d-band{{fill:" + SOFT + "}}.{0} .d-grid{{stroke:" + LINE + ";stroke-width:1.2}}"
    ".{0} .d-stem{{stroke:" + INK + ";stroke-width:2.6}}.{0} .d-this{{stroke:" + INK + ";stroke-width:1.8}}"
)


def admissions() -> list[Row]:
    """Return the films, the largest audience first."""
    films = sorted(load("admissions"), key=lambda row: -float(row["admissions_millions"]))
    for row in films:
        guard(row["status"] in STATUSES, f"{row['film']} has the status {row['status']}")
        guard(len(SHORT.get(row["film"], row["film"])) <= LONGEST, f"{row['film']} fits")
    return films


def draw_admissions(films: list[Row]) -> str:
    """Return the drawing of the audiences."""
    millions = {row["film"]: float(row["admissions_millions"]) for row in films}
    stalker = load_claims()["c-stalker-admissions"]["values"]["admissions_millions"]
    guard(float(stalker) == millions["Stalker"], "the table and the claim give Stalker the same figure")
    guard(1.85 < millions["Stalker"] / millions["Mirror"] < 2.15, "about twice Mirror")
    guard(18 < max(millions.values()) / millions["Stalker"] < 22, "a twentieth of the largest")
    most = max(millions[row["film"]] for row in films if "Tarkovsky" in row["director"])
    lower = [row["film"] for row in films if millions[row["film"]] < most and "Tarkovsky" not in row["director"]]
    guard(lower == ["Spring"], "Tarkovsky’s films are the shortest, with Spring among them, says the chapter")
    first, second = "Stalker: about twice Mirror,", "a twentieth of the largest."
    bottom = TOP + ROW * len(films)
    body = [
        text(LEFT, 42, first, "d-head"),
        text(LEFT, 78, second, "d-head"),
        text(LEFT, 114, "Admissions in the USSR, millions", "d-sub"),
        *status_key(148),
    ]
    for i, row in enumerate(films):
        if "Tarkovsky" in row["director"]:
            css = "d-band d-this" if row["film"] == "Stalker" else "d-band"
            body.append(rect(css, LEFT - 10, TOP + ROW * i + 1, RIGHT - LEFT + 20, ROW - 2, 4))
    for mark in (0, 30, 60, 90):
        x = ZERO + MILLION * mark
        body.append(f'<path class="d-grid" d="M{number(x)} {number(TOP - 4)}V{number(TOP + 2 if mark else bottom)}"/>')
        body.append(text(x, TOP - 12, str(mark), "d-label d-quiet", anchor="middle"))
    for i, row in enumerate(films):
        y = TOP + ROW * (i + 0.5)
        x = ZERO + MILLION * millions[row["film"]]
        ours = "Tarkovsky" in row["director"]
        name = SHORT.get(row["film"], row["film"])
        body.append(text(LEFT, y + 8, name, "d-label d-strong" if ours else "d-label"))
        body.append(f'<path class="d-stem" d="M{number(ZERO)} {number(y)}H{number(x)}"/>')
        body.append(status_mark(row["status"], x, y))
        body.append(text(x + 18, y + 8, number(millions[row["film"]]), "d-label d-strong" if ours else "d-label"))
    told = "; ".join(f"{row['film']} {row['admissions_millions']} ({STATUSES[row['status']]})" for row in films)
    rules = style("admissions", TYPE, MARKS, ADMISSIONS_RULES)
    return sheet("admissions", bottom + 22, f"{first} {second}", f"Millions of tickets: {told}.", rules, body)


def tabulate_admissions(films: list[Row]) -> str:
    """Return the audiences as a table."""
    head = ["Film", "Director", "Year", "Millions", "How sure"]
    rows = [
        [f"*{r['film']}*", r["director"], r["year"], r["admissions_millions"], STATUSES[r["status"]]] for r in films
    ]
    return tabulate(head, *rows)


# Polls.

POLLS = {"Critics": "Sight and Sound critics", "Directors": "Sight and Sound directors"}
YEARS = {"2002": 112.0, "2012": 252.0, "2022": 392.0}
NAMES = {"Ivan’s Childhood": "Ivan", "Andrei Rublev": "Rublev", "The Sacrifice": "Sacrifice"}
GRID = (10, 30, 100, 300)
BEST, FOLD = 7.0, 68.0  # the place at the upper edge, and what e times as many places are in height
DEEP = 500.0  # the place at the lower edge
APART = 28.0  # least distance of two base lines

POLLS_RULES = (
    ".{0} .d-grid{{stroke:" + LINE + ";stroke-width:1.1;stroke-dasharray:2 4}}"
    ".{0} .d-other{{fill:none;stroke:" + LINE + ";stroke-width:2}}"
    ".{0} .d-mirror{{fill:none;stroke:" + INK + ";stroke-width:2}}"
    ".{0} .d-stalker{{fill:none;stroke:" + INK + ";stroke-width:5}}"
    ".{0} .d-lost{{fill:none;stroke:" + D + ";stroke-width:2.2;stroke-dasharray:3 5}}"
    ".{0} .d-leader{{fill:none;stroke:" + LINE + ";stroke-width:1.2}}"
    ".{0} .d-none{{fill:" + PAPER + ";stroke:" + D + ";stroke-width:2.2;stroke-dasharray:3.4 2.6}}"
    ".{0} .d-label{{paint-order:stroke;stroke:" + PAPER + ";stroke-width:6;stroke-linejoin:round}}"
)


def rank_of(row: Row) -> int | None:
    """Return a place as a number, or nothing."""
    return int(row["rank"].lstrip("=")) if row["rank"] else None


def polls() -> dict[str, dict[str, dict[str, Row]]]:
    """Return the rows of the two polls, by year and film."""
    found: dict[str, dict[str, dict[str, Row]]] = {name: {year: {} for year in YEARS} for name in POLLS}
    for row in load("polls"):
        for name, poll in POLLS.items():
            if row["poll"] == poll:
                guard(row["year"] in YEARS, f"a poll of {row['year']}")
                found[name][row["year"]][row["film"]] = row
    for name in POLLS:
        guard(list(found[name]["2002"]) == ["Stalker"], f"{name}: of 2002 nothing was found")
        guard(rank_of(found[name]["2002"]["Stalker"]) is None, f"{name}: of 2002 no place was found")
        guard(set(found[name]["2012"]) == set(found[name]["2022"]), f"{name}: the same films twice")
        for year in ("2012", "2022"):
            for row in found[name][year].values():
                guard(row["status"] in (CONFIRMED, SINGLE), f"{row['film']}, {year}: {row['status']}")
                guard((rank_of(row) or 8) < DEEP, f"{row['film']}, {year}: {row['rank']} fits")
    return found


def spread(wanted: list[float]) -> list[float]:
    """Move base lines apart, as little as need be."""
    placed = sorted(wanted)
    for _ in range(200):
        for i, (upper, lower) in enumerate(pairwise(placed)):
            if lower - upper < APART:
                push = (APART - lower + upper) / 2
                placed[i], placed[i + 1] = upper - push, lower + push
    return placed


def draw_poll(name: str, poll: dict[str, dict[str, Row]], top: float) -> tuple[list[str], float]:
    """Draw a poll; return the lines and where they end."""
    bottom = top + FOLD * math.log(DEEP / BEST)

    def height(rank: int | None) -> float:
        return bottom + 30 if rank is None else top + FOLD * math.log(rank / BEST)

    lines = [text(LEFT, top - 72, name, "d-label d-strong")]
    for year, x in YEARS.items():
        voters = next(iter(poll[year].values()))["voters"]
        lines.append(text(x, top - 40, year, "d-label d-strong", anchor="middle"))
        lines.append(text(x, top - 14, f"of {int(voters):,}", "d-label d-quiet", anchor="middle"))
    for rank in GRID:
        y = height(rank)
        lines.append(f'<path class="d-grid" d="M66 {number(y)}H{number(YEARS["2022"])}"/>')
        lines.append(text(58, y + 8, str(rank), "d-label d-quiet", anchor="end"))
    x = YEARS["2002"]
    lines.append(f'<path class="d-lost" d="M{x} {number(height(11))}V{number(bottom)}l-8-9m8 9l8-9"/>')
    lines.append(text(x, height(60) + 8, "?", "d-label d-strong", anchor="middle"))
    start, end = YEARS["2012"], YEARS["2022"]
    films = sorted(poll["2022"], key=lambda film: (height(rank_of(poll["2022"][film])), film))
    weight = {"Stalker": "d-stalker", "Mirror": "d-mirror"}
    for film in sorted(films, key=lambda film: film in weight):
        before, after = height(rank_of(poll["2012"][film])), height(rank_of(poll["2022"][film]))
        css = weight.get(film, "d-other") if rank_of(poll["2022"][film]) else "d-lost"
        lines.append(f'<path class="{css}" d="M{start} {number(before)}L{end} {number(after)}"/>')
    earlier = sorted({(rank_of(row), row["rank"]) for row in poll["2012"].values()})
    for (rank, shown), y in zip(earlier, spread([height(rank) for rank, _ in earlier]), strict=True):
        lines.append(f'<path class="d-leader" d="M{start} {number(height(rank))}L{start - 16} {number(y)}"/>')
        strong = rank == rank_of(poll["2012"]["Stalker"])
        lines.append(text(start - 18, y + 8, shown, "d-label d-strong" if strong else "d-label", anchor="end"))
    later = spread([height(rank_of(poll["2022"][film])) for film in films])
    for film, y in sorted(zip(films, later, strict=True), key=lambda each: each[0] == "Stalker"):
        row = poll["2022"][film]
        at = height(rank_of(row))
        lines.append(f'<path class="d-leader" d="M{end} {number(at)}L{end + 16} {number(y)}"/>')
        label = f"{row['rank'] or '–'} {NAMES.get(film, film)}"
        lines.append(text(end + 19, y + 8, label, "d-label d-strong" if film == "Stalker" else "d-label"))
        lines.append(status_mark(poll["2012"][film]["status"], start, height(rank_of(poll["2012"][film])), 7.5))
        if row["rank"]:
            lines.append(status_mark(row["status"], end, at, 7.5))
        else:
            lines.append(f'<circle class="d-none" cx="{end}" cy="{number(at)}" r="7.5"/>')
    return lines, max(later[-1], bottom) + 12


def draw_polls(found: dict[str, dict[str, dict[str, Row]]]) -> str:
    """Return the drawing of the polls."""
    guard(
        "No Tarkovsky film" in load_claims()["c-sns2002-no-tarkovsky-top-ten"]["says"], "none of the first ten in 2002"
    )
    places = {
        (name, year, film): rank_of(row)
        for name, poll in found.items()
        for year in ("2012", "2022")
        for film, row in poll[year].items()
    }
    for name in POLLS:
        for year in ("2012", "2022"):
            guard(places[name, year, "Mirror"] < places[name, year, "Stalker"], f"{name} {year}: Mirror before Stalker")
    guard(places["Critics", "2012", "Stalker"] < places["Critics", "2022", "Stalker"], "the critics moved Stalker down")
    guard(places["Directors", "2012", "Stalker"] > places["Directors", "2022", "Stalker"], "the directors moved it up")
    first, second = "Mirror stands above Stalker", "in all four lists found."
    body = [
        text(LEFT, 42, first, "d-head"),
        text(LEFT, 78, second, "d-head"),
        text(LEFT, 114, "Stalker: critics down, directors up", "d-sub"),
        *status_key(148, (CONFIRMED, SINGLE)),
    ]
    bottom = 160.0
    for name in POLLS:
        lines, bottom = draw_poll(name, found[name], bottom + 116)
        body += lines
    told = "; ".join(
        f"{name} {year}, {film}: {rank or 'no useful place'}" for (name, year, film), rank in places.items()
    )
    rules = style("polls", TYPE, MARKS, POLLS_RULES)
    return sheet("polls", bottom + 20, f"{first} {second}", f"{told}. Of 2002 nothing was found.", rules, body)


def tabulate_polls(found: dict[str, dict[str, dict[str, Row]]]) -> str:
    """Return the polls as a table: places, and votes in brackets."""
    columns = [(name, year) for name in POLLS for year in YEARS if year != "2002"]
    rows = []
    for film in found["Critics"]["2012"]:
        cells = []
        for name, year in columns:
            row = found[name][year][film]
            cells.append(f"{row['rank'] or '–'} ({row['votes']})")
        rows.append([f"*{film}*", *cells])
    return tabulate(["Film", *(f"{name}, {year}" for name, year in columns)], *rows)


if __name__ == "__main__":
    audience, places_taken = admissions(), polls()
    publish(
        {
            OUT / "admissions.svg": draw_admissions(audience),
            OUT / "admissions.csv": tabulate_admissions(audience),
            OUT / "polls.svg": draw_polls(places_taken),
            OUT / "polls.csv": tabulate_polls(places_taken),
        }
    )
