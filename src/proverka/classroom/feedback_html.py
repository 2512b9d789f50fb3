"""Feedback for a student as a page that needs nothing beside it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from proverka.classroom.feedback import (
    VERDICTS,
    Feedback,
    Judged,
    counts_in_words,
    lateness_in_words,
    points_of,
    state_in_words,
    time_in_words,
    total_in_words,
)
from proverka.classroom.gradebook import Grade
from proverka.classroom.in_words import (
    Line,
    Words,
    answer_in_words,
    asked_in_words,
    call_in_words,
    key_in_words,
    value_in_words,
)
from proverka.classroom.page import facts, listed, marked_up, page, paragraphs, plain, source, table, typed
from proverka.classroom.sandbox import NO_RESULT
from proverka.jupyter.shown import short
from proverka.model import JSON, Code, Essay, Number, State, Text
from proverka.scoring.code import same

#: Characters shown of what a function printed.
MOST_PRINTED = 2_000

_PART = {
    True: ' <span class="part right">✓ right</span>',
    False: ' <span class="part wrong">✗ wrong</span>',
    None: "",
}


def feedback_page(feedback: Feedback) -> str:
    """The page, the same for the same feedback to the byte."""
    questions = "".join(_question(each, keys=feedback.keys) for each in feedback.judged)
    if questions:
        later = (
            "" if feedback.keys else "<p>What is right, and why, is not told yet: the assignment is still open.</p>\n"
        )
        questions = (
            f'<section aria-labelledby="questions">\n<h2 id="questions">Questions</h2>\n{later}{questions}</section>\n'
        )
    body = (
        f'<header>\n<p class="kind">Feedback</p>\n<h1>{marked_up(feedback.title)}</h1>\n'
        f'<p class="who">{_who(feedback.grade)}</p>\n</header>\n<main>\n'
        f'<section aria-labelledby="result">\n<h2 id="result">Result</h2>\n{_result(feedback)}</section>\n'
        f"{_by_outcome(feedback)}{questions}</main>\n"
    )
    return page(f"{feedback.student}: {feedback.title}", body)


def _who(grade: Grade) -> str:
    return f"{typed(grade.name)} ({typed(grade.student)})" if grade.name else typed(grade.student)


# --------------------------------------------------------------------------------------------------
# The whole


def _result(feedback: Feedback) -> str:
    grade = feedback.grade
    # A file that was repaired is graded and has a reason all the same.
    about_file = plain(grade.reason) if feedback.judged else ""
    rows = [
        ("State", plain(state_in_words(grade))),
        ("Handed in", plain(time_in_words(grade.at, feedback.due)) if grade.at is not None else ""),
        ("Due", plain(feedback.due)),
        ("Lateness", plain(lateness_in_words(grade, feedback.policy))),
        ("File", f"{typed(grade.file)} ({counts_in_words(feedback.policy)})" if grade.file else ""),
        ("About the file", about_file),
        ("Receipt", _receipt(grade)),
    ]
    return f'<p class="total">{plain(total_in_words(grade))}</p>\n{facts(rows)}'


def _receipt(grade: Grade) -> str:
    if not grade.receipt:
        return ""
    return (
        f"<code>{plain(grade.receipt)}</code>. For the file that you handed in, "
        "<code>proverka receipt FILE.ipynb</code> gives the same code; another code means that another file came."
    )


def _by_outcome(feedback: Feedback) -> str:
    if not feedback.judged:
        return ""
    by_outcome: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in feedback.judged:
        by_outcome[each.asked.outcome].append(each)
    rows = [
        [
            marked_up(feedback.outcomes.get(outcome, outcome)),
            ", ".join(f'<a href="#q{each.number}">{each.number}</a>' for each in judged),
            _points(judged),
        ]
        for outcome, judged in sorted(by_outcome.items(), key=lambda each: each[1][0].number)
    ]
    total = ["All", str(len(feedback.judged)), _points(feedback.judged)]
    shown = table("Points by learning outcome", ["Learning outcome", "Questions", "Points"], rows, foot=total)
    return f'<section aria-labelledby="outcomes">\n<h2 id="outcomes">Learning outcomes</h2>\n{shown}</section>\n'


def _points(judged: list[Judged] | tuple[Judged, ...]) -> str:
    scored = [each.answer for each in judged if each.answer.state is not None]
    return f"{short(math.fsum(each.points for each in scored))} of {short(math.fsum(_of(each) for each in judged))}"


def _of(judged: Judged) -> float:
    return judged.key.points if judged.answer.state is None else judged.answer.of


# --------------------------------------------------------------------------------------------------
# A question


def _question(judged: Judged, *, keys: bool) -> str:
    answer = judged.answer
    mark, word = VERDICTS[answer.state]
    points = points_of(answer.points, _of(judged)) if answer.state not in (None, State.WAITING) else ""
    verdict = f'<span class="verdict {answer.state or "waiting"}">{mark} {word}</span>'
    told = f'{verdict} <span class="points">{points}</span>' if points else verdict
    name = f"q{judged.number}"
    return (
        f'<section class="question" aria-labelledby="{name}">\n'
        f'<h3 id="{name}">Question {judged.number} {told}</h3>\n'
        f'<p class="stem">{marked_up(judged.asked.stem)}</p>\n'
        f"{_asked(judged)}{facts(_facts(judged, keys=keys))}</section>\n"
    )


def _asked(judged: Judged) -> str:
    text = asked_in_words(judged.asked)
    return f"<p>{marked_up(text)}</p>\n" if text else ""


def _facts(judged: Judged, *, keys: bool) -> Iterator[tuple[str, str]]:
    answer = judged.answer
    yield "Your answer", _words(answer_in_words(judged.asked, judged.key, answer.answer), keys=keys) or "<p>none</p>"
    yield "How it ended", f"<p>{plain(answer.reason)}</p>" if answer.reason else ""
    yield "Calls", _calls(judged, keys=keys)
    yield "It printed", _printed(answer.stdout)
    yield "Marks", _marks(judged, keys=keys)
    yield "Comment", paragraphs(answer.mark.comment) if answer.mark and answer.mark.comment.strip() else ""
    if judged.before is not None:
        change = f"{short(judged.before)} → {points_of(answer.points, answer.of)}"
        yield "Regraded", f"<p>with a corrected key: {change}</p>"
    if keys:
        yield "Feedback", listed([marked_up(each) for each in answer.feedback]) if answer.feedback else ""
        name = "An answer for full marks" if isinstance(judged.key, Essay) else "Accepted"
        # What was answered rightly need not be said twice, but of these more than one answer is right.
        if answer.state is not State.RIGHT or isinstance(judged.key, Number | Text | Essay):
            yield name, _words(key_in_words(judged.key), keys=keys)
        yield "Explanation", f"<p>{marked_up(judged.key.explain)}</p>" if judged.key.explain else ""


def _words(words: Words, *, keys: bool) -> str:
    if words.code:
        return source(words.code)
    if words.prose:
        return paragraphs(words.prose)
    return listed([_line(each, keys=keys) for each in words.lines], ordered=words.ordered) if words.lines else ""


def _line(line: Line, *, keys: bool) -> str:
    text = typed(line.text) if line.plain else marked_up(line.text)
    label = f"{marked_up(line.label)} → " if line.label else ""
    return f"{label}{text}{_PART[line.right] if keys else ''}"


def _calls(judged: Judged, *, keys: bool) -> str:
    """The calls of a function that gave something else than they should."""
    results = judged.answer.results
    if not isinstance(judged.key, Code) or not isinstance(results, list):
        return ""
    tried = list(zip(judged.key.trials, results, strict=False))
    failed = [(trial, given) for trial, given in tried if not same(trial.gives, given)]
    told = f"<p>{len(tried) - len(failed)} of {len(tried)} gave what they should</p>\n"
    if not failed or not keys:
        return told
    rows = [
        [
            f"<code>{plain(call_in_words(judged.key, trial.args))}</code>",
            f"<code>{plain(value_in_words(trial.gives))}</code>",
            _given(given),
        ]
        for trial, given in failed
    ]
    return told + table("Calls that gave something else", ["Call", "Expected", "Given"], rows)


def _given(given: JSON) -> str:
    if isinstance(given, dict) and NO_RESULT in given:
        line = f" (line {given['line']})" if isinstance(given.get("line"), int) else ""
        return f"nothing: {plain(str(given[NO_RESULT]))}{line}"
    return f"<code>{plain(value_in_words(given))}</code>"


def _printed(text: str) -> str:
    if not text.strip():
        return ""
    if len(text) <= MOST_PRINTED:
        return source(text)
    return f"{source(text[:MOST_PRINTED])}<p>… and {len(text) - MOST_PRINTED:,} characters more</p>\n"


def _marks(judged: Judged, *, keys: bool) -> str:
    """What a person gave."""
    mark = judged.answer.mark
    given = mark.marks if mark else None
    if not isinstance(given, Mapping):
        return ""
    if not isinstance(judged.key, Essay):
        return "<p>marked by a person</p>"
    rows = [
        [marked_up(each.text) if keys else str(number), f"{_number(given.get(each.id))} of {short(each.points)}"]
        for number, each in enumerate(judged.key.rubric, 1)
    ]
    return table("Marks by criterion", ["Criterion", "Points"], rows)


def _number(value: JSON) -> str:
    return short(value) if isinstance(value, int | float) else "0"
