"""What a learner types: the line to write for each type of question, and what is recorded of it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator

from proverka.bank.draw import shown_order
from proverka.jupyter.errors import UnreadableAnswerError
from proverka.model import JSON, Blanks, Choice, Choices, Code, Essay, Match, Number, Order, Pin, Question
from proverka.render.inline import to_plain
from proverka.render.plain import question_lines

#: Options stand in the order that they have on the book’s pages.
SEED = ""


def line_to_type(question: Question) -> str:
    """A call of the form that the question needs, not the key."""
    match question:
        case Choices():
            example = '["…", "…"]'
        case Order():
            example = f"[{', '.join(map(_quoted, shown_order(question, SEED)))}]"
        case Match():
            example = f"[{', '.join('1' for _ in question.pairs)}]"
        case Blanks():
            example = f"[{', '.join(_quoted('…') for _ in question.blanks)}]"
        case Code():
            example = question.function
        case Number():
            example = "1234"
        case _:
            example = '"…"'
    return f"quiz.answer({_quoted(question.id)}, {example})"


def choosable(question: Question) -> Iterator[str]:
    """What the line to type is made of."""
    match question:
        case Choice():
            yield "One of these:"
        case Choices():
            yield "One or more of these:"
        case Order():
            yield "All of these, in the right order:"
        case Number():
            yield f"A number ({to_plain(question.unit)})" if question.unit else "A number"
        case Match():
            # A pair’s id names its left side and its right side, so showing ids would show the key.
            right = {pair.id: pair.right for pair in question.pairs}
            right |= {each.id: each.text for each in question.distractors}
            yield "For each of these, in this order,"
            yield from (f"  {to_plain(pair.left)}" for pair in question.pairs)
            yield "the number of what belongs to it:"
            yield from (f"  {number}: {to_plain(right[each])}" for number, each in _numbered(question))
            return
        case Blanks():
            yield "A word or a few for each blank, in order:"
        case Pin():
            yield "One of these places:"
        case Code():
            yield f"Define {question.function} in a cell, run it, then run this line. Begin with:"
        case Essay():
            length = f", about {question.words} words" if question.words else ""
            yield f"A text of your own{length}"
        case _:
            yield "A word or a few"
    yield from (f"  {each}" for each in question_lines(question, seed=SEED))


def _numbered(question: Match) -> Iterator[tuple[int, str]]:
    """The right-hand sides with the numbers that stand for them."""
    return enumerate(shown_order(question, SEED), 1)


def _quoted(text: str) -> str:
    return f'"{text}"'


def recorded(question: Question, value: object) -> JSON:
    """An answer as plain data.

    Numbers in the answer to a match become the ids that they stand for, words in a list those of the
    blanks in order; a function is tried, and what it gave is recorded with its source.
    """
    if isinstance(question, Code) and callable(value):
        return _tried(question, value)
    answer = plain(value)
    if isinstance(question, Blanks) and isinstance(answer, list) and len(answer) == len(question.blanks):
        return {blank.id: each for blank, each in zip(question.blanks, answer, strict=True)}
    if isinstance(question, Essay) and isinstance(answer, str):
        return {"text": answer}
    if not isinstance(question, Match):
        return answer
    if isinstance(answer, list) and len(answer) == len(question.pairs):
        answer = {pair.id: each for pair, each in zip(question.pairs, answer, strict=True)}
    if isinstance(answer, dict):
        by_number = dict(_numbered(question))
        return {
            name: by_number.get(each, each) if isinstance(each, int) and not isinstance(each, bool) else each
            for name, each in answer.items()
        }
    return answer


def _tried(question: Code, function: Callable[..., object]) -> JSON:
    """The source of a function and what it gave in each trial; an error counts as nothing."""
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        source = ""
    results: list[JSON] = []
    for trial in question.trials:
        try:
            results.append(plain(function(*copy.deepcopy(trial.args))))
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}")
    return {"source": source, "results": results}


def plain(value: object) -> JSON:
    """A value as JSON that every program can read.

    :raises UnreadableAnswerError: it is not data.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # Half a character cannot be written to a file.
        return value.encode(errors="replace").decode()
    if isinstance(value, int | float):
        # What JSON cannot hold is as wrong as a word as it was as a number.
        return value if abs(value) < 1e300 else "no finite number"
    if isinstance(value, dict):
        return {str(plain(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=str)
    if hasattr(value, "tolist"):
        # Numbers and arrays of NumPy and pandas.
        return plain(value.tolist())
    kind = type(value).__name__
    raise UnreadableAnswerError(f"an answer is text, a number, a list or a mapping, not {kind}")
