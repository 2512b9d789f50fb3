"""The calls to the kernel that student code may make, as a filter for seccomp.

What is not listed is refused, so a call that some later kernel brings is refused too. Listed is what a
program needs that computes: no processes and no threads, no signals to others, no sockets but a pair in
one’s own hands (which :mod:`asyncio` needs), no files opened for writing, no names changed on any disk.
"""

from __future__ import annotations

import errno
import platform
import struct
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Only:
    """An argument, counted from 0, that must be one of ``values`` after ``mask``.

    The kernel reads all arguments named here as 32 bits, so nothing can hide in the other half.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


#: Anything but reading: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC.
_WRITING = 0o3 | 0o100 | 0o1000

#: Name: number on x86_64 and on aarch64; ``None`` where there is no such call.
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "access": (21, None),
    "alarm": (37, None),
    "brk": (12, 214),
    "chdir": (80, 49),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "epoll_create": (213, None),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_pwait": (281, 22),
    "epoll_wait": (232, None),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getcpu": (309, 168),
    "getcwd": (79, 17),
    "getdents64": (217, 61),
    "getegid": (108, 177),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getgroups": (115, 158),
    "getitimer": (36, 102),
    "getpgid": (121, 155),
    "getpgrp": (111, None),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getrandom": (318, 278),
    "getresgid": (120, 150),
    "getresuid": (118, 148),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "getsid": (124, 156),
    "getsockname": (51, 204),
    "getsockopt": (55, 209),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "getuid": (102, 174),
    "ioctl": (16, 29),
    "lseek": (8, 62),
    "lstat": (6, None),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "newfstatat": (262, 79),
    "open": (2, None),
    "openat": (257, 56),
    "pause": (34, None),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "pread64": (17, 67),
    "preadv": (295, 69),
    "prlimit64": (302, 261),
    "pselect6": (270, 72),
    "pwrite64": (18, 68),
    "pwritev": (296, 70),
    "read": (0, 63),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "readv": (19, 65),
    "recvfrom": (45, 207),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigpending": (127, 136),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigsuspend": (130, 133),
    "rt_sigtimedwait": (128, 137),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "select": (23, None),
    "sendto": (44, 206),
    "setitimer": (38, 103),
    "sigaltstack": (131, 132),
    "socketpair": (53, 199),
    "stat": (4, None),
    "statx": (332, 291),
    "sysinfo": (99, 179),
    "time": (201, None),
    "times": (100, 153),
    "uname": (63, 160),
    "write": (1, 64),
    "writev": (20, 66),
}

_CONDITIONS = {
    # Flags and copies of descriptors. No signals to an owner, no leases on files.
    "fcntl": Only(1, (0, 1, 2, 3, 4, 1030)),
    # TCGETS (is it a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
    "ioctl": Only(1, (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)),
    "open": Only(1, (0,), mask=_WRITING),
    "openat": Only(2, (0,), mask=_WRITING),
    # Of this process alone: process 1 has the same user.
    "prlimit64": Only(0, (0,)),
    # Without an address: to the other end of the pair.
    "sendto": Only(5, (0,)),
    "socketpair": Only(0, (1,)),
}

#: Name of the machine: column in the table, number in the kernel’s audit headers.
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# From here on all machines count alike. A C library that tries a newer call falls back on its older form
# if the kernel does not know it, but not if it is forbidden.
_FIRST_COMMON = 424

_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16


def seccomp_filter(machine: str | None = None) -> bytes:
    """The filter as the kernel takes it, for this machine if none is named.

    :raises LookupError: there is no table for the machine.
    """
    if machine is None:
        machine = platform.machine() if sys.maxsize > 2**32 else f"{platform.machine()} with a 32-bit Python"
    if machine not in _MACHINES:
        raise LookupError(f"no table of system calls for {machine}, only for {' and '.join(_MACHINES)}")
    column, audit = _MACHINES[machine]
    program = [
        _step(_LOAD, _MACHINE_AT),
        # Another way of calling, with other numbers, is nothing that Python does.
        _step(_IF_EQUAL, audit, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]
    for name, numbers in _NUMBERS.items():
        if (number := numbers[column]) is not None:
            body = _body(_CONDITIONS.get(name))
            program += [_step(_IF_EQUAL, number, 0, len(body)), *body]
    program += [
        _step(_IF_AT_LEAST, _FIRST_COMMON, 0, 1),
        _step(_RETURN, _REFUSE | errno.ENOSYS),
        _step(_RETURN, _REFUSE | errno.EPERM),
    ]
    return b"".join(program)


def _body(condition: Only | None) -> list[bytes]:
    """What happens to a call that is listed."""
    if condition is None:
        return [_step(_RETURN, _ALLOW)]
    # Little-endian: the lower half stands first.
    body = [_step(_LOAD, _ARGUMENTS_AT + 8 * condition.argument), _step(_AND, condition.mask)]
    for left, value in zip(range(len(condition.values), 0, -1), condition.values, strict=True):
        body.append(_step(_IF_EQUAL, value, left, 0))
    return [*body, _step(_RETURN, _REFUSE | errno.EPERM), _step(_RETURN, _ALLOW)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
