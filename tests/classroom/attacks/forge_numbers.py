"""Write numbers that a reader chokes on.

Stopped by: data only
Ends: died
"""

import os


def attack(facts):
    os.write(3, b'["gave", ' + b"9" * 5_000 + b"]\n")
    os._exit(0)
