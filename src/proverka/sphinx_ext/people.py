"""The general index names people and studios of ``names.yml`` where each page first speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from proverka.names import Name
from proverka.sphinx_ext.content import content_of, depend_on
from proverka.sphinx_ext.listed import listed

_INDEXED = ("person", "studio")


class IndexNames(SphinxTransform):
    """Adds an entry to the index for the first mention of each name on a page."""

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

        def new_in(text: str) -> list[Name]:
            new = [each for each in dict.fromkeys(pattern.findall(text)) if each not in found]
            found.update(new)
            return [names[each] for each in new]

        for node in list(self.document.findall(lambda each: isinstance(each, nodes.paragraph | listed))):
            if isinstance(node, listed):
                for anchor, text in node["said"]:
                    if new := new_in(text):
                        node += _index(new, anchor)
            elif isinstance(node, nodes.paragraph) and not isinstance(node.parent, nodes.field_body):
                # A field is the description in the front matter, which no page shows.
                for name in new_in(node.astext()):
                    anchor = "name-" + re.sub(r"\W+", "-", name.name).strip("-").lower()
                    node[:0] = [_index([name], anchor), nodes.target("", "", ids=[anchor])]


def _index(names: Iterable[Name], anchor: str) -> addnodes.index:
    return addnodes.index(entries=[("single", entry_text(each), anchor, "", None) for each in names], inline=True)


def entry_text(name: Name) -> str:
    """“Tarkovsky, Andrei”; “Mosfilm”."""
    given, _, surname = name.name.rpartition(" ")
    return f"{surname}, {given}" if name.kind == "person" and given else name.name


def setup_people(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(IndexNames)
