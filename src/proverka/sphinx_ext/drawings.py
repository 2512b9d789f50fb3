"""SVG figures: inside a web page, taking its fonts and colours; elsewhere files that any program shows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.transforms.post_transforms.images import ImageConverter

from proverka.render.drawing import inline_svg, settled_svg
from proverka.sphinx_ext.content import makes_pages

#: The class of images that are copied as files, because a form shows them.
PICTURE = "pv-picture"


class InlineDrawings(SphinxPostTransform):
    """Replaces images of SVG files in a folder ``figures`` by their drawing, for web pages."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        if not makes_pages(self.app.builder):
            return
        for image in list(self.document.findall(nodes.image)):
            uri = image["uri"]
            drawing = uri.endswith(".svg") and "figures/" in uri and "://" not in uri
            if drawing and PICTURE not in image["classes"]:
                svg = (Path(self.env.srcdir) / uri).read_text(encoding="utf-8")
                image.replace_self(nodes.raw("", inline_svg(svg, image.get("alt", "")), format="html"))


class SettledDrawings(ImageConverter):
    """Drawings with the colours that a page would choose settled: as SVG for e-books, as PDF for LaTeX."""

    conversion_rules = [  # noqa: RUF012 - declared so by Sphinx
        ("image/svg+xml", "application/pdf"),
        ("image/svg+xml", "image/svg+xml"),
    ]

    def match(self, node: nodes.image) -> bool:
        """Every SVG file, also where the builder could take it as it is."""
        return self.app.builder.name in ("latex", "epub") and list(self.guess_mimetypes(node)) == ["image/svg+xml"]

    def convert(self, _from: str, _to: str) -> bool:
        """Write the settled drawing; the PDF is made by ``rsvg-convert``."""
        svg = settled_svg(Path(_from).read_text(encoding="utf-8"), self.config.proverka_drawing_font)
        if _to.endswith(".svg"):
            Path(_to).write_text(svg, encoding="utf-8")
            return True
        if not shutil.which("rsvg-convert"):
            raise SphinxError("drawings become PDF by rsvg-convert; on Debian: apt-get install librsvg2-bin")
        command = ["rsvg-convert", "--format", "pdf", "--output", _to]
        subprocess.run(command, input=svg.encode(), check=True)
        return True


def setup_drawings(app: Sphinx) -> None:
    """Register the transforms, and the font of drawings that stand in no page."""
    app.add_config_value(
        "proverka_drawing_font", "sans-serif", "env", types=[str], description="Font of drawings outside web pages"
    )
    app.add_post_transform(InlineDrawings)
    app.add_post_transform(SettledDrawings)
