"""Close every descriptor.

Stopped by: forked process
Ends: died
"""

import os


def attack(facts):
    os.closerange(0, 64)
    return 1
