"""The domain: where claims, sources and outcomes stand, and which pages use which claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from proverka.model import Question
from proverka.render.inline import to_plain


@dataclass(frozen=True)
class AskedQuestion:
    """What the Progress page has to know of a question that a page asks."""

    id: str
    type: str
    fingerprint: str
    outcome: str
    stem: str


class ProverkaDomain(Domain):
    """Objects with permanent anchors: claims, lists of claims, sources, outcomes."""

    name = "proverka"
    label = "proverka"
    object_types = {  # noqa: RUF012 - declared so by Sphinx
        "claim": ObjType("claim"),
        "evidence": ObjType("evidence"),
        "source": ObjType("source"),
        "outcome": ObjType("outcome"),
    }
    initial_data: dict[str, dict[str, Any]] = {  # noqa: RUF012 - declared so by Sphinx
        "anchors": {},  # (type, name) → (docname, anchor)
        "uses": {},  # docname → claim → the anchor where it is used first
        "told": {},  # the uses that the Evidence page was last written with
        "outcomes": {},  # docname → outcomes, each with its text
        "asked": {},  # docname → questions
        "progress": {},  # docnames of pages that list them → what they were last written with
    }
    data_version = 3

    @property
    def anchors(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Where each object stands."""
        anchors: dict[tuple[str, str], tuple[str, str]] = self.data["anchors"]
        return anchors

    @property
    def uses(self) -> dict[str, dict[str, str]]:
        """The claims that each page uses, and the anchor where."""
        uses: dict[str, dict[str, str]] = self.data["uses"]
        return uses

    @property
    def outcomes(self) -> dict[str, dict[str, str]]:
        """The outcomes of each page and their texts."""
        outcomes: dict[str, dict[str, str]] = self.data["outcomes"]
        return outcomes

    @property
    def asked(self) -> dict[str, list[AskedQuestion]]:
        """The questions that each page asks."""
        asked: dict[str, list[AskedQuestion]] = self.data["asked"]
        return asked

    @property
    def progress(self) -> dict[str, str]:
        """Pages that list all questions, and what they were last written with."""
        progress: dict[str, str] = self.data["progress"]
        return progress

    def note(self, kind: str, name: str, anchor: str) -> None:
        """The current page holds this object."""
        self.anchors[kind, name] = (self.env.docname, anchor)

    def note_use(self, claim: str, anchor: str) -> None:
        """The current page uses this claim; a mark in the text goes before a question."""
        known = self.uses.setdefault(self.env.docname, {})
        if claim not in known or anchor == mark_of(claim):
            known[claim] = anchor

    def note_outcome(self, name: str, text: str) -> None:
        """The current page holds this outcome."""
        self.note("outcome", name, name)
        self.outcomes.setdefault(self.env.docname, {})[name] = text

    def note_questions(self, questions: Iterable[Question]) -> None:
        """The current page asks these questions."""
        self.asked.setdefault(self.env.docname, []).extend(
            AskedQuestion(each.id, each.type, each.fingerprint, each.outcome, to_plain(each.stem)) for each in questions
        )

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for pages in (self.uses, self.outcomes, self.asked, self.progress):
            pages.pop(docname, None)
        for key in [key for key, (where, _) in self.anchors.items() if where == docname]:
            del self.anchors[key]

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        read = set(docnames)
        for kind in ("uses", "outcomes", "asked", "progress"):
            self.data[kind].update({name: value for name, value in otherdata[kind].items() if name in read})
        self.anchors.update({key: value for key, value in otherdata["anchors"].items() if value[0] in read})

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element | None:
        """A link where the object has a page, else the text alone."""
        del env, node
        if place := self.anchors.get((typ, target)):
            return make_refnode(builder, fromdocname, place[0], place[1], contnode)
        return contnode

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """For the inventory; kept out of the search index, where they would only be ids."""
        for (kind, name), (docname, anchor) in self.anchors.items():
            yield name, name, kind, docname, anchor, -1


def mark_of(claim: str) -> str:
    """The anchor of the first mark of a claim on a page."""
    return f"mark-{claim}"


def domain_of(env: BuildEnvironment) -> ProverkaDomain:
    """The domain of an environment."""
    domain = env.get_domain("proverka")
    if not isinstance(domain, ProverkaDomain):  # pragma: no cover
        raise TypeError("another extension has taken the domain “proverka”")
    return domain


def link_to(kind: str, name: str, text: str, docname: str, classes: Iterable[str] = ()) -> pending_xref:
    """A link to a claim or source, made when all pages are known."""
    link = pending_xref(
        "", refdomain="proverka", reftype=kind, reftarget=name, refdoc=docname, refexplicit=True, refwarn=False
    )
    link += nodes.inline(text, text, classes=list(classes))
    return link


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The Evidence page tells who uses a claim, so it is written again when that changes."""
    del app
    domain = domain_of(env)
    if domain.data["told"] == domain.uses:
        return []
    domain.data["told"] = {docname: dict(claims) for docname, claims in domain.uses.items()}
    return sorted({docname for (kind, _), (docname, _) in domain.anchors.items() if kind == "claim"})


def setup_domain(app: Sphinx) -> None:
    """Register the domain."""
    app.add_domain(ProverkaDomain)
    app.connect("env-updated", _pages_to_write_again)
