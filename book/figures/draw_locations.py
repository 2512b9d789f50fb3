"""Draw the maps of the chapter ``locations``.

Reads ``book/data/locations.csv`` and ``book/data/outlines.geojson``;
writes ``union.svg``, ``estonia.svg`` and, for a question, ``quiz.svg`` into ``book/figures/locations/``.

A place is drawn as an area: a circle whose radius is the precision of its coordinates
(``coord_precision_km``), never smaller than can be seen. Several rows that lie together share one
circle, large enough to hold them all. Rows known only by region have no coordinates in the table;
``REGIONS`` says where their wide circles stand.
"""

import csv
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from drawing import BOOK, FIGURES, publish

OUT = FIGURES / "locations"

Point = tuple[float, float]
Projection = Callable[[float, float], Point]

EARTH_KM = 6371.0
MIN_RADIUS = 9.0  # drawing units: smaller circles would vanish at phone width
PALE_RADIUS = 24.0  # wider discs are paler: the less exactly a place is known, the less ink it gets

# Kinds of mark. The class decides the colour, the shape says the same without colour.
FILMED, SCOUTED, CLAIMED = "filmed", "scouted", "claimed"
KIND = {
    "filmed": FILMED,
    "studio": FILMED,
    "scouted": SCOUTED,
    "claimed-not-supported": CLAIMED,
}

# Rows without coordinates that are drawn all the same: centre and radius of the region meant.
# A choice of the draughtsman, wide on purpose.
REGIONS: dict[str, tuple[float, float, float]] = {
    "turkmen-desert": (39.6, 59.2, 230),
    "georgia-search": (42.1, 43.5, 130),
    "ukraine-search": (49.4, 31.0, 260),
    "moscow-region": (55.75, 37.6, 110),
    "claim-tajikistan": (38.5, 70.3, 190),
}

# Marks of the question on the map; far enough from each other to be told apart with a finger.
QUIZ = {"jagala-river", "claim-leningrad", "mosfilm", "crimea", "gobustan", "turkmen-desert", "isfara"}

# Rows that get no mark, each with its reason.
LEFT_OUT = {
    "claim-ukraine": "denied by the article and claimed by no page found; see ukraine-search",
    "flora-factory": "may be the power station under another name",
    "tallinn-oil-depot": "place not identified",
    "tallinn-ship-repair": "place not identified",
    "moscow-power-plant": "plant not identified",
}


@dataclass(frozen=True)
class Spec:
    """One mark to draw: its rows, its label, and where the label stands.

    :param at: Offset of the label from the edge of the circle, in drawing units.
    """

    rows: tuple[str, ...]
    label: tuple[str, ...]
    at: Point = (8, 0)
    anchor: str = "start"


@dataclass(frozen=True)
class Mark:
    """A circle on the drawing, in drawing units."""

    kind: str
    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Frame:
    """A rectangle of the drawing that shows part of the world."""

    project: Projection
    centre: Point  # longitude, latitude
    km_per_unit: float
    x: float
    y: float
    width: float
    height: float

    def place(self, lon: float, lat: float) -> Point:
        """Return the drawing coordinates of a place."""
        px, py = self.project(lon, lat)
        cx, cy = self.project(*self.centre)
        return (
            self.x + self.width / 2 + (px - cx) / self.km_per_unit,
            self.y + self.height / 2 - (py - cy) / self.km_per_unit,
        )

    def outline(self, inside: "Frame") -> str:
        """Return path data that shows this frame’s extent on another frame of the same projection."""
        x, y = inside.place(*self.centre)
        width = self.width * self.km_per_unit / inside.km_per_unit
        height = self.height * self.km_per_unit / inside.km_per_unit
        return f"M{number(x - width / 2)} {number(y - height / 2)}h{number(width)}v{number(height)}h-{number(width)}z"


