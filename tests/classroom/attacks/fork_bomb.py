"""Fork for ever.

Stopped by: filter of calls; limit of processes
Ends: ran
Gives: PermissionError
"""

import os


def attack(facts):
    while True:
        os.fork()
