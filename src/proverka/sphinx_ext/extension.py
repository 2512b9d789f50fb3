"""What is registered with Sphinx, and nothing else."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proverka import __version__
from proverka.sphinx_ext.claims import setup_claims
from proverka.sphinx_ext.content import makes_pages, setup_content
from proverka.sphinx_ext.domain import setup_domain
from proverka.sphinx_ext.drawings import setup_drawings
from proverka.sphinx_ext.evidence import setup_evidence
from proverka.sphinx_ext.exercises import setup_exercises
from proverka.sphinx_ext.languages import setup_languages
from proverka.sphinx_ext.latex import setup_latex
from proverka.sphinx_ext.launch import setup_launch
from proverka.sphinx_ext.outcomes import setup_outcomes
from proverka.sphinx_ext.people import setup_people
from proverka.sphinx_ext.progress import setup_progress
from proverka.sphinx_ext.quiz import setup_quiz
from proverka.sphinx_ext.sources import setup_sources
from proverka.sphinx_ext.verdicts import setup_verdicts

_WEB = Path(str(files("proverka"))) / "web"
#: What pages with questions load.
SCRIPT = "proverka.js"


def setup_extension(app: Sphinx) -> ExtensionMetadata:
    """Register the parts of the extension."""
    app.add_config_value("proverka_root", "", "env", types=[str], description="Folder of the project, from the sources")
    for setup_part in (
        setup_content,
        setup_domain,
        setup_claims,
        setup_outcomes,
        setup_quiz,
        setup_exercises,
        setup_progress,
        setup_verdicts,
        setup_evidence,
        setup_sources,
        setup_languages,
        setup_people,
        setup_drawings,
        setup_latex,
        setup_launch,
    ):
        setup_part(app)
    app.connect("builder-inited", _add_assets)
    app.connect("html-page-context", _add_script)
    return {"version": __version__, "env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}


def _add_assets(app: Sphinx) -> None:
    if makes_pages(app.builder):
        made = Path(app.doctreedir) / "proverka-web"
        made.mkdir(parents=True, exist_ok=True)
        (made / SCRIPT).write_text(page_script(), encoding="utf-8")
        app.config.html_static_path += [str(_WEB / "proverka.css"), str(made / SCRIPT)]
        app.add_css_file("proverka.css")


def page_script() -> str:
    """The module and what registers it as a plain script, because browsers load no modules from a disk.

    Lines that are only a comment are left out.
    """
    module = (_WEB / "proverka-quiz.js").read_text(encoding="utf-8")
    define = (_WEB / "proverka-quiz-define.js").read_text(encoding="utf-8")
    text = re.sub(r"^export (?=\w)|^import .*\n", "", f"{module}{define}", flags=re.MULTILINE)
    text = re.sub(r"^ *(?:/\*\*(?:(?!\*/)[\s\S])*\*/|//.*)\n", "", text, flags=re.MULTILINE)
    return f'(() => {{\n"use strict";\n{text}}})();\n'


def _add_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    del pagename, templatename, doctree
    if "<proverka-" in context.get("body", ""):
        app.add_js_file(SCRIPT, defer="defer")
