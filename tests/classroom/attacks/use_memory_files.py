"""Keep data in a file that lives in memory.

Stopped by: filter of calls
Ends: ran
Gives: PermissionError
"""

import os


def attack(facts):
    return os.write(os.memfd_create("kept"), b"x")
