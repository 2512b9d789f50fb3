"""The overview of a class as a page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence

from proverka.classroom.feedback import time_in_words
from proverka.classroom.gradebook import Arrived, Grade
from proverka.classroom.overview import FEW, Column, Overview, QuestionTally, columns_of
from proverka.classroom.page import marked_up, page, plain, table, typed
from proverka.jupyter.shown import short

#: Of the chart, in its own units.
WIDTH, HEIGHT, ABOVE, BELOW, BESIDE = 360, 110, 18, 18, 16


#: Characters shown of a wrong answer.
MOST_SHOWN = 200


def overview_page(overview: Overview, *, anonymous: bool = False) -> str:
    """The page, the same for the same overview to the byte.

    :param anonymous: Leave out what files are called.
    """
    title = overview.record.title
    parts = [
        ("State", _states(overview)),
        ("Grades", _distribution(overview.graded)),
        ("Questions", _questions(list(overview.questions.values()))),
        ("Students", _students(overview)),
        ("Files that could not be graded", _unread(overview.unread, anonymous=anonymous)),
    ]
    sections = "".join(
        f'<section aria-labelledby="part{number}">\n<h2 id="part{number}">{name}</h2>\n{html}</section>\n'
        for number, (name, html) in enumerate(parts, 1)
    )
    head = f'<header>\n<p class="kind">Class overview</p>\n<h1>{marked_up(title)}</h1>\n</header>\n'
    return page(f"Class overview: {title}", f"{head}<main>\n{sections}</main>\n")


def _states(overview: Overview) -> str:
    rows = [[plain(state), str(count)] for state, count in overview.states.items()]
    return table("Students by state", ["State", "Students"], rows, foot=["all", str(len(overview.grades))])


# --------------------------------------------------------------------------------------------------
# Grades


def _distribution(graded: Sequence[Grade]) -> str:
    if not graded:
        return "<p>Nobody has a grade yet.</p>\n"
    columns, shares = columns_of(graded)
    unit = "share of the points" if shares else "points"
    rows = [[_range(each, last=each is columns[-1]), str(each.count)] for each in columns]
    return (
        f"{_chart(columns, f'Students by {unit}')}"
        f"{table(f'Students by {unit}, after lateness', [unit.capitalize(), 'Students'], rows)}"
    )


def _range(column: Column, *, last: bool) -> str:
    upper = short(column.high)
    return f"{short(column.low)} to {upper}" if last else f"{short(column.low)} to under {upper}"


def _chart(columns: Sequence[Column], label: str) -> str:
    most = max(each.count for each in columns)
    step = WIDTH / len(columns)
    floor = ABOVE + HEIGHT
    parts = [_tick(0, columns[0].low)]
    for number, each in enumerate(columns):
        if each.count:
            height = max(1, round(HEIGHT * each.count / most))
            parts.append(
                f'<rect x="{number * step + 2:.4g}" y="{floor - height}" width="{step - 4:.4g}" height="{height}" />\n'
                f'<text x="{(number + 0.5) * step:.4g}" y="{floor - height - 5}">{each.count}</text>\n'
            )
        parts.append(_tick((number + 1) * step, each.high))
    words = "; ".join(f"{short(each.low)} to {short(each.high)}: {each.count}" for each in columns)
    return (
        f'<svg class="chart" role="img" aria-label="{plain(f"{label}. {words}.")}" '
        f'viewBox="-{BESIDE} 0 {WIDTH + 2 * BESIDE} {floor + BELOW}">\n{"".join(parts)}'
        f'<line x1="0" y1="{floor}.5" x2="{WIDTH}" y2="{floor}.5" />\n</svg>\n'
    )


def _tick(x: float, value: float) -> str:
    return f'<text x="{x:.4g}" y="{ABOVE + HEIGHT + 15}">{short(value)}</text>\n'


# --------------------------------------------------------------------------------------------------
# Questions, students, files


def _questions(tallies: Sequence[QuestionTally]) -> str:
    heads = ["Question", "Scored", "Points earned", "Empty", "Waiting", "Doubtful", "Most frequent mistakes", "Keys"]
    rows = [
        [
            f'{marked_up(each.stem)} <span class="id">{plain(each.question)}</span>',
            str(each.scored),
            _facility(each),
            str(each.empty),
            str(each.waiting),
            str(each.doubtful),
            _counted([(typed(_cut(text)), count) for text, count in each.mistakes]),
            _counted([(f"<code>{plain(key)}</code>", count) for key, count in sorted(each.keys.items())]),
        ]
        for each in tallies
    ]
    note = f"<p>Shares are told from {FEW} scored answers on. Answers that are empty count as scored.</p>\n"
    return table("How each question was answered", heads, rows, name="each-question") + note


def _facility(tally: QuestionTally) -> str:
    points, of = tally.earned
    told = f"{short(points)} of {short(of)}"
    return told if tally.facility is None else f"{100 * tally.facility:.0f}% ({told})"


def _counted(items: Sequence[tuple[str, int]]) -> str:
    """HTML with how often it was, as a list."""
    if not items:
        return "–"
    return f"<ul>{''.join(f'<li>{html} ({count})</li>' for html, count in items)}</ul>"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _students(overview: Overview) -> str:
    heads = ["Name", "Id", "State", "Points", "Days late", "Grade", "Handed in", "Receipt"]
    due = str(overview.record.data.get("due", ""))
    rows = [
        [
            typed(each.name or each.student),
            typed(each.student),
            plain(each.state),
            _points(each),
            str(each.days_late) if each.at is not None else "–",
            "–" if each.grade is None else short(each.grade),
            "–" if each.at is None else plain(time_in_words(each.at, due)),
            f"<code>{plain(each.receipt)}</code>" if each.receipt else "–",
        ]
        for each in overview.grades
    ]
    return table("Everybody on the roster", heads, rows, name="everybody")


def _points(grade: Grade) -> str:
    return "–" if grade.points is None or grade.of is None else f"{short(grade.points)} of {short(grade.of)}"


def _unread(files: Sequence[Arrived], *, anonymous: bool) -> str:
    if not files:
        return "<p>There is none.</p>\n"
    if anonymous:
        return f"<p>{len(files)}; their names are left out, as they may tell whose they are.</p>\n"
    rows = [
        [
            typed(each.file),
            typed(each.student) if each.student else "nobody knows",
            plain(each.state),
            plain(each.reason),
        ]
        for each in files
    ]
    return table("Files and why", ["File", "Student", "State", "Reason"], rows, name="files")
