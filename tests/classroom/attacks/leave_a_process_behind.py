"""Detach a process that goes on after the answer.

Stopped by: filter of calls; everything there is killed
Ends: ran
Gives: PermissionError
"""

import os
import time


def attack(facts):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(1)
    return "left"
