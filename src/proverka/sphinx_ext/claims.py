"""The role ``claim``: a marker in the text and a note at the end of the page.

The notes are ordinary nodes, made when the page is written, so every builder shows them; HTML adds the
roles that assistive technology knows from footnotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from proverka.chapters import split_ids
from proverka.model import Citation, Claim, Source
from proverka.problems import Code, did_you_mean
from proverka.render.evidence import STATUS_WORDS
from proverka.sphinx_ext.content import content_of, depend_on, warn
from proverka.sphinx_ext.domain import domain_of, link_to, mark_of


class claim_mark(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes like this
    """A number that leads to a note."""


class claim_notes(nodes.General, nodes.Element):  # noqa: N801
    """The notes of the page ``docname``: ``claims`` in the order of their numbers, until they are written."""


class ClaimRole(SphinxRole):
    """``{claim}`c-one, c-two` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """One marker for each claim that is known."""
        return list(marks(self.env, split_ids(self.text), self.get_location())), []


def marks(env: BuildEnvironment, ids: Sequence[str], location: str | tuple[str, int]) -> Iterator[claim_mark]:
    """Markers for the claims that are known; a warning for each that is not."""
    content = content_of(env)
    claims = content.ledger.claims
    joined = False
    for each in ids:
        if each in claims:
            depend_on(env, claims[each].place, options=("bibliography",))
            domain_of(env).note_use(each, mark_of(each))
            yield claim_mark("", "", claim=each, joined=joined)
            joined = True
        else:
            # The page must be read again when the claim is added, in whatever file.
            depend_on(env, options=("ledger",))
            hint = did_you_mean(each, claims, Code.CLAIM_UNKNOWN.hint)
            warn(Code.CLAIM_UNKNOWN, f"unknown claim “{each}”", location, hint)


class NumberClaims(SphinxTransform):
    """Numbers the markers of a page in the order of the text and writes its notes."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        found = list(self.document.findall(claim_mark))
        if not found:
            return
        numbers: dict[str, int] = {}
        for mark in found:
            claim = mark["claim"]
            if claim not in numbers:
                numbers[claim] = len(numbers) + 1
                mark["ids"].append(mark_of(claim))
            mark["number"] = numbers[claim]
        place: nodes.Element = next(iter(self.document.findall(nodes.section)), self.document)
        place += claim_notes("", claims=[*numbers], docname=self.env.docname)


def _note(claim: Claim, sources: dict[str, Source], docname: str, anchor: str) -> nodes.list_item:
    says = nodes.paragraph("", "", link_to("claim", claim.id, claim.says, docname, ["claim-says"]))
    says += [nodes.Text(" "), status_of(claim)]
    item = nodes.list_item("", says, ids=[anchor])
    line = nodes.paragraph(classes=["claim-sources"])
    for position, citation in enumerate(claim.citations):
        line += [nodes.Text("; ")] if position else []
        line += cited(citation, sources, docname)
    item += line
    if claim.note:
        item += nodes.paragraph(claim.note, claim.note, classes=["claim-remark"])
    return item


def status_of(claim: Claim) -> nodes.inline:
    """How sure the claim is, in a word."""
    status = STATUS_WORDS[claim.status]
    return nodes.inline(status, status, classes=["claim-status", f"claim-{claim.status}"])


def cited(citation: Citation, sources: dict[str, Source], docname: str) -> list[nodes.Node]:
    """A source by its short name, linked, and the place in it."""
    short = sources[citation.key].short if citation.key in sources else citation.key
    found: list[nodes.Node] = [link_to("source", citation.key, short, docname)]
    if citation.at:
        found.append(nodes.Text(f" ({citation.at})"))
    if citation.quote:
        quote = f"“{citation.quote}”"
        found += [
            nodes.Text(" ("),
            nodes.inline(quote, quote, classes=[f"language-{citation.lang}"]),
            nodes.Text(")"),
        ]
    return found


class WriteNotes(SphinxPostTransform):
    """The notes; they and the markers as what docutils knows, for builders that are not HTML."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        html = self.app.builder.format == "html"
        for notes in list(self.document.findall(claim_notes)):
            listed = self._listed(notes["claims"], notes["docname"])
            parts = [nodes.rubric("", "Notes", ids=["notes"]), listed]
            written = claim_notes if html else nodes.container
            notes.replace_self(written("", *parts, classes=["claim-notes"]))
        for mark in [] if html else list(self.document.findall(claim_mark)):
            mark.replace_self(self._raised(mark))

    def _listed(self, claims: Sequence[str], docname: str) -> nodes.enumerated_list:
        ledger = content_of(self.env).ledger
        items = (
            _note(ledger.claims[claim], ledger.sources, docname, f"note-{number}")
            for number, claim in enumerate(claims, 1)
        )
        return nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")

    def _raised(self, mark: claim_mark) -> nodes.Node:
        number = str(mark["number"])
        link = nodes.reference("", number, internal=True, refid=f"note-{number}", ids=mark["ids"])
        if self.app.builder.format == "text":
            return nodes.inline("", "", nodes.Text("["), link, nodes.Text("]"))
        return nodes.superscript("", "", *([nodes.Text(",")] if mark["joined"] else []), link)


def _visit_mark(self: HTML5Translator, node: claim_mark) -> None:
    number = node["number"]
    ids = f' id="{node["ids"][0]}"' if node["ids"] else ""
    comma = "," if node["joined"] else ""
    self.body.append(
        f'<sup class="claim-mark"{ids}>{comma}<a role="doc-noteref" href="#note-{number}" '
        f'aria-label="note {number}">{number}</a></sup>'
    )
    raise nodes.SkipNode


def _visit_notes(self: HTML5Translator, node: claim_notes) -> None:
    del node
    self.body.append('<section class="claim-notes" role="doc-endnotes" aria-labelledby="notes">\n')


def _depart_notes(self: HTML5Translator, node: claim_notes) -> None:
    del node
    self.body.append("</section>\n")


def setup_claims(app: Sphinx) -> None:
    """Register the role, its nodes and transforms."""
    app.add_role("claim", ClaimRole())
    app.add_node(claim_mark, html=(_visit_mark, None))
    app.add_node(claim_notes, html=(_visit_notes, _depart_notes))
    app.add_transform(NumberClaims)
    app.add_post_transform(WriteNotes)
