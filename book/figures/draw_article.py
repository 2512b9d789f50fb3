"""Draw the chart of the chapter ``article``: one mark for each statement that was checked.

Reads ``book/ledger/article.yml``; writes ``verdicts.svg`` into ``book/figures/article/``.
A row is a section of the article, a mark a statement, in the order of the ledger, which is that of
the article. The headline is computed too, so that it cannot outlive a changed verdict.
"""

from collections import Counter
from html import escape

import yaml
from drawing import BOOK, FIGURES, WIDTH, number, publish

LEDGER = BOOK / "ledger" / "article.yml"
OUT = FIGURES / "article" / "verdicts.svg"

# Section of the ledger, its label, and whether the film's making is its subject.
SECTIONS = {
    "intro": ("Opening", False),
    "locations": ("Locations", True),
    "production": ("Production", True),
    "significance": ("Significance", False),
    "availability": ("Availability", False),
    "further": ("For more", False),
    "conclusion": ("Ending", False),
}
VERDICTS = ("supported", "misleading", "false", "unverifiable")

LEFT = 22  # of the labels
FIRST = 182  # left edge of the first mark
PITCH = 25.6  # 17 statements, the longest row, end where the band does
SIDE = 21  # of a mark
ROW = 41
TOP = 216  # upper edge of the first row
KEY = (LEFT, 330)  # columns of the key

STYLE = """
.d-verdicts text{font-family:system-ui,sans-serif;fill:var(--drawing-ink,#1c1b18)}
.d-verdicts .d-paper{fill:var(--drawing-paper,#fbfaf6)}
.d-verdicts .d-band{fill:var(--drawing-soft,#ece7db)}
.d-verdicts .d-head{font-size:26px;font-weight:700}
.d-verdicts .d-sub{font-size:22px}
.d-verdicts .d-label{font-size:19px}
.d-verdicts .d-count{font-weight:700}
.d-verdicts .d-supported{fill:var(--drawing-a,#17609a);fill-opacity:.3;stroke:var(--drawing-a,#17609a)}
.d-verdicts .d-misleading{fill:var(--drawing-paper,#fbfaf6);stroke:var(--drawing-b,#8a6100)}
.d-verdicts .d-half{fill:var(--drawing-b,#8a6100)}
.d-verdicts .d-false{fill:var(--drawing-c,#b3261e);stroke:var(--drawing-c,#b3261e)}
.d-verdicts .d-cross{fill:none;stroke:var(--drawing-paper,#fbfaf6);stroke-width:3.2;stroke-linecap:round}
.d-verdicts .d-unverifiable{fill:none;stroke:var(--drawing-d,#6c675b);stroke-dasharray:4.2 2.6}
.d-verdicts .d-ask{font-size:17px;font-weight:700;text-anchor:middle;fill:var(--drawing-d,#6c675b)}
.d-verdicts rect.d-mark{stroke-width:2.2}
@media (max-width:560px){
.d-verdicts .d-head{font-size:29px}
.d-verdicts .d-sub{font-size:26px}
.d-verdicts .d-label{font-size:24px}
}
"""


