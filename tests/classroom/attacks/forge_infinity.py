"""Write a number that becomes infinite when it is read.

Stopped by: data only
Ends: died
"""

import os


def attack(facts):
    os.write(3, b'["gave", [1e999]]\n["end"]\n')
    os._exit(0)
