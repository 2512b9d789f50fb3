"""Draw book/open-graph.png, which other sites show beside a link to the book: the cover’s drawing and the title.

It needs Chromium and is run by hand when the drawing changes; a test says when. Which drawing and which
script it was made from stands in the file, because another Chromium would give other bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import sys
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

BOOK = Path(__file__).resolve().parent.parent / "book"
PICTURE = BOOK / "open-graph.png"
DRAWING = BOOK / "figures" / "index" / "opening.svg"
FONT = BOOK / "_static" / "fonts" / "display.woff2"
WIDTH, HEIGHT = 1200, 630
PAGE = """\
<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: title; src: url("{font}") }}
body {{ margin: 0; background: #efe3c8; color: #3b2f1c; font-family: title, serif }}
svg {{ display: block; width: 1200px; height: 469px }}
h1 {{ margin: 22px 48px 0; font-size: 66px; line-height: 1; font-weight: 400 }}
p {{ margin: 10px 48px 0; font-size: 30px; line-height: 1.2 }}
</style>{drawing}<h1>Checking the Zone</h1>
<p>How Tarkovsky’s <i>Stalker</i> was made, and how to find out</p>
"""


def source() -> str:
    """What the picture is made from, as one SHA-256."""
    return hashlib.sha256(DRAWING.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def main() -> None:
    """Draw it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        # Browsers load no font from a disk; one that is written into the page they do.
        font = f"data:font/woff2;base64,{base64.b64encode(FONT.read_bytes()).decode()}"
        page.set_content(PAGE.format(font=font, drawing=DRAWING.read_text(encoding="utf-8")))
        page.evaluate("document.fonts.ready")
        shot = page.screenshot()
        browser.close()
    image = Image.open(io.BytesIO(shot)).convert("RGB").quantize(192, dither=Image.Dither.NONE)
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Source", source())
    image.save(PICTURE, optimize=True, pnginfo=facts)
    sys.stdout.write(f"{PICTURE.name}: {PICTURE.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
