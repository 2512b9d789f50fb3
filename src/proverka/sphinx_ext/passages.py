"""What a page says, passage by passage: the unit that the search finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes

from proverka.sphinx_ext.claims import claim_notes
from proverka.sphinx_ext.exercises import quiz_form

#: Found by other ways, or not text. The bibliography is a list by author already, and would be a sixth of the index.
_SKIPPED = (
    addnodes.toctree,
    claim_notes,
    nodes.Invisible,
    nodes.literal_block,
    nodes.raw,
    quiz_form,
)
_SKIPPED_CLASSES = {"claim-index", "evidence", "launch", "outcomes-lead", "sources"}
_WHOLE = (nodes.paragraph, nodes.caption, nodes.row, nodes.term, nodes.line)
_FEWEST = 5


class Passage(NamedTuple):
    """A paragraph, caption, row or entry of a glossary; ``anchor`` is the nearest in the page."""

    kind: str
    anchor: str
    title: str
    text: str


def passages(document: nodes.document) -> Iterator[Passage]:
    """The passages of a page in their order, without paragraphs of a few words, which tell nothing."""
    yield from _walk(document, "", "")


def _walk(parent: nodes.Element, anchor: str, title: str) -> Iterator[Passage]:
    for node in parent.children:
        if (
            not isinstance(node, nodes.Element)
            or isinstance(node, (*_SKIPPED, nodes.title))
            or _SKIPPED_CLASSES & {*node["classes"]}
        ):
            continue
        here = node["ids"][0] if node["ids"] else anchor
        if isinstance(node, nodes.section):
            heading = node.next_node(nodes.title)
            yield from _walk(node, here, plain_text(heading) if heading else title)
        elif isinstance(node, addnodes.glossary):
            yield from (Passage("term", each.anchor, ", ".join(each.names), each.definition) for each in terms(node))
        elif isinstance(node, _WHOLE):
            text = plain_text(node)
            if len(text.split()) >= _FEWEST:
                yield Passage("chapter", here, title, text)
        else:
            yield from _walk(node, here, title)


class Term(NamedTuple):
    """An entry of a glossary and all its names."""

    anchor: str
    names: tuple[str, ...]
    definition: str


def terms(parent: nodes.Element) -> Iterator[Term]:
    """The entries of the glossaries in a document or of one of them."""
    for glossary in parent.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            named = [each for each in item.children if isinstance(each, nodes.term)]
            definition = " ".join(plain_text(each) for each in item.findall(nodes.paragraph))
            yield Term(named[0]["ids"][0], tuple(plain_text(each) for each in named), definition)


def plain_text(node: nodes.Element) -> str:
    """The words of an element on one line; cells of a row apart."""
    if isinstance(node, nodes.row):
        return " · ".join(filter(None, (plain_text(each) for each in node.children if isinstance(each, nodes.Element))))
    parts = []
    for each in node.children:
        if isinstance(each, nodes.Text):
            parts.append(each.astext())
        elif isinstance(each, nodes.Element) and not isinstance(each, _SKIPPED):
            parts.append(plain_text(each))
    return " ".join("".join(parts).split()) if not isinstance(node, nodes.Inline) else "".join(parts)
