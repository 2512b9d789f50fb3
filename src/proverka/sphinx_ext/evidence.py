"""The directive ``evidence``: every claim with its status, its sources and the pages that use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from proverka.model import Claim, Source
from proverka.render.evidence import STATUS_WORDS
from proverka.sphinx_ext.claims import cited
from proverka.sphinx_ext.content import content_of, depend_on
from proverka.sphinx_ext.domain import domain_of


class claim_uses(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Stands for the pages that use a claim, until all pages are known."""


class EvidenceDirective(SphinxDirective):
    """The whole ledger, a section for each of its files."""

    def run(self) -> list[nodes.Node]:
        """Sections with a list of claims each; every claim has its id as anchor."""
        content = content_of(self.env)
        depend_on(self.env, options=("ledger", "bibliography"))
        found: list[nodes.Node] = []
        for stem, ids in content.ledger.chapters.items():
            title = stem.replace("-", " ").capitalize()
            section = nodes.section("", nodes.title(title, title), ids=[f"evidence-{stem}"], names=[])
            claims = [content.ledger.claims[each] for each in ids if each in content.ledger.claims]
            section += nodes.bullet_list(
                "", *(self._item(each, content.ledger.sources) for each in claims), classes=["evidence"]
            )
            found.append(section)
        return found

    def _item(self, claim: Claim, sources: dict[str, Source]) -> nodes.list_item:
        domain_of(self.env).note("claim", claim.id, claim.id)
        status = STATUS_WORDS[claim.status]
        says = nodes.paragraph(
            "",
            "",
            nodes.inline(claim.says, claim.says, classes=["claim-says"]),
            nodes.Text(" "),
            nodes.inline(status, status, classes=["claim-status", f"claim-{claim.status}"]),
        )
        item = nodes.list_item("", says, ids=[claim.id])
        entries = (
            nodes.list_item("", nodes.paragraph("", "", *cited(each, sources, self.env.docname)))
            for each in claim.citations
        )
        item += nodes.bullet_list("", *entries, classes=["claim-sources"])
        if claim.note:
            item += nodes.paragraph(claim.note, claim.note, classes=["claim-remark"])
        item += claim_uses("", claim=claim.id)
        return item


class ListUses(SphinxPostTransform):
    """Writes who uses each claim."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        places = list(self.document.findall(claim_uses))
        if not places:
            return
        users: dict[str, list[str]] = {}
        for docname, claims in sorted(domain_of(self.env).uses.items()):
            for claim in claims:
                users.setdefault(claim, []).append(docname)
        for place in places:
            links = list(self._links(users.get(place["claim"], []), place["claim"]))
            place.replace_self([nodes.paragraph("", "", *links, classes=["claim-uses"])] if links else [])

    def _links(self, docnames: list[str], claim: str) -> Iterator[nodes.Node]:
        for position, docname in enumerate(docnames):
            yield nodes.Text(", " if position else "Used in ")
            title = self.env.titles[docname].astext()
            anchor = f"mark-{claim}"
            yield make_refnode(self.app.builder, self.env.docname, docname, anchor, nodes.inline(title, title))


def setup_evidence(app: Sphinx) -> None:
    """Register the directive, its node and transform."""
    app.add_directive("evidence", EvidenceDirective)
    app.add_node(claim_uses)
    app.add_post_transform(ListUses)
