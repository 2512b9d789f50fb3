"""Attacks on the sandbox: each file in ``attacks/`` is an answer, and its docstring says what must hold.

After each attack an honest answer runs in the same sandbox, and everything outside is as it was.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from proverka.classroom.sandbox import Ended, Limits, Ran, Sandbox
from proverka.model import JSON

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SECRET = "the-teacher-alone-knows-7391"
LIMITS = Limits(seconds=1, memory=96 * 2**20)

HONEST = """
import math


def hypotenuse(a, b):
    return math.sqrt(a**2 + b**2)
"""

#: What may be left for a later answer to find.
KEPT = """
kept = "kept by an earlier answer"


def keep():
    return kept
"""
LOOK = """
import builtins, decimal, math, os, random, sys

def look():
    names = [hasattr(builtins, "leftover"), "leftover" in sys.modules, "LEFTOVER" in os.environ]
    changed = [sum([1, 2]) != 3, decimal.getcontext().prec != 28, "/leftover" in sys.path]
    changed += [sys.getrecursionlimit() != 1000, math.pi < 3, random.Random(42).random() == random.random()]
    return names + changed + [name for name in vars(builtins) if "Hook" in repr(getattr(builtins, name))]
"""


@dataclass(frozen=True)
class Attack:
    """An answer, and what its docstring says."""

    name: str
    source: str
    tries: str
    stopped_by: str
    ends: tuple[str, ...]
    gives: str = ""
    holds_alone: bool = True


def read_attack(path: Path) -> Attack:
    source = path.read_text(encoding="utf-8")
    tries, _, rest = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")
    says = dict(line.split(": ", 1) for line in rest.splitlines())
    attack = Attack(
        name=path.stem,
        source=source,
        tries=tries,
        stopped_by=says.pop("Stopped by"),
        ends=tuple(says.pop("Ends").split(" or ")),
        gives=says.pop("Gives", ""),
        holds_alone=says.pop("Without bubblewrap", "holds") == "holds",
    )
    assert not says
    return attack


ATTACKS = [read_attack(path) for path in sorted((HERE / "attacks").glob("*.py"))]


@dataclass
class Outside:
    """What must not be read, changed or reached."""

    folder: Path
    servers: list[socket.socket]
    facts: dict[str, JSON] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "answers.txt").write_text(SECRET, encoding="utf-8")
        (self.folder / "student-2.ipynb").write_text(f'{{"cells": ["{SECRET}"]}}', encoding="utf-8")
        with sqlite3.connect(self.folder / "gradebook.sqlite") as gradebook:
            gradebook.execute("create table marks (student, points)")
            gradebook.execute("insert into marks values (?, 3)", [SECRET])
        gradebook.close()
        abstract = f"proverka-canary-{os.getpid()}"
        loopback = socket.create_server(("127.0.0.1", 0))
        by_name, by_message = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        by_name.bind(f"\0{abstract}")
        by_name.listen()
        by_message.bind(f"\0{abstract}-messages")
        self.servers += [loopback, by_name, by_message]
        for each in self.servers:
            each.setblocking(False)
        self.facts = {
            "secret file": str(self.folder / "answers.txt"),
            "gradebook": str(self.folder / "gradebook.sqlite"),
            "folder": str(self.folder),
            "port": loopback.getsockname()[1],
            "abstract socket": abstract,
            "grader": os.getpid(),
        }
        self.before = self.files()

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def assert_unharmed(self) -> None:
        assert self.files() == self.before
        assert (self.folder / "answers.txt").stat().st_mtime > 1e9
        loopback, by_name, by_message = self.servers
        for each in (loopback, by_name):
            with pytest.raises(BlockingIOError):
                each.accept()
        with pytest.raises(BlockingIOError):
            by_message.recv(1)
        assert os.getpriority(os.PRIO_PROCESS, 0) == os.getpriority(os.PRIO_PROCESS, os.getppid())
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1
        assert not Path("/dev/shm/kept").exists()


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with ExitStack() as stack:
        found = Outside(tmp_path_factory.mktemp("outside"), [])
        for each in found.servers:
            stack.enter_context(each)
        yield found


@pytest.fixture(scope="module", params=["bubblewrap", "none"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROVERKA_SECRET", SECRET)
        with Sandbox(LIMITS, kind=request.param) as started:
            yield started


def processes(sandbox: Sandbox) -> list[tuple[int, str, int, str]]:
    """Number, state, priority and limits of every process of the sandbox."""
    assert sandbox._process is not None
    found: list[tuple[int, str, int, str]] = []
    waiting = [sandbox._process.pid]
    while waiting:
        pid = waiting.pop()
        waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        found.append((pid, "stopped" if state in "Tt" else "", int(rest[15]), Path(f"/proc/{pid}/limits").read_text()))
    return found


def assert_next_is_honest(sandbox: Sandbox) -> None:
    honest = sandbox.run(HONEST, "hypotenuse", [[3, 4], [5, 12], [8, 15]])
    assert (honest.ended, honest.results) == (Ended.RAN, [5, 13, 17])
    assert (honest.stdout, honest.stderr, honest.reason) == ("", "", "")
    # Nobody else’s time is counted, and nobody has slowed it down.
    assert honest.seconds < LIMITS.seconds / 2
    looked = sandbox.run(LOOK, "look", [[]])
    assert (looked.ended, looked.results) == (Ended.RAN, [[False] * 9])


def assert_plain(ran: Ran) -> None:
    """What came out can be written down anywhere, and is short."""
    text = json.dumps(ran.results, allow_nan=False, ensure_ascii=False)
    assert "\\u0000" not in text
    assert len(text.encode()) < 2 * LIMITS.result
    for each in (ran.stdout, ran.stderr):
        assert len(each) <= LIMITS.output
        assert "\0" not in each
        each.encode()


@pytest.mark.parametrize("attack", ATTACKS, ids=[each.name for each in ATTACKS])
def test_an_attack_does_no_harm(attack: Attack, sandbox: Sandbox, outside: Outside) -> None:
    before = processes(sandbox)
    assert sandbox.run(KEPT, "keep", [[]]).results == ["kept by an earlier answer"]
    ran = sandbox.run(attack.source, "attack", [[outside.facts]])
    protected = attack.holds_alone or sandbox.kind == "bubblewrap"
    if protected:
        assert ran.ended in attack.ends
        assert attack.gives in json.dumps(ran.results, ensure_ascii=False)
        assert SECRET not in repr(ran)
    assert_plain(ran)
    assert_next_is_honest(sandbox)
    outside.assert_unharmed()
    # The same process as before, undisturbed, and nobody beside it.
    assert processes(sandbox) == before


def test_attacks_that_only_bubblewrap_stops_are_told_apart(outside: Outside) -> None:
    """Without it a file can be read, so nobody may think otherwise."""
    attack = next(each for each in ATTACKS if each.name == "read_file_outside")
    with Sandbox(LIMITS, kind="none") as sandbox:
        assert sandbox.run(attack.source, "attack", [[outside.facts]]).results == [SECRET]


ODD_SOURCES = {
    "the character zero": "def attack():\n    return 1\0\n",
    "half a character": "def attack():\n    return '\ud800'\n",
    "a mark of byte order": "\ufeffdef attack(:\n",
    "nothing": "",
    "no Python": "def attack(:\n",
    "a coding that does not exist": "# coding: none-such\ndef attack(:\n",
    "too long": "#" * 20_001,
    "brackets without end": "x = " + "(" * 19_000,
    "signs without end": "x = " + "-" * 19_000 + "1",
    "lists without end": "x = " + "[" * 9_000 + "]" * 9_000,
    "a power to fold": "x = 9 ** 9 ** 9 ** 9",
    "digits without end": "x = " + "9" * 19_000,
    "blocks without end": "\n".join(" " * depth + "if 1:" for depth in range(190)),
}


@pytest.mark.parametrize("source", ODD_SOURCES.values(), ids=ODD_SOURCES.keys())
def test_a_source_that_is_no_program_does_no_harm(source: str, sandbox: Sandbox, outside: Outside) -> None:
    before = processes(sandbox)
    ran = sandbox.run(source, "attack", [[]])
    assert ran.ended in (Ended.FAILED, Ended.TIMED_OUT, Ended.OUT_OF_MEMORY, Ended.DIED)
    assert ran.results is None
    assert ran.reason
    assert_plain(ran)
    assert_next_is_honest(sandbox)
    outside.assert_unharmed()
    assert processes(sandbox) == before


def test_the_documentation_lists_every_attack() -> None:
    rows = [
        f"| {each.name.replace('_', ' ')} | {each.tries.rstrip('.')} | {each.stopped_by} "
        f"| {'' if each.holds_alone else 'no'} |"
        for each in ATTACKS
    ]
    text = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    listed = [line for line in text.partition("## Attacks")[2].splitlines() if line.startswith("| ")][1:]
    assert listed == rows
