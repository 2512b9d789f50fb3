"""Every message about an author's files: its code, its place, its hint.

``python -m proverka.problems`` writes the page of codes.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from proverka.model import Place


class Code(Enum):
    """The kind of a problem. ``meaning`` is what ``docs/codes.md`` says of it; ``hint`` what to do."""

    meaning: str
    hint: str

    def __new__(cls, value: str, meaning: str, hint: str) -> Code:
        """A member whose value is the code alone."""
        member = object.__new__(cls)
        member._value_ = value
        member.meaning = meaning
        member.hint = hint
        return member

    # fmt: off
    # Files
    FILE_MISSING = "file-missing", "A file or folder that the project needs does not exist or cannot be read.", "create it, or correct the path in [tool.proverka] of pyproject.toml"
    FILE_ENCODING = "file-encoding", "A file is not plain text in UTF-8: it has a wrong byte or a control character.", "save the file as UTF-8 text"
    FILE_TOO_LARGE = "file-too-large", "A file is larger than 2 MB.", "split it, or move what is not text elsewhere"
    TOML = "toml", "The file pyproject.toml is not valid TOML.", "correct the line; texts stand in double quotation marks"
    YAML = "yaml", "A file is not the plain YAML that is expected: broken syntax, a tab, a tag, an anchor or alias (so nothing can refer to itself).", "indent with spaces, quote a text that has a colon, and use no tags, anchors and aliases"
    EMPTY = "empty", "A file that should hold a list is empty.", "add the first entry, or delete the file"
    FIELD_UNKNOWN = "field-unknown", "An entry has a field that means nothing here.", "correct or delete the field"
    FIELD_MISSING = "field-missing", "An entry lacks a field that it needs.", "add the field"
    FIELD_TYPE = "field-type", "A field holds the wrong kind of value.", "see the table of fields in the documentation"
    TEXT_TOO_LONG = "text-too-long", "A text is longer than 10,000 characters.", "shorten it: a question or a claim is a few sentences"
    BAD_ID = "bad-id", "An id is not made of lower-case letters, digits and single hyphens, or lacks its prefix.", "write it like c-first-screening, q-release-first-screening or lo-release-dates"
    DUPLICATE_ID = "duplicate-id", "Two entries have one id.", "give one of them another id"

    # Ledger
    BIB = "bib", "An entry of the bibliography cannot be read.", "write @type{key, field = {value}, …} with balanced braces"
    SOURCE_UNKNOWN = "source-unknown", "A source key is not in the bibliography.", "add the work to the bibliography, or correct the key"
    SOURCE_MISSING = "source-missing", "A claim has no source.", "add a source"
    SOURCE_SINGLE = "source-single", "A claim is called confirmed but has fewer than two different sources.", "add a second independent source, or say status: single-source; a claim that reports somebody’s own argument says kind: reading"
    VALUES_DISAGREE = "values-disagree", "Two claims on the same matter give different values, and neither is disputed.", "correct one of them, or set status: disputed on the one that tells of the disagreement"
    QUOTE_LONG = "quote-long", "A quotation is longer than 15 words.", "quote less, or say in your own words where the source says it"
    CLAIM_UNKNOWN = "claim-unknown", "A claim id is not in the ledger.", "add the claim to the ledger, or correct the id"
    CLAIM_UNUSED = "claim-unused", "No chapter and no question uses a claim although its chapter is in the book. A notice, not an error.", "cite it, or leave it for later"
    FIGURE_UNSUPPORTED = "figure-unsupported", "A figure in a sentence occurs in none of the claims that the sentence cites.", "correct the figure, cite the claim that gives it, or add the figure to the claim’s values"
    PARAGRAPH_UNSUPPORTED = "paragraph-unsupported", "A paragraph has years or quantities and cites no claim at all.", "cite the claims that the paragraph rests on"
    SPELLING = "spelling", "A name is spelt otherwise than names.yml decides.", "use the spelling given, or add an entry to names.yml"
    OUTCOME_MALFORMED = "outcome-malformed", "A line of an outcomes directive is not “lo-id: text”.", "write a line like lo-release-dates: Explain why …"

    # Bank
    TYPE_UNKNOWN = "type-unknown", "A question is of a type that does not exist.", "use choice, choices, number, text, order, match, blanks, pin, code or essay"
    CHAPTER_MISSING = "chapter-missing", "A bank or a quiz belongs to a chapter or a lab that does not exist.", "name the file after its chapter"
    OUTCOME_UNKNOWN = "outcome-unknown", "A question names an outcome that no chapter and no lab states.", "state the outcome in the chapter or the lab, or correct the id"
    OUTCOME_THIN = "outcome-thin", "An outcome has fewer than two questions.", "write another question for it"
    KEY_MISSING = "key-missing", "No answer is right.", "mark the right option correct: true, or give the answer"
    KEY_AMBIGUOUS = "key-ambiguous", "A question of type choice has more than one correct option.", "mark one option correct, or set type: choices"
    KEY_STATUS = "key-status", "A key rests on a claim that is disputed or unverified.", "rest it on a confirmed or single-source claim, or ask about the dispute itself and say about-dispute: true"
    KEY_VALUE = "key-value", "The key of a question of type number cannot be worked out.", "give answer as a number or as {claim: c-…, value: name}, or range: [low, high]"
    KEY_PATTERN = "key-pattern", "An accepted answer looks like a regular expression; answers are compared as plain text.", "list the accepted answers one by one"
    GAP_MISMATCH = "gap-mismatch", "The gaps in a text and the blanks described below it do not agree.", "write each blank’s id once in the text, in braces: {year}"
    CODE_BROKEN = "code-broken", "The starter or the solution of a question of type code is not Python, or does not define the function.", "write a function of the name given in field “function”"
    SPOT_OUTSIDE = "spot-outside", "A spot of a question of type pin has no size, or lies outside the drawing.", "give x, y and radius in the units of the drawing’s viewBox"
    PICTURE_MISSING = "picture-missing", "A picture or drawing that a question shows does not exist.", "write its path from the folder of the chapters, like figures/mosfilm/units.svg"
    ALT_MISSING = "alt-missing", "A picture has no alternative text.", "say between the brackets what it shows: ![A plan of the studio](figures/…)"
    WHY_MISSING = "why-missing", "A wrong option has no feedback.", "say in why: what is wrong about it"
    OPTIONS_FEW = "options-few", "There are too few options, items or pairs to choose from.", "add to the list: two or more options, three or more items, two or more pairs"
    OPTIONS_ALIKE = "options-alike", "Two options, items or sides have the same text.", "make them differ, or delete one"
    HTML = "html", "A text contains HTML, which readers would see as typed.", "use Markdown: *emphasis*, **strong**, `code`, [a link](https://example.org)"

    # Quizzes and notebooks
    LAB_BROKEN = "lab-broken", "A lab is not a notebook: it is no JSON, or has no cells.", "save it anew with Jupyter, or move what is no lab elsewhere"
    QUESTION_UNKNOWN = "question-unknown", "A quiz or a lab asks for a question that is not in the bank.", "add the question to the bank, or correct the id"
    NOTEBOOK_STALE = "notebook-stale", "A notebook differs from what the bank gives.", "run: proverka notebooks"
    NOTEBOOK_FAILED = "notebook-failed", "A notebook stops with an error or writes to standard error when it runs.", "run it in Jupyter and mend the cell named"
    NOTEBOOK_SCORE = "notebook-score", "A notebook gives points for a blank or wrong answer, or less than full marks for the key.", "correct the key or the question"
    # fmt: on


@dataclass(frozen=True, slots=True)
class Problem:
    """One message. A notice informs; anything else fails the check."""

    place: Place
    message: str
    code: Code
    hint: str = ""
    notice: bool = False

    def __str__(self) -> str:
        tag = "notice: " if self.notice else ""
        return f"{self.place}: {tag}{self.message} [proverka.{self.code.value}]\n  hint: {self.hint or self.code.hint}"

    def to_data(self) -> dict[str, str | int | bool]:
        """For ``--format json``."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "code": self.code.value,
            "message": self.message,
            "hint": self.hint or self.code.hint,
            "notice": self.notice,
        }


