"""Compute a power that takes for ever, in one step of Python.

Stopped by: clock
Ends: timed out
"""


def attack(facts):
    return 9**9**8 % 7
