"""The inline Markdown of questions as nodes."""

from __future__ import annotations

from docutils import nodes

from proverka.render.inline import inline_tokens

_ELEMENTS: dict[str, type[nodes.TextElement]] = {"em_open": nodes.emphasis, "strong_open": nodes.strong}


def inline_nodes(text: str) -> list[nodes.Node]:
    """Text, emphasis, code and links; pictures are left out, since a page has to know of them before."""
    root = nodes.inline()
    open_nodes: list[nodes.TextElement] = [root]
    for token in inline_tokens(text):
        if token.type in _ELEMENTS or token.type == "link_open":
            new: nodes.TextElement = (
                nodes.reference("", "", refuri=str(token.attrs["href"]), internal=False)
                if token.type == "link_open"
                else _ELEMENTS[token.type]()
            )
            open_nodes[-1] += new
            open_nodes.append(new)
        elif token.nesting == -1:
            open_nodes.pop()
        elif token.type == "code_inline":
            open_nodes[-1] += nodes.literal(token.content, token.content)
        elif token.type in ("softbreak", "hardbreak"):
            open_nodes[-1] += nodes.Text(" ")
        elif token.type == "text":
            open_nodes[-1] += nodes.Text(token.content)
    found = list(root.children)
    root.children = []
    return found
