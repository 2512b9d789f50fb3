"""Call itself for ever.

Stopped by: Python
Ends: ran
Gives: RecursionError
"""


def attack(facts):
    return attack(facts)
