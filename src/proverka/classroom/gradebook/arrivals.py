"""Hand-ins on their way into the tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from proverka.classroom.gradebook.coding import encode, storable
from proverka.classroom.gradebook.schema import handins, responses
from proverka.classroom.model import SCORED, HandIn, HandInState


def new_handins(connection: Connection, assignment: str, batch: Sequence[HandIn]) -> list[HandIn]:
    """The hand-ins of a batch that are not here, the duplicates among them said to be that."""
    # Asked for apart: each finds its index.
    of_files = select(handins.c.file, handins.c.digest).where(
        handins.c.assignment == assignment, handins.c.file.in_({storable(each.file) for each in batch})
    )
    of_students = select(handins.c.student, handins.c.digest, handins.c.file).where(
        handins.c.student.in_({each.student for each in batch}),
        handins.c.assignment == assignment,
        handins.c.digest.in_({each.digest for each in batch}),
    )
    files = {(row.file, row.digest) for row in connection.execute(of_files)}
    first: dict[tuple[str, str], str] = {}
    for row in connection.execute(of_students.order_by(handins.c.id)):
        first.setdefault((row.student, row.digest), row.file)
    added = []
    for each in batch:
        file = storable(each.file)
        if (file, each.digest) in files:
            continue
        files.add((file, each.digest))
        before = first.setdefault((each.student, each.digest), file)
        if each.student and before != file:
            reason = f"the same, to the byte, as {before}"
            each = dataclasses.replace(each, state=HandInState.DUPLICATE, reason=reason)
        added.append(each)
    return added


def insert_handins(connection: Connection, assignment: str, added: Sequence[HandIn], now: int) -> None:
    """Write hand-ins, and the answers of those that are scored."""
    if not added:
        return
    rows = [
        {
            "assignment": assignment,
            "student": each.student or None,
            "file": storable(each.file),
            "digest": each.digest,
            "at": each.at,
            "state": str(each.state),
            "reason": storable(each.reason),
            "receipt": each.receipt,
            "collected": now,
        }
        for each in added
    ]
    # Numbers ascend in the order of the rows, for nobody else is writing.
    before = connection.scalar(select(func.coalesce(func.max(handins.c.id), 0)))
    connection.execute(insert(handins), rows)
    numbers = connection.scalars(select(handins.c.id).where(handins.c.id > before).order_by(handins.c.id)).all()
    answers = [
        {
            "handin": number,
            "question": answered.question,
            "fingerprint": answered.fingerprint,
            "answer": None if answered.answer is None else encode(answered.answer),
        }
        for number, each in zip(numbers, added, strict=True)
        if each.state in SCORED
        for answered in each.answers
    ]
    if answers:
        connection.execute(insert(responses), answers)
