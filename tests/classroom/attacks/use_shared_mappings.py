"""Use memory that Python does not count.

Stopped by: limit of memory
Ends: ran
Gives: OSError
"""

import mmap


def attack(facts):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 16_000_000))
