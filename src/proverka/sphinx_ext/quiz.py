"""Questions of the bank as a form: of the directive ``quiz``, and where a notebook of the bank shows one."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from proverka.bank.check import pictures_of
from proverka.model import Pin, Question
from proverka.problems import Code, did_you_mean
from proverka.render.drawing import inline_svg
from proverka.render.evidence import evidence_for
from proverka.render.html import render_quiz
from proverka.render.surface import Surface
from proverka.sphinx_ext.content import content_lines, content_of, depend_on, makes_pages, path_from_sources, warn
from proverka.sphinx_ext.domain import domain_of
from proverka.sphinx_ext.drawings import PICTURE
from proverka.sphinx_ext.exercises import quiz_form

#: How an output of a notebook begins that asks a question.
_ASKED = re.compile(r'<form class="proverka-quiz"[^>]*>\s*<fieldset class="[^"]*" id="([^"]+)"')


class QuizDirective(SphinxDirective):
    """Question ids, one on a line; or ``:outcome:`` for all questions of an outcome."""

    has_content: ClassVar[bool] = True
    option_spec: ClassVar[dict[str, Any]] = {
        "outcome": directives.unchanged_required,
        "label": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """A form, or nothing but warnings if no question is known."""
        content = content_of(self.env)
        bank, ledger = content.bank.questions, content.ledger
        questions: list[Question] = []
        for line, text in content_lines(self):
            if text in bank:
                questions.append(bank[text])
            else:
                depend_on(self.env, options=("bank",))
                hint = did_you_mean(text, bank, Code.QUESTION_UNKNOWN.hint)
                warn(Code.QUESTION_UNKNOWN, f"unknown question “{text}”", (self.env.docname, line), hint)
        if outcome := self.options.get("outcome"):
            depend_on(self.env, options=("bank",))
            found = [question for question in bank.values() if question.outcome == outcome]
            if not found:
                message = f"no question tests outcome “{outcome}”"
                warn(Code.OUTCOME_UNKNOWN, message, (self.env.docname, self.lineno))
            questions += found
        if not questions:
            return []
        claims = [each for question in questions for each in question.claims if each in ledger.claims]
        depend_on(self.env, *(question.place for question in questions), options=("bibliography", "names"))
        depend_on(self.env, *(ledger.claims[each].place for each in claims))
        for question in questions:
            for claim in question.claims:
                domain_of(self.env).note_use(claim, question.id)
        domain_of(self.env).note_questions(questions)
        form = quiz_form()
        # Their ids alone: a page is read from the disk at every build, also when it is not written.
        form["questions"] = [question.id for question in questions]
        form["label"] = self.options.get("label", "Check yourself")
        form += _pictures(self.env, questions)
        return [form]


def _pictures(env: BuildEnvironment, questions: list[Question]) -> list[nodes.Node]:
    """Images that make Sphinx copy what the texts of the questions show."""
    uris = [f"/{path_from_sources(env, path)}" for question in questions for path in pictures_of(question)]
    return [nodes.image(uri=uri, alt="", candidates={"*": uri}, classes=[PICTURE]) for uri in uris]


class AskInNotebooks(SphinxPostTransform):
    """On web pages a notebook’s question is a form that answers, like those of its chapter."""

    # After MyST-NB has chosen what to show of an output.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        if not makes_pages(self.app.builder):
            return
        for output in list(self.document.findall(nodes.raw)):
            asked = _ASKED.match(output.astext())
            question = content_of(self.env).bank.questions.get(asked[1]) if asked else None
            if question:
                form = quiz_form(questions=[question.id], label="", numbered=False)
                form += _pictures(self.env, [question])
                for image in form.findall(nodes.image):
                    image["uri"] = image["uri"].removeprefix("/")
                    image["candidates"] = {"*": image["uri"]}
                    self.env.images.add_file(self.env.docname, image["uri"])
                output.replace_self(form)


def _visit_quiz(self: HTML5Translator, node: quiz_form) -> None:
    content = content_of(self.builder.env)
    questions = [content.bank.questions[each] for each in node["questions"]]
    alts = {question.drawing: question.alt for question in questions if isinstance(question, Pin)}
    shown = [(each, evidence_for(each.claims, content.ledger.claims, content.ledger.sources)) for each in questions]
    surface = _PageSurface(self, alts)
    numbered = node.get("numbered", True)
    self.body.append(render_quiz(shown, label=node["label"], numbered=numbered, surface=surface.surface()))
    raise nodes.SkipNode


class _PageSurface:
    """A page of the book."""

    def __init__(self, translator: HTML5Translator, alts: dict[str, str]) -> None:
        self.alts = alts
        self.builder = translator.builder
        self.env = translator.builder.env

    def surface(self) -> Surface:
        """Links to Evidence and notebooks, pictures as the builder copied them, drawings in the page."""
        return Surface(
            claim=self._claim,
            notebook=self._notebook,
            picture=self._picture,
            drawing=self._drawing,
            interactive=True,
            site=self.env.config.project,
        )

    def _claim(self, claim: str) -> str | None:
        place = domain_of(self.env).anchors.get(("claim", claim))
        return f"{self._uri(place[0])}#{place[1]}" if place else None

    def _notebook(self, question: str) -> str | None:
        content = content_of(self.env)
        stem = next((stem for stem, ids in content.bank.chapters.items() if question in ids), "")
        docname = f"{content.config.notebooks}/{stem}"
        return self._uri(docname) if docname in self.env.all_docs else None

    def _uri(self, docname: str) -> str:
        return self.builder.get_relative_uri(self.builder.current_docname, docname)

    def _picture(self, path: str) -> str:
        name = self.builder.images.get(path_from_sources(self.env, path))
        return posixpath.join(self.builder.imgpath, quote(name)) if name else path

    def _drawing(self, path: str) -> str:
        file = Path(self.env.srcdir) / path_from_sources(self.env, path)
        return inline_svg(file.read_text(encoding="utf-8"), self.alts[path]) if file.is_file() else ""


def setup_quiz(app: Sphinx) -> None:
    """Register the directive, its node and transform."""
    app.add_directive("quiz", QuizDirective)
    app.add_node(quiz_form, html=(_visit_quiz, None))
    app.add_post_transform(AskInNotebooks)
