"""The directive ``progress``: chapters, outcomes and numbers of questions, and what a reader has learnt of them.

The table is plain HTML. The element around it fills in, where there are scripts, what the browser has kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from proverka.model import JSON
from proverka.sphinx_ext.content import makes_pages
from proverka.sphinx_ext.domain import AskedQuestion, domain_of

WITHOUT = (
    "Answers to questions are kept in your browser and nowhere else; nothing is sent. To count them here, "
    "this page needs scripts."
)
#: Answered in a notebook, where the page cannot see it.
_ELSEWHERE = {"code"}


class progress_table(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Stands for the table, until all pages are known."""


@dataclass(frozen=True)
class ChapterProgress:
    """A page, its outcomes and its questions; a question that an earlier page asks is left out."""

    docname: str
    title: str
    outcomes: dict[str, str]
    questions: tuple[AskedQuestion, ...]


class ProgressDirective(SphinxDirective):
    """All chapters that ask questions, in the order of the book."""

    def run(self) -> list[nodes.Node]:
        """A place for the table."""
        domain_of(self.env).progress[self.env.docname] = ""
        return [progress_table()]


def chapters_in_order(env: BuildEnvironment) -> list[ChapterProgress]:
    """The pages that ask questions, as the table of contents has them."""
    domain = domain_of(env)
    order = [*env.collect_relations(), *sorted(domain.asked)]
    seen: set[str] = set()
    found = []
    for docname in dict.fromkeys(order):
        asked = [each for each in domain.asked.get(docname, []) if each.type not in _ELSEWHERE]
        questions = tuple({each.id: each for each in asked if each.id not in seen}.values())
        seen |= {each.id for each in questions}
        if questions:
            tested = {each.outcome for each in questions}
            outcomes = {name: text for name, text in domain.outcomes.get(docname, {}).items() if name in tested}
            found.append(ChapterProgress(docname, env.titles[docname].astext(), outcomes, questions))
    return found


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages with the table are written again when a chapter’s questions, outcomes or title have changed."""
    del app
    domain = domain_of(env)
    if not domain.progress:
        return []
    told = hashlib.sha256(repr(chapters_in_order(env)).encode()).hexdigest()
    changed = [docname for docname, before in domain.progress.items() if before != told]
    domain.progress.update(dict.fromkeys(changed, told))
    return sorted(changed)


class PlainProgress(SphinxPostTransform):
    """A list of links and numbers, for builders that make no web pages."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        for place in list(self.document.findall(progress_table)):
            if not makes_pages(self.app.builder):
                chapters = chapters_in_order(self.env)
                place.replace_self(nodes.bullet_list("", *(self._line(each) for each in chapters)) if chapters else [])

    def _line(self, chapter: ChapterProgress) -> nodes.list_item:
        title = nodes.inline(chapter.title, chapter.title)
        link = make_refnode(self.app.builder, self.env.docname, chapter.docname, "", title)
        count = nodes.Text(f": {_questions(len(chapter.questions))}")
        return nodes.list_item("", nodes.paragraph("", "", link, count))


def _questions(number: int) -> str:
    return f"{number} question{'' if number == 1 else 's'}"


def _visit_progress(self: HTML5Translator, node: progress_table) -> None:
    del node
    builder = self.builder
    self.body.append("".join(_html(builder, chapters_in_order(builder.env))))
    raise nodes.SkipNode


def _html(builder: Builder, chapters: list[ChapterProgress]) -> Iterator[str]:
    columns = ("Answered", "Right", "Due")
    hidden = "<td hidden></td>" * len(columns)
    yield f'<proverka-progress site="{escape(builder.config.project)}">\n'
    yield f'<p class="pv-note pv-without">{WITHOUT}</p>\n<div class="pv-review" hidden></div>\n'
    yield '<div class="pv-table"><table class="pv-progress">\n<thead><tr>'
    yield '<th scope="col">Chapter, and what you can do after it</th><th scope="col">Questions</th>'
    yield "".join(f'<th scope="col" hidden>{each}</th>' for each in columns)
    yield "</tr></thead>\n"
    number = sum(len(chapter.questions) for chapter in chapters)
    total = f'<th scope="row">The whole book</th><td>{number}</td>{hidden}'
    yield f'<tbody><tr class="pv-whole" data-key="">{total}</tr></tbody>\n'
    listed: list[dict[str, JSON]] = []
    for chapter in chapters:
        address = builder.get_relative_uri(builder.current_docname, chapter.docname)  # type: ignore[attr-defined]
        yield "<tbody>\n"
        yield _row("pv-chapter", chapter.docname, address, chapter.title, len(chapter.questions), hidden)
        for name, text in chapter.outcomes.items():
            count = sum(each.outcome == name for each in chapter.questions)
            yield _row("pv-outcome", name, f"{address}#{name}", text, count, hidden)
        yield "</tbody>\n"
        listed += [
            {
                "id": each.id,
                "fingerprint": each.fingerprint,
                "keys": [chapter.docname, each.outcome],
                "href": f"{address}#{each.id}",
                "stem": each.stem,
            }
            for each in chapter.questions
        ]
    yield "</table></div>\n"
    data = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    yield f'{_TOOLS}<script type="application/json">{data}</script>\n</proverka-progress>\n'


def _row(kind: str, key: str, href: str, text: str, count: int, hidden: str) -> str:
    link = f'<a href="{escape(href)}">{escape(text)}</a>'
    return f'<tr class="{kind}" data-key="{escape(key)}"><th scope="row">{link}</th><td>{count}</td>{hidden}</tr>\n'


#: What only scripts can use; hidden until they run.
_TOOLS = """\
<div class="pv-tools" hidden>
<p class="pv-note">Everything is kept in this browser and nowhere else. Save it to a file to take it to another.</p>
<p class="pv-verdict" role="status"></p>
<div class="pv-act">
<button type="button" class="pv-button">Save to a file</button>
<label class="pv-button"><input type="file" accept=".json" class="pv-unseen" />Read from a file</label>
<button type="button" class="pv-button">Delete everything</button>
</div>
<dialog aria-label="Delete everything">
<p>Delete all answers to the questions of this book that this browser keeps? They cannot be brought back.</p>
<div class="pv-act">
<button type="button" class="pv-button pv-check">Delete</button>
<button type="button" class="pv-button">Keep</button>
</div>
</dialog>
</div>
"""


def setup_progress(app: Sphinx) -> None:
    """Register the directive, its node and transform."""
    app.add_directive("progress", ProgressDirective)
    app.add_node(progress_table, html=(_visit_progress, None))
    app.add_post_transform(PlainProgress)
    app.connect("env-updated", _pages_to_write_again)
