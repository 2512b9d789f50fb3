"""Draw the figure of the chapter ``people``: who came to the film and who left it.

Reads ``book/data/chronology.csv`` and the ledger; writes ``departures.svg`` into ``book/figures/people/``.
A bar says that somebody is known to have been there, a dashed one that he probably was; a cross that he left,
at some time within the dotted line.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drawing import (
    FIGURES,
    LINE,
    MARKS,
    PAPER,
    SOFT,
    STATUSES,
    TYPE,
    WIDTH,
    A,
    C,
    Claims,
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

OUT = FIGURES / "people" / "departures.svg"

Day = dt.date
Span = tuple[Day, Day]

LEFT, RIGHT = 22.0, 618.0
TOP, ROW, BAR = 150.0, 61.0, 14.0
NUMBERS = "no one two three four five six seven eight nine ten".split()


@dataclass(frozen=True)
class Person:
    """Somebody who came.

    :param claims: On the coming or going; the weakest status is shown.
    :param told: The reasons told for the leaving, or for the coming of one who stayed.
    """

    name: str
    work: str
    claims: tuple[str, ...]
    told: tuple[str, ...]
    firm: Span | None = None
    maybe: tuple[Span, ...] = ()
    left: Span | None = None
    stayed: bool = False

    @property
    def line(self) -> str:
        """Name, work and what is told."""
        return f"{self.name}, {self.work}: {' '.join(self.told) or 'no reason told'}"


def people(claims: Claims, rows: list[dict[str, Any]]) -> list[Person]:
    """Return those who left, in the order of their leaving, and then those who stayed."""
    starts = sorted(span(each)[0] for each in value(claims, "c-location-shoot-start-1977", "reported"))
    year = starts[0].year
    whole = span(str(year))
    june = span(value(claims, "c-second-batch-1977-06", "date"))
    summer = (june[1], Day(year, 8, 31))
    guard(value(claims, "c-boim-dismissed", "date") == f"{year}-summer", "Boim left in summer")
    guard("first ten shooting days" in claims["c-kalmykov-leaves"]["says"], "Kalmykov stayed for ten shooting days")
    august = span(value(claims, "c-rerberg-leaves-1977-08", "date"))
    worked = [span(each) for each in value(claims, "c-abdusalamov-hired-fired", "worked")]
    autumn = (worked[0][0], worked[-1][1])
    gone = (autumn[1], span(row_of(rows, "c-kalashnikov-replaces")["date_end"])[1])
    tallinn = span(value(claims, "c-to-tallinn-1977-05-05", "date"))[0]
    begun = span(value(claims, "c-first-shooting-day-1977-02-15", "date"))[0]
    quake = span(value(claims, "c-isfara-earthquake-date", "date"))[0]
    ended = sorted(span(each)[0] for each in disputed_days(claims, "c-end-of-shooting-1978-12"))
    photos = span(value(claims, "c-actors-photos-1976-10", "date"))
    tests = span(value(claims, "c-screen-tests-1977-01", "date"))
    again = span(value(claims, "c-shoot-1978-start", "date"))[0]
    called = span(value(claims, "c-shoot-1978-august-witness", "date"))
    estimate = span(value(claims, "c-estimate-approved-1978-06-06", "date"))[0]
    actors = [each.split()[-1] for each in value(claims, "c-screen-tests-1977-01", "actors")]
    guard(set(actors) == {"Kaidanovsky", "Solonitsyn", "Grinko"}, "the three who were tested are the three who played")
    guard("is disputed" in claims["c-rerberg-leaves-1977-08"]["note"], "two versions for Rerberg")
    guard("personal reasons" in claims["c-abdusalamov-hired-fired"]["note"], "two versions for Abdusalamov")
    guard("Kalmykov" in value(claims, "c-isfara-transport-returned", "witness"), "Kalmykov was with the vehicles")
    guard("stayed to the end" in " ".join(claims["c-safiullin-invited-1977-06"]["says"].split()), "Safiullin stayed")
    demidova = value(claims, "c-knyazhinsky-chosen", "proposed_by").split()[-1]
    return [
        Person(
            "Kalmykov",
            "deputy",
            ("c-kalmykov-leaves",),
            ("asked to emigrate",),
            maybe=((quake, starts[-1]),),
            left=(starts[0], june[1]),
        ),
        Person("Dostal", "2nd director", ("c-second-directors-1977",), (), left=whole),
        Person("Meshchaninov", "2nd director", ("c-second-directors-1977",), (), left=whole),
        Person(
            "Boim",
            "design",
            ("c-boim-dismissed",),
            ("drinking, says the diary",),
            firm=(tallinn, june[1]),
            maybe=((begun, tallinn),),
            left=summer,
        ),
        Person(
            "Rerberg",
            "camera",
            ("c-rerberg-leaves-1977-08",),
            ("walked out?", "sent away?"),
            firm=(starts[-1], august[0]),
            maybe=((begun, starts[-1]),),
            left=august,
        ),
        Person(
            "Kalashnikov",
            "camera",
            ("c-kalashnikov-replaces",),
            ("gave up (diary)",),
            maybe=(autumn,),
            left=gone,
        ),
        Person(
            "Abdusalamov",
            "design",
            ("c-abdusalamov-hired-fired",),
            ("rudeness?", "personal?"),
            firm=autumn,
            maybe=((june[1], autumn[0]),),
            left=gone,
        ),
        Person(
            ", ".join(actors[:-1]),
            actors[-1],
            ("c-actors-photos-1976-10", "c-screen-tests-1977-01"),
            ("cast",),
            firm=(tests[0], ended[-1]),
            maybe=((photos[0], tests[0]),),
            stayed=True,
        ),
        Person(
            "Safiullin",
            "decorator",
            ("c-safiullin-invited-1977-06",),
            ("by telegram",),
            firm=(june[1], ended[-1]),
            stayed=True,
        ),
        Person(
            "Knyazhinsky",
            "camera",
            ("c-knyazhinsky-chosen",),
            (f"{demidova}’s idea",),
            firm=(again, ended[-1]),
            maybe=((estimate, again),),
            stayed=True,
        ),
        Person(
            "L. Tarkovskaya",
            "2nd director",
            ("c-larisa-second-director",),
            ("last day",),
            firm=(ended[0], ended[-1]),
            maybe=((called[0], ended[0]),),
            stayed=True,
        ),
    ]


def draw(claims: Claims, rows: list[dict[str, Any]]) -> str:
    """Return the SVG file."""
    everyone = people(claims, rows)
    leavers = [each for each in everyone if each.left]
    year = 1977
    guard(all(each.left and {day.year for day in each.left} == {year} for each in leavers), f"all left in {year}")
    twice = sum(len(each.told) > 1 for each in leavers)
    title = (f"At least {NUMBERS[len(leavers)]} left in {year},", f"{NUMBERS[twice]} of them in two versions.")
    first, last = (int(each) for each in value(claims, "c-production-years", "production").split("–"))

    def across(day: Day) -> float:
        share = (day.day - 1) / calendar.monthrange(day.year, day.month)[1]
        return LEFT + (RIGHT - LEFT) * ((day.year - first) * 12 + day.month - 1 + share) / (12 * (last - first + 1))

    body = [text(22, 42, title[0], "d-head"), text(22, 76, title[1], "d-head")]
    foot = TOP + ROW * len(everyone) + 92
    ticks = ""
    for each in range(first, last + 1):
        start, end = across(Day(each, 1, 1)), across(Day(each + 1, 1, 1))
        body.append(text((start + end) / 2, 122, str(each), anchor="middle"))
        ticks += f"M{number(end)} {number(TOP - 18)}V{number(foot)}" if each < last else ""
    body.append(f'<path class="d-grid" d="{ticks}"/>')
    y = TOP
    for heading, group in (("Left", leavers), ("Stayed", [each for each in everyone if each.stayed])):
        body.append(text(LEFT, y + 20, heading, "d-label d-strong d-halo"))
        y += 36
        for i, person in enumerate(group):
            if i % 2 == 0:
                body.append(rect("d-band", 8, y, WIDTH - 16, ROW))
            body.append(status_mark(status_of(claims, *person.claims), 31, y + 17, 8))
            body.append(text(48, y + 24, person.line, "d-label d-halo"))
            body += stay(person, y + 36, across)
            y += ROW
        y += 10
    shown = {status_of(claims, *each.claims) for each in everyone}
    body += status_key(y + 20, [status for status in STATUSES if status in shown])
    body += [
        rect("d-firm", 22, y + 46, 30, BAR),
        text(60, y + 60, "there"),
        rect("d-maybe", 160, y + 46, 30, BAR),
        text(198, y + 60, "probably"),
        f'<path class="d-within" d="M346 {number(y + 53)}h44"/>',
        cross(368, y + 53),
        text(400, y + 60, "left, within"),
    ]
    versions = "; ".join(f"{each.line} ({claims[each.claims[0]]['status']})" for each in everyone)
    description = f"The years {first} to {last}; a row for each person. Left in {year} or stayed, and why: {versions}."
    rules = (
        ".{0} .d-band{{fill:" + SOFT + ";fill-opacity:.5}}.{0} .d-grid{{stroke:" + LINE + ";stroke-opacity:.6}}"
        ".{0} .d-firm{{fill:" + A + ";stroke:" + A + ";stroke-width:1.6}}"
        ".{0} .d-maybe{{fill:" + PAPER + ";stroke:" + A + ";stroke-width:1.8;stroke-dasharray:4 3}}"
        ".{0} .d-within{{stroke:" + C + ";stroke-width:2.2;stroke-dasharray:2 4}}"
        ".{0} .d-cross{{fill:none;stroke:" + C + ";stroke-width:3.4;stroke-linecap:round}}"
        ".{0} .d-on{{fill:" + A + "}}"
        ".{0} .d-halo{{paint-order:stroke;stroke:" + PAPER + ";stroke-width:5;stroke-opacity:.8;stroke-linejoin:round}}"
    )
    return sheet("departures", y + 82, " ".join(title), description, style("departures", TYPE, MARKS, rules), body)


def stay(person: Person, y: float, across: Callable[[Day], float]) -> list[str]:
    """Draw how long somebody was there, and how it ended."""
    lines = [rect("d-maybe", across(a), y, across(b) - across(a), BAR) for a, b in person.maybe]
    if person.firm:
        start, end = (across(each) for each in person.firm)
        lines.append(rect("d-firm", start, y, max(end - start, 3), BAR))
        if person.stayed:
            lines.append(f'<path class="d-on" d="M{number(max(end, start + 3))} {number(y - 4)}l14 11-14 11z"/>')
    if person.left:
        start, end = (across(each) for each in person.left)
        middle = y + BAR / 2
        lines.append(f'<path class="d-within" d="M{number(start)} {number(middle)}H{number(end)}"/>')
        lines.append(cross((start + end) / 2, middle))
    return lines


def cross(x: float, y: float) -> str:
    """Draw a cross."""
    return f'<path class="d-cross" d="M{number(x - 7)} {number(y - 7)}l14 14m0-14l-14 14"/>'


if __name__ == "__main__":
    publish({OUT: draw(load_claims(), load_chronology())})
