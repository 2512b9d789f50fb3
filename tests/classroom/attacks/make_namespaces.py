"""Become root in a namespace of one’s own.

Stopped by: filter of calls; no user namespaces
Ends: ran
Gives: [-1]
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    flags = (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000, 0x80)
    results = [libc.unshare(each) for each in flags] + [libc.setns(0, 0)]
    for change in (os.setuid, os.setgid):
        try:
            change(0)
            results.append(0)
        except OSError:
            results.append(-1)
    return set(results)
