"""Never end.

Stopped by: clock
Ends: timed out
"""


def attack(facts):
    while True:
        pass
