"""What can go wrong outside of the program, told in a line that says what to do."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import OperationalError


class GradebookError(Exception):
    """The gradebook cannot be used as asked. The message says why and what to do."""


_FULL = "the disk is full; what was written before is kept: make space and run the same command again"
_BUSY = (
    "another program has been writing for {patience:g} seconds; wait for it or end it, then run the same command again"
)
_READ_ONLY = "the gradebook or its folder cannot be written to; copy it to a folder of your own, or ask for the right"
_BROKEN = "this is no gradebook or it is damaged; move it away, or take a copy that is whole"

_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; look whether the folder exists and can be written to",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written (full, or taken away); what was written before is kept",
    sqlite3.SQLITE_NOTADB: _BROKEN,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
}

_POSTGRESQL = {
    "53100": _FULL,
    "55P03": _BUSY,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
}


def explain(error: BaseException, wrapped: BaseException | None, *, where: str, patience: float) -> str | None:
    """The message for a driver’s error, or ``None`` if it comes of a mistake in the program.

    :param wrapped: The same error as SQLAlchemy tells it.
    """
    if isinstance(error, sqlite3.Error):
        # The low byte is the kind; the rest says where in SQLite it arose.
        told = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    else:
        told = _POSTGRESQL.get(getattr(error, "sqlstate", None) or "")
        if told is None and isinstance(wrapped, OperationalError):
            first = str(error).strip().partition("\n")[0]
            return f"{where}: PostgreSQL says: {first}"
    return None if told is None else f"{where}: {told.format(patience=patience)}"
