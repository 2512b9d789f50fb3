"""Use the parts of the kernel in which holes are found: BPF, io_uring, perf, keys, faults.

Stopped by: filter of calls
Ends: ran
Gives: []
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    # bpf, perf_event_open, userfaultfd, add_key, request_key, keyctl, personality, splice, vmsplice, tee,
    # inotify_init1, fanotify_init, signalfd4, timerfd_create, eventfd2, timer_create, name_to_handle_at, quotactl
    "x86_64": (321, 298, 323, 248, 249, 250, 135, 275, 278, 276, 294, 300, 289, 283, 290, 222, 303, 179),
    "aarch64": (280, 241, 282, 217, 218, 219, 92, 76, 75, 77, 26, 262, 74, 85, 19, 107, 264, 60),
}
# io_uring_setup, openat2, pidfd_getfd, landlock, memfd_secret, process_mrelease, futex_waitv, cachestat, …
COMMON = range(424, 470)
ALLOWED = (436, 439)


def attack(facts):
    calls = [*NUMBERS[platform.machine()], *(each for each in COMMON if each not in ALLOWED)]
    return [each for each in calls if libc.syscall(each, 0, 0, 0, 0, 0, 0) != -1]
