"""Draw the figure of the chapter ``legends``: the family tree of the river, from its first known telling.

Reads the ledger; writes ``river.svg``, and ``river.csv`` with the same in words, into ``book/figures/legends/``.
A box is a telling: who, when, what changed. A full arrow leads to one that names its source, a broken one to one
whose source is inferred. What a box says is held against words of the claim that it rests on.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from drawing import (
    FIGURES,
    INK,
    PAPER,
    SOFT,
    STATUSES,
    TYPE,
    C,
    Claims,
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

OUT = FIGURES / "legends"

LEFT, RIGHT = 22.0, 618.0
TRUNK, BOX, DEEPER = 46.0, 98.0, 54.0  # of the trunk, of the boxes, and how far a box of the third rank is moved in
TOP, HEIGHT, PITCH = 258.0, 66.0, 78.0
UNDATED = "undated"


@dataclass(frozen=True)
class Telling:
    """A box.

    :param words: What the claim must contain for the box to be true.
    :param named: Whether the telling names its source.
    :param copied: Whether it comes from the box before it of the second rank.
    """

    who: str
    when: str
    change: str
    claim: str
    words: tuple[str, ...]
    named: bool = False
    copied: bool = False


def said(claims: Claims, claim: str) -> str:
    """Return all that a claim says, its sources included."""
    each = claims[claim]
    parts = [each["says"], *(" ".join(source.values()) for source in each["sources"])]
    return " ".join(" ".join(parts).split())


def tellings(claims: Claims) -> list[Telling]:
    """Return the boxes below the root."""
    sites = [source["key"] for source in claims["c-river-name-drift"]["sources"]]
    years = [found[0] if (found := re.search(r"(?<!\d)\d{4}$", key)) else "?" for key in sites]
    dates = ", ".join(sorted(years, key=lambda year: (year == "?", year)))
    forms = value(claims, "c-river-name-drift", "forms")
    guard(len(sites) == len(forms) == 3, "three sites quote him with three names")
    french = span(value(claims, "c-farout-copies", "french_page"))[0]
    return [
        Telling(
            "A film club",
            value(claims, "c-river-tellings-snow", "year"),
            "it snowed in high summer",
            "c-river-tellings-snow",
            ("film club", "it snowed in high summer", "a shot with snow"),
        ),
        Telling("Three sites", dates, f"the river: {', '.join(forms)}", "c-river-name-drift", tuple(forms), named=True),
        Telling(
            "A German paper",
            value(claims, "c-river-tellings-place", "newspaper"),
            "they filmed in the plant itself",
            "c-river-tellings-place",
            ("chemical factory that was itself the place of filming", "nd2018-stalker"),
        ),
        Telling(
            "A Spanish forum",
            UNDATED,
            "the right bronchus, all three",
            "c-river-tellings-illness",
            ("Spanish forum has all three die of cancer of the right bronchus",),
        ),
        Telling(
            "The Outlook",
            UNDATED,
            "more dead, one in a fire",
            "c-river-victims-grow",
            ("The Outlook", "adds", "death in a fire"),
        ),
        Telling("Letterboxd", UNDATED, "radioactive zones", "c-river-radioactive", ("Letterboxd", "radioactive zones")),
        Telling("Medium", UNDATED, "poisoned by the KGB", "c-river-kgb-merge", ("comment on Medium", "KGB poisoned")),
        Telling(
            "French Wikipedia",
            UNDATED,
            "“certainly” caused",
            "c-toxic-cause-unproven",
            ("frwiki-solonitsyn", "‘certainly’ caused, citing Sharun"),
            named=True,
        ),
        Telling(
            "Far Out",
            UNDATED,
            "the director’s name misspelt",
            "c-farout-copies",
            ("Far Out spells the director’s name",),
            named="on Sharun’s words" in said(claims, "c-farout-three-deaths"),
        ),
        Telling(
            "A French page",
            f"{french:%b} {french.year}",
            "the same misspellings",
            "c-farout-copies",
            ("repeat both misspellings", "a French page"),
            copied=True,
        ),
        Telling(
            "An Italian page",
            UNDATED,
            "the same misspellings",
            "c-farout-copies",
            ("repeat both misspellings", "an Italian one"),
            copied=True,
        ),
    ]


def head(x: float, y: float) -> str:
    """Draw the point of an arrow."""
    return f'<path class="d-head-of" d="M{number(x)} {number(y)}l-11-6v12z"/>'


def draw(claims: Claims, boxes: list[Telling]) -> str:
    """Return the drawing."""
    for each in boxes:
        for words in each.words:
            guard(words in said(claims, each.claim), f"{each.who}: {words}")
    guard("every account traced goes back to Sharun" in said(claims, "c-toxic-cause-unproven"), "one root")
    guard("became clear to me" in said(claims, "c-sharun-toxic-claim"), "his words")
    guard("a chemical plant up the river" in said(claims, "c-sharun-details"), "up the river")
    guard(value(claims, "c-sharun-details", "persons") == "3", "three deaths")
    told = span(value(claims, "c-sharun-toxic-claim", "date"))[0]
    first, second = "Every telling traced", "leads back to one interview."
    root = TOP - 134
    body = [
        text(LEFT, 42, first, "d-head"),
        text(LEFT, 78, second, "d-head"),
        f'<path class="d-line" d="M{number(LEFT)} 112h46"/>{head(LEFT + 56, 112)}',
        text(LEFT + 66, 120, "names him"),
        f'<path class="d-line d-broken" d="M270 112h46"/>{head(326, 112)}',
        text(336, 120, "inferred"),
    ]
    shift = 52.0
    root += shift
    top = TOP + shift
    body += [
        f'<path class="d-line d-broken" d="M{number(TRUNK)} {number(root - 32)}V{number(root - 10)}"/>',
        text(TRUNK + 14, root - 14, "before him? none known", "d-label d-quiet"),
        rect("d-root", LEFT, root, RIGHT - LEFT, 114, 6),
        text(LEFT + 16, root + 34, f"Sharun, {told.day} {told:%B} {told.year}", "d-label d-strong"),
        text(LEFT + 16, root + 66, "a chemical plant up the river; its link"),
        text(LEFT + 16, root + 97, "with three deaths “became clear to me”"),
    ]
    last = top
    parent = top
    for i, each in enumerate(boxes):
        y = top + PITCH * i
        middle = y + HEIGHT / 2
        x = BOX + (DEEPER if each.copied else 0)
        stem = BOX + 24 if each.copied else TRUNK
        broken = "" if each.named else " d-broken"
        if each.copied:
            body.append(f'<path class="d-line" d="M{number(stem)} {number(parent)}V{number(middle)}"/>')
        else:
            last, parent = middle, y + HEIGHT
        body.append(f'<path class="d-line{broken}" d="M{number(stem)} {number(middle)}H{number(x - 10)}"/>')
        body.append(head(x - 1, middle))
        body.append(rect(f"d-box{broken}", x, y, RIGHT - x, HEIGHT, 5))
        who = f'<tspan class="d-strong">{each.who}</tspan> · {each.when}'
        body.append(f'<text class="d-label" x="{number(x + 14)}" y="{number(y + 28)}">{who}</text>')
        body.append(text(x + 14, y + 56, each.change))
    body.append(f'<path class="d-line" d="M{number(TRUNK)} {number(root + 114)}V{number(last)}"/>')
    rules = style("river", TYPE, RULES)
    described = "; ".join(f"{each.who}, {each.when}: {each.change}" for each in boxes)
    bottom = top + PITCH * (len(boxes) - 1) + HEIGHT
    return sheet("river", bottom + 22, f"{first} {second}", f"Sharun; from him {described}.", rules, body)


RULES = (
    ".{0} .d-root{{fill:" + SOFT + ";stroke:" + INK + ";stroke-width:2.6}}"
    ".{0} .d-box{{fill:" + PAPER + ";stroke:" + INK + ";stroke-width:1.8}}"
    ".{0} .d-line{{fill:none;stroke:" + INK + ";stroke-width:2.2}}"
    ".{0} .d-broken{{stroke:" + C + ";stroke-dasharray:6 4.5}}"
    ".{0} .d-head-of{{fill:" + INK + "}}"
)


def tabulate(claims: Claims, boxes: list[Telling]) -> str:
    """Return the same as a table."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["Telling", "When", "What changed", "From", "How sure that it says so"])
    for each in boxes:
        source = "*Far Out*" if each.copied else "Sharun"
        link = f"{source}, {'named' if each.named else 'inferred'}"
        status = claims[each.claim]["status"]
        shown = "one text" if status == "unverified" else STATUSES[status]
        writer.writerow([each.who, each.when, each.change, link, shown])
    return file.getvalue()


if __name__ == "__main__":
    ledger = load_claims()
    tree = tellings(ledger)
    publish({OUT / "river.svg": draw(ledger, tree), OUT / "river.csv": tabulate(ledger, tree)})
