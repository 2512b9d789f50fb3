"""Search the whole memory, which is a copy of the runner’s, for an earlier answer.

Stopped by: nothing of an answer is in the runner
Ends: ran
Gives: [0, true]
"""

import ctypes
import os
import re

libc = ctypes.CDLL(None, use_errno=True)
PAGE = 4096
# Patterns, so that the words themselves are not in memory because of them.
EARLIER, OWN = re.compile(rb"k[e]pt by an earlier answe[r]"), re.compile(rb"k[e]pt by this answe[r]")
kept = "kept by this answer"


def attack(facts):
    # A page that is not there makes writing it fail, and nothing worse.
    read_end, write_end = os.pipe()
    earlier = own = 0
    starts = {id(each) >> 20 << 20 for each in ([], object(), kept, os.walk, ctypes.CDLL, "x" * 100_000, libc)}
    for page in {page for start in starts for page in range(start - (4 << 20), start + (12 << 20), PAGE)}:
        if libc.write(write_end, ctypes.c_void_p(page), PAGE) == PAGE:
            data = os.read(read_end, PAGE)
            earlier += len(EARLIER.findall(data))
            own += len(OWN.findall(data))
    return [earlier, own > 0]
