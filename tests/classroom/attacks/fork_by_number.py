"""Fork past Python: by the number of the call, of each kind there is.

Stopped by: filter of calls
Ends: ran
Gives: ["ENOSYS", "EPERM"]
"""

import ctypes
import errno
import platform

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {"x86_64": (56, 57, 58, 435), "aarch64": (220, 435)}


def attack(facts):
    refused = set()
    for number in NUMBERS[platform.machine()]:
        for flags in (17, 0, 0x10000000 | 17, 0x3D0F00):
            if libc.syscall(number, flags, 0, 0, 0, 0) != -1:
                return "forked"
            refused.add(errno.errorcode[ctypes.get_errno()])
    return sorted(refused)
