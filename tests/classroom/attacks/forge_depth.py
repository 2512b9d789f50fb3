"""Write results nested so deep that a reader breaks.

Stopped by: data only
Ends: died
"""

import os


def attack(facts):
    os.write(3, b'["gave", ' + b"[" * 100_000 + b"]" * 100_000 + b"]\n")
    os._exit(0)
