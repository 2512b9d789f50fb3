"""Students who answer: a released notebook in, the same notebook with answers out, as a front end leaves it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from proverka.classroom.release import Sheet
from proverka.jupyter.record import RESPONSE_TYPE
from proverka.model import JSON, Code, Question
from proverka.scoring import key_answer, score, wrong_answers
from proverka.task import Mask, Task

#: Functions that are wrong, by the share of the trials that they pass.
WRONG_CODE = {0.0: "def double(number):\n    return number\n", 0.5: "def double(number):\n    return 9422\n"}
MARKS = {"canarysource": 1.5, "canarydoubt": 0.5}


@dataclass(frozen=True)
class Answer:
    """What a student puts down, in the sheet’s own names, and what it is worth; ``None`` leaves a question open."""

    given: JSON
    points: float


def in_letters(mask: Mask, question: Question, answer: JSON) -> JSON:
    """An answer to the question as one to the masked task."""
    letters = {old: new for new, old in mask.parts.items()}
    names = {old: new for part in (mask.lines, mask.gaps) for new, old in part.items()}
    match question.type, answer:
        case (("match" | "blanks"), dict()):
            return {names[name]: letters.get(str(each), each) for name, each in answer.items()}
        case (("choices" | "order"), list()):
            return [letters[str(each)] for each in answer]
        case (("choice" | "pin"), str()):
            return letters[answer]
    return answer


def answer_to(question: Question, mask: Mask, chance: random.Random) -> Answer:
    """Right, wrong or nothing, by chance."""
    luck = chance.random()
    if luck < 0.1:
        return Answer(None, 0)
    if isinstance(question, Code):
        share = 1.0 if luck < 0.6 else chance.choice(list(WRONG_CODE))
        source = question.solution if share == 1 else WRONG_CODE[share]
        return Answer({"source": source}, question.points * share)
    if question.type == "essay":
        # Marked by hand later, the same for all.
        return Answer({"text": f"My text {chance.random()}"}, question.points * sum(MARKS.values()) / 3)
    answer = key_answer(question) if luck < 0.6 else chance.choice(wrong_answers(question))
    return Answer(in_letters(mask, question, answer), score(question, answer).points)


def answers_by(sheet: Sheet, seed: str) -> dict[str, Answer]:
    """What one student answers, the same for the same seed."""
    chance = random.Random(f"{seed} {sheet.student.id}")
    together = zip(sheet.tasks, sheet.questions, sheet.masks, strict=True)
    return {task.id: answer_to(question, mask, chance) for task, question, mask in together}


def answered(text: str, sheet: Sheet, answers: dict[str, Answer]) -> dict[str, Any]:
    """The notebook with the answers in it."""
    notebook: dict[str, Any] = json.loads(text)
    tasks = {each.id: each for each in sheet.tasks}
    for cell in notebook["cells"]:
        name, _, part = cell["id"].partition("-")
        given = answers[name].given if name in answers else None
        if given is None:
            continue
        if part == "answer":
            cell["source"] = [cell["source"][0], *str(given["source"]).splitlines(keepends=True)]  # type: ignore[index, call-overload]
        elif tasks[name].type != "code":
            cell["outputs"] = outputs_of(tasks[name], given, sheet.tag)
    return notebook


def outputs_of(task: Task, given: JSON, tag: str) -> list[dict[str, Any]]:
    """A form, and the record of an answer below it."""
    record = {"question": task.id, "answer": given, "sheet": tag, "version": 1, "at": "2027-01-01T10:00:00.000000Z"}
    return [
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": [task.stem], "text/html": [task.stem]}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": ["Recorded"], RESPONSE_TYPE: record}},
    ]
