"""Connections that behave alike in both databases: one writer at a time, errors in plain words."""

from __future__ import annotations

import secrets
import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError

from proverka.classroom.gradebook.errors import GradebookError, explain
from proverka.classroom.gradebook.schema import VERSION, about, create_tables

#: Whoever writes to a gradebook in PostgreSQL holds the advisory lock of this number.
_WRITER = 0x70726F7665726B61

_PRAGMAS = (
    # Readers do not wait for the writer, nor it for them.
    "PRAGMA journal_mode = WAL",
    # Loses nothing when the power fails. NORMAL may lose what was committed last, and a person’s marks cannot
    # be computed again; batches are large, so that one fsync more for each is not felt.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What is deleted is overwritten.
    "PRAGMA secure_delete = ON",
)


def address(where: str | Path) -> URL:
    """The database that is meant: a file’s path or a URL.

    :raises GradebookError: it is neither an SQLite file nor a PostgreSQL database.
    """
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(Path(where).absolute()))
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise GradebookError("the gradebook’s address should be like postgresql://user@host/name") from error
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise GradebookError(f"a gradebook is an SQLite file or a PostgreSQL database, not “{url.drivername}”")


def shown(url: URL) -> str:
    """A path or an address as it can be told to people: without a password."""
    return url.database or "" if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def connect(url: URL, *, create: bool, patience: float) -> Engine:
    """A sound gradebook’s engine. Connections with the option ``writing`` are the only ones that write.

    :raises GradebookError: there is none, it is of a newer version, or it cannot be used.
    """
    where = shown(url)
    if url.drivername == "sqlite":
        if not create and not Path(url.database or "").exists():
            raise _missing(where)
        engine = create_engine(url, connect_args={"timeout": patience})
    else:
        try:
            engine = create_engine(url)
        except ImportError as error:
            raise GradebookError("for PostgreSQL install psycopg: pip install “psycopg[binary]”") from error
    _listen(engine, where, patience)
    try:
        _prepare(engine, where, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _listen(engine: Engine, where: str, patience: float) -> None:
    sqlite = engine.dialect.name == "sqlite"

    @event.listens_for(engine, "handle_error")
    def tell(context: ExceptionContext) -> None:
        error = context.original_exception
        told = explain(error, context.sqlalchemy_exception, where=where, patience=patience)
        if told is not None:
            raise GradebookError(told) from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writing = options.get("writing", False)
        if options.get("vacuum"):
            # That has to stand outside of a transaction.
            return
        if sqlite:
            # A transaction that began by reading could not wait for another writer.
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
        elif writing:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")

    if sqlite:

        @event.listens_for(engine, "connect")
        def set_up(connection: sqlite3.Connection, _: object) -> None:
            # Transactions begin where we say, see above.
            connection.isolation_level = None
            try:
                _apply_pragmas(connection, patience)
            except sqlite3.Error as error:
                connection.close()
                told = explain(error, None, where=where, patience=patience)
                raise GradebookError(told or f"{where}: {error}") from error

    else:

        @event.listens_for(engine, "connect")
        def set_up(connection: DBAPIConnection, _: object) -> None:
            cursor = connection.cursor()
            cursor.execute(f"SET lock_timeout = {int(patience * 1000)}")
            # Compiling our statements takes longer than running them.
            cursor.execute("SET jit = off")
            cursor.close()
            connection.commit()


def _apply_pragmas(connection: sqlite3.Connection, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except sqlite3.OperationalError as error:
            # Of two programs that begin a file at once SQLite refuses one without waiting.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _prepare(engine: Engine, where: str, *, create: bool) -> None:
    """Check the version; make the tables if there are none."""
    with engine.connect() as connection:
        version = _version(connection, where)
    if version is None:
        if not create:
            raise _missing(where)
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            # Somebody else may have been faster.
            version = _version(connection, where)
            if version is None:
                create_tables(connection)
                values = {"version": str(VERSION), "salt": secrets.token_hex(16)}
                connection.execute(insert(about), [{"name": name, "value": each} for name, each in values.items()])
                version = VERSION
    if version > VERSION:
        raise GradebookError(
            f"{where}: the gradebook is of version {version}, and this proverka knows {VERSION}; install a newer one"
        )


def _version(connection: Connection, where: str) -> int | None:
    """The version of the tables; ``None`` if there are none."""
    names = inspect(connection).get_table_names()
    if about.name in names:
        value = connection.scalar(select(about.c.value).where(about.c.name == "version"))
        if value is not None and value.isdecimal():
            return int(value)
    if names:
        raise GradebookError(f"{where}: this database holds something else, no gradebook; name another")
    return None


def _missing(where: str) -> GradebookError:
    return GradebookError(f"{where}: there is no gradebook; “proverka collect” begins one")
