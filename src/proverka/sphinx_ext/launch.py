"""Links under the title of a page made from a notebook: to run the notebook elsewhere, and to take it along."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from proverka.config import find_root
from proverka.sphinx_ext.content import makes_pages

_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)")


class launch_links(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Where the links go; ``notebook`` is the notebook’s path from the project’s folder."""


class PlaceLinks(SphinxTransform):
    """Under the first heading; with the download, which Sphinx has to know of when it reads the page."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        notebook = Path(str(self.env.doc2path(self.env.docname)))
        section = next(self.document.findall(nodes.section), None)
        if notebook.suffix != ".ipynb" or section is None:
            return
        root = find_root(Path(self.env.srcdir) / str(self.config.proverka_root))
        text = nodes.inline("", "Download the notebook")
        download = addnodes.download_reference("", "", text, reftarget=notebook.name)
        section.insert(1, launch_links("", download, notebook=Path(os.path.relpath(notebook, root)).as_posix()))


class MakeLinks(SphinxPostTransform):
    """A line of links on pages for browsers, nothing elsewhere."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for place in list(self.document.findall(launch_links)):
            line = nodes.paragraph(classes=["launch"])
            if makes_pages(self.app.builder):
                for link in self._links(place):
                    line += [nodes.Text(" · "), link] if line.children else [link]
            place.replace_self(line if line.children else [])

    def _links(self, place: launch_links) -> Iterator[nodes.Node]:
        notebook, config = place["notebook"], self.config
        if notebook in config.proverka_lite_notebooks:
            address = f"{config.proverka_lite}/notebooks/index.html?path={quote(notebook)}"
            page = self.app.builder.get_target_uri(self.env.docname)
            yield _link("Open in the browser", relative_uri(page, address), internal=True)
        yield from place.children
        if found := _REPOSITORY.fullmatch(config.proverka_repository):
            name, branch = found[1], config.proverka_branch
            colab = f"https://colab.research.google.com/github/{name}/blob/{quote(branch)}/{quote(notebook)}"
            binder = f"https://mybinder.org/v2/gh/{name}/{quote(branch, '')}?labpath={quote(notebook, '')}"
            yield from (_link("Colab", colab), _link("Binder", binder))


def _link(text: str, address: str, *, internal: bool = False) -> nodes.reference:
    return nodes.reference(text, text, refuri=address, internal=internal)


def _look_around(app: Sphinx, config: Config) -> None:
    """Check the repository’s address, and see which notebooks the JupyterLite site in the output has.

    The list is an option of its own so that Sphinx writes the pages again when it changes.
    """
    if config.proverka_repository and not _REPOSITORY.fullmatch(config.proverka_repository):
        message = f"proverka_repository is “{config.proverka_repository}”, not like https://github.com/owner/name"
        raise ConfigError(message)
    files = Path(app.outdir) / config.proverka_lite / "files"
    config.proverka_lite_notebooks = sorted(path.relative_to(files).as_posix() for path in files.rglob("*.ipynb"))


def setup_launch(app: Sphinx) -> None:
    """Register the options, the node and its transforms."""
    for name, default, meaning in (
        ("repository", "", "Address of the repository, https://github.com/owner/name, for links to Colab and Binder"),
        ("branch", "main", "Branch that these links show"),
        ("lite", "lite", "Folder of a JupyterLite site in the output; notebooks that are in it are linked"),
    ):
        app.add_config_value(f"proverka_{name}", default, "html", types=[str], description=meaning)
    app.add_config_value("proverka_lite_notebooks", [], "html", types=[list], description="Not to be set")
    app.connect("config-inited", _look_around)
    app.add_node(launch_links)
    app.add_transform(PlaceLinks)
    app.add_post_transform(MakeLinks)