class Problems(list[Problem]):
    """Collects problems while reading goes on."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        super().__init__(problems)
        #: Files of which nothing could be read. What refers to their content is not reported too.
        self.unread: set[str] = set()

    def add(self, place: Place, message: str, code: Code, *, hint: str = "", notice: bool = False) -> None:
        """Note a problem and carry on."""
        self.append(Problem(place, message, code, hint, notice))

    @property
    def errors(self) -> list[Problem]:
        """Those that fail a check."""
        return [each for each in self if not each.notice]

    def in_order(self) -> list[Problem]:
        """Sorted by place; each said once."""
        unique = {(each.place, each.code.value, each.message): each for each in self}
        return [unique[key] for key in sorted(unique)]


def render_problems(problems: Problems, *, as_json: bool = False) -> str:
    """All problems as text for people or as JSON for machines, sorted by place."""
    ordered = problems.in_order()
    if as_json:
        return json.dumps([each.to_data() for each in ordered], ensure_ascii=False, indent=2)
    return "\n".join(str(each) for each in ordered)


def did_you_mean(word: str, known: Iterable[str], fallback: str = "") -> str:
    """A hint that names the nearest known word, or ``fallback`` if none is near."""
    if found := difflib.get_close_matches(word, list(known), n=1, cutoff=0.75):
        return f"did you mean {found[0]}?"
    return fallback


def render_codes() -> str:
    """``docs/codes.md``: every code with its meaning and what to do."""
    rows = [f"| `{each.value}` | {_escaped(each.meaning)} | {_escaped(each.hint)} |" for each in Code]
    return "\n".join([_CODES_HEAD, *rows, ""])


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|])", r"\\\1", text)


_CODES_HEAD = """\
<!-- Written by python -m proverka.problems > docs/codes.md -->

# Codes

`proverka check` writes a line for each problem, and below it what to do:

```text
file:line: message [proverka.code]
  hint: what to do
```

The exit status is 1 if there are problems and 0 if there are none; a message that begins with “notice:” (shown with `--notices`) does not count.

| code | meaning | what to do |
|---|---|---|"""


if __name__ == "__main__":
    sys.stdout.write(render_codes())
