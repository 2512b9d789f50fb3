"""Write results past the runner, then end.

Stopped by: data only: what it writes is its own answer
Ends: ran
Gives: [42]
"""

import os


def attack(facts):
    os.write(3, b'["gave", 42]\n["end"]\n')
    os._exit(0)
