"""The directives ``evidence`` and ``evidence-index``: claims with all that is known of them, and where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from proverka.ledger.load import Ledger
from proverka.model import Claim, Source, Status
from proverka.problems import did_you_mean
from proverka.render.evidence import STATUS_WORDS
from proverka.sphinx_ext.claims import cited, status_of
from proverka.sphinx_ext.content import content_of, depend_on
from proverka.sphinx_ext.domain import domain_of, link_to
from proverka.sphinx_ext.listed import listed
from proverka.sphinx_ext.reading_order import in_order


class evidence_list(listed):  # noqa: N801 - docutils names nodes like this
    """Stands for the claims of the file ``stem`` of the ledger on the page ``docname``."""


class evidence_index(nodes.General, nodes.Element):  # noqa: N801
    """Stands for the table of all files of the ledger and the list of all claims, on the page ``docname``."""


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
            return [self._list(stem, content.ledger)]
        found: list[nodes.Node] = []
        for stem in content.ledger.chapters:
            title = _title(stem)
            section = nodes.section("", nodes.title(title, title), ids=[f"evidence-of-{stem}"], names=[])
            section += self._list(stem, content.ledger)
            found.append(section)
        return found

    def _list(self, stem: str, ledger: Ledger) -> evidence_list:
        domain = domain_of(self.env)
        domain.note("evidence", stem, _anchor(stem))
        claims = _claims_of(stem, ledger)
        for claim in claims:
            domain.note("claim", claim.id, claim.id)
        said = [(claim.id, f"{claim.says} {claim.note}") for claim in claims]
        return evidence_list("", stem=stem, docname=self.env.docname, said=said)


class EvidenceIndexDirective(SphinxDirective):
    """How many claims of each status each file of the ledger has."""

    def run(self) -> list[nodes.Node]:
        """A table, and the list of all claims by id."""
        depend_on(self.env, options=("ledger",))
        return [evidence_index("", docname=self.env.docname)]


class WriteEvidence(SphinxPostTransform):
    """The claims with their sources and who uses each."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        places = list(self.document.findall(evidence_list))
        users = _users_of_claims(self.env) if places else {}
        for place in places:
            ledger = content_of(self.env).ledger
            items = (
                self._item(claim, place, ledger.sources, users.get(claim.id, {}))
                for claim in _claims_of(place["stem"], ledger)
            )
            place.replace_self(nodes.bullet_list("", *items, classes=["evidence"], ids=[_anchor(place["stem"])]))

    def _item(
        self, claim: Claim, place: evidence_list, sources: dict[str, Source], users: Mapping[str, str]
    ) -> nodes.list_item:
        docname = place["docname"]
        says = nodes.inline(claim.says, claim.says, classes=["claim-says"])
        first = nodes.paragraph("", "", *place.index_entries(claim.id), says, nodes.Text(" "), status_of(claim))
        item = nodes.list_item("", first, ids=[claim.id])
        entries = (
            nodes.list_item("", nodes.paragraph("", "", *cited(each, sources, docname))) for each in claim.citations
        )
        item += nodes.bullet_list("", *entries, classes=["claim-sources"])
        if claim.note:
            item += nodes.paragraph(claim.note, claim.note, classes=["claim-remark"])
        if users:
            item += nodes.paragraph("", "", *self._links(users, docname), classes=["claim-uses"])
        return item

    def _links(self, users: Mapping[str, str], docname: str) -> Iterator[nodes.Node]:
        for position, (user, anchor) in enumerate(users.items()):
            yield nodes.Text(", " if position else "Used in ")
            title = self.env.titles[user].astext()
            yield make_refnode(self.app.builder, docname, user, anchor, nodes.inline(title, title))


class WriteIndex(SphinxPostTransform):
    """The table, and for browsers alone the list, so that an address of a claim there leads on to where it stands."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for place in list(self.document.findall(evidence_index)):
            ledger = content_of(self.env).ledger
            found: list[nodes.Node] = [self._table(ledger, place["docname"])]
            if self.app.builder.format == "html":
                # Closed, it costs nothing; who comes by an address of a claim finds it open.
                found += [
                    nodes.raw("", "<details><summary>Every claim, by its id</summary>", format="html"),
                    _every_claim(ledger, place["docname"]),
                    nodes.raw("", "</details>", format="html"),
                ]
            place.replace_self(found)

    def _table(self, ledger: Ledger, docname: str) -> nodes.table:
        """A row for each file in the book’s order of pages, those that no page shows after them, and the sum."""
        anchors = domain_of(self.env).anchors
        order = {page: place for place, page in enumerate(in_order(self.env))}
        places = {stem: anchors.get(("evidence", stem), ("", "")) for stem in ledger.chapters}
        rows: list[list[nodes.Node]] = []
        total: Counter[Status] = Counter()
        for stem, (page, anchor) in sorted(places.items(), key=lambda each: order.get(each[1][0], len(order))):
            tally = Counter(claim.status for claim in _claims_of(stem, ledger))
            title: nodes.Node = nodes.Text(_title(stem))
            if page:
                shown = self.env.titles[page].astext().removeprefix("Evidence: ")
                title = make_refnode(self.app.builder, docname, page, anchor, nodes.inline("", shown))
            rows.append([title, *_counts(tally)])
            total += tally
        rows.append([nodes.Text("All"), *_counts(total)])
        return _table([nodes.Text(text) for text in ("Evidence for", "claims", *STATUS_WORDS.values())], rows)


def _users_of_claims(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """The pages that use each claim, in the book’s order, and the anchor where."""
    users: dict[str, dict[str, str]] = {}
    for docname in in_order(env):
        for claim, anchor in domain_of(env).uses.get(docname, {}).items():
            users.setdefault(claim, {})[docname] = anchor
    return users


def _claims_of(stem: str, ledger: Ledger) -> list[Claim]:
    return [ledger.claims[each] for each in ledger.chapters[stem] if each in ledger.claims]


def _every_claim(ledger: Ledger, docname: str) -> nodes.bullet_list:
    items = (
        nodes.list_item("", nodes.paragraph("", "", link_to("claim", each, each, docname)), ids=[each])
        for each in ledger.claims
    )
    return nodes.bullet_list("", *items, classes=["claim-index"])


def _anchor(stem: str) -> str:
    """The anchor of the list of a file’s claims."""
    return f"claims-of-{stem}"


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
    return nodes.table("", group, classes=["claim-counts", "colwidths-auto"])


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    first, *numbers = (nodes.paragraph("", "", cell) for cell in cells)
    return nodes.row("", nodes.entry("", first), *(nodes.entry("", each, classes=["text-right"]) for each in numbers))


def setup_evidence(app: Sphinx) -> None:
    """Register the directives, their nodes and transforms."""
    app.add_directive("evidence", EvidenceDirective)
    app.add_directive("evidence-index", EvidenceIndexDirective)
    app.add_node(evidence_list)
    app.add_node(evidence_index)
    app.add_post_transform(WriteEvidence)
    app.add_post_transform(WriteIndex)
