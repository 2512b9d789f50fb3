"""Questions for builders that are not web pages: exercises in the text, their answers at the end.

In a text file or an e-book the answers end the page that asks, in LaTeX the book. Exercises are numbered
through the chapter; number and answer lead to each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from proverka.model import Question
from proverka.render.exercise import answer_of, exercise_of
from proverka.render.inline import pictures
from proverka.sphinx_ext.content import content_of, makes_pages, path_from_sources
from proverka.sphinx_ext.inline import inline_nodes


class quiz_form(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes like this
    """Questions, by their ids; ``label`` names the form. Its children are the pictures that it shows."""


class Exercises(SphinxPostTransform):
    """Forms as exercises, and the answers at the end."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Change the document."""
        del kwargs
        if makes_pages(self.app.builder):
            return
        answers: dict[str, list[nodes.Node]] = {}
        for form in list(self.document.findall(quiz_form)):
            questions = [content_of(self.env).bank.questions[each] for each in form["questions"]]
            docname = self._docname_of(form)
            answered = answers.setdefault(docname, [])
            first = sum(len(each.children) for each in answered) + 1
            asked = _numbered(first, (self._asked(each, docname) for each in questions))
            answered.append(_numbered(first, (self._answered(each, docname) for each in questions)))
            form.replace_self(nodes.container("", _label(form["label"]), asked, classes=["exercises"]))
        self._place(answers)

    def _docname_of(self, node: nodes.Node) -> str:
        """The page on which a node was written, also where LaTeX has put all of them together."""
        while node.parent:
            node = node.parent
            if isinstance(node, nodes.section) and "docname" in node:
                return str(node["docname"])
        return self.env.docname

    def _asked(self, question: Question, docname: str) -> nodes.list_item:
        exercise = exercise_of(question)
        stem = nodes.paragraph("", "", *inline_nodes(exercise.stem))
        item = nodes.list_item("", stem, ids=[question.id])
        shown = pictures(exercise.stem)
        if exercise.drawing:
            shown.append((exercise.drawing, exercise.alt))
        item += [self._picture(path, alt, docname) for path, alt in shown]
        if exercise.note:
            item += nodes.paragraph("", "", nodes.emphasis("", "", *inline_nodes(exercise.note)))
        if exercise.code:
            item += nodes.literal_block(exercise.code, exercise.code, language="python")
        item += [_list("arabic", exercise.lines)] if exercise.lines else []
        item += [self._lettered(exercise.options)] if exercise.options else []
        stem += self._turn(self._answers_of(docname), f"answer-{question.id}", "answer")
        return item

    def _picture(self, path: str, alt: str, docname: str) -> nodes.image:
        uri = path_from_sources(self.env, path)
        # A drawing to point at stands in the form of a web page, so that no page has told Sphinx of the file.
        self.env.images.add_file(docname, uri)
        return nodes.image(uri=uri, alt=alt, candidates={"*": uri})

    def _lettered(self, texts: tuple[str, ...]) -> nodes.Element:
        if self.app.builder.format != "text":
            return _list("loweralpha", texts)
        # Plain text numbers every list.
        return _bullets(f"{letter}: {text}" for letter, text in zip(ascii_lowercase, texts, strict=False))

    def _answered(self, question: Question, docname: str) -> nodes.list_item:
        answer = answer_of(question)
        said = nodes.paragraph()
        if answer.model:
            said += [*inline_nodes(answer.model), nodes.Text(" ")]
        if answer.key:
            said += [*inline_nodes(answer.key), nodes.Text(". ")]
        said += [*inline_nodes(answer.explain), *self._turn(docname, question.id, "question")]
        item = nodes.list_item("", said, ids=[f"answer-{question.id}"])
        if answer.code:
            item += nodes.literal_block(answer.code, answer.code, language="python")
        if answer.reasons:
            reasons = nodes.paragraph(classes=["reasons"])
            for label, why in answer.reasons:
                reasons += [nodes.emphasis(label, label), nodes.Text(": "), *inline_nodes(why), nodes.Text(" ")]
            item += reasons
        return item

    def _turn(self, docname: str, anchor: str, text: str) -> list[nodes.Node]:
        """A link to the other end, where there are links."""
        shown = nodes.inline(text, text, classes=["turn"])
        if self.app.builder.format == "latex":
            return [nodes.Text(" "), nodes.reference("", "", shown, internal=True, refuri=f"%{docname}#{anchor}")]
        if self.app.builder.format == "html":
            return [nodes.Text(" "), nodes.reference("", "", shown, internal=True, refid=anchor)]
        return []

    def _answers_of(self, docname: str) -> str:
        return f"answers/{docname}" if self.app.builder.format == "latex" else docname

    def _place(self, answers: dict[str, list[nodes.Node]]) -> None:
        if not answers:
            return
        place: nodes.Element = next(iter(self.document.findall(nodes.section)), self.document)
        if self.app.builder.format != "latex":
            (found,) = answers.values()
            place += _section("Answers", "answers", found)
            return
        whole = _section("Answers", "answers", [])
        for docname, found in answers.items():
            title = self.env.titles[docname].astext()
            # A file of its own for LaTeX, in which anchors bear the file’s name: two chapters may ask one question.
            whole += addnodes.start_of_file(
                "", _section(title, f"answers-{docname}", found), docname=self._answers_of(docname)
            )
        place += addnodes.start_of_file("", whole, docname="answers")


def _numbered(first: int, items: Iterable[nodes.list_item]) -> nodes.enumerated_list:
    found = nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix=".")
    if first > 1:
        found["start"] = first
    return found


def _list(enumtype: str, texts: Iterable[str]) -> nodes.enumerated_list:
    return nodes.enumerated_list("", *_items(texts), enumtype=enumtype, prefix="", suffix=".")


def _bullets(texts: Iterable[str]) -> nodes.bullet_list:
    return nodes.bullet_list("", *_items(texts))


def _items(texts: Iterable[str]) -> list[nodes.list_item]:
    return [nodes.list_item("", nodes.paragraph("", "", *inline_nodes(text))) for text in texts]


def _label(text: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.strong(text, text), classes=["exercises-label"])


def _section(title: str, name: str, children: Iterable[nodes.Node]) -> nodes.section:
    return nodes.section("", nodes.title(title, title), *children, ids=[name], names=[])


def setup_exercises(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(Exercises)
