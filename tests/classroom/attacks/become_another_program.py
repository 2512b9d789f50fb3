"""Replace this process by a program.

Stopped by: filter of calls
Ends: ran
Gives: PermissionError
"""

import os
import sys


def attack(facts):
    os.execv(sys.executable, [sys.executable, "-c", "while True: pass"])
