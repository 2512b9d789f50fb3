"""Wait for somebody to type.

Stopped by: empty input
Ends: ran
Gives: EOFError
"""


def attack(facts):
    return input()
