"""Sphinx with the configuration that Jupyter Book makes of ``_config.yml``, for builders of our own.

Jupyter Book itself knows one builder a run, and puts each run’s files where it likes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "_build"


def configuration() -> dict[str, Any]:
    """The options for Sphinx. The book’s own extensions can be imported afterwards."""
    config, _ = get_final_config(
        user_yaml=ROOT / "_config.yml", sourcedir=ROOT, cli_config={"latex_individualpages": False}
    )
    config["nb_execution_cache_path"] = str(BUILD / ".jupyter_cache")
    return dict(config)


def build(builder: str, out: Path, config: Mapping[str, Any], *, doctrees: Path | None = None) -> None:
    """Build; any warning ends the program.

    :param doctrees: Where the read pages are kept; beside ``out`` if nothing is said.
    """
    os.environ["IPYTHONDIR"] = str(BUILD / "ipython")
    with patch_docutils(str(ROOT)), docutils_namespace():
        app = Sphinx(
            str(ROOT),
            None,
            str(out),
            str(doctrees or out.parent / f".doctrees-{out.name}"),
            builder,
            confoverrides=dict(config),
            status=None,
            warningiserror=True,
            keep_going=True,
        )
        app.build()
    if app.statuscode:
        sys.exit(app.statuscode)
