"""Draw the picture on the cover: a railway line from the sepia country outside into the green of the Zone.

Writes ``opening.svg`` into ``book/figures/index/``. It shows no place and no shot of the film.
"""

from __future__ import annotations

from itertools import pairwise
from math import sin
from random import Random

from drawing import FIGURES, WIDTH, publish, sheet, style, text

HEIGHT = 250
RAIL = 196
#: Where the sepia ends and the green is full.
BORDER, INSIDE = 250, 470
POLES = (34, 122, 210, 298, 386)

EARTH = "var(--cover-earth,#c9b48a)"
ZONE = "var(--cover-zone,#5f8a57)"
RULES = (
    ".{0} .d-o0{{stop-color:var(--cover-sky,#efe3c8)}}.{0} .d-o1{{stop-color:var(--cover-mist,#e3ecd9)}}"
    ".{0} .d-e0{{stop-color:" + EARTH + "}}.{0} .d-e1{{stop-color:" + ZONE + "}}",
    ".{0} .d-sky{{fill:url(#opening-sky)}}.{0} .d-earth{{fill:url(#opening-earth)}}",
    ".{0} .d-far{{fill:" + EARTH + ";opacity:.55}}.{0} .d-wood{{fill:" + ZONE + ";opacity:.6}}",
    ".{0} .d-ink{{fill:var(--cover-ink,#3b2f1c)}}",
    ".{0} .d-line{{fill:none;stroke:var(--cover-ink,#3b2f1c);stroke-width:2}}",
    ".{0} .d-wire{{fill:none;stroke:var(--cover-ink,#3b2f1c);stroke-width:.7}}",
    ".{0} .d-grass{{fill:none;stroke:var(--cover-grass,#2f5d3a);stroke-width:1.1;stroke-linecap:round}}",
    ".{0} text.d-sign{{font-size:11px;text-anchor:middle;fill:var(--cover-sign,#efe3c8)}}",
)


def gradient(name: str, stops: str) -> str:
    """From the colour outside to that inside, across the picture."""
    where = f'gradientUnits="userSpaceOnUse" x1="{BORDER}" x2="{INSIDE}"'
    first, last = (f'<stop class="d-{stops}{i}" offset="{i}"/>' for i in (0, 1))
    return f'<linearGradient id="opening-{name}" {where}>{first}{last}</linearGradient>'


def ground(x: float) -> float:
    """The height of the bank above which grass grows, rising and falling towards the right."""
    return RAIL + 13 - max(0, x - BORDER) / 60 * (1 + 0.4 * sin(x / 23))


def pole(x: int, i: int) -> str:
    """A telegraph pole; the further in, the more it leans."""
    lean = i * i * 1.3
    top = (x + lean, 62 + lean / 3)
    arms = "".join(f"M{top[0] - 9:.0f} {top[1] + 8 * k:.0f}h18" for k in (0, 1))
    return f"M{x} {RAIL + 8}L{top[0]:.0f} {top[1] - 6:.0f}{arms}"


def wires() -> str:
    """Between the poles, slack; from the last one a broken end hangs down."""
    path = []
    for k, side in ((0, -8), (0, 8), (1, -8), (1, 8)):
        points = [(x + i * i * 1.3 + side, 62 + i * i * 1.3 / 3 + 8 * k) for i, x in enumerate(POLES)]
        path.append(f"M0 {points[0][1] + 6:.0f}Q18 {points[0][1] + 7:.0f} {points[0][0]:.0f} {points[0][1]:.0f}")
        for (x0, y0), (x1, y1) in pairwise(points):
            path.append(f"Q{(x0 + x1) / 2:.0f} {(y0 + y1) / 2 + 18:.0f} {x1:.0f} {y1:.0f}")
        if side > 0:
            path.append(f"q{14 + 5 * k} 40 {6 + 4 * k} {88 - 20 * k}")
    return "".join(path)


