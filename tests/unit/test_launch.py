"""The links under a notebook’s title, in real builds, on the Sphinx of Jupyter Book 1 and on Sphinx 9."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

# As in test_sphinx_ext.py.
pytestmark = [
    pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInNextVersionWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

BASIC = Path(__file__).parent.parent / "sourcedirs" / "basic"
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Quiz: alpha\n", "\n", "Text."]}],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}

Build = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The case ``basic`` with a notebook."""
    root = tmp_path / "basic"
    shutil.copytree(BASIC, root)
    (root / "quizzes" / "the alpha.ipynb").write_text(json.dumps(NOTEBOOK))
    index = root / "book" / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("evidence\n", "evidence\n/quizzes/the alpha\n"))
    return root


@pytest.fixture
def build(root: Path) -> Build:
    """Builds it without a warning; returns the folder with the output."""

    def build(builder: str = "html", **options: str) -> Path:
        out, doctrees, warnings = root / "_build" / builder, root / "_build" / "doctrees", StringIO()
        overrides = {f"proverka_{name}": value for name, value in options.items()}
        with patch_docutils(str(root)), docutils_namespace():
            Sphinx(
                str(root), str(root), str(out), str(doctrees), builder,
                confoverrides=overrides, status=None, warning=warnings,
            ).build()  # fmt: skip
        assert warnings.getvalue() == ""
        return out

    return build


def links(out: Path) -> dict[str, str]:
    """Text and address of the links right under the title."""
    page = (out / "quizzes" / "the alpha.html").read_text(encoding="utf-8")
    line = re.search(r'</h1>\s*<p class="launch">(.*?)</p>', page)
    assert line
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(?:<span>)?([^<]*)', line[1])
    assert line[1].count(" · ") == len(found) - 1
    return {text: address for address, text in found}


def test_the_notebook_itself_can_be_downloaded(build: Build, root: Path) -> None:
    out = build()
    assert list(links(out)) == ["Download the notebook"]
    copy = out / "quizzes" / unquote(links(out)["Download the notebook"])
    assert copy.read_bytes() == (root / "quizzes" / "the alpha.ipynb").read_bytes()


def test_a_page_that_is_no_notebook_has_no_links(build: Build) -> None:
    assert 'class="launch"' not in (build() / "book" / "alpha.html").read_text(encoding="utf-8")


def test_a_jupyterlite_site_is_linked_while_it_has_the_notebook(build: Build) -> None:
    """Nothing but the site changes between these builds, and no link may lead nowhere."""
    out = build()
    assert "Open in the browser" not in links(out)
    copy = out / "lite" / "files" / "quizzes" / "the alpha.ipynb"
    copy.parent.mkdir(parents=True)
    copy.write_text("{}")
    found = links(build())
    assert list(found) == ["Open in the browser", "Download the notebook"]
    assert found["Open in the browser"] == "../lite/notebooks/index.html?path=quizzes/the%20alpha.ipynb"
    copy.unlink()
    assert "Open in the browser" not in links(build())


def test_a_repository_is_linked_through_colab_and_binder(build: Build) -> None:
    found = links(build(repository="https://github.com/owner/the.name", branch="next/one"))
    assert list(found) == ["Download the notebook", "Colab", "Binder"]
    colab = "https://colab.research.google.com/github/owner/the.name/blob/next/one/quizzes/the%20alpha.ipynb"
    binder = "https://mybinder.org/v2/gh/owner/the.name/next%2Fone?labpath=quizzes%2Fthe%20alpha.ipynb"
    assert (found["Colab"], found["Binder"]) == (colab, binder)


@pytest.mark.parametrize("address", ["owner/name", "https://github.com/owner", "https://example.org/owner/name"])
def test_a_repository_elsewhere_is_refused(address: str, build: Build) -> None:
    """Colab and Binder are told an owner and a name at GitHub."""
    with pytest.raises(ConfigError, match="not like https:"):
        build(repository=address)


@pytest.mark.parametrize(("builder", "page"), [("text", "the alpha.txt"), ("epub", "the alpha.xhtml")])
def test_what_is_not_for_browsers_has_no_links(builder: str, page: str, build: Build) -> None:
    text = (build(builder) / "quizzes" / page).read_text(encoding="utf-8")
    assert "Text." in text
    assert "Download" not in text
