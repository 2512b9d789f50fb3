"""Match a pattern that takes for ever, in one step of Python.

Stopped by: clock
Ends: timed out
"""

import re


def attack(facts):
    return bool(re.match(r"(a+)+$", "a" * 60 + "b"))
