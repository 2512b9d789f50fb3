"""Give what is no number.

Stopped by: data only
Ends: ran
Gives: not finite
"""


def attack(facts):
    return [float("nan"), float("inf")]
