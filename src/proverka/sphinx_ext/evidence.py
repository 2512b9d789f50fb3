"""The directives ``evidence`` and ``evidence-index``: claims with all that is known of them, and where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from proverka.model import Claim, Source, Status
from proverka.problems import did_you_mean
from proverka.render.evidence import STATUS_WORDS
from proverka.sphinx_ext.claims import cited
from proverka.sphinx_ext.content import Content, content_of, depend_on
from proverka.sphinx_ext.domain import domain_of, link_to
from proverka.sphinx_ext.reading_order import in_order


class claim_uses(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Stands for the pages that use a claim, until all pages are known."""


class evidence_page(nodes.Inline, nodes.TextElement):  # noqa: N801
    """Stands for the page with the claims of a file of the ledger."""


class claim_index(nodes.General, nodes.Element):  # noqa: N801
    """A list of ids, so that an address of a claim on this page leads on to where it stands."""


class EvidenceDirective(SphinxDirective):
    """The ledger: the file that the argument names, or a section for each."""

    optional_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Lists of claims; every claim has its id as anchor."""
        content = content_of(self.env)
        depend_on(self.env, options=("ledger", "bibliography"))
        if self.arguments:
            stem = self.arguments[0]
            if stem not in content.ledger.chapters:
                hint = did_you_mean(stem, content.ledger.chapters, "name a file of the ledger, without its ending")
                raise self.error(f"the ledger has no file “{stem}”; {hint}")
            return [self._list(stem, content)]
        found: list[nodes.Node] = []
        for stem in content.ledger.chapters:
            title = _title(stem)
            section = nodes.section("", nodes.title(title, title), ids=[f"evidence-of-{stem}"], names=[])
            section += self._list(stem, content)
            found.append(section)
        return found

    def _list(self, stem: str, content: Content) -> nodes.bullet_list:
        domain_of(self.env).note("evidence", stem, f"evidence-{stem}")
        claims = [
            content.ledger.claims[each] for each in content.ledger.chapters[stem] if each in content.ledger.claims
        ]
        items = (self._item(each, content.ledger.sources) for each in claims)
        return nodes.bullet_list("", *items, classes=["evidence"], ids=[f"evidence-{stem}"])

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


class EvidenceIndexDirective(SphinxDirective):
    """How many claims of each status each file of the ledger has."""

    def run(self) -> list[nodes.Node]:
        """A table, and the list of all claims by id."""
        ledger = content_of(self.env).ledger
        depend_on(self.env, options=("ledger",))
        docname = self.env.docname
        rows: list[list[nodes.Node]] = []
        total: Counter[Status] = Counter()
        for stem, ids in ledger.chapters.items():
            tally = Counter(ledger.claims[each].status for each in ids if each in ledger.claims)
            rows.append([evidence_page("", nodes.Text(_title(stem)), stem=stem), *_counts(tally)])
            total += tally
        rows.append([nodes.Text("All"), *_counts(total)])
        head = [nodes.Text(text) for text in ("Evidence for", "claims", *STATUS_WORDS.values())]
        items = (
            nodes.list_item("", nodes.paragraph("", "", link_to("claim", each, each, docname)), ids=[each])
            for each in ledger.claims
        )
        return [_table(head, rows), claim_index("", nodes.bullet_list("", *items, classes=["claim-index"]))]


def _title(stem: str) -> str:
    return stem.replace("-", " ").capitalize()


def _counts(tally: Counter[Status]) -> list[nodes.Node]:
    return [nodes.Text(str(number)) for number in (tally.total(), *(tally[status] for status in STATUS_WORDS))]


def _table(head: Sequence[nodes.Node], rows: Sequence[Sequence[nodes.Node]]) -> nodes.table:
    """A table whose first column is text and whose others are numbers."""
    widths = [30, *(len(cell.astext()) + 1 for cell in head[1:])]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(head))
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["colwidths-auto"])


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    first, *numbers = (nodes.paragraph("", "", cell) for cell in cells)
    return nodes.row("", nodes.entry("", first), *(nodes.entry("", each, classes=["text-right"]) for each in numbers))


class FinishIndex(SphinxPostTransform):
    """Links the pages by their titles in the book’s order; shows the list of ids to browsers alone."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        anchors = domain_of(self.env).anchors
        pages = list(self.document.findall(evidence_page))
        if pages:
            order = {docname: place for place, docname in enumerate(in_order(self.env))}
            body = next(each for each in self.document.findall(nodes.tbody) if next(each.findall(evidence_page), None))
            body[:] = sorted(body, key=lambda row: _place(row, anchors, order))
        for page in pages:
            if place := anchors.get(("evidence", page["stem"])):
                title = nodes.inline("", self.env.titles[place[0]].astext().removeprefix("Evidence: "))
                page.replace_self(make_refnode(self.app.builder, self.env.docname, *place, title))
            else:
                page.replace_self(page.children)
        for index in list(self.document.findall(claim_index)):
            # Closed, it costs nothing; who comes by an address of a claim finds it open.
            opening = "<details><summary>Every claim, by its id</summary>"
            parts = [nodes.raw("", opening, format="html"), *index, nodes.raw("", "</details>", format="html")]
            index.replace_self(parts if self.app.builder.format == "html" else [])


def _place(row: nodes.Node, anchors: Mapping[tuple[str, str], tuple[str, str]], order: Mapping[str, int]) -> int:
    """Where a row stands: as the page that it names; then those that no page shows, and last the sum."""
    page = next(row.findall(evidence_page), None)
    if page is None:
        return len(order) + 1
    docname, _ = anchors.get(("evidence", page["stem"]), ("", ""))
    return order.get(docname, len(order))


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
        uses = domain_of(self.env).uses
        for docname in in_order(self.env):
            for claim in uses.get(docname, ()):
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
    app.add_directive("evidence-index", EvidenceIndexDirective)
    app.add_node(claim_uses)
    app.add_node(claim_index)
    app.add_node(evidence_page)
    app.add_post_transform(ListUses)
    app.add_post_transform(FinishIndex)
