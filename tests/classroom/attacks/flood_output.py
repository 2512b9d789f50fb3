"""Print without end.

Stopped by: bounded reading
Ends: flooded
"""


def attack(facts):
    while True:
        print("x" * 100_000)
