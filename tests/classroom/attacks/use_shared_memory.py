"""Leave data in shared memory, or a semaphore or queue, for somebody else.

Stopped by: filter of calls; own namespace
Ends: ran
Gives: [-1, -1, -1, -1, -1]
"""

import ctypes
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    made = [libc.shmget(7391, 4096, 0o1666), libc.semget(7391, 1, 0o1666), libc.msgget(7391, 0o1666)]
    made.append(libc.mq_open(b"/kept", 0o102, 0o666, None))
    try:
        made.append(shared_memory.SharedMemory("kept", create=True, size=4096).name)
    except OSError:
        made.append(-1)
    return made
