"""The directive ``quiz``: questions of the bank as a form."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from proverka.model import Question
from proverka.problems import Code, did_you_mean
from proverka.render.evidence import evidence_for
from proverka.render.html import render_quiz
from proverka.render.inline import to_plain
from proverka.render.plain import answer_lines, question_lines
from proverka.sphinx_ext.content import content_lines, content_of, depend_on, warn
from proverka.sphinx_ext.domain import domain_of


class quiz_form(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Questions with their evidence; ``label`` names the form."""


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
        domain_of(self.env).note_use(claims)
        form = quiz_form()
        form["questions"] = [
            (question, evidence_for(question.claims, ledger.claims, ledger.sources)) for question in questions
        ]
        form["label"] = self.options.get("label", "Check yourself")
        form += _as_list(questions)
        return [form]


def _as_list(questions: list[Question]) -> list[nodes.Node]:
    """The questions and then their answers, for builders that are not HTML."""
    asked = nodes.enumerated_list("", enumtype="arabic", prefix="", suffix=".")
    answered = nodes.enumerated_list("", enumtype="arabic", prefix="", suffix=".")
    for question in questions:
        item = nodes.list_item("", _paragraph(to_plain(question.stem)))
        if lines := [line.partition(": ")[2] or line for line in question_lines(question)]:
            item += nodes.bullet_list("", *(nodes.list_item("", _paragraph(line)) for line in lines))
        asked += item
        key = "; ".join(answer_lines(question))
        answered += nodes.list_item("", _paragraph(f"{key}. {to_plain(question.explain)}"))
    return [nodes.rubric("", "Questions"), asked, nodes.rubric("", "Answers"), answered]


def _paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph(text, text)


class PlainQuiz(SphinxPostTransform):
    """Forms as lists, for builders that are not HTML."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        if self.app.builder.format != "html":
            for form in list(self.document.findall(quiz_form)):
                form.replace_self(form.children)


def _visit_quiz(self: HTML5Translator, node: quiz_form) -> None:
    builder, anchors = self.builder, domain_of(self.builder.env).anchors

    def address(claim: str) -> str | None:
        place = anchors.get(("claim", claim))
        if not place:
            return None
        return f"{builder.get_relative_uri(builder.current_docname, place[0])}#{place[1]}"

    self.body.append(render_quiz(node["questions"], label=node["label"], address=address))
    raise nodes.SkipNode


def setup_quiz(app: Sphinx) -> None:
    """Register the directive, its node and transform."""
    app.add_directive("quiz", QuizDirective)
    app.add_node(quiz_form, html=(_visit_quiz, None))
    app.add_post_transform(PlainQuiz)
