"""Take the filter off, put on another, and let others look in.

Stopped by: filter of calls
Ends: ran
Gives: [-1]
"""

import ctypes
import resource

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    results = [libc.prctl(22, 0, 0), libc.prctl(22, 2, 0), libc.prctl(38, 0, 0, 0, 0), libc.prctl(4, 1, 0, 0, 0)]
    results.append(libc.syscall(317, 1, 0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        return set(results)
    return "unlimited"
