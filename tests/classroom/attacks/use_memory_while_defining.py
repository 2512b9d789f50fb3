"""Use more memory than there is before any call.

Stopped by: limit of memory
Ends: out of memory
"""

kept = [0] * 10**9


def attack(facts):
    return 1
