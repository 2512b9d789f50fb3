"""Give a text of ten million characters.

Stopped by: limit of results
Ends: ran
Gives: more than 200,000 bytes of results
"""


def attack(facts):
    return "x" * 10_000_000