def load_statements() -> list[dict]:
    """Read the ledger as text, so that the verdict ``false`` stays a word."""
    statements = yaml.load(LEDGER.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for each in statements:
        if each["section"] not in SECTIONS or each["verdict"] not in VERDICTS:
            raise SystemExit(f"{each['id']}: unknown section or verdict: {each['section']}, {each['verdict']}")
    return statements


def mark(verdict: str, x: float, y: float) -> str:
    """Draw one mark, its upper left corner at a point: pale, half dark, dark with a cross, or open with a “?”."""
    left, top, right, bottom = x + 1, y + 1, x + SIDE - 1, y + SIDE - 1
    side = number(SIDE - 2)
    box = (
        f'<rect class="d-mark d-{verdict}" x="{number(left)}" y="{number(top)}" width="{side}" height="{side}" rx="2"/>'
    )
    if verdict == "misleading":
        return f'{box}<path class="d-half" d="M{number(left)} {number(top)}V{number(bottom)}H{number(right)}z"/>'
    if verdict == "false":
        arm = SIDE - 12
        start = f"M{number(x + 6)} {number(y + 6)}"
        return f'{box}<path class="d-cross" d="{start}l{arm} {arm}m0-{arm}l-{arm} {arm}"/>'
    if verdict == "unverifiable":
        return f'{box}<text class="d-ask" x="{number(x + SIDE / 2)}" y="{number(y + SIDE / 2)}" dy=".36em">?</text>'
    return box


def sentence(statement: dict) -> str:
    """Return what a pointer resting on a mark is told."""
    return f"{statement['verdict'].capitalize()}: {' '.join(statement['says'].split())}"


def headline(statements: list[dict]) -> tuple[str, str]:
    """Return the finding in two lines."""
    held = sum(each["verdict"] == "supported" for each in statements)
    share = held / len(statements)
    if not 0.5 < share < 0.6:
        raise SystemExit(f"{held} of {len(statements)} are supported: the headline needs new words")
    wrong = [each for each in statements if each["verdict"] == "false"]
    if not all(SECTIONS[each["section"]][1] for each in wrong):
        raise SystemExit("a false statement stands outside the sections on the making: the headline needs new words")
    return "Just over half of it holds.", "All that is false is about the making."


def describe(statements: list[dict], totals: Counter) -> str:
    """Return the chart in words."""
    tally = ", ".join(f"{totals[verdict]} {verdict}" for verdict in VERDICTS)
    rows = []
    for section, (label, _) in SECTIONS.items():
        found = Counter(each["verdict"] for each in statements if each["section"] == section)
        rows.append(f"{label}: " + ", ".join(f"{found[verdict]} {verdict}" for verdict in VERDICTS if found[verdict]))
    counted = f"{len(statements)} statements of the article in its order, a row for each section: {tally}."
    return f"{counted} {'; '.join(rows)}."


def draw(statements: list[dict]) -> str:
    """Return the SVG file."""
    totals = Counter(each["verdict"] for each in statements)
    height = TOP + ROW * len(SECTIONS) + 14
    first, second = headline(statements)
    named = 'role="img" aria-labelledby="d-verdicts-title d-verdicts-desc"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {named}>',
        f'<title id="d-verdicts-title">{escape(first)} {escape(second)}</title>',
        f'<desc id="d-verdicts-desc">{escape(describe(statements, totals))}</desc>',
        f"<style>{STYLE}</style>",
        '<g class="d-verdicts">',
        f'<rect class="d-paper" width="{WIDTH}" height="{height}"/>',
        f'<text class="d-head" x="{LEFT}" y="42">{escape(first)}</text>',
        f'<text class="d-sub" x="{LEFT}" y="74">{escape(second)}</text>',
        f'<text class="d-label" x="{LEFT}" y="106">{len(statements)} statements, in the order of the article</text>',
    ]
    for i, verdict in enumerate(VERDICTS):
        x, y = KEY[i // 2], 128 + 36 * (i % 2)
        lines.append(mark(verdict, x, y))
        count = f'<tspan class="d-count">{totals[verdict]}</tspan> {verdict}'
        lines.append(f'<text class="d-label" x="{x + 32}" y="{number(y + SIDE / 2)}" dy=".36em">{count}</text>')
    making = [i for i, (_, about) in enumerate(SECTIONS.values()) if about]
    band = TOP + ROW * making[0]
    lines.append(
        f'<rect class="d-band" x="{LEFT - 14}" y="{band}" width="{WIDTH - 2 * (LEFT - 14)}" '
        f'height="{ROW * len(making)}" rx="6"/>'
    )
    for row, (section, (label, _)) in enumerate(SECTIONS.items()):
        y = TOP + ROW * row + (ROW - SIDE) / 2
        lines.append(f'<text class="d-label" x="{LEFT}" y="{number(y + SIDE / 2)}" dy=".36em">{escape(label)}</text>')
        found = [each for each in statements if each["section"] == section]
        for column, each in enumerate(found):
            drawn = mark(each["verdict"], FIRST + PITCH * column, y)
            lines.append(f"<g><title>{escape(sentence(each))}</title>{drawn}</g>")
    return "\n".join([*lines, "</g>", "</svg>", ""])


if __name__ == "__main__":
    publish({OUT: draw(load_statements())})
