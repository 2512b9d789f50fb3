"""Makes the book’s fonts from two npm packages: the letters it needs, those of other alphabets apart.

Run it with an interpreter that has ``fonttools[woff]``, where ``npm pack @fontsource/literata @fontsource/oranienbaum``
has left its archives; book/_static/fonts/README.md says which versions were used. It writes the files and their
stylesheet.
"""

from __future__ import annotations

import io
import sys
import tarfile
from itertools import groupby
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "book" / "_static" / "fonts"
#: File → package, part of it, weight and style, features, and the family’s name here. Words in italics are few, and so
#: are Cyrillic ones in the text: they do without the table for spacing pairs of letters, a quarter of a file. Browsers
#: make bold of the upright, and slanted letters where there are no italic ones. What is changed must not bear a
#: reserved name, and Oranienbaum’s is.
FACES = {
    "text": ("literata", "latin", "400", "normal", ["kern", "liga", "tnum"], "Book Text"),
    "text-latin": ("literata", "latin-ext", "400", "normal", [], "Book Text More"),
    "text-cyrillic": ("literata", "cyrillic", "400", "normal", [], "Book Text More"),
    "text-italic": ("literata", "latin", "400", "italic", ["liga", "tnum"], "Book Text"),
    "display": ("oranienbaum", "latin", "400", "normal", ["kern"], "Book Display"),
    "display-latin": ("oranienbaum", "latin-ext", "400", "normal", [], "Book Display"),
    "display-cyrillic": ("oranienbaum", "cyrillic", "400", "normal", ["kern"], "Book Display"),
}
#: Part of a package → letters: of English and of names from its neighbours; of the Baltic and Slavic languages and
#: Turkish; of Russian and its neighbours.
ALPHABETS = {
    "latin": [*range(0x20, 0x7F), *map(ord, "\xa0£©«°·»½×–—‘’“”„…′″−ÀÁÄÅÇÈÉÍÓÖØÚÜßàáâãäåæçèéêëíîïñòóôõöøùúûüýœ")],
    "latin-ext": [*map(ord, "āăąćčėęēěğģīķłļńņőœřśşšūůųźżžČŁŚŠŽ")],
    "cyrillic": [*range(0x410, 0x450), *map(ord, "ЁёЄєІіЇїЈјЎўҐґҒғҚқҢңӨөҮүҰұ№")],
}
#: Of code and sums. Italics and headings have none and the text has few, which it takes from the reader’s fonts.
SIGNS = {
    "text": r"$<>\^`{|}~£",
    "text-italic": r"#$%*+<=>@\^_`{|}~£©°·″′−",
    "display": r"#$%*+<=>@[]\^_`{|}~£©°«»·½″′−",
}
RULE = """\
@font-face {{
  font-family: "{family}";
  font-style: {style};
  font-weight: {weight};
  font-display: swap;
  src: url(fonts/{file}.woff2) format("woff2");
  unicode-range: {letters};
}}
"""


def _subset(archive: tarfile.TarFile, source: str, letters: list[int], features: list[str]) -> TTFont:
    file = archive.extractfile(f"package/files/{source}.woff2")
    assert file is not None
    font = TTFont(io.BytesIO(file.read()))
    subsetter = Subsetter(Options(layout_features=features, hinting=False))
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    for table in {"STAT", "vhea", "vmtx", "gasp", "prep"} & {*font.keys()}:
        del font[table]
    return font


def _save(font: TTFont, family: str, file: str) -> list[int]:
    """Write a font under its name; the letters that it has."""
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6, 16}:
            record.string = f"{family} {file}".replace(" ", "-" if record.nameID == 6 else " ")
    font.flavor = "woff2"
    font.recalcTimestamp = False
    font.save(FONTS / f"{file}.woff2")
    return sorted(font.getBestCmap())


def _ranges(letters: list[int]) -> str:
    runs = [[code for _, code in run] for _, run in groupby(enumerate(letters), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"U+{run[0]:X}-{run[-1]:X}" if len(run) > 1 else f"U+{run[0]:X}" for run in runs)


def make(folder: Path) -> None:
    """Write every font and the stylesheet anew."""
    rules = ["/* Made by tools/subset_fonts.py. */\n"]
    for file, (package, script, weight, style, features, family) in FACES.items():
        with tarfile.open(next(folder.glob(f"fontsource-{package}-*.tgz"))) as archive:
            alphabet = [each for each in ALPHABETS[script] if chr(each) not in SIGNS.get(file, "")]
            font = _subset(archive, f"{package}-{script}-{weight}-{style}", alphabet, features)
        letters = _ranges(_save(font, family, file))
        rules.append(RULE.format(family=family, style=style, weight=weight, file=file, letters=letters))
    (FONTS / "fonts.css").write_text("\n".join(rules), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
