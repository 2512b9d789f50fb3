"""Write a gigabyte of results.

Stopped by: bounded reading
Ends: flooded
"""

import os


def attack(facts):
    while True:
        os.write(3, b"x" * 65_536)
