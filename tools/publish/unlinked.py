"""For editions that are not web pages: the contents without pages that only the web has, and links to those as text."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.addnodes import pending_xref, toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parents[2]
#: Questions and claims stand in the chapters; the other pages need scripts or a web site.
LEFT_OUT = ("quizzes/[!/]*", "book/evidence*", "book/progress", "book/downloads")


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


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what has to be done."""
    app.connect("missing-reference", _as_text)
    app.connect("doctree-read", _head_parts, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
