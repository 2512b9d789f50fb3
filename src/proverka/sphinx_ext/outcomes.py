"""The directive ``outcomes``: what a reader can do after the chapter."""

from __future__ import annotations

import re
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from proverka.chapters import OUTCOME
from proverka.problems import Code
from proverka.sphinx_ext.content import content_lines, warn
from proverka.sphinx_ext.domain import domain_of


class OutcomesDirective(SphinxDirective):
    """A list with a line ``lo-…: text`` for each outcome."""

    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        """An introduction and the list."""
        items = nodes.bullet_list()
        for line, text in content_lines(self):
            found = re.fullmatch(OUTCOME, text)
            if not found:
                warn(Code.OUTCOME_MALFORMED, f"“{text}” is not an outcome", (self.env.docname, line))
                continue
            children, messages = self.parse_inline(found[2], lineno=line)
            said = nodes.paragraph("", "", *children, *messages)
            items += nodes.list_item("", said, ids=[found[1]])
            domain_of(self.env).note_outcome(found[1], said.astext())
        lead = nodes.paragraph("", "After this chapter you can", classes=["outcomes-lead"])
        return [nodes.container("", lead, items, classes=["outcomes"])]


def setup_outcomes(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("outcomes", OutcomesDirective)
