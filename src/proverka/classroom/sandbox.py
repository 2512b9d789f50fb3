"""Running a student’s function apart from everything: source and arguments go in, plain data comes out.

What is right never enters, so nothing in the sandbox is worth having. See ``docs/sandbox.md`` for what is
kept apart and by what; the process inside is :mod:`proverka.classroom.runner`.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from proverka.classroom import runner
from proverka.classroom.syscalls import seccomp_filter
from proverka.model import JSON
from proverka.scoring.code import MAX_SOURCE

#: The one name in a result that stands for none: ``{"no result": why, "line": number}``.
NO_RESULT = "no result"

#: Output that ends an answer, in bytes for each character that is kept.
_FLOOD = 100
#: Seconds beyond an answer’s own until the runner itself is given up.
_GRACE = 3
#: Seconds that the runner may take to start.
_START = 30
_NOBODY = "65534"
_READ = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may use."""

    #: For all its calls together, by the clock.
    seconds: float = 2.0
    #: Bytes of address space.
    memory: int = 256 * 2**20
    #: Characters kept of what it prints, and as many of its errors.
    output: int = 10_000
    #: Bytes of results.
    result: int = 200_000


class Ended(StrEnum):
    """What became of an answer, in a word."""

    RAN = "ran"
    #: No Python, an error while it was defined, or no such function.
    FAILED = "failed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    FLOODED = "flooded"
    #: Ended itself or crashed, or gave back nothing that can be read.
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Ran:
    """What came out of a sandbox."""

    ended: Ended
    #: One for each call, :func:`no_result` where there is none; ``None`` if no call came to an end.
    results: list[JSON] | None
    #: Why it did not simply run, for the student.
    reason: str
    stdout: str
    stderr: str
    seconds: float


class SandboxError(Exception):
    """There is no sandbox here; the text says what to do."""


class _BrokenError(Exception):
    """The runner is gone or silent."""


def no_result(reason: str, line: int = 0) -> JSON:
    """What stands for the result of a call that gave none. It equals nothing that a key holds."""
    return {NO_RESULT: reason, "line": line} if line else {NO_RESULT: reason}


@dataclass(frozen=True, slots=True)
class _Heard:
    """All that came from one answer."""

    reply: dict[str, Any]
    results: bytes
    stdout: bytes
    stderr: bytes
    #: What it wrote too much of.
    flooded: str


@dataclass(slots=True)
class _Stream:
    """What comes out of a pipe: ``keep`` bytes of it, and how many there were."""

    name: str
    keep: int
    most: int
    kept: bytearray
    size: int = 0


