"""Make a file outside.

Stopped by: filter of calls; nothing writable
Ends: ran
Gives: PermissionError
"""

import os


def attack(facts):
    with open(os.path.join(facts["folder"], "made"), "w") as file:
        return file.write("here")
