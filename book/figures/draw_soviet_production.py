"""Draw the figure of the chapter ``soviet-production``: the way of a film through the offices.

Reads ``book/data/goskino-process.csv``; writes ``path.svg``, and ``path.csv`` with the same in words, into
``book/figures/soviet-production/``. A row is a step, a lane a kind of office, found by the words of the
column ``body``; a step on which two offices act lies across both lanes. The mark says how the step is known.
"""

from __future__ import annotations

import csv
import io
from itertools import pairwise

from drawing import (
    BOOK,
    FIGURES,
    INK,
    LINE,
    MARKS,
    SOFT,
    STATUSES,
    TYPE,
    guard,
    number,
    publish,
    rect,
    sheet,
    status_key,
    status_mark,
    style,
    text,
)

OUT = FIGURES / "soviet-production"

#: The lanes from left to right, and the words by which the column ``body`` means them.
LANES = {
    "Glavlit": ("Glavlit",),
    "studio": ("tudio", "ssociation", "Director"),
    "Goskino": ("Goskino",),
    "distribution, cinemas, export": ("istribut", "cinemas", "Sovexportfilm"),
}
#: What a step and its paper are called here; the paper is left out where it has the name of the step.
LABELS = {
    ("Application", "Application (zayavka); contract with the author"): ("Application", "contract"),
    ("Literary script", "Minutes and written opinion"): ("Literary script", "minutes"),
    ("Censor’s licence", "Licence (“lit”)"): ("Censor", "licence"),
    ("Approval of the script", "Order or letter of the committee"): ("Approval", "order or letter"),
    ("Preliminary expenses", "Letter"): ("Early expenses", "letter"),
    ("Director’s script", "Director’s script (rezhisserskii stsenarii)"): ("Director’s script", ""),
    ("Limit and estimate", "General estimate (smeta)"): ("Limit and estimate", ""),
    ("Launch into production", "Order of the chairman"): ("Launch", "chairman’s order"),
    ("Artistic council", "Minutes"): ("Artistic council", "minutes"),
    ("Studio acceptance", "Act of acceptance"): ("Acceptance", "act"),
    ("Goskino viewing", "Letter to the director of the studio and the head of distribution"): ("Viewing", "letter"),
    ("Single-strip print and source materials", "Permission in the acceptance letter"): ("Single strip", "same letter"),
    ("Distribution licence", "Licence"): ("Distribution licence", ""),
    ("Category", "Decision on the category"): ("Category", "decision"),
    ("Print run", "Order to the copying factories"): ("Print run", "order"),
    ("Release", "Repertory plan"): ("Release", "plan"),
    ("Export", "Contract"): ("Export", "contract"),
    ("Payment by print run", "Statement"): ("Fees by run", "statement"),
}
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
NUMBERS += ["seventeen", "eighteen", "nineteen", "twenty"]

LEFT = 22
FIRST, PITCH = 42, 46  # centre of the first lane; from lane to lane
NAMES, DEEPER = 198, 31  # base line of the first lane’s name; from name to name
TOP, ROW = 344, 42  # centre of the first row; from row to row
R = 11  # of a mark
WORDS = 218  # left edge of the words

RULES = (
    ".{0} .d-lane{{stroke:" + LINE + ";stroke-width:1.8}}.{0} .d-band{{fill:" + SOFT + "}}"
    ".{0} .d-way{{fill:none;stroke:" + INK + ";stroke-width:2.2}}"
    ".{0} .d-bar{{stroke:" + INK + ";stroke-width:7}}"
)


def load() -> list[dict[str, str]]:
    """Return the steps in their order."""
    with (BOOK / "data" / "goskino-process.csv").open(encoding="utf-8", newline="") as file:
        steps = sorted(csv.DictReader(file), key=lambda row: int(row["order"]))
    for row in steps:
        guard(row["status"] in STATUSES, f"{row['step']} has the status {row['status']}")
        guard((row["step"], row["document"]) in LABELS, f"{row['step']}: {row['document']}")
        guard(lanes_of(row), f"{row['step']} has a lane: {row['body']}")
    return steps


