"""Give a number of a million digits.

Stopped by: data only
Ends: ran
Gives: more than 300 digits
"""


def attack(facts):
    return 1 << 4_000_000
