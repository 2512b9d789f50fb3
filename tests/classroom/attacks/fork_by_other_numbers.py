"""Fork by the numbers of the x32 interface.

Stopped by: filter of calls
Ends: ran
Gives: [-1, -1, -1, -1, -1, "ENOSYS"]
"""

import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    results = [libc.syscall(0x40000000 + number, 17, 0, 0, 0, 0) for number in (56, 57, 58, 220, 435)]
    return [*results, errno.errorcode[ctypes.get_errno()]]
