"""Draw the figure of the chapter ``the-film``: the order of places and colours, as told.

Reads ``book/data/scenes.csv`` and the ledger; writes ``colour.svg``, and ``colour.csv`` with the same in words,
into ``book/figures/the-film/``. Each scene is a step of the same width, for nobody measured them. High steps are in
colour, low ones monochrome; what is told of the scene itself is full, what only follows from the pattern pale.
"""

from __future__ import annotations

import csv
import io

from drawing import (
    BOOK,
    FIGURES,
    INK,
    PAPER,
    SINGLE,
    STATUSES,
    TYPE,
    A,
    B,
    D,
    guard,
    load_claims,
    number,
    publish,
    rect,
    sheet,
    style,
    text,
)

OUT = FIGURES / "the-film"

Row = dict[str, str]

LEFT, RIGHT = 22.0, 618.0
HIGH, LOW = 78.0, 40.0
PATTERN = " (by the general pattern)"
COLOUR, MONOCHROME, SEPIA, BOTH, WORDS = "colour", "monochrome", "sepia", "colour and monochrome", "text"

RULES = (
    ".{0} .d-colour{{fill:" + A + ";stroke:" + A + ";stroke-width:2}}"
    ".{0} .d-monochrome{{fill:" + D + ";stroke:" + D + ";stroke-width:2}}"
    ".{0} .d-sepia{{fill:" + PAPER + ";stroke:" + B + ";stroke-width:2.4}}"
    ".{0} .d-stripes{{stroke:" + B + ";stroke-width:4}}"
    ".{0} .d-text{{fill:" + PAPER + ";stroke:" + D + ";stroke-width:2}}"
    ".{0} .d-pale{{fill-opacity:.22}}"
    ".{0} .d-bracket{{fill:none;stroke:" + INK + ";stroke-width:2}}"
    ".{0} .d-point{{fill:" + INK + "}}"
    ".{0} .d-single{{fill:" + INK + "}}"
)


def load() -> list[Row]:
    """Return the scenes in their order."""
    with (BOOK / "data" / "scenes.csv").open(encoding="utf-8", newline="") as file:
        scenes = sorted(csv.DictReader(file), key=lambda row: int(row["order"]))
    for row in scenes:
        guard(kind_of(row) in (COLOUR, MONOCHROME, SEPIA, BOTH, WORDS), f"scene {row['order']}: {row['colour']}")
        guard(row["status"] in STATUSES, f"scene {row['order']}: {row['status']}")
    return scenes


def kind_of(row: Row) -> str:
    """Return the colour of a scene; the dream is the only monochrome that the claims call sepia."""
    kind = row["colour"].removesuffix(PATTERN)
    return SEPIA if kind == MONOCHROME and "c-film-dream-sepia" in row["claims"].split(";") else kind


def step(kind: str, x: float, base: float, width: float, *, pale: bool, high: float = HIGH) -> str:
    """Draw a scene; in the key it is less high."""
    css = " d-pale" if pale else ""
    low = base - high * LOW / HIGH
    if kind == COLOUR:
        return rect(f"d-colour{css}", x, base - high, width, high)
    if kind == MONOCHROME:
        return rect(f"d-monochrome{css}", x, low, width, base - low)
    if kind == SEPIA:
        lines = "".join(
            f"M{number(x)} {number(low + 6 + 9 * i)}h{number(width)}" for i in range(4) if low + 8 + 9 * i < base
        )
        return rect("d-sepia", x, low, width, base - low) + f'<path class="d-stripes" d="{lines}"/>'
    if kind == BOTH:
        half = width / 2
        return step(COLOUR, x, base, half, pale=pale) + step(MONOCHROME, x + half, base, half, pale=pale)
    return rect("d-text", x, low, width, base - low) + text(x + width / 2, (base + low) / 2 + 8, "T", anchor="middle")


