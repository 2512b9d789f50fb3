"""What runs inside the sandbox: one process that forks for every answer and never sees one.

It is started by :mod:`proverka.classroom.sandbox` and needs the standard library alone. Over the socket
that is its standard input come descriptors: the request and where results, output and errors go. They are
read and written by the forked process alone, so that nothing of an answer is left for the next.

Whatever the forked process writes may be a lie, since student code can do all that it can do. So nothing
here is a secret, and its results are data for somebody else to judge.
"""

from __future__ import annotations

import ctypes
import gc
import io
import json
import math
import os
import select
import signal
import socket
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

#: Loaded once, so that an answer that imports them does not wait.
PRELOADED = (
    "abc array base64 bisect calendar cmath collections collections.abc contextlib copy csv dataclasses "
    "datetime decimal difflib enum fractions functools hashlib heapq inspect io itertools json math numbers "
    "operator os pprint random re statistics string sys textwrap time traceback types typing unicodedata"
).split()

#: What a traceback calls the student’s code, and the name of its module.
FILE, MODULE = "answer.py", "answer"
#: Nesting that is compared; see :mod:`proverka.scoring.code`.
DEPTH = 50
#: Numbers from here on are no data.
LARGEST = 1e300
#: Characters of an error’s message that are kept.
MESSAGE = 1_000
#: How the forked process ends when there is no memory to say so.
OUT_OF_MEMORY = 77

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_SECCOMP_MODE_FILTER = 2


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


class NotDataError(Exception):
    """A value is nothing that JSON can hold; the text says what it is."""


def main() -> None:
    """Answer requests until the other side is gone."""
    control = socket.socket(fileno=0)
    settings = json.loads(control.recv(1 << 16))
    libc = ctypes.CDLL(None, use_errno=True)
    # Nobody may look into this process’s memory, and no crash is written down anywhere.
    _prctl(libc, _PR_SET_DUMPABLE, 0)
    # By lines, so that what was printed before a time limit is seen. The forked process has these objects too.
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    # Process 1 gets no signal from inside its namespace that it does not handle.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name in (*PRELOADED, "resource"):
        __import__(name)
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"pid": os.getpid()}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 16, 4)
        if not message:
            return
        # A late “stop” means an answer that has ended.
        if len(descriptors) == 4:
            _serve(control, descriptors, settings, libc)


def _serve(control: socket.socket, descriptors: list[int], settings: dict[str, Any], libc: ctypes.CDLL) -> None:
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            control.detach()
            _answer(descriptors, settings, libc)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        finally:
            os._exit(1)
    for each in descriptors:
        os.close(each)
    stopped = _wait(pid, control, began + settings["seconds"])
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if settings["alone"] and os.getpid() == 1:
        _end_everything()
    reply = {"status": status, "stopped": stopped, "seconds": time.monotonic() - began}
    control.send(json.dumps(reply).encode())


def _wait(pid: int, control: socket.socket, deadline: float) -> str:
    """Why the process has to be ended, or nothing if it has ended by itself."""
    ended = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.register(control, select.POLLIN)
        ready = dict(poll.poll(max(0, math.ceil((deadline - time.monotonic()) * 1000))))
    finally:
        os.close(ended)
    if ended in ready:
        return ""
    return "told" if ready else "late"