class Sandbox:
    """Runs answers one after another, each in a process of its own that nothing of another reaches.

    A context manager, for one thread. The process inside starts with the first answer, or on entering,
    ends with the thread that started it, and starts anew whenever it broke.

    With the kind “none” there is no bubblewrap. Limits and the filter of system calls still hold, so that
    code can neither write files, nor reach a network, nor start or signal processes; but **it can read every
    file that this user can read**, this process’s environment and memory among them.

    :param kind: “bubblewrap” or “none”.
    :raises SandboxError: on entering, or from :meth:`run`: this machine refuses.
    """

    def __init__(self, limits: Limits = Limits(), *, kind: str = "bubblewrap") -> None:
        if kind not in ("bubblewrap", "none"):
            raise ValueError(f"a sandbox is “bubblewrap” or “none”, not “{kind}”")
        self.limits = limits
        self.kind = kind
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        self._started()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run(self, source: str, function: str, calls: Sequence[Sequence[JSON]]) -> Ran:
        """What the function gives for each list of arguments. No answer makes this raise.

        :raises SandboxError: there is no sandbox, whatever the answer.
        """
        if len(source) > MAX_SOURCE:
            return Ran(Ended.FAILED, None, f"the source has more than {MAX_SOURCE:,} characters", "", "", 0)
        asked = {"source": source, "function": function, "calls": [list(each) for each in calls]}
        request = json.dumps(asked).encode()
        began = time.monotonic()
        for _ in range(2):
            control = self._started()
            try:
                heard = self._heard(control, request, len(calls))
            except _BrokenError:
                self._stop()
            except BaseException:
                # A reply that nobody took would be taken for the next answer’s.
                self._stop()
                raise
            else:
                return _judged(heard, len(calls), self.limits)
        # Nobody’s fault but the machine’s if not even the first answer of a new runner runs.
        self._started()
        return Ran(Ended.DIED, None, "the sandbox broke, twice", "", "", time.monotonic() - began)

    # ----------------------------------------------------------------------------------------------
    # The process inside

    def _started(self) -> socket.socket:
        if self._control is not None:
            return self._control
        if sys.platform != "linux":
            raise SandboxError("code answers run on Linux alone; elsewhere, grade them in a virtual machine or in WSL")
        try:
            steps = seccomp_filter()
        except LookupError as error:
            raise SandboxError(f"student code cannot be confined on this machine: {error}") from None
        command = _bubblewrap() if self.kind == "bubblewrap" else _bare()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with closing(theirs):
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT,
                cwd="/",
                # Ctrl-C is for whoever grades, who then ends the runner.
                start_new_session=True,
            )
        self._control = ours
        settings = {
            "seconds": self.limits.seconds,
            "memory": self.limits.memory,
            "result": self.limits.result,
            "alone": self.kind == "bubblewrap",
            "filter": steps.hex(),
        }
        ours.settimeout(_START)
        try:
            ours.send(json.dumps(settings).encode())
            ready = json.loads(ours.recv(_READ))
            if self.kind == "bubblewrap" and ready["pid"] != 1:
                raise ValueError(f"the runner is process {ready['pid']}, not 1")
        except (OSError, ValueError) as error:
            said = self._stop()
            raise SandboxError(_refusal(self.kind, said or str(error))) from None
        ours.settimeout(None)
        self._try(ours)
        return ours

    def _try(self, control: socket.socket) -> None:
        """Nothing, if an answer that is right is found right.

        :raises SandboxError: it is not, so nobody’s would be.
        """
        request = json.dumps({"source": "def f(n): return n", "function": "f", "calls": [[1]]}).encode()
        reason = ""
        # A machine that is busy may be late once.
        for _ in range(3):
            try:
                reason = _judged(self._heard(control, request, 1), 1, self.limits).reason
            except _BrokenError:
                reason = "broke its sandbox"
                break
            if not reason:
                return
        self._stop()
        raise SandboxError(
            f"student code cannot be confined here: an answer that does nothing {reason}; the limits may be too low, "
            "or the kernel refuses filters of system calls (seccomp)"
        )

    def _stop(self) -> str:
        """End the process; what it had to say is returned."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is None:
            return ""
        process, self._process = self._process, None
        # Not yet waited for, so the number is still its own. What is in the namespace goes with bubblewrap.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        # Until the last holder of its standard error is gone.
        _, said = process.communicate()
        return said.decode(errors="replace").strip()

    def _heard(self, control: socket.socket, request: bytes, count: int) -> _Heard:
        """Send a request and take in all that comes.

        :raises _BrokenError: the runner does not do its part.
        """
        limits = self.limits
        # A mark of a result is short, so every call may have one beyond what results may take.
        most = limits.result + (count + 2) * 8 * runner.MESSAGE
        flood = _FLOOD * limits.output
        # A character takes at most four bytes.
        kept = 4 * limits.output
        streams = [
            _Stream("results", most, most, bytearray()),
            _Stream("output", kept, flood, bytearray()),
            _Stream("errors", kept, flood, bytearray()),
        ]
        deadline = time.monotonic() + limits.seconds + _GRACE
        with ExitStack() as stack:
            selector = stack.enter_context(selectors.DefaultSelector())
            with _sent(request) as sent, ExitStack() as theirs:
                write_ends = []
                for stream in streams:
                    read_end, write_end = os.pipe2(os.O_CLOEXEC)
                    stack.callback(os.close, read_end)
                    theirs.callback(os.close, write_end)
                    write_ends.append(write_end)
                    selector.register(read_end, selectors.EVENT_READ, stream)
                with _noticed():
                    socket.send_fds(control, [b"run"], [sent, *write_ends])
            selector.register(control, selectors.EVENT_READ)
            reply: dict[str, Any] | None = None
            flooded = ""
            while selector.get_map():
                left = deadline - time.monotonic()
                if left <= 0 or not (ready := selector.select(left)):
                    raise _BrokenError
                for key, _ in ready:
                    if key.data is None:
                        with _noticed():
                            reply = json.loads(control.recv(_READ))
                        selector.unregister(control)
                    elif _taken(key.fd, key.data) == 0:
                        selector.unregister(key.fd)
                    elif key.data.size > key.data.most and not flooded:
                        flooded = key.data.name
                        with _noticed():
                            control.send(b"stop")
            # Without a reply the loop cannot end.
            assert reply is not None
        results, stdout, stderr = (bytes(each.kept) for each in streams)
        return _Heard(reply, results, stdout, stderr, flooded)


@contextmanager
def _sent(request: bytes) -> Iterator[int]:
    """A descriptor from which a request can be read, once."""
    descriptor = os.memfd_create("request", os.MFD_CLOEXEC)
    try:
        view = memoryview(request)
        while view:
            view = view[os.write(descriptor, view) :]
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _noticed() -> Iterator[None]:
    """A failure on the runner’s socket is noticed as that."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise _BrokenError from error