UNION = (
    Spec(
        (
            "jagala-river",
            "jagala-joa-station",
            "linnamae-station",
            "jagala-joa-house",
            "rotermann",
            "macaroni-factory",
            "tallinn-power-station",
            "pirita-rail-bridge",
        ),
        ("Tallinn and Jägala",),
        (-20, -26),
    ),
    Spec(("mosfilm", "moscow-hospital-pond"), ("Moscow",), (16, 0)),
    Spec(("moscow-region",), ()),
    Spec(("claim-leningrad",), ("Leningrad",), (8, 0)),
    Spec(("ukraine-search",), ("Ukraine",), (10, 0)),
    Spec(("crimea",), ("Crimea",), (6, 6)),
    Spec(("georgia-search",), ("Georgia",), (-6, 2), "end"),
    Spec(("gobustan",), ("Gobustan",), (-10, 17), "middle"),
    Spec(("turkmen-desert",), ("Turkmen desert",), (-14, -16), "middle"),
    Spec(("tashkent",), ("Tashkent",), (-10, -16), "middle"),
    Spec(("isfara", "shurab", "kanibadam"), ("Isfara",), (6, -4)),
    Spec(("claim-tajikistan",), ("Tajikistan",), (6, 16), "middle"),
)

ESTONIA = (
    Spec(("tallinn-power-station",), ("City power", "station"), (0, -28), "middle"),
    Spec(("rotermann", "macaroni-factory"), ("Rotermann", "quarter"), (0, 30), "middle"),
    Spec(("pirita-rail-bridge",), ("Bridge over", "the Pirita"), (0, 26), "middle"),
    Spec(("maardu-iru",), ("Maardu, Iru",), (0, -16), "middle"),
    Spec(("linnamae-station",), ("Linnamäe",), (0, -16), "middle"),
    Spec(("jagala-river", "jagala-joa-station", "jagala-joa-house"), ("Jägala-Joa",), (0, 18), "middle"),
)

COAST = (Spec(("claim-sillamae",), ("Sillamäe",), (0, -16), "middle"),)


def lambert(lon0: float, lat1: float, lat2: float) -> Projection:
    """Return the conformal conic projection of Lambert on a sphere, in kilometres."""
    f1, f2 = math.radians(lat1), math.radians(lat2)

    def grow(phi: float) -> float:
        return math.tan(math.pi / 4 + phi / 2)

    n = math.log(math.cos(f1) / math.cos(f2)) / math.log(grow(f2) / grow(f1))
    f = math.cos(f1) * grow(f1) ** n / n

    def project(lon: float, lat: float) -> Point:
        rho = EARTH_KM * f / grow(math.radians(lat)) ** n
        theta = n * math.radians(lon - lon0)
        return rho * math.sin(theta), -rho * math.cos(theta)

    return project


def plain(lat0: float) -> Projection:
    """Return a projection true at one latitude, good enough for a stretch of coast, in kilometres."""
    k = math.cos(math.radians(lat0))

    def project(lon: float, lat: float) -> Point:
        return math.radians(lon) * k * EARTH_KM, math.radians(lat) * EARTH_KM

    return project


