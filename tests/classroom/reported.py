"""A small class with one of everything that a report has to tell, in a gradebook made as the commands make it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from questions import QUESTIONS

from proverka.classroom.collect import make_known
from proverka.classroom.grade import BATCH, Scorer, data_scorer, keys_of, local_scorer, write_run
from proverka.classroom.grade import grade as grade_assignment
from proverka.classroom.gradebook import Gradebook
from proverka.classroom.model import HandIn, HandInState, Policy, Student
from proverka.classroom.regrade import Correction, corrected, note_of
from proverka.classroom.release import Release, Sheet
from proverka.classroom.report import Wanted, write_report
from proverka.classroom.sandbox import Limits
from proverka.classroom.score import Keys
from proverka.model import JSON, Number, Question
from proverka.receipt import receipt_code
from proverka.scoring import key_answer, wrong_answers

DAY = 86_400
#: Friday 5 February 2027, 23:59 in Moscow.
DUE = 1_801_861_140
#: What should never become markup, nor turn the text around it.
HOSTILE = "<script>alert(1)</script> \"&quot;' \x00\x1b\u202egnp.exe\u202c `$x$` [a](javascript:x)"

ANNA, BORIS, VERA = Student("anna", "Anna", "anna@x.org"), Student("boris", "Boris"), Student("vera", "Vera")
GLEB, DINA, ZOYA = Student("gleb", "Gleb"), Student("dina", "Dina"), Student("zoya", "Zoya")
EFIM = Student("../e<f>im", f"Efim {HOSTILE}")
CLASS = (ANNA, BORIS, VERA, GLEB, DINA, ZOYA, EFIM)

SOURCE = "def double(number):\n    print('<b>doubling</b>')\n    return number + number if number > 1000 else 0\n"
ESSAY = "First thought.\n\nSecond thought, with a <b>tag</b>."


def released(**changes: Any) -> Release:
    fields: dict[str, Any] = {
        "assignment": "first-week",
        "title": "The <first> *week*",
        "due": "Friday 5 February 2027, 23:59 (UTC+03:00)",
        "seed": "0123456789abcdef0123456789",
        "students": CLASS,
        "pool": tuple((each,) for each in QUESTIONS),
        "policy": Policy(due=DUE, closes=DUE + 7 * DAY, per_day=0.1, at_most=0.5),
    }
    return Release(**fields | changes)


def lowered(sheet: Sheet, answers: Mapping[str, JSON]) -> dict[str, JSON]:
    """Answers in a question’s own ids, by question, as the sheet’s notebook holds them."""
    found: dict[str, JSON] = {}
    for task, question, mask in zip(sheet.tasks, sheet.questions, sheet.masks, strict=True):
        parts = {old: new for new, old in mask.parts.items()}
        names = {old: new for group in (mask.lines, mask.gaps) for new, old in group.items()}
        match answers.get(question.id):
            case str(text):
                found[task.id] = parts.get(text, text)
            case list(items):
                found[task.id] = [parts.get(str(each), each) for each in items]
            case dict(pairs) if question.type in ("match", "blanks"):
                found[task.id] = {names.get(name, name): parts.get(str(each), each) for name, each in pairs.items()}
            case other:
                found[task.id] = other
    return found


def handed_in(
    release: Release, student: str, answers: Mapping[str, JSON], *, at: int = DUE - DAY, **more: Any
) -> HandIn:
    """What “collect” makes of a notebook with these answers, by question."""
    sheet = release.sheet(student)
    given = lowered(sheet, answers)
    fields: dict[str, Any] = {"file": f"{release.assignment}-{student}.ipynb", "state": HandInState.OK} | more
    return HandIn(
        student=student,
        digest=hashlib.sha256(repr((student, fields["file"], given)).encode()).hexdigest(),
        at=at,
        answers=sheet.answered(given),
        receipt=receipt_code(sheet.tag, given),
        **fields,
    )


def not_read(student: str, file: str, state: HandInState, reason: str) -> HandIn:
    return HandIn(student, file, hashlib.sha256(file.encode()).hexdigest(), DUE - DAY, state, reason)


def right_answers() -> dict[str, JSON]:
    return {each.id: _handed(each, key_answer(each)) for each in QUESTIONS}


def slips() -> dict[str, JSON]:
    return {each.id: _handed(each, wrong_answers(each)[0]) for each in QUESTIONS}


def _handed(question: Question, answer: JSON) -> JSON:
    """As a student hands it in: without what only graders add."""
    match question.type, answer:
        case "code", dict():
            return {"source": answer["source"]}
        case "essay", dict():
            return {"text": answer["text"]}
    return answer


def hostile_answers() -> dict[str, JSON]:
    typed: dict[str, JSON] = {
        "q-canary-number": HOSTILE,
        "q-canary-text": HOSTILE,
        "q-canary-blanks": {"canarytyped": HOSTILE, "canarychosen": HOSTILE},
        "q-canary-essay": {"text": f"{HOSTILE}\n1. {HOSTILE}\n    {HOSTILE}"},
        "q-canary-code": {"source": f"def double(number):\n    return {HOSTILE[:25]!r}  # {HOSTILE}\n"},
        "q-canary-choice": HOSTILE,
    }
    return typed


def handins(release: Release) -> Iterator[HandIn]:
    yield handed_in(release, "anna", right_answers())
    mixed = slips() | {"q-canary-code": {"source": SOURCE}, "q-canary-essay": {"text": ESSAY}}
    mixed |= {"q-canary-choices": ["canaryrightchoices", "canarywrongchoices"], "q-canary-text": "Canary Acepted"}
    mixed |= {"q-canary-number": "7310474"}
    yield handed_in(
        release,
        "boris",
        mixed,
        at=DUE + DAY + 1,
        state=HandInState.REPAIRED,
        reason="the set-up cell is missing",
    )
    yield handed_in(release, "vera", {}, state=HandInState.EMPTY)
    yield not_read("gleb", "gleb.ipynb", HandInState.UNREADABLE, "the file ends in the middle")
    yield not_read("zoya", "zoya.ipynb", HandInState.WRONG_STUDENT, "it is the sheet of Anna (anna)")
    yield not_read("", "who.ipynb", HandInState.UNREADABLE, "nothing shows whose it is")
    yield handed_in(release, EFIM.id, hostile_answers(), file=f"{HOSTILE}.ipynb")


def collect(book: Gradebook, release: Release, found: Iterator[HandIn]) -> None:
    make_known(book, release, released=1, now=1)
    book.add_handins(release.assignment, found, now=2)


def grade(
    book: Gradebook,
    assignment: str = "first-week",
    scoring: Callable[[Keys], AbstractContextManager[Scorer]] = data_scorer,
) -> None:
    record = book.assignment(assignment)
    with scoring(keys_of(book, record)) as scorer:
        grade_assignment(book, record, scorer, now=lambda: 3, done=lambda _: None)


def response(book: Gradebook, student: str, question: str) -> int:
    answers = book.scores_of("first-week", student)
    return next(each.response for each in answers if each.question == question)


def mark(book: Gradebook, student: str, question: str, given: JSON, comment: str = "") -> None:
    book.mark(response(book, student, question), given, marker="Teacher Tsymbal", now=4, comment=comment)
    keys = keys_of(book, book.assignment("first-week"))
    run = book.begin_run("first-week", "mark", now=5)
    with data_scorer(keys) as scorer:
        write_run(book, run, book.marked("first-week", run, BATCH), scorer, now=lambda: 5, done=lambda _: None)


def regrade(book: Gradebook, old: Question, new: Question, *, finish: bool = True) -> None:
    """As “regrade” does where one key was corrected."""
    record = book.assignment("first-week")
    corrections = [Correction(old.fingerprint, old, new)]
    keys = corrected(keys_of(book, record), corrections)
    book.add_keys([new], now=6)
    run = book.begin_run(record.id, "regrade", note_of(corrections), now=6)
    book.add_corrections(run, {old.fingerprint: new})
    with data_scorer(keys) as scorer:
        batches = book.to_rescore(record.id, run, [new.id], BATCH)
        write_run(book, run, batches, scorer, now=lambda: 6, done=lambda _: None, finish=finish)


def question(name: str) -> Question:
    return next(each for each in QUESTIONS if each.type == name)


def with_wider_key() -> Number:
    old = question("number")
    assert isinstance(old, Number)
    return dataclasses.replace(old, high=7310480)


SANDBOX = partial(local_scorer, jobs=1, limits=Limits(seconds=0.5), kind="bubblewrap")


def fill(book: Gradebook, **changes: Any) -> None:
    """All that can happen to hand-ins: scored, tried, marked, regraded."""
    release = released(**changes)
    collect(book, release, handins(release))
    grade(book, scoring=SANDBOX)
    mark(book, "boris", "q-canary-essay", {"canarysource": 1.5, "canarydoubt": 0}, "Good <i>start</i>.\nSay more.")
    mark(book, "boris", "q-canary-text", {"share": 0.5})
    regrade(book, question("number"), with_wider_key())


def write(book: Gradebook, out: Path, **wanted: Any) -> Path:
    record = book.assignment("first-week")
    write_report(book, record, out, Wanted(**({"keys": True, "notebooks": True} | wanted)), done=lambda: None)
    return out


# ---------------------------------------------------------------------------------------------------
# Reading reports


def document(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))


def text_of(element: ElementTree.Element | None) -> str:
    assert element is not None
    return " ".join("".join(_texts(element)).split())


def _texts(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        yield from _texts(each)
        # Cells stand apart.
        yield f"{' ' if each.tag in ('th', 'td') else ''}{each.tail or ''}"


def page(out: Path, student: str) -> ElementTree.Element:
    return document(out / "feedback" / f"first-week-{student}.html")


def facts(element: ElementTree.Element) -> dict[str, str]:
    """The names and values of an element’s own list."""
    return {text_of(each.find("dt")): text_of(each.find("dd")) for each in element.findall("dl/div")}


def result(out: Path, student: str) -> dict[str, str]:
    return facts(page(out, student).findall("body/main/section")[0])


def asked(out: Path, student: str, name: str) -> tuple[str, dict[str, str]]:
    """The heading of a question and what is told of it."""
    for each in page(out, student).iter("section"):
        if each.get("class") == "question" and text_of(each.find("p[@class='stem']")) == f"What about {name}?":
            return text_of(each.find("h3")), facts(each)
    raise AssertionError(name)


def every_file(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
