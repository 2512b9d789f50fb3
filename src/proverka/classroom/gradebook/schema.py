"""The tables, and what guards them. ``docs/gradebook.md`` describes them for readers of the file."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from proverka.classroom.gradebook.views import VIEWS

VERSION = 1

METADATA = MetaData()

#: SQLite numbers rows by itself only in a column of type INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _table(name: str, *columns: Column[object] | Index | UniqueConstraint) -> Table:
    # Without AUTOINCREMENT the number of a row that was forgotten could be given to another student’s.
    numbered = any(isinstance(each, Column) and each.identity for each in columns)
    return Table(name, METADATA, *columns, sqlite_autoincrement=numbered)


def _id() -> Column[object]:
    return Column("id", _NUMBER, Identity(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Text, nullable=nullable)


def _seconds(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, BigInteger, nullable=nullable)


about = _table("about", Column("name", Text, primary_key=True), _text("value"))

assignments = _table(
    "assignments",
    Column("id", Text, primary_key=True),
    _text("title"),
    _text("tag"),
    _seconds("released"),
    _seconds("due", nullable=True),
    _seconds("closes", nullable=True),
    Column("per_day", Double, nullable=False),
    Column("at_most", Double, nullable=False),
    _text("counts"),
    _text("data"),
)

students = _table("students", Column("id", Text, primary_key=True), _text("name"), _text("email"), _text("lms"))

rosters = _table(
    "rosters",
    Column("assignment", ForeignKey("assignments.id"), primary_key=True),
    Column("student", ForeignKey("students.id"), primary_key=True),
)

keys = _table(
    "keys",
    Column("question", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    _text("data"),
    _seconds("added"),
)

handins = _table(
    "handins",
    _id(),
    Column("assignment", ForeignKey("assignments.id"), nullable=False),
    Column("student", ForeignKey("students.id")),
    _text("file"),
    _text("digest"),
    _seconds("at"),
    _text("state"),
    _text("reason"),
    _text("receipt"),
    _seconds("collected"),
    UniqueConstraint("assignment", "file", "digest"),
    # Finds duplicates, a student’s hand-ins and, when a student is deleted, all that refers to them.
    Index("handins_of_student", "student", "assignment", "digest"),
)

responses = _table(
    "responses",
    _id(),
    Column("handin", _NUMBER, ForeignKey("handins.id"), nullable=False),
    _text("question"),
    _text("fingerprint"),
    _text("answer", nullable=True),
    UniqueConstraint("handin", "question"),
)

runs = _table(
    "runs",
    _id(),
    Column("assignment", ForeignKey("assignments.id"), nullable=False),
    _text("kind"),
    _text("note"),
    _seconds("started"),
    _seconds("finished", nullable=True),
    # The marks up to this number are those that the run’s scores take into account.
    Column("last_mark", BigInteger, nullable=False),
)

# Counts once its run is finished: from then on, what was asked with one key is scored by another.
corrections = _table(
    "corrections",
    Column("run", _NUMBER, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    # The fingerprint of the question as it was asked, and that of its key now.
    Column("asked", Text, primary_key=True),
    _text("question"),
    _text("fingerprint"),
)

# The response comes first in the key: scores are looked for by response, to find the latest.
scores = _table(
    "scores",
    Column("response", _NUMBER, ForeignKey("responses.id"), primary_key=True, autoincrement=False),
    Column("run", _NUMBER, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    _text("fingerprint"),
    Column("points", Double, nullable=False),
    Column("of", Double, nullable=False),
    _text("state"),
    _text("feedback"),
    _text("reason"),
    Column("seconds", Double, nullable=False),
    _text("stdout"),
    _text("stderr"),
    Column("doubtful", Boolean, nullable=False),
    _text("results", nullable=True),
)

marks = _table(
    "marks",
    _id(),
    Column("response", _NUMBER, ForeignKey("responses.id"), nullable=False),
    _text("marker"),
    _seconds("at"),
    _text("marks"),
    _text("comment"),
    Index("marks_of_response", "response"),
)

#: Holds a row only inside of the transaction that forgets a student; the guards look at it.
forgetting = _table("forgetting", Column("student", Text, primary_key=True))

#: Rows of these are never changed, and deleted only when a student is forgotten.
APPEND_ONLY = (keys, handins, responses, corrections, scores, marks)

_SQLITE_GUARDS = """
CREATE TRIGGER {table}_are_not_changed BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END;
CREATE TRIGGER {table}_are_not_deleted BEFORE DELETE ON {table} WHEN NOT EXISTS (SELECT 1 FROM forgetting)
BEGIN SELECT RAISE(ABORT, '{table} are never deleted'); END
"""

_POSTGRESQL_GUARD = """
CREATE FUNCTION guard_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION '%% are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  ELSIF NOT EXISTS (SELECT 1 FROM forgetting) THEN
    RAISE EXCEPTION '%% are never deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$
"""

_POSTGRESQL_TRIGGERS = """
CREATE TRIGGER {table}_are_not_changed BEFORE UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION guard_rows();
CREATE TRIGGER {table}_are_not_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION guard_rows()
"""


def create_tables(connection: Connection) -> None:
    """Make the tables, views and guards in the transaction that is open."""
    METADATA.create_all(connection, checkfirst=False)
    for view in VIEWS:
        connection.execute(text(view))
    guards = _SQLITE_GUARDS
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL_GUARD)
        guards = _POSTGRESQL_TRIGGERS
    for table in APPEND_ONLY:
        # A guard’s own statement ends with “;” before END, so only those at the end of a line part two guards.
        for guard in guards.format(table=table.name).split(";\n"):
            connection.exec_driver_sql(guard)