def trolley(x: int) -> list[str]:
    """A motor trolley and three men, small and from the side."""
    y = RAIL - 4
    men = []
    for dx, height in ((-15, 13), (-2, 12), (11, 14)):
        men.append(f'<circle class="d-ink" cx="{x + dx}" cy="{y - 11 - height}" r="3.4"/>')
        men.append(
            f'<path class="d-ink" d="M{x + dx - 4.5} {y - 9}q-.5-{height} 4.5-{height - 0.5}q5.5.5 5 {height - 0.5}z"/>'
        )
    wheels = "".join(f'<circle class="d-ink" cx="{x + dx}" cy="{y - 1}" r="5"/>' for dx in (-15, 14))
    return [*men, f'<path class="d-ink" d="M{x - 26} {y - 10}h50l4 4v3h-56z"/>', wheels]


def woods(random: Random) -> str:
    """Firs behind the bank, denser to the right."""
    path = []
    x = BORDER + 90.0
    while x < WIDTH + 10:
        height = 26 + random.random() * 34 * min(1, (x - BORDER) / 240)
        half = height / 5
        path.append(f"M{x - half:.0f} 186L{x:.0f} {186 - height:.0f} {x + half:.0f} 186z")
        x += 6 + random.random() * 3600 / (x - BORDER)
    return "".join(path)


def grass(random: Random) -> str:
    """Blades that grow over the line the further in they stand."""
    path = []
    for _ in range(300):
        x = BORDER + (WIDTH - BORDER) * random.random() ** 0.6
        deep = (x - BORDER) / (WIDTH - BORDER)
        y = ground(x) + 2 + random.random() * (HEIGHT - ground(x))
        height = 7 + 22 * deep * random.random() + (y - RAIL) / 5
        bend = (random.random() - 0.35) * 8
        path.append(f"M{x:.0f} {y:.0f}q0-{height * 0.6:.0f} {bend:.0f}-{height:.0f}")
    return "".join(path)


def draw() -> str:
    """Return the picture."""
    random = Random(1979)
    bank = " ".join(f"{x} {ground(x):.0f}" for x in range(0, WIDTH + 20, 20))
    sleepers = "".join(f"M{x} {RAIL + 4}h10" for x in range(2, WIDTH - 60, 19))
    body = [
        f"<defs>{gradient('sky', 'o')}{gradient('earth', 'e')}</defs>",
        f'<rect class="d-sky" width="{WIDTH}" height="{HEIGHT}"/>',
        '<path class="d-far" d="M0 176q60-16 130-9t120-4 110 6 90 14v10H0z"/>',
        f'<path class="d-wood" d="{woods(random)}"/>',
        f'<path class="d-earth" d="M0 {HEIGHT}V{RAIL - 12}H{BORDER}Q430 {RAIL - 14} {WIDTH} 180V{HEIGHT}z"/>',
        f'<path class="d-wire" d="{wires()}"/>',
        f'<path class="d-line" d="{"".join(pole(x, i) for i, x in enumerate(POLES))}"/>',
        f'<path class="d-line" d="{sleepers}M0 {RAIL}H{WIDTH - 40}"/>',
        f'<path class="d-earth" d="M0 {HEIGHT}V{RAIL + 9}L{bank}V{HEIGHT}z"/>',
        *trolley(262),
        f'<path class="d-ink" d="M74 {RAIL + 24}v-26h-15v-13h32v13h-15v26z"/>',
        text(75, RAIL - 5, "1979", "d-sign"),
        f'<path class="d-grass" d="{grass(random)}"/>',
    ]
    told = (
        "Three men on a trolley leave a brown plain with telegraph poles for a green country with firs and high grass."
    )
    return sheet("opening", HEIGHT, "From the outside into the Zone", told, style("opening", *RULES), body)


if __name__ == "__main__":
    publish({FIGURES / "index" / "opening.svg": draw()})
