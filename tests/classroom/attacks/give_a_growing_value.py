"""Give a small value that grows without end when it is written down.

Stopped by: limit of memory; clock
Ends: out of memory or timed out
"""


def attack(facts):
    value = ["x"] * 10
    for _ in range(40):
        value = [value] * 10
    return value
