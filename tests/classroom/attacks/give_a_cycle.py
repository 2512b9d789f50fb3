"""Give a list that holds itself.

Stopped by: data only
Ends: ran
Gives: nested deeper than 50 levels
"""


def attack(facts):
    value = []
    value.append(value)
    return value