def _end_everything() -> None:
    """Process 1 alone is left. There should be nobody else: the filter lets nobody make processes."""
    try:
        os.kill(-1, signal.SIGKILL)
        while True:
            os.waitpid(-1, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


# --------------------------------------------------------------------------------------------------
# In the forked process


def _answer(descriptors: list[int], settings: dict[str, Any], libc: ctypes.CDLL) -> None:
    """Run an answer. Lines of JSON tell what became of it, call by call; the last of them is ``["end"]``.

    :param descriptors: Of the request, and for results, output and errors.
    """
    request, results, out, err = descriptors
    text = b"".join(iter(lambda: os.read(request, 1 << 20), b""))
    empty, other_end = os.pipe()
    os.close(other_end)
    # High numbers first, so that none of them is overwritten before it is moved.
    high = [os.dup(each) for each in (empty, out, err, results)]
    for low, each in enumerate(high):
        os.dup2(each, low)
    os.closerange(4, max(high) + 1)
    asked = json.loads(text)
    del text
    _confine(settings, libc)
    kept = settings["result"]
    for line in _outcomes(asked["source"], asked["function"], asked["calls"]):
        if len(line) > kept:
            line = json.dumps(["raised", f"more than {settings['result']:,} bytes of results", 0])
        kept -= len(line)
        _write(3, line.encode() + b"\n")
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # Student code may have put anything there.
            continue
    _write(3, b'["end"]\n')
    os._exit(0)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _confine(settings: dict[str, Any], libc: ctypes.CDLL) -> None:
    """From here on this process can compute, print and end, and little else."""
    # Windows has none, and the constants above are read there too.
    import resource

    seconds = math.ceil(settings["seconds"]) + 1
    limits = {
        resource.RLIMIT_AS: settings["memory"],
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
    steps = bytes.fromhex(settings["filter"])
    program = _FilterProgram(len(steps) // 8, steps)
    _prctl(libc, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))


def _prctl(libc: ctypes.CDLL, option: int, value: int, pointer: Any = None) -> None:
    nothing = ctypes.c_ulong(0)
    if libc.prctl(option, ctypes.c_ulong(value), pointer or nothing, nothing, nothing) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _outcomes(source: str, function: str, calls: list[list[Any]]) -> Iterator[str]:
    """``["failed", error, line]``, or for each call ``["gave", value]`` or ``["raised", error, line]``.

    A line that is 0 is not known. A word at the end, “memory”, says that there was not enough of it.
    """
    module = types.ModuleType(MODULE)
    # Where dataclasses and typing look up names.
    sys.modules[MODULE] = module
    try:
        exec(compile(source, FILE, "exec", dont_inherit=True), module.__dict__)
        called = module.__dict__.get(function)
        if not callable(called):
            yield json.dumps(["failed", f"there is no function “{function}”", 0])
            return
    except BaseException as error:
        yield json.dumps(["failed", *_told(error)])
        return
    # As read, no two calls share a list, so a call that changes its arguments changes no other’s.
    for arguments in calls:
        try:
            line = json.dumps(["gave", _plain(called(*arguments))])
        except BaseException as error:
            line = json.dumps(["raised", *_told(error)])
        yield line


def _told(error: BaseException) -> list[Any]:
    """An error in words and its line in the student’s code, as far as it can be told."""
    out_of_memory = ["memory"] if isinstance(error, MemoryError) else []
    try:
        line = error.lineno or 0 if isinstance(error, SyntaxError) and error.filename == FILE else 0
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                line = trace.tb_lineno
            trace = trace.tb_next
        message = str(error.msg if isinstance(error, SyntaxError) else error)[:MESSAGE]
        names = [] if isinstance(error, NotDataError) else [type(error).__name__]
        text = ": ".join([*names, message] if message else names)
        return [text.encode(errors="replace").decode(), line, *out_of_memory]
    except BaseException:
        return ["an error that cannot be shown", 0, *out_of_memory]


def _plain(value: Any, depth: int = 0) -> Any:
    """A value as JSON, in the way of :func:`proverka.jupyter.typed.plain`: so an answer is read as in its notebook.

    What a class of one’s own adds to text, numbers, lists and mappings is left behind.

    :raises NotDataError: it is not data.
    """
    kind = type(value)
    if depth > DEPTH:
        raise NotDataError(f"a value nested deeper than {DEPTH} levels is not data")
    if value is None or kind is bool:
        return value
    if issubclass(kind, str):
        # Half a character cannot be written to a file.
        return str.__str__(value).encode(errors="replace").decode()
    if issubclass(kind, int):
        return _number(int.__pos__(value))
    if issubclass(kind, float):
        return _number(float.__pos__(value))
    if issubclass(kind, dict):
        return {str(_plain(name, depth + 1)): _plain(each, depth + 1) for name, each in dict.items(value)}
    for base in (list, tuple):
        if issubclass(kind, base):
            return [_plain(each, depth + 1) for each in base.__iter__(value)]
    for unordered in (set, frozenset):
        if issubclass(kind, unordered):
            return sorted((_plain(each, depth + 1) for each in unordered.__iter__(value)), key=str)
    if hasattr(value, "tolist"):
        return _plain(value.tolist(), depth + 1)
    raise NotDataError(f"a value of type {kind.__name__} is not data")


def _number(value: float) -> float:
    if abs(value) < LARGEST:
        return value
    raise NotDataError("a number that is not finite, or has more than 300 digits, is not data")


if __name__ == "__main__":
    main()
