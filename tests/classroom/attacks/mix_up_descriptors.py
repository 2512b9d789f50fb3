"""Exchange output, errors and results.

Stopped by: forked process
Ends: died
"""

import os


def attack(facts):
    os.dup2(1, 3)
    os.dup2(2, 1)
    print("on errors")
    return 1
