"""For editions that are not web pages, as an extension for Sphinx.

The contents lack pages that only the web has, and links to those are text. Tables have columns as wide as
what stands in them wants, and may go on over pages.
"""

from __future__ import annotations

import json
import os
import posixpath
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.addnodes import pending_xref, toctree
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_runs import ROOT, configuration

#: Questions and claims stand in the chapters; the other pages need scripts or a web site.
LEFT_OUT = ("quizzes/[!/]*", "book/evidence*", "book/progress", "book/downloads")

#: The image that opens the first page is a cover here.
COVER = ROOT / "book" / "figures" / "index" / "opening.svg"
#: A table with more rows may break over pages.
ROWS_TOGETHER = 6


#: What is needed of Jupyter Book’s extensions and options, and of ours; the others are for web pages.
EXTENSIONS = ("myst_nb", "sphinx_external_toc", "sphinx_design", "proverka.sphinx_ext", "edition", "paper")
OPTIONS = ("project", "author", "copyright", "language", "numfig", "exclude_patterns", "external_toc_exclude_missing")


def paper_configuration(contents: Path) -> dict[str, Any]:
    """Jupyter Book’s options without what is for web pages.

    :param contents: Where to write the table of contents.
    """
    config = configuration()
    from edition import commit_time, facts  # can be imported from here on

    told = facts()
    # Programs that write a date into what they make take this one.
    os.environ["SOURCE_DATE_EPOCH"] = str(commit_time() or 0)
    write_contents(contents)
    return {
        **{name: value for name, value in config.items() if name in OPTIONS or name.startswith(("myst_", "nb_"))},
        "extensions": list(EXTENSIONS),
        "external_toc_path": str(contents),
        "version": told["version"],
    }


def left_out(docname: str) -> bool:
    """Whether only the web has this page."""
    return "labs/" not in docname and any(fnmatch(docname, pattern) for pattern in LEFT_OUT)


def write_contents(path: Path) -> None:
    """Write ``_toc.yml`` without what is left out."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(_kept(contents), allow_unicode=True, sort_keys=False), encoding="utf-8")


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(each) for each in value if not (isinstance(each, dict) and left_out(each.get("file", "")))]
    if isinstance(value, dict):
        kept = {name: _kept(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each != []}
    return value


def _title(docname: str) -> str:
    for suffix in (".md", ".ipynb"):
        path = ROOT / f"{docname}{suffix}"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if suffix == ".ipynb":
                text = "".join(json.loads(text)["cells"][0]["source"])
            return next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    return docname


def _as_text(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.TextElement | None:
    """A link to a page that is left out becomes its title; any other is somebody else’s matter."""
    del app
    target = node["reftarget"]
    docname = target if node.get("reftype") != "doc" else _from(node.get("refdoc", env.docname), target)
    for each in (docname, f"book/{docname}"):
        if left_out(each) and each not in env.all_docs:
            title = contnode.astext() if node.get("refexplicit") else _title(each)
            return nodes.inline("", "", nodes.Text(f"{title} (on the web)"))
    return None


def _from(docname: str, target: str) -> str:
    path = (ROOT / docname).parent / target if not target.startswith("/") else ROOT / target[1:]
    return path.resolve().relative_to(ROOT).as_posix()


def _head_parts(app: Sphinx, doctree: nodes.document) -> None:
    """A part of the book for each part of the contents, in LaTeX."""
    if app.builder.format != "latex":
        return
    for each in list(doctree.findall(toctree)):
        if each.get("caption"):
            wrapper = each.parent
            part = nodes.raw("", f"\\part{{{each['caption']}}}", format="latex")
            wrapper.parent.insert(wrapper.parent.index(wrapper), part)


class FitTables(SphinxPostTransform):
    """Gives LaTeX the widths of columns, and lets tables of some length break."""

    default_priority = 900
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for table in self.document.findall(nodes.table):
            rows = list(table.findall(nodes.row))
            for column, spec in enumerate(table.findall(nodes.colspec)):
                spec["colwidth"] = _width([row.children[column].astext() for row in rows if column < len(row)])
            table["classes"] += ["colwidths-given"]
            if len(rows) > ROWS_TOGETHER:
                table["classes"] += ["longtable"]


def _width(texts: list[str]) -> int:
    """A width that no word is too long for, and that grows with the text, but more slowly."""
    longest = max((len(word) for text in texts for word in text.split()), default=1)
    mean = sum(map(len, texts)) / len(texts)
    return max(longest + 2, round(4 * mean**0.5))


class OpenDropdowns(SphinxPostTransform):
    """What unfolds on a web page stands open, under its title."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for each in list(self.document.findall(nodes.container)):
            each.attributes.pop("hide_mode", None)  # of a notebook’s cell
            if each.get("design_component") == "dropdown":
                title, *content = each.children
                head = nodes.paragraph("", "", nodes.strong("", "", *title.children))
                each.replace_self(nodes.container("", head, *content, ids=each["ids"]))


class LeaveOut(SphinxPostTransform):
    """Leaves out the image that is the cover, and what stands for an output that only a browser can show."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for block in list(self.document.findall(nodes.literal_block)):
            if block.astext().startswith("<IPython.core.display."):
                block.parent.remove(block)
        for image in list(self.document.findall(nodes.image)):
            if ROOT / image["uri"] == COVER:
                image.parent.remove(image)


class EpubBuilder(Epub3Builder):
    """Sphinx’s builder, for a book whose first page does not lie in the uppermost folder."""

    def get_toc(self) -> None:
        """The contents, with addresses that are the names of files."""
        super().get_toc()
        for each in self.refnodes:
            each["refuri"] = posixpath.normpath(each["refuri"])


def _lean(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Pages of an e-book load its style sheet and nothing else."""
    del pagename, templatename, doctree
    if app.builder.name == "epub":
        context["script_files"] = []
        wanted = ("epub.css", "pygments.css")
        context["css_files"] = [each for each in context["css_files"] if str(each.filename).endswith(wanted)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what has to be done."""
    app.add_builder(EpubBuilder, override=True)
    app.connect("missing-reference", _as_text)
    app.connect("doctree-read", _head_parts, priority=900)
    app.connect("html-page-context", _lean, priority=900)
    app.add_post_transform(FitTables)
    app.add_post_transform(OpenDropdowns)
    app.add_post_transform(LeaveOut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
