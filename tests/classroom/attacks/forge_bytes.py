"""Write results that are no text.

Stopped by: data only
Ends: died
"""

import os


def attack(facts):
    os.write(3, b"\xff\xfe\x00[[[\n")
    return 1
