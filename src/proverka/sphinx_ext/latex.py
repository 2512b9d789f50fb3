"""What LaTeX’s writer knows nothing of: ids of list items, classes of lists, paragraphs and emphasis."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


class TellLatex(SphinxPostTransform):
    """Ids go into a list item’s first paragraph, classes to something around or in what bears them.

    Each makes an environment ``sphinxclass`` with the class as rest of its name, or of emphasis a command
    ``DUrole`` with it; where that is not defined, nothing happens.
    """

    # After all that makes lists.
    default_priority = 900
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for item in self.document.findall(nodes.list_item):
            if item["ids"] and isinstance(item.children[0], nodes.paragraph):
                # A reference, because a target is dropped where something that can be linked follows.
                item.children[0].insert(0, nodes.reference("", "", ids=item["ids"]))
                item["ids"] = []
        for emphasis in self.document.findall(nodes.emphasis):
            if emphasis["classes"]:
                emphasis.children = [nodes.inline("", "", *emphasis.children, classes=emphasis["classes"])]
        for node in list(self.document.findall(lambda each: isinstance(each, nodes.bullet_list | nodes.paragraph))):
            if isinstance(node, nodes.Element) and node["classes"]:
                container = nodes.container("", classes=node["classes"])
                node.replace_self(container)
                container += node


def setup_latex(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(TellLatex)
