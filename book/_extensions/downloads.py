"""The directive ``downloads``: what can be taken along, with its size; what this build lacks, with how to make it.

A line is “path | name | what it is | command that makes it”. The path is that in the folder ``downloads`` of the
built pages, which is filled by the commands and looked into when the page is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

FOLDER = "downloads"


class download_list(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Stands for the list until the page is written."""


class DownloadsDirective(SphinxDirective):
    """One file a line."""

    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        """A place for the list."""
        entries = [[part.strip() for part in line.split("|")] for line in self.content if line.strip()]
        for entry in entries:
            if len(entry) != 4:
                raise self.error(f"not “path | name | what it is | command”: {' | '.join(entry)}")
        _pages(self.env)[self.env.docname] = ""
        return [download_list(entries=entries)]


def _pages(env: BuildEnvironment) -> dict[str, str]:
    """Pages with such a list, and what was there when they were last written."""
    if not hasattr(env, "download_pages"):
        env.download_pages = {}  # type: ignore[attr-defined]
    pages: dict[str, str] = env.download_pages  # type: ignore[attr-defined]
    return pages


def _there(app: Sphinx) -> str:
    files = sorted(path for path in (Path(app.outdir) / FOLDER).rglob("*") if path.is_file())
    return repr([(path.name, path.stat().st_size) for path in files])


def size_text(size: int) -> str:
    """“231 kB”, “3.8 MB”."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


class ListDownloads(SphinxPostTransform):
    """A link with its size for what is there, a sentence for what is not."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for place in list(self.document.findall(download_list)):
            found = nodes.bullet_list(classes=["downloads"])
            for path, name, about, command in place["entries"]:
                found += nodes.list_item("", self._line(path, name, about, command))
            place.replace_self(found)

    def _line(self, path: str, name: str, about: str, command: str) -> nodes.paragraph:
        file = Path(self.app.outdir) / FOLDER / path
        line = nodes.paragraph()
        if file.is_file():
            address = relative_uri(self.app.builder.get_target_uri(self.env.docname), f"{FOLDER}/{path}")
            kind = file.suffix[1:].upper()
            line += nodes.reference("", name, refuri=address, internal=True)
            line += nodes.Text(f" ({kind}, {size_text(file.stat().st_size)}). {about}")
        else:
            line += [nodes.strong("", name), nodes.Text(f". {about} It is not in this build; ")]
            line += [nodes.literal("", command), nodes.Text(" makes it.")]
        return line


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    there = _there(app)
    stale = [docname for docname, told in _pages(env).items() if told != there]
    _pages(env).update(dict.fromkeys(stale, there))
    return stale


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    del app
    _pages(env).pop(docname, None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, its node and transform."""
    app.add_directive("downloads", DownloadsDirective)
    app.add_node(download_list)
    app.add_post_transform(ListDownloads)
    app.connect("env-purge-doc", _forget)
    app.connect("env-updated", _pages_to_write_again)
    # Without merging what several processes read; the book is read by one.
    return {"parallel_read_safe": False, "parallel_write_safe": True}
