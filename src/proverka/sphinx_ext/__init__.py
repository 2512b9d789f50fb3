"""The Sphinx extension: claims, quizzes and evidence in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything; Sphinx calls this."""
    from proverka.sphinx_ext.extension import setup_extension

    return setup_extension(app)