def draw(scenes: list[Row]) -> str:
    """Return the drawing."""
    claims = load_claims()
    order = {claim: i for i, row in enumerate(scenes) for claim in row["claims"].split(";")}
    enter, leave = order["c-film-colour-arrival"], order["c-film-bar-return"]
    places = ["Zone" if enter <= i < leave else "outside" for i in range(len(scenes))]
    kinds = [kind_of(row) for row in scenes]
    usual = {"Zone": (COLOUR,), "outside": (MONOCHROME, WORDS)}
    odd = [i for i, (place, kind) in enumerate(zip(places, kinds, strict=True)) if kind not in usual[place]]
    dreams = [i for i in odd if places[i] == "Zone"]
    monkey = [i for i in odd if places[i] == "outside"]
    guard([scenes[i]["place_in_story"] for i in dreams] == ["rest", "dream"], "in the Zone: the rest and the dream")
    guard(all("Monkey" in scenes[i]["what_happens"] for i in monkey), "in the town: Monkey")
    guard("Monkey in colour" in " ".join(claims["c-film-colour-pattern"]["says"].split()), "the pattern has Monkey")
    first, second = "Colour means the Zone,", "with two exceptions."
    body = [
        text(LEFT, 42, first, "d-head"),
        text(LEFT, 78, second, "d-head"),
        text(LEFT, 114, "Each step is a scene, not a duration.", "d-sub"),
    ]
    parts = list(dict.fromkeys(row["part"] for row in scenes))
    guard(parts == ["one", "two"], "two parts")
    longest = max(sum(row["part"] == part for row in scenes) for part in parts)
    pitch = (RIGHT - LEFT + 3) / longest
    base = 262.0
    for part in parts:
        numbers = [i for i, row in enumerate(scenes) if row["part"] == part]

        def edge(i: int, begin: int = numbers[0]) -> float:
            return LEFT + pitch * (i - begin)

        raised = 62 if set(numbers) & set(odd) else 22
        body.append(text(LEFT, base - HIGH - raised, f"Part {part}", "d-label d-strong"))
        for i in numbers:
            row = scenes[i]
            body.append(step(kinds[i], edge(i), base, pitch - 3, pale=row["colour"].endswith(PATTERN)))
            if row["status"] == SINGLE:
                body.append(
                    f'<circle class="d-single" cx="{number(edge(i) + pitch / 2 - 1.5)}" cy="{number(base + 12)}" r="4.5"/>'
                )
        runs: list[list[int]] = []
        for i in numbers:
            if runs and places[i] == places[runs[-1][0]]:
                runs[-1].append(i)
            else:
                runs.append([i])
        for run in runs:
            x, to = edge(run[0]), edge(run[-1]) + pitch - 3
            body.append(f'<path class="d-bracket" d="M{number(x)} {number(base + 22)}v8H{number(to)}v-8"/>')
            body.append(text((x + to) / 2, base + 56, places[run[0]], "d-label d-strong", anchor="middle"))
        for label, group in (("rest, dream", dreams), ("Monkey", monkey)):
            here = [i for i in group if i in numbers]
            for i in here:
                x = edge(i) + pitch / 2 - 1.5
                body.append(f'<path class="d-point" d="M{number(x)} {number(base - HIGH - 5)}l-7-12h14z"/>')
            if here:
                centre = (edge(here[0]) + edge(here[-1]) + pitch) / 2
                body.append(text(centre, base - HIGH - 26, label, anchor="middle"))
        base += 252 if part == parts[0] else 0
    y = base + 100
    for x, kind, label in (
        (LEFT, COLOUR, "colour"),
        (190.0, MONOCHROME, "mono"),
        (342.0, SEPIA, "sepia"),
        (494.0, WORDS, "text"),
    ):
        body += [step(kind, x, y + 24, 26, pale=False, high=44), text(x + 36, y + 22, label)]
    y += 64
    body += [rect("d-monochrome", LEFT, y - 16, 26, 22), text(LEFT + 36, y + 4, "told of the scene itself")]
    body += [rect("d-monochrome d-pale", LEFT, y + 18, 26, 22), text(LEFT + 36, y + 38, "by the general pattern only")]
    body += [f'<circle class="d-single" cx="{number(LEFT + 13)}" cy="{number(y + 64)}" r="4.5"/>']
    body += [text(LEFT + 36, y + 72, "one source for the scene")]
    told = "; ".join(f"{row['place_in_story']}: {kind}" for row, kind in zip(scenes, kinds, strict=True))
    return sheet("colour", y + 94, f"{first} {second}", f"{told}.", style("colour", TYPE, RULES), body)


def tabulate(scenes: list[Row]) -> str:
    """Return the same as a table."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["Scene", "Part", "Place in the story", "Colour", "Told or by the pattern", "How sure"])
    for row in scenes:
        told = "by the pattern" if row["colour"].endswith(PATTERN) else "told"
        status = STATUSES[row["status"]]
        writer.writerow([row["order"], row["part"], row["place_in_story"], kind_of(row), told, status])
    return file.getvalue()


if __name__ == "__main__":
    told_scenes = load()
    publish({OUT / "colour.svg": draw(told_scenes), OUT / "colour.csv": tabulate(told_scenes)})
