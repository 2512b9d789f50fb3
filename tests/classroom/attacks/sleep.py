"""Wait without working.

Stopped by: clock
Ends: timed out
"""

import time


def attack(facts):
    time.sleep(3600)
