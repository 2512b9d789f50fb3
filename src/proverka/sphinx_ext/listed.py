"""Long lists of a page, which are made when the page is written.

Sphinx reads all pages again whenever it numbers figures, at every build; what is not in them costs nothing.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes


class listed(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Stands for a list, and holds the entries of the general index that lead to its items.

    ``said`` is what the list will say, as pairs of an item’s anchor and a text.
    """

    def index_entries(self, anchor: str) -> list[addnodes.index]:
        """The entries of the general index for an item."""
        return [each for each in self.children if isinstance(each, addnodes.index) and each["entries"][0][2] == anchor]
