"""End the process before it is judged.

Stopped by: forked process
Ends: died
"""

import os


def attack(facts):
    os._exit(0)
