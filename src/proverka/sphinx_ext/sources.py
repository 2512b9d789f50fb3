"""The directive ``sources`` (the bibliography) and the role ``source`` (one work)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from proverka.chapters import split_ids
from proverka.model import Source
from proverka.problems import Code, did_you_mean
from proverka.sphinx_ext.content import content_of, depend_on, warn
from proverka.sphinx_ext.domain import domain_of, link_to
from proverka.sphinx_ext.listed import listed

_READ = {
    "read": "read",
    "read-in-part": "read in part",
    "unread": "not read",
}

#: Where a work stands, by the field that says so.
_CONTAINERS = ("publisher", "journaltitle", "organization", "institution", "howpublished")


class SourceRole(SphinxRole):
    """``{source}`key` ``: the work as it stands in the bibliography, linked there."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Author, title, year."""
        depend_on(self.env, options=("bibliography",))
        sources = content_of(self.env).ledger.sources
        found: list[nodes.Node] = []
        for each in split_ids(self.text):
            if each not in sources:
                hint = did_you_mean(each, sources, Code.SOURCE_UNKNOWN.hint)
                warn(Code.SOURCE_UNKNOWN, f"unknown source “{each}”", self.get_location(), hint)
                continue
            found += [nodes.Text("; ")] if found else []
            found += _work(sources[each], self.env.docname)
        return found, []


class source_list(listed):  # noqa: N801 - docutils names nodes like this
    """Stands for all sources."""


class SourcesDirective(SphinxDirective):
    """Every source, by author or title."""

    def run(self) -> list[nodes.Node]:
        """A list; every source has the anchor ``source-<key>``."""
        depend_on(self.env, options=("bibliography",))
        said = []
        for source in _in_order(self.env):
            domain_of(self.env).note("source", source.key, _anchor(source))
            said.append((_anchor(source), f"{nodes.inline('', '', *_entry(source)).astext()} {_remark(source)}"))
        return [source_list("", said=said)]


class WriteSources(SphinxPostTransform):
    """The bibliography."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for place in list(self.document.findall(source_list)):
            items = []
            for source in _in_order(self.env):
                anchor, remark = _anchor(source), _remark(source)
                item = nodes.list_item("", ids=[anchor])
                item += nodes.paragraph("", "", *place.index_entries(anchor), *_entry(source))
                item += [nodes.paragraph(remark, remark, classes=["source-remark"])] if remark else []
                items.append(item)
            place.replace_self(nodes.bullet_list("", *items, classes=["sources"]))


def _in_order(env: BuildEnvironment) -> list[Source]:
    sources = content_of(env).ledger.sources.values()
    return sorted(sources, key=lambda source: (_sort_key(source), source.fields["title"]))


def _anchor(source: Source) -> str:
    return f"source-{source.key}"


def _remark(source: Source) -> str:
    """Whether the work was read, and what the bibliography says of it."""
    read = _READ.get(source.fields.get("keywords", ""), "")
    return " ".join(filter(None, [f"{read.capitalize()}." if read else "", source.fields.get("annotation", "")]))


def _sort_key(source: Source) -> str:
    name = source.fields.get("author", "").split(" and ")[0].split(" (")[0]
    return (name.split()[-1] if name else source.fields["title"]).casefold()


def _title(source: Source) -> nodes.Node:
    title = source.fields["title"]
    language = source.fields.get("langid", "")
    classes = [f"language-{language}"] if language and language != "en" else []
    if source.type in ("book", "thesis"):
        return nodes.emphasis(title, title, classes=classes)
    title = title if title[:1] in "“«„" else f"“{title}”"
    return nodes.inline(title, title, classes=classes)


def _work(source: Source, docname: str) -> Iterator[nodes.Node]:
    if author := source.fields.get("author"):
        yield nodes.Text(f"{author.replace(' and ', ', ')}, ")
    link = link_to("source", source.key, "", docname)
    link.children[0].children = []
    link.children[0] += _title(source)  # type: ignore[operator]
    yield link
    if year := source.fields.get("year"):
        yield nodes.Text(f" ({year})")


def _entry(source: Source) -> Iterator[nodes.Node]:
    fields = source.fields
    if author := fields.get("author"):
        yield nodes.Text(f"{author.replace(' and ', ', ')}. ")
    yield _title(source)
    container = next((fields[each] for each in _CONTAINERS if each in fields), "")
    for each in (container, fields.get("year", "")):
        if each:
            yield nodes.Text(f", {each}")
    yield nodes.Text(".")
    if url := fields.get("url"):
        yield nodes.Text(" ")
        shown = url.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")
        yield nodes.reference(shown, shown, refuri=url)


def setup_sources(app: Sphinx) -> None:
    """Register the role, the directive, its node and transform."""
    app.add_role("source", SourceRole())
    app.add_directive("sources", SourcesDirective)
    app.add_node(source_list)
    app.add_post_transform(WriteSources)
