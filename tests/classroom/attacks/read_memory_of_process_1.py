"""Read and write the memory of process 1 and the grader.

Stopped by: filter of calls; not dumpable
Ends: ran
Gives: [-1, -1, -1, -1, -1, -1]
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    here = ctypes.create_string_buffer(16)
    part = (ctypes.c_size_t * 2)(ctypes.addressof(here), 16)
    return [
        call(process, part, 1, part, 1, 0)
        for call in (libc.process_vm_readv, libc.process_vm_writev)
        for process in (1, os.getppid(), facts["grader"])
    ]
