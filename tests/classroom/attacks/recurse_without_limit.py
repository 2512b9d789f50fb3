"""Call itself for ever, with the limit lifted.

Stopped by: forked process; limit of memory
Ends: died or out of memory
"""

import sys

sys.setrecursionlimit(10**9)


class Nested:
    def __repr__(self):
        return f"{self!r}"


def attack(facts):
    return repr(Nested())
