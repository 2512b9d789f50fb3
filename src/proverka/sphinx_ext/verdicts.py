"""The directive ``verdicts``: the statements under examination, each with its verdict."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from proverka.model import Statement
from proverka.problems import Code
from proverka.sphinx_ext.claims import marks
from proverka.sphinx_ext.content import content_of, depend_on, warn


class VerdictsDirective(SphinxDirective):
    """All statements, or with ``:section:`` those of one section of the article."""

    option_spec: ClassVar[dict[str, Any]] = {"section": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """A list; each entry has the statement’s id."""
        content = content_of(self.env)
        depend_on(self.env, options=("article",))
        wanted = self.options.get("section")
        found = [each for each in content.ledger.statements.values() if wanted in (None, each.section)]
        if not found:
            what = f"section “{wanted}” of the article" if wanted else "article"
            warn(Code.EMPTY, f"the ledger has no statement for the {what}", (self.env.docname, self.lineno))
            return []
        items = (self._item(each) for each in found)
        return [nodes.bullet_list("", *items, classes=["verdicts"])]

    def _item(self, statement: Statement) -> nodes.list_item:
        verdict = str(statement.verdict)
        says = nodes.paragraph(
            "",
            "",
            nodes.inline(verdict, verdict, classes=["verdict", f"verdict-{verdict}"]),
            nodes.Text(" "),
            nodes.inline(statement.says, statement.says, classes=["verdict-says"]),
        )
        item = nodes.list_item("", says, ids=[statement.id])
        last = says
        if statement.correction:
            last = nodes.paragraph(statement.correction, statement.correction, classes=["verdict-correction"])
            item += last
        last += marks(self.env, statement.claims, (self.env.docname, self.lineno))
        return item


def setup_verdicts(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("verdicts", VerdictsDirective)
