"""A real PostgreSQL for the session, and a gradebook’s place in each of the two databases."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

_NUMBERS = itertools.count()

#: In memory where that can be had: these tests write often, and none is about the disk.
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"


def _program(name: str) -> str:
    """A program of PostgreSQL, from PATH or from where Debian keeps it."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]))
    assert found, f"{name} is not here; install PostgreSQL (Debian: apt install postgresql)"
    return found


def _server_user() -> str | None:
    """PostgreSQL does not run as root: then somebody without rights runs it."""
    if os.getuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """The folder of the socket of a running server, in which everybody on this machine is trusted."""
    user = _server_user()
    # Not pytest’s folder: its path may be longer than a socket’s can be, and is closed to other users.
    with tempfile.TemporaryDirectory(prefix="pg", dir=_MEMORY, ignore_cleanup_errors=True) as name:
        folder, data = Path(name), f"{name}/data"
        folder.chmod(0o755)
        if user:
            shutil.chown(folder, user)

        def run(program: str, *arguments: str) -> None:
            command = [_program(program), *arguments]
            with (folder.parent / f"{folder.name}.log").open("a") as log:
                subprocess.run(command, check=True, cwd=folder, user=user, stdout=log, stderr=log)

        try:
            run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            options = f"-k {name} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB -c max_wal_size=64MB"
            run("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{name}/log", "start")
            try:
                yield folder
            finally:
                run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        finally:
            (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


def _fresh_schema(folder: Path) -> str:
    """The address of a schema of its own, which is made much faster than a database."""
    name = f"gradebook{next(_NUMBERS)}"
    with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"postgresql://postgres@/postgres?host={folder}&options=-csearch_path%3D{name}"


@pytest.fixture
def places(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """Makes a place where no gradebook is yet, in “sqlite” or “postgresql”."""
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:

        def place(database: str) -> str:
            if database == "sqlite":
                return f"{folder}/gradebook{next(_NUMBERS)}.sqlite"
            return _fresh_schema(request.getfixturevalue("postgresql"))

        yield place


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, places: Callable[[str], str]) -> str:
    """A place where no gradebook is yet, in each of the two databases."""
    return places(request.param)


@pytest.fixture
def query() -> Callable[[str, str], list[tuple[Any, ...]]]:
    """Runs a statement in a gradebook past the package, and gives its rows."""

    def query(where: str, statement: str) -> list[tuple[Any, ...]]:
        if "://" in where:
            with psycopg.connect(where) as connection:
                found = connection.execute(statement)
                return found.fetchall() if found.description else []
        file = sqlite3.connect(where)
        try:
            with file:
                return file.execute(statement).fetchall()
        finally:
            file.close()

    return query
