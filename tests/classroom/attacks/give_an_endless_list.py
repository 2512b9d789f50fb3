"""Give a list without an end, and a generator.

Stopped by: limit of memory
Ends: out of memory or timed out
"""

import itertools


def attack(facts):
    return list(itertools.count())
