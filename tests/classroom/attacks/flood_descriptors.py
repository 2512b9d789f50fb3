"""Write to the descriptors themselves without end.

Stopped by: bounded reading
Ends: flooded
"""

import os


def attack(facts):
    while True:
        for descriptor in (1, 2):
            os.write(descriptor, b"\xf0\x9f" * 30_000)
