"""Scores for answers, a batch at a time: data is compared, functions are tried in a sandbox.

A batch and its questions go in, scores come out, and nothing else is needed; so it can be done here, in
a thread or on another machine.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from proverka.classroom.gradebook.rows import ToScore
from proverka.classroom.model import Scored
from proverka.classroom.sandbox import Ended, Ran
from proverka.model import JSON, Blanks, Code, Essay, Question, Score, State, Text
from proverka.scoring import score
from proverka.text import fold

#: A typed answer at least this like an accepted one is shown to a person; see :class:`difflib.SequenceMatcher`.
NEAR = 0.8
#: In answers shorter than this one letter makes another word.
SHORTEST_NEAR = 4

#: Tries a function: its source, its name, and the arguments of each trial.
Try = Callable[[str, str, Sequence[Sequence[JSON]]], Ran]


@dataclass(frozen=True, slots=True)
class Keys:
    """The questions that answers are scored by."""

    #: The question as it is now, by the fingerprint that it had when it was asked.
    by_fingerprint: Mapping[str, Question]

    def question(self, answer: ToScore) -> Question:
        """By which an answer is scored.

        :raises KeyError: the question is not among them.
        """
        return self.by_fingerprint[answer.fingerprint]

    def of(self, names: Container[str]) -> Keys:
        """The keys of these questions alone."""
        return Keys({asked: each for asked, each in self.by_fingerprint.items() if each.id in names})


def score_batch(batch: Iterable[ToScore], keys: Keys, attempt: Try | None) -> list[Scored]:
    """The score of each answer; functions are left out if there is nothing to try them with.

    :param attempt: :meth:`proverka.classroom.sandbox.Sandbox.run`, or ``None``.
    """
    return list(_scores(batch, keys, attempt))


def _scores(batch: Iterable[ToScore], keys: Keys, attempt: Try | None) -> Iterator[Scored]:
    for each in batch:
        question = keys.question(each)
        if isinstance(question, Code) and score(question, each.answer).state is State.WAITING and not each.mark:
            if attempt is not None:
                yield _tried(each, question, attempt)
        else:
            yield _compared(each, question)


def _compared(each: ToScore, question: Question) -> Scored:
    earned = _marked(question, each) if each.mark else score(question, each.answer)
    doubtful = not each.mark and earned.state in (State.WRONG, State.PARTIAL) and is_near_miss(question, each.answer)
    return _scored(each, question, earned, doubtful=doubtful)


def _marked(question: Question, each: ToScore) -> Score:
    """What a person’s mark earns, whatever the key says."""
    marks = each.mark.marks if each.mark else None
    if isinstance(question, Essay) and isinstance(marks, dict) and isinstance(each.answer, dict):
        return score(question, {**each.answer, "marks": marks})
    share = marks.get("share") if isinstance(marks, dict) else None
    if isinstance(share, int | float) and 0 <= share <= 1:
        state = State.RIGHT if share == 1 else State.PARTIAL if share else State.WRONG
        return Score(question.points * share, question.points, state)
    return score(question, each.answer)


def _tried(each: ToScore, question: Code, attempt: Try) -> Scored:
    source = each.answer["source"] if isinstance(each.answer, dict) else None
    ran = attempt(str(source), question.function, [trial.args for trial in question.trials])
    # An expected None is no more earned by a function that never ran than anything else.
    earned = Score(0, question.points, State.WRONG)
    if ran.results is not None:
        earned = score(question, {"source": source, "results": ran.results})
    return _scored(each, question, earned, ran=ran)


def _scored(
    each: ToScore, question: Question, earned: Score, *, doubtful: bool = False, ran: Ran | None = None
) -> Scored:
    return Scored(
        response=each.response,
        fingerprint=question.fingerprint,
        points=earned.points,
        of=earned.of,
        state=earned.state,
        feedback=earned.feedback,
        reason=ran.reason if ran and ran.ended is not Ended.RAN else "",
        seconds=ran.seconds if ran else 0,
        stdout=ran.stdout if ran else "",
        stderr=ran.stderr if ran else "",
        doubtful=doubtful,
        results=list(ran.results) if ran and ran.results is not None else None,
    )


def is_near_miss(question: Question, answer: JSON) -> bool:
    """Whether a wrong typed answer is so like an accepted one that a person should look."""
    if isinstance(question, Text):
        return isinstance(answer, str) and _is_near(fold(answer), question.accept)
    if isinstance(question, Blanks) and isinstance(answer, dict):
        typed = ((blank, answer.get(blank.id)) for blank in question.blanks if not blank.among)
        return any(isinstance(value, str) and _is_near(fold(value), blank.accept) for blank, value in typed)
    return False


@functools.lru_cache(maxsize=10_000)
def _is_near(given: str, accept: tuple[str, ...]) -> bool:
    """Like one of them, and equal to none. A class makes the same slips, so it pays to remember."""
    folded = {fold(each) for each in accept}
    if len(given) < SHORTEST_NEAR or given in folded:
        return False
    matcher = difflib.SequenceMatcher(None, "", given, autojunk=False)
    for each in folded:
        matcher.set_seq1(each)
        if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR:
            return True
    return False
