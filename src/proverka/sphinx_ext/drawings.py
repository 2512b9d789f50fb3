"""SVG figures inside the page, so that they take the page’s fonts and colours, light or dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from proverka.render.drawing import inline_svg

#: The class of images that are copied as files, because a form shows them.
PICTURE = "pv-picture"


class InlineDrawings(SphinxPostTransform):
    """Replaces images of SVG files in a folder ``figures`` by their drawing; HTML only."""

    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for image in list(self.document.findall(nodes.image)):
            uri = image["uri"]
            drawing = uri.endswith(".svg") and "figures/" in uri and "://" not in uri
            if drawing and PICTURE not in image["classes"]:
                svg = (Path(self.env.srcdir) / uri).read_text(encoding="utf-8")
                image.replace_self(nodes.raw("", inline_svg(svg, image.get("alt", "")), format="html"))


def setup_drawings(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(InlineDrawings)