def clip(ring: list[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """Cut a closed ring to a rectangle (Sutherland and Hodgman)."""
    x0, y0, x1, y1 = box
    points = ring
    for axis, limit, sign in ((0, x0, 1), (0, x1, -1), (1, y0, 1), (1, y1, -1)):
        kept: list[Point] = []
        for p, q in zip(points, points[1:] + points[:1], strict=True):
            p_in, q_in = (p[axis] - limit) * sign >= 0, (q[axis] - limit) * sign >= 0
            if p_in:
                kept.append(p)
            if p_in != q_in:
                t = (limit - p[axis]) / (q[axis] - p[axis])
                cut = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]
                cut[axis] = limit
                kept.append((cut[0], cut[1]))
        points = kept
    return points


def number(value: float) -> str:
    """Write a number with at most one decimal and no padding."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(points: Iterable[Point]) -> str:
    """Write a closed ring as relative path data."""
    # Half a unit is less than a pixel; more would only weigh.
    grid = [(5 * round(x * 2), 5 * round(y * 2)) for x, y in points]
    steps = [grid[0]] if grid else []
    for point in grid:
        if point != steps[-1]:
            steps.append(point)
    if len(steps) < 4:
        return ""
    (x, y), out = steps[0], []
    out.append(f"M{number(x / 10)} {number(y / 10)}l")
    for i, (nx, ny) in enumerate(steps[1:]):
        dx, dy = number((nx - x) / 10), number((ny - y) / 10)
        gap = "" if i == 0 or dx.startswith("-") else " "
        out.append(f"{gap}{dx}{'' if dy.startswith('-') else ' '}{dy}")
        x, y = nx, ny
    return "".join(out) + "z"


def load_rows() -> dict[str, dict[str, str]]:
    """Read the table of locations, by id."""
    with (BOOK / "data" / "locations.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def load_outlines(layer: str) -> list[dict[str, Any]]:
    """Read the outlines of one layer, in the order of the file."""
    text = (BOOK / "data" / "outlines.geojson").read_text(encoding="utf-8")
    return [f for f in json.loads(text)["features"] if f["properties"]["layer"] == layer]


def land(frame: Frame, layer: str) -> list[str]:
    """Draw the countries of a layer inside a frame."""
    margin = 4
    box = (
        frame.x - margin,
        frame.y - margin,
        frame.x + frame.width + margin,
        frame.y + frame.height + margin,
    )
    lines = []
    for feature in load_outlines(layer):
        data = ""
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                data += path(clip([frame.place(*p) for p in ring[:-1]], box))
        if data:
            cls = "d-land" if feature["properties"]["soviet"] else "d-abroad"
            lines.append(f'<path class="{cls}" d="{data}"/>')
    return lines


def locate(spec: Spec, frame: Frame, rows: dict[str, dict[str, str]]) -> Mark:
    """Return the circle that holds every row of a mark together with its uncertainty."""
    kinds = {KIND[rows[row]["role"]] for row in spec.rows}
    if len(kinds) != 1:
        raise ValueError(f"mixed roles in one mark: {spec.rows}")
    circles = []
    for row in spec.rows:
        if row in REGIONS:
            lat, lon, km = REGIONS[row]
        else:
            lat, lon, km = (float(rows[row][c]) for c in ("lat", "lon", "coord_precision_km"))
        circles.append((*frame.place(lon, lat), km / frame.km_per_unit))
    x = sum(c[0] for c in circles) / len(circles)
    y = sum(c[1] for c in circles) / len(circles)
    r = max(math.hypot(cx - x, cy - y) + cr for cx, cy, cr in circles)
    return Mark(kinds.pop(), x, y, max(r, MIN_RADIUS))


def draw_mark(mark: Mark) -> str:
    """Draw a disc, a ring, or a dashed ring with a cross."""
    x, y, r = number(mark.x), number(mark.y), number(mark.r)
    kind = "filmed-wide" if mark.kind == FILMED and mark.r > PALE_RADIUS else mark.kind
    circle = f'<circle class="d-{kind}" cx="{x}" cy="{y}" r="{r}"/>'
    if mark.kind != CLAIMED:
        return circle
    arm = min(mark.r * 0.5, 8.0)
    start, side = f"M{number(mark.x - arm)} {number(mark.y - arm)}", number(2 * arm)
    return f'{circle}<path class="d-cross" d="{start}l{side} {side}m0-{side}l-{side} {side}"/>'


def draw_label(spec: Spec, mark: Mark) -> str:
    """Draw a label beside its mark, one ``tspan`` per line."""
    if not spec.label:
        return ""
    dx, dy = spec.at
    side = {"start": mark.r, "end": -mark.r, "middle": 0}[spec.anchor]
    below = mark.r if spec.anchor == "middle" and dy > 0 else 0
    above = mark.r if spec.anchor == "middle" and dy < 0 else 0
    x = number(mark.x + side + dx)
    y = number(mark.y + dy + below - above)
    first = f'<text class="d-label d-{spec.anchor}" x="{x}" y="{y}"'
    if len(spec.label) == 1:
        return f'{first} dy=".35em">{escape(spec.label[0])}</text>'
    spans = "".join(
        f'<tspan x="{x}" dy="{"-.2em" if i == 0 else "1.1em"}">{escape(line)}</tspan>'
        for i, line in enumerate(spec.label)
    )
    return f"{first}>{spans}</text>"


def scale_bar(frame: Frame, km: int, x: float, y: float) -> str:
    """Draw a scale bar that ends at ``x``."""
    width = km / frame.km_per_unit
    ends = f"M{number(x - width)} {number(y - 5)}v5h{number(width)}v-5"
    text = f'<text class="d-label d-middle" x="{number(x - width / 2)}" y="{number(y - 10)}">{km} km</text>'
    return f'<path class="d-scale" d="{ends}"/>{text}'


def draw_name(text: str, x: float, y: float) -> str:
    """Write the name of a town or a sea, for orientation."""
    return f'<text class="d-label d-name d-middle" x="{number(x)}" y="{number(y)}" dy=".35em">{escape(text)}</text>'


def legend(y: float, *kinds: str) -> list[str]:
    """Draw the key: the marks of these kinds and their names, in a row."""
    names = {FILMED: ("filmed", 140), SCOUTED: ("scouted", 158), CLAIMED: ("claimed, unsupported", 0)}
    out, x = [], 24
    for kind in kinds:
        text, step = names[kind]
        out.append(draw_mark(Mark(kind, x, y, 11)))
        out.append(f'<text class="d-label" x="{x + 20}" y="{number(y)}" dy=".35em">{text}</text>')
        x += step
    return out


STYLE = """
.d-paper{fill:var(--drawing-paper,#fbfaf6)}
.d-land{fill:var(--drawing-soft,#e7e1d3);stroke:var(--drawing-line,#aaa18d);stroke-width:.9;stroke-linejoin:round}
.d-abroad{fill:var(--drawing-soft,#e7e1d3);fill-opacity:.35;stroke:var(--drawing-line,#aaa18d);stroke-opacity:.55;stroke-width:.9}
.d-filmed,.d-filmed-wide{fill:var(--drawing-a,#a33f0b);fill-opacity:.85;stroke:var(--drawing-a,#a33f0b);stroke-width:2}
.d-filmed-wide{fill-opacity:.42}
.d-scouted{fill:none;stroke:var(--drawing-b,#17609a);stroke-width:3.2}
.d-claimed{fill:none;stroke:var(--drawing-c,#7a3a78);stroke-width:2.6;stroke-dasharray:6 4}
.d-cross{fill:none;stroke:var(--drawing-c,#7a3a78);stroke-width:3;stroke-linecap:round}
.d-ask{fill:var(--drawing-paper,#fbfaf6);fill-opacity:.7;stroke:var(--drawing-ink,#1c1b18);stroke-width:2.4}
.d-scale{fill:none;stroke:var(--drawing-ink,#1c1b18);stroke-width:1.4}
.d-label{font-family:system-ui,sans-serif;font-size:19px;fill:var(--drawing-ink,#1c1b18);paint-order:stroke;stroke:var(--drawing-paper,#fbfaf6);stroke-width:4;stroke-opacity:.75;stroke-linejoin:round}
.d-name{font-style:italic;fill-opacity:.75}
.d-middle{text-anchor:middle}
.d-end{text-anchor:end}
@media (max-width:560px){.d-label{font-size:25px}}
"""


def document(name: str, width: int, height: int, title: str, desc: str, body: list[str]) -> str:
    """Wrap the drawing into a complete SVG file."""
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="d-map" role="img"',
            f'  viewBox="0 0 {width} {height}" aria-labelledby="d-{name}-title d-{name}-desc">',
            f'<title id="d-{name}-title">{escape(title)}</title>',
            f'<desc id="d-{name}-desc">{escape(desc)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="d-paper" width="{width}" height="{height}"/>',
            *body,
            "</svg>",
            "",
        ]
    )


def cover(y: float, height: float) -> str:
    """Hide what the land of a frame leaves over its edge; a clip path would need an id."""
    return f'<path class="d-paper" d="M-9 {number(y)}h660v{number(height)}h-660z"/>'


def draw_union(rows: dict[str, dict[str, str]]) -> str:
    """Draw the western and central Soviet Union."""
    frame = Frame(lambert(48, 42, 58), (51.0, 49.9), 7.4, 0, 0, 640, 470)
    marks = [(spec, locate(spec, frame, rows)) for spec in UNION]
    marks.sort(key=lambda pair: -pair[1].r)
    body = [*land(frame, "union"), cover(470, 56)]
    body += [draw_mark(mark) for _, mark in marks]
    body += [label for spec, mark in marks if (label := draw_label(spec, mark))]
    body.append(scale_bar(frame, 500, 88, 456))
    body += legend(498, FILMED, SCOUTED, CLAIMED)
    return document(
        "union",
        640,
        526,
        "Filmed in two places, searched for in many",
        "Map of the western and central Soviet Union with the borders of today. Filled discs, filmed: Tallinn and "
        "the Jägala in Estonia; Moscow. Rings, scouted and not filmed: the region around Moscow, Ukraine, Crimea, "
        "Georgia, Gobustan, the Turkmen desert, Tashkent, Isfara. Dashed rings with a cross, claimed without "
        "support: Leningrad, Tajikistan.",
        body,
    )


def draw_quiz(rows: dict[str, dict[str, str]]) -> str:
    """Draw the same part of the Union with rings that have no names, for a question."""
    frame = Frame(lambert(48, 42, 58), (51.0, 49.9), 7.4, 0, 0, 640, 470)
    marks = [locate(spec, frame, rows) for spec in UNION if QUIZ & set(spec.rows)]
    body = [*land(frame, "union")]
    body += [f'<circle class="d-ask" cx="{number(mark.x)}" cy="{number(mark.y)}" r="14"/>' for mark in marks]
    body.append(scale_bar(frame, 500, 88, 456))
    return document(
        "quiz",
        640,
        470,
        "Rings on a map",
        "The map of the western and central Soviet Union with the borders of today and a ring at each place.",
        body,
    )


def draw_estonia(rows: dict[str, dict[str, str]]) -> str:
    """Draw Tallinn and the Jägala, with a strip of the coast below."""
    near = plain(59.45)
    frame = Frame(near, (24.96, 59.452), 0.058, 0, 0, 640, 400)
    strip = Frame(near, (26.3, 59.475), 0.37, 0, 412, 640, 124)
    marks = [(spec, locate(spec, frame, rows)) for spec in ESTONIA]
    marks.sort(key=lambda pair: -pair[1].r)
    marks += [(spec, locate(spec, strip, rows)) for spec in COAST]
    body = [*land(frame, "estonia"), *land(strip, "estonia"), cover(400, 12), cover(536, 54)]
    body.append(f'<path class="d-scale" d="{frame.outline(strip)}"/>')
    body += [draw_mark(mark) for _, mark in marks]
    body += [label for spec, mark in marks if (label := draw_label(spec, mark))]
    body.append(draw_name("Tallinn", *frame.place(24.73, 59.375)))
    body.append(draw_name("Gulf of Finland", *frame.place(24.98, 59.545)))
    body.append(scale_bar(frame, 5, 620, 386))
    body += legend(563, FILMED, CLAIMED)
    return document(
        "estonia",
        640,
        590,
        "Town and Zone lie about 25 kilometres apart",
        "Map of the coast of northern Estonia. Filled discs, filmed: in Tallinn the city power station and, just "
        "south of it, the Rotermann quarter; a bridge over the Pirita, known only within four kilometres; about 25 "
        "kilometres east of Tallinn, Jägala-Joa and Linnamäe. Dashed rings with a cross, claimed without support: "
        "Maardu and Iru between Tallinn and the Jägala; on the strip below, Sillamäe far to the east.",
        body,
    )


def check_rows(rows: dict[str, dict[str, str]]) -> None:
    """Refuse to draw when the table has a row that no mark shows and no reason excuses."""
    shown = {row for spec in (*UNION, *ESTONIA, *COAST) for row in spec.rows}
    unknown = (shown | set(LEFT_OUT)) - set(rows)
    missing = set(rows) - shown - set(LEFT_OUT)
    if unknown or missing:
        raise SystemExit(f"locations.csv and the marks differ: unknown {sorted(unknown)}, not drawn {sorted(missing)}")


if __name__ == "__main__":
    table = load_rows()
    check_rows(table)
    publish(
        {
            OUT / "union.svg": draw_union(table),
            OUT / "estonia.svg": draw_estonia(table),
            OUT / "quiz.svg": draw_quiz(table),
        }
    )
