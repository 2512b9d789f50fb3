"""Do something when objects are deleted and when Python ends.

Stopped by: forked process ends without it
Ends: ran
Gives: "over"
"""

import atexit
import sys
import threading


class Late:
    def __del__(self):
        while True:
            print("late")


@atexit.register
def at_exit():
    while True:
        print("late")


threading._register_atexit(at_exit)
sys.kept = Late()


def attack(facts):
    return "over"
