"""Marks by a person: a queue of answers, and a table that goes out and comes back."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from proverka.classroom.grade_files import code_of
from proverka.classroom.gradebook import ToMark
from proverka.classroom.score import Keys
from proverka.classroom.visible import visible
from proverka.model import JSON, Blanks, Code, Essay, Question, Text
from proverka.render.inline import to_plain

#: What a mark is called where there is no rubric: the share of the points, 0 to 1.
SHARE = "share"


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark as it was typed."""

    response: int
    marks: JSON
    comment: str


def unchanged(each: ToMark) -> Marked | None:
    """The mark that it has, as it would be typed again."""
    return Marked(each.response, each.mark.marks, each.mark.comment) if each.mark else None


def criteria(question: Question) -> dict[str, tuple[str, float]]:
    """What is to be marked: by id, in words, with the most that it can earn."""
    if isinstance(question, Essay):
        return {each.id: (to_plain(each.text), each.points) for each in question.rubric}
    return {SHARE: ("of the points, from 0 to 1", 1)}


def answer_text(question: Question, answer: JSON) -> str:
    """What the student wrote, fit for a terminal."""
    return visible(_written(question, answer))


def _written(question: Question, answer: JSON) -> str:
    match question, answer:
        case Essay(), {"text": str(text)}:
            return text
        case Code(), {"source": str(source)}:
            return source
        case Blanks(), dict():
            return "; ".join(f"{name}: {value}" for name, value in answer.items())
    return "" if answer is None else str(answer)


def accepted(question: Question) -> str:
    """What would earn the points, for the one who marks."""
    match question:
        case Essay():
            return to_plain(question.model)
        case Text():
            return question.accept[0]
        case Blanks():
            return "; ".join(f"{each.id}: {each.accept[0]}" for each in question.blanks)
        case Code():
            return question.solution
    return ""


def marks_of(each: ToMark) -> dict[str, str]:
    """The marks that are to be corrected, as one would type them, by criterion."""
    if each.mark is None or not isinstance(each.mark.marks, dict):
        return {}
    return {name: f"{points:.15g}" for name, points in each.mark.marks.items() if isinstance(points, int | float)}


def read_mark(question: Question, typed: Mapping[str, str]) -> JSON:
    """The marks that were typed, by criterion.

    :raises ValueError: one is missing, is no number, or is too high; the text says which.
    """
    marks: dict[str, JSON] = {}
    for name, (_, most) in criteria(question).items():
        text = typed.get(name, "").strip().replace(",", ".")
        if not text:
            raise ValueError(f"{name}: there is no mark")
        try:
            points = float(text)
        except ValueError:
            raise ValueError(f"{name}: “{text}” is no number") from None
        if not 0 <= points <= most:
            raise ValueError(f"{name}: {text} is not between 0 and {most:g}")
        marks[name] = points
    return marks


_HEAD = ("response", "student", "question", "criterion", "most", "mark", "comment", "asked", "accepted", "answer")


def render_queue(queue: Iterable[ToMark], keys: Keys, *, salt: str = "") -> str:
    """The queue as CSV, a line for each criterion, the column “mark” empty unless there is a mark to correct.

    :param salt: That of the gradebook, if students are to be shown as codes.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for each in queue:
        question = keys.by_fingerprint[each.fingerprint]
        student = code_of(each.student, salt) if salt else each.student
        given = marks_of(each)
        for name, (words, most) in criteria(question).items():
            writer.writerow(
                [
                    each.response,
                    _safe(student),
                    each.question,
                    name if name == SHARE else f"{name}: {words}",
                    f"{most:g}",
                    given.get(name, ""),
                    _safe(each.mark.comment) if each.mark else "",
                    _safe(to_plain(question.stem)),
                    _safe(accepted(question)),
                    _safe(answer_text(question, each.answer)),
                ]
            )
    return text.getvalue()


def _safe(text: str) -> str:
    """Text, in as many lines as it has, that no spreadsheet takes for a formula."""
    starts = text.lstrip()[:1]
    return f"'{text}" if starts and starts in "=+-@＝＋－＠" else text


def _as_typed(text: str) -> str:
    """Text as it was before :func:`_safe`."""
    return text[1:] if text.startswith("'") and _safe(text[1:]) == text else text


def read_queue(
    text: str, queue: Sequence[ToMark], keys: Keys, *, again: bool = False
) -> tuple[list[Marked], list[str]]:
    """The marks that were filled in or changed, and what is wrong with others; answers left blank wait on.

    :param queue: That of now: what was marked in the meantime is left alone.
    :param again: It holds what was marked already.
    """
    waiting = {str(each.response): each for each in queue}
    typed: defaultdict[str, dict[str, str]] = defaultdict(dict)
    comments: defaultdict[str, list[str]] = defaultdict(list)
    problems = []
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    # Where the comma marks decimals, spreadsheets part columns by semicolons.
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", delimiter=max(",;\t", key=head.count))
    try:
        if missing := {"response", "criterion", "mark"} - set(reader.fieldnames or ()):
            return [], [f"line 1: there is no column “{min(missing)}”"]
        for row in reader:
            response, mark = row["response"].strip(), row["mark"].strip()
            comment = _as_typed(row.get("comment", "").strip())
            if response not in waiting:
                if mark:
                    why = "has no mark to correct" if again else "does not wait for a mark"
                    problems.append(f"line {reader.line_num}: response {response} {why}; left alone")
                continue
            if mark:
                typed[response][row["criterion"].partition(":")[0].strip()] = mark
            if comment and comment not in comments[response]:
                comments[response].append(comment)
    except csv.Error as error:
        return [], [f"line {reader.line_num + 1}: {error}"]
    marked = []
    for response in dict.fromkeys([*typed, *(name for name, said in comments.items() if said)]):
        try:
            given = read_mark(keys.by_fingerprint[waiting[response].fingerprint], typed[response])
        except ValueError as error:
            problems.append(f"response {response}: {error}")
        else:
            each = Marked(int(response), given, "\n".join(comments[response]))
            if each != unchanged(waiting[response]):
                marked.append(each)
    return marked, problems
