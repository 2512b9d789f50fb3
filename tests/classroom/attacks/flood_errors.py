"""Print errors without end.

Stopped by: bounded reading
Ends: flooded
"""

import sys


def attack(facts):
    while True:
        print("x" * 100_000, file=sys.stderr)
