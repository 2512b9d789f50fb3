"""Write more results than there are calls.

Stopped by: data only
Ends: died
"""

import os


def attack(facts):
    os.write(3, b'["gave", 42]\n' * 10 + b'["end"]\n')
    os._exit(0)
