"""A class at a glance: what became of whose work, and how each question was answered."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from proverka.classroom.feedback import Feedback, Judged
from proverka.classroom.grade import pool_of
from proverka.classroom.gradebook import Arrived, AssignmentRecord, Grade
from proverka.classroom.in_words import call_in_words, mistakes_in_words
from proverka.classroom.model import SCORED, HandInState
from proverka.model import Code, State
from proverka.scoring.code import same
from proverka.text import fold

#: With fewer answers a share says more about who they are than about a question.
FEW = 10
#: How many wrong answers are told of a question.
MOST_MISTAKES = 3
#: Columns of a chart.
MOST_COLUMNS = 10

_EARNED = (State.RIGHT, State.PARTIAL, State.WRONG, State.EMPTY, State.MALFORMED)


@dataclass(slots=True)
class QuestionTally:
    """How a question was answered in the hand-ins that count."""

    question: str
    stem: str
    #: Answers that have their points, empty ones among them.
    scored: int = 0
    points: list[float] = field(default_factory=list)
    of: list[float] = field(default_factory=list)
    empty: int = 0
    waiting: int = 0
    doubtful: int = 0
    #: Fingerprints of the questions by which it was scored.
    keys: Counter[str] = field(default_factory=Counter)
    _mistakes: Counter[str] = field(default_factory=Counter)
    _shown: dict[str, str] = field(default_factory=dict)

    def add(self, judged: Judged) -> None:
        """Count an answer."""
        answer = judged.answer
        if answer.state in _EARNED:
            self.scored += 1
            self.points.append(answer.points)
            self.of.append(answer.of)
        self.empty += answer.state is State.EMPTY
        self.waiting += answer.state is State.WAITING
        self.doubtful += answer.doubtful
        if answer.key:
            self.keys[answer.key] += 1
        if answer.state in (State.WRONG, State.PARTIAL, State.MALFORMED):
            for each in _mistakes(judged):
                # One who writes “kiev” made the mistake of one who writes “Kiev”.
                name = fold(each) or each
                self._mistakes[name] += 1
                self._shown.setdefault(name, each)

    @property
    def earned(self) -> tuple[float, float]:
        """Points earned, and points to be had."""
        return math.fsum(self.points), math.fsum(self.of)

    @property
    def facility(self) -> float | None:
        """The share of the points that was earned; ``None`` if the answers are too few to say."""
        points, of = self.earned
        return points / of if self.scored >= FEW and of else None

    @property
    def mistakes(self) -> list[tuple[str, int]]:
        """The most frequent wrong answers, or parts of answers."""
        # Those that are equally frequent in an order that does not hang on who answered first.
        ranked = sorted(self._mistakes.items(), key=lambda each: (-each[1], each[0]))
        return [(self._shown[name], count) for name, count in ranked[:MOST_MISTAKES]]


def _mistakes(judged: Judged) -> list[str]:
    """What is wrong, in plain text; of a function how it ended or the calls that gave something else."""
    answer, key = judged.answer, judged.key
    if not isinstance(key, Code):
        return mistakes_in_words(judged.asked, key, answer.answer)
    if answer.reason or not isinstance(answer.results, list):
        return [answer.reason] if answer.reason else []
    tried = zip(key.trials, answer.results, strict=False)
    return [call_in_words(key, trial.args) for trial, given in tried if not same(trial.gives, given)]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart: grades from ``low`` up to, but not with, ``high``, which in the last is with."""

    low: float
    high: float
    count: int


@dataclass(slots=True)
class Overview:
    """A class; see :func:`overview_of` and :meth:`add`."""

    record: AssignmentRecord
    grades: list[Grade]
    questions: dict[str, QuestionTally]
    #: What could not be read, or is of somebody or something else.
    unread: list[Arrived]

    def add(self, feedback: Feedback) -> None:
        """Count the answers of a student."""
        for each in feedback.judged:
            self.questions[each.asked.id].add(each)

    @property
    def states(self) -> Counter[str]:
        """How many students there are of each state, the most frequent first."""
        return Counter(dict(Counter(each.state for each in self.grades).most_common()))

    @property
    def graded(self) -> list[Grade]:
        """Those that have a grade."""
        return [each for each in self.grades if each.grade is not None]


def overview_of(record: AssignmentRecord, grades: Sequence[Grade], files: Iterable[Arrived]) -> Overview:
    """An overview in which no answer is counted yet, the questions in the order of the pool."""
    read = SCORED | {HandInState.DUPLICATE}
    questions = {each[0].id: QuestionTally(each[0].id, each[0].stem) for each in pool_of(record)}
    return Overview(record, list(grades), questions, [each for each in files if each.state not in read])


def columns_of(grades: Sequence[Grade]) -> tuple[list[Column], bool]:
    """Grades by points in at most ten columns, and whether they are shares because what could be had differs."""
    tops = {each.of for each in grades}
    shares = len(tops) > 1
    values = [(each.grade or 0) / (each.of or 1) if shares else each.grade or 0 for each in grades]
    top = 1.0 if shares else max((each or 0 for each in tops), default=0) or 1
    width = _width(top)
    count = math.ceil(round(top / width, 9))
    counts = Counter(min(int(value / width + 1e-9), count - 1) for value in values)
    return [Column(width * each, min(width * (each + 1), top), counts[each]) for each in range(count)], shares


def _width(top: float) -> float:
    """A round width: 1, 2 or 5 times a power of ten."""
    power: float = 10 ** math.floor(math.log10(top / MOST_COLUMNS))
    return next(each * power for each in (1, 2, 5, 10) if top / (each * power) <= MOST_COLUMNS + 1e-9)
