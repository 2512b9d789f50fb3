"""The general index names people and studios of ``names.yml`` where each page first speaks of them."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from proverka.names import Name
from proverka.sphinx_ext.content import content_of, depend_on

_INDEXED = ("person", "studio")


class IndexNames(SphinxTransform):
    """Adds an entry to the index for the first mention of each name on a page."""

    # Before the notes are written: the index leads to the text.
    default_priority = 490

    def apply(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        names = {name.name: name for name in content_of(self.env).names if name.kind in _INDEXED}
        if not names:
            return
        depend_on(self.env, options=("names",))
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
        found: set[str] = set()
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if isinstance(paragraph.parent, nodes.field_body):
                continue  # the description in the front matter, which no page shows
            new = [each for each in dict.fromkeys(pattern.findall(paragraph.astext())) if each not in found]
            found.update(new)
            for each in new:
                paragraph[:0] = _entry(names[each])


def _entry(name: Name) -> list[nodes.Node]:
    anchor = "name-" + re.sub(r"\W+", "-", name.name).strip("-").lower()
    return [
        addnodes.index(entries=[("single", entry_text(name), anchor, "", None)], inline=True),
        nodes.target("", "", ids=[anchor]),
    ]


def entry_text(name: Name) -> str:
    """“Tarkovsky, Andrei”; “Mosfilm”."""
    given, _, surname = name.name.rpartition(" ")
    return f"{surname}, {given}" if name.kind == "person" and given else name.name


def setup_people(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(IndexNames)