def lanes_of(row: dict[str, str]) -> list[int]:
    """Return the lanes on which a step lies; they are neighbours."""
    return [i for i, words in enumerate(LANES.values()) if any(word in row["body"] for word in words)]


def mark(status: str, lanes: list[int], y: float) -> str:
    """Draw the mark of a step, one on each of its lanes with a bar between."""
    bar = f'<path class="d-bar" d="M{lanes[0]} {number(y)}H{lanes[-1]}"/>' if len(lanes) > 1 else ""
    return bar + "".join(status_mark(status, x, y, R) for x in lanes)


def curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Draw the line from a step to the next."""
    (x, y), (to, below) = start, end
    half = number((y + below) / 2)
    bend = f"C{number(x)} {half} {number(to)} {half} {number(to)} {number(below)}"
    return f'<path class="d-way" d="M{number(x)} {number(y)}{bend}"/>'


def draw(steps: list[dict[str, str]]) -> str:
    """Return the drawing."""
    goskino = list(LANES).index("Goskino")
    passing = [i for i, row in enumerate(steps) if goskino in lanes_of(row)]
    guard(all(row["document"] for row in steps), "each step leaves a paper")
    last = len(LANES) - 1
    together = [i for i in passing if len(lanes_of(steps[i])) > 1]
    guard(len(together) == 4, "studio and Goskino act together four times, says the chapter")
    right = [i for i, row in enumerate(steps) if last in lanes_of(row)]
    guard(steps[right[0] - 1]["step"] == "Category", "the last lane is reached after the category, says the chapter")
    first = f"{NUMBERS[len(passing)].capitalize()} of {NUMBERS[len(steps)]} steps"
    second = "lead through Goskino."
    lanes = [FIRST + PITCH * i for i in range(len(LANES))]
    middles = [TOP + ROW * i for i in range(len(steps))]
    body = [
        text(LEFT, 42, first, "d-head"),
        text(LEFT, 78, second, "d-head"),
        text(LEFT, 114, "Each step leaves a paper.", "d-sub"),
        *status_key(146),
    ]
    body += [rect("d-band", WORDS - 10, middles[i] - 18, 414, 36, 4) for i in passing]
    for i, (x, name) in enumerate(zip(lanes, LANES, strict=True)):
        y = NAMES + DEEPER * i
        body.append(f'<path class="d-lane" d="M{x} {y - 16}V{middles[-1] + 24}"/>')
        body.append(text(x + 10, y, name, "d-label d-quiet"))
    spans = [[lanes[i] for i in lanes_of(row)] for row in steps]
    points = [((at[0] + at[-1]) / 2, y) for at, y in zip(spans, middles, strict=True)]
    body += [curve(*each) for each in pairwise(points)]
    for row, at, y in zip(steps, spans, middles, strict=True):
        name, paper = LABELS[row["step"], row["document"]]
        body.append(mark(row["status"], at, y))
        rest = f" · {paper}" if paper else ""
        body.append(
            f'<text class="d-label" x="{WORDS}" y="{y + 8}"><tspan class="d-strong">{name}</tspan>{rest}</text>'
        )
    told = "; ".join(f"{row['step']}: {row['body']} ({STATUSES[row['status']]})" for row in steps)
    rules = style("path", TYPE, MARKS, RULES)
    return sheet("path", middles[-1] + 40, f"{first} {second}", f"The steps from top to bottom. {told}.", rules, body)


def tabulate(steps: list[dict[str, str]]) -> str:
    """Return the same as a table."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["Step", "Office", "Paper", "How sure"])
    writer.writerows([row["step"], row["body"], row["document"], STATUSES[row["status"]]] for row in steps)
    return file.getvalue()


if __name__ == "__main__":
    table = load()
    publish({OUT / "path.svg": draw(table), OUT / "path.csv": tabulate(table)})
