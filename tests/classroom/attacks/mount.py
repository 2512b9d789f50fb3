"""Bring the disk back.

Stopped by: filter of calls
Ends: ran
Gives: [-1]
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    results = [
        libc.mount(b"proc", b"/usr", b"proc", 0, None),
        libc.mount(None, b"/", None, 32, None),
        libc.umount2(b"/python", 2),
        libc.pivot_root(b"/usr", b"/usr") if hasattr(libc, "pivot_root") else -1,
        libc.syscall(428, -100, b"/", 1),
        libc.syscall(430, b"tmpfs", 0),
    ]
    try:
        os.chroot("/usr")
    except OSError:
        return set(results)
    return "rooted"
