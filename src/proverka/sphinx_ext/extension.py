"""What is registered with Sphinx, and nothing else."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proverka import __version__
from proverka.sphinx_ext.claims import setup_claims
from proverka.sphinx_ext.domain import setup_domain
from proverka.sphinx_ext.drawings import setup_drawings
from proverka.sphinx_ext.evidence import setup_evidence
from proverka.sphinx_ext.languages import setup_languages
from proverka.sphinx_ext.outcomes import setup_outcomes
from proverka.sphinx_ext.quiz import setup_quiz
from proverka.sphinx_ext.sources import setup_sources
from proverka.sphinx_ext.verdicts import setup_verdicts


def setup_extension(app: Sphinx) -> ExtensionMetadata:
    """Register the parts of the extension."""
    app.add_config_value("proverka_root", "", "env", types=[str], description="Folder of the project, from the sources")
    for setup_part in (
        setup_domain,
        setup_claims,
        setup_outcomes,
        setup_quiz,
        setup_verdicts,
        setup_evidence,
        setup_sources,
        setup_languages,
        setup_drawings,
    ):
        setup_part(app)
    app.connect("builder-inited", _add_assets)
    return {"version": __version__, "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _add_assets(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.config.html_static_path.append(str(Path(str(files("proverka"))) / "web"))
        app.add_css_file("proverka.css")