def _taken(descriptor: int, stream: _Stream) -> int:
    """How many bytes were there, now taken."""
    data = os.read(descriptor, _READ)
    stream.size += len(data)
    stream.kept += data[: stream.keep - len(stream.kept)]
    return len(data)


# --------------------------------------------------------------------------------------------------
# How it is started

#: The same order of sets in every run, so that an answer scores alike twice.
_ENVIRONMENT = {"PYTHONHASHSEED": "0"}
#: Nothing from the environment but that, no packages, nothing from the folder of the script.
_FLAGS = ["-P", "-s", "-S", "-B"]
_RUNNER = Path(runner.__file__)


def _bare() -> list[str]:
    return [sys.executable, *_FLAGS, str(_RUNNER)]


def _bubblewrap() -> list[str]:
    """A command that starts the runner where nothing is but Python and the libraries it needs.

    :raises SandboxError: bubblewrap is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            "bubblewrap is not installed (no program “bwrap”), and code answers run in it: install the package "
            "“bubblewrap”, or take --sandbox none if you trust the code"
        )
    said = subprocess.run([program, "--version"], capture_output=True, text=True, env={}, check=False).stdout
    version = tuple(map(int, re.findall(r"\d+", said)))
    command = [program, "--unshare-all", "--unshare-user", "--as-pid-1", "--die-with-parent", "--new-session"]
    if version >= (0, 8):
        command.append("--disable-userns")
    command += ["--cap-drop", "ALL", "--uid", _NOBODY, "--gid", _NOBODY, "--hostname", "sandbox"]
    for each in sorted([*Path("/").glob("lib*"), *Path("/usr").glob("lib*")]):
        if each.is_symlink():
            command += ["--symlink", str(each.readlink()), str(each)]
        elif each.is_dir():
            command += ["--ro-bind", str(each), str(each)]
    command += ["--ro-bind-try", "/usr/share/zoneinfo", "/usr/share/zoneinfo"]
    python, prefix = Path(sys.executable).resolve(), Path(sys.base_prefix).resolve()
    library = Path(os.__file__).resolve().parent
    inside = Path("/python")
    if prefix == Path("/usr"):
        inside = prefix
    else:
        for each in sorted(prefix.glob("lib*")):
            command += ["--ro-bind", str(each), str(inside / each.name)]
        command += ["--setenv", "LD_LIBRARY_PATH", str(inside / "lib")]
        library = inside / library.relative_to(prefix)
    command += ["--ro-bind", str(python), str(inside / "bin" / python.name)]
    packages = Path(os.__file__).resolve().with_name("site-packages")
    if packages.is_dir():
        command += ["--tmpfs", str(library / packages.name), "--remount-ro", str(library / packages.name)]
    command += ["--ro-bind", str(_RUNNER), "/runner.py", "--chdir", "/", "--remount-ro", "/"]
    return [*command, str(inside / "bin" / python.name), *_FLAGS, "/runner.py"]


def _refusal(kind: str, said: str) -> str:
    if kind == "none":
        return f"the process that runs student code does not start: {said}"
    return (
        f"bubblewrap cannot make a sandbox here: {said}; it needs user namespaces, which this kernel or container may "
        "refuse: see docs/sandbox.md, or take --sandbox none if you trust the code"
    )


# --------------------------------------------------------------------------------------------------
# What came of it


class _Line(NamedTuple):
    """A line from inside; see :func:`proverka.classroom.runner._outcomes`."""

    word: str
    value: Any
    #: In the student’s code, or 0.
    line: int = 0
    memory: str = ""


def _judged(heard: _Heard, count: int, limits: Limits) -> Ran:
    """What became of an answer. All that was written inside may be a lie, so it is no more than data here."""
    try:
        # How much came before a flood was noticed depends on the machine; the same answer must earn the same.
        lines, complete = ([], False) if heard.flooded else _lines(heard.results, count)
        ended, reason = _ended(heard, lines, complete, limits)
    except (ValueError, RecursionError):
        lines, complete = [], False
        ended, reason = Ended.DIED, "gave back what cannot be read"
    results: list[JSON] | None = None
    if (lines and lines[0].word != "failed") or (complete and count == 0):
        results = [each.value if each.word == "gave" else no_result(each.value, each.line) for each in lines]
        results += [no_result(reason)] * (count - len(results))
    stdout, stderr = (
        # PostgreSQL has no text with the character zero.
        each.decode(errors="replace").replace("\0", "\ufffd")[: limits.output]
        for each in (heard.stdout, heard.stderr)
    )
    return Ran(ended, results, reason, stdout, stderr, heard.reply["seconds"])


def _ended(heard: _Heard, lines: list[_Line], complete: bool, limits: Limits) -> tuple[Ended, str]:
    """How an answer ended and why: the first that holds, from the worst."""
    status = heard.reply["status"]
    died_of = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    left_with = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
    stopped = heard.reply["stopped"]
    if heard.flooded == "results":
        return Ended.FLOODED, f"gave back more than {limits.result:,} bytes"
    if heard.flooded:
        return Ended.FLOODED, f"wrote more than {_FLOOD * limits.output:,} bytes of {heard.flooded}"
    if stopped == "late" or died_of == signal.SIGXCPU:
        return Ended.TIMED_OUT, f"ran longer than {limits.seconds:g} second{'s' * (limits.seconds != 1)}"
    # Nobody inside can send the signal to kill, so it came from the kernel, which wanted the memory.
    killed = died_of == signal.SIGKILL or left_with == runner.OUT_OF_MEMORY
    if any(each.memory for each in lines) or (killed and not complete):
        return Ended.OUT_OF_MEMORY, f"needed more than {limits.memory // 2**20:,} MB of memory"
    if lines and lines[0].word == "failed":
        line = lines[0].line
        return Ended.FAILED, f"line {line}: {lines[0].value}" if line else lines[0].value
    if complete:
        return Ended.RAN, ""
    if died_of:
        return Ended.DIED, f"crashed ({signal.Signals(died_of).name})"
    return Ended.DIED, f"ended its own process (exit status {left_with})"


def _lines(data: bytes, count: int) -> tuple[list[_Line], bool]:
    """The lines that came, and whether they are all that an answer with so many calls should give.

    :raises ValueError: there is something else among them.
    """
    # What follows the last line’s end was cut off, or is nothing.
    lines = [_line(each) for each in data.split(b"\n")[:-1]]
    complete = bool(lines) and lines[-1].word == "end"
    if complete:
        lines.pop()
    failed = [each.word for each in lines] == ["failed"]
    if not failed and (len(lines) > count or any(each.word not in ("gave", "raised") for each in lines)):
        raise ValueError("not the lines of an answer")
    return lines, complete and (failed or len(lines) == count)


def _line(data: bytes) -> _Line:
    match json.loads(data, parse_constant=_no_constant):
        case ["end"]:
            return _Line("end", None)
        case ["gave", value]:
            return _Line("gave", _checked(value))
        case ["failed" | "raised" as word, str() as text, int() as line, *rest] if rest in ([], ["memory"]):
            return _Line(word, _checked(text), min(max(line, 0), MAX_SOURCE), *rest)
    raise ValueError("no line of an answer")


def _no_constant(name: str) -> JSON:
    raise ValueError(f"{name} is not JSON")


def _checked(value: JSON, depth: int = 0) -> JSON:
    """A value that every database and every reader of JSON can hold.

    :raises ValueError: it is none.
    """
    if depth > runner.DEPTH + 1:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return value.encode(errors="replace").decode().replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_checked(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {str(_checked(name)): _checked(each, depth + 1) for name, each in value.items()}
    if isinstance(value, int | float) and not abs(value) < runner.LARGEST:
        raise ValueError("a number without an end")
    return value
