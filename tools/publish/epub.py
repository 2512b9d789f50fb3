"""Makes the EPUB by Sphinx: no scripts, what assistive technology wants to know of it, the same bytes each time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from deterministic_zip import write_zip
from paper import COVER, paper_configuration
from pdf import FONT, NAME, check_programs
from sphinx_runs import BUILD, build

from proverka.render.drawing import settled_svg

DESIGN = Path(__file__).resolve().parent / "design"
FOLDER = BUILD / "epub"
EPUB = FOLDER / f"{NAME}.epub"
STATIC = BUILD / "epub-static"
NEEDS = {"rsvg-convert": "librsvg2-bin", "epubcheck": "epubcheck", "java": "default-jre-headless"}
#: What Debian’s command ``epubcheck`` is a link to. A kernel does not always run an archive by itself.
CHECKER = "/usr/share/java/epubcheck.jar"
#: Every page is read in order; drawings have descriptions; nothing moves or sounds.
ACCESSIBILITY = {
    "accessMode": ["textual", "visual"],
    "accessModeSufficient": ["textual", "textual,visual"],
    "accessibilityFeature": [
        "alternativeText",
        "index",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
        "unlocked",
    ],
    "accessibilityHazard": ["none"],
    "accessibilitySummary": ["All drawings have text alternatives; words in other languages are marked as such."],
}
#: Sphinx and its extensions put more into the folder of static files than the pages name.
UNUSED = re.compile(r"_static/(?!epub\.css$|cover\.png$|pygments\.css$).*|_sphinx_design_static/.*")


def options() -> dict[str, Any]:
    """The options of the EPUB builder."""
    config = paper_configuration(BUILD / "epub-toc.yml")
    config.update(
        html_static_path=[str(STATIC)],
        epub_basename=NAME,
        epub_title=config["project"],
        epub_author=config["author"],
        epub_publisher=config["author"],
        epub_contributor=config["author"],
        epub_description="How Andrei Tarkovsky’s film Stalker was made, and how to find out.",
        epub_language="en-GB",
        epub_identifier=NAME,
        epub_uid=NAME,
        epub_cover=("_static/cover.png", "epub-cover.html"),
        epub_css_files=["epub.css"],
        epub_tocdepth=2,
        epub_tocscope="includehidden",
        epub_show_urls="no",
        epub_use_index=True,
        # HTML that a notebook’s cell has put out is seldom XHTML.
        nb_mime_priority_overrides=[
            ("epub", "image/svg+xml", 5),
            ("epub", "text/plain", 6),
            ("epub", "text/html", None),
        ],
        proverka_drawing_font="sans-serif",
    )
    return config


def draw_cover(path: Path) -> None:
    """The title over the opening image."""
    opening = settled_svg(COVER.read_text(encoding="utf-8"), FONT)
    box = re.search(r'viewBox="([^"]*)"', opening)
    assert box
    inner = opening[opening.index(">", opening.index("<svg")) + 1 : opening.rindex("</svg>")]
    frame = (DESIGN / "cover.svg").read_text(encoding="utf-8")
    svg = frame.replace("@box@", box[1]).replace("@drawing@", inner)
    command = ["rsvg-convert", "--format", "png", "--width", "1200", "--output", path]
    subprocess.run(command, input=svg.encode(), check=True)


def finish() -> None:
    """Write the archive anew: what no page names is left out, and the package tells of accessibility."""
    with zipfile.ZipFile(EPUB) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    kept = {name: data for name, data in files.items() if not UNUSED.fullmatch(name)}
    package = files["content.opf"].decode()
    for item, name in re.findall(r'<item id="([^"]*)" href="([^"]*)"', package):
        if UNUSED.fullmatch(name):
            package = re.sub(rf'\s*<item(?:ref)? id(?:ref)?="{item}"[^>]*/>', "", package)
    package = package.replace('href="_static/cover.png"', 'href="_static/cover.png" properties="cover-image"')
    metadata = "".join(
        f'    <meta property="schema:{name}">{value}</meta>\n'
        for name, values in ACCESSIBILITY.items()
        for value in values
    )
    kept["content.opf"] = package.replace("  </metadata>", f"{metadata}  </metadata>").encode()
    mimetype = {"mimetype": kept.pop("mimetype")}
    write_zip(EPUB, {**mimetype, **dict(sorted(kept.items()))}, stored=("mimetype",))


def main() -> None:
    """Build, finish and check."""
    check_programs(NEEDS)
    STATIC.mkdir(parents=True, exist_ok=True)
    (STATIC / "epub.css").write_bytes((DESIGN / "epub.css").read_bytes())
    draw_cover(STATIC / "cover.png")
    shutil.rmtree(FOLDER, ignore_errors=True)  # or files of an earlier edition come with this one
    build("epub", FOLDER, options())
    finish()
    done = subprocess.run(["java", "-jar", CHECKER, EPUB], capture_output=True, text=True, check=False)
    if done.returncode or "WARNING" in done.stderr:
        sys.exit(f"{done.stdout}{done.stderr}\nepubcheck does not accept {EPUB}")
    sys.stdout.write(f"{EPUB}: {EPUB.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
