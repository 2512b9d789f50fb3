"""Leave by sys.exit, and by an error that nobody expects.

Stopped by: every error is caught
Ends: ran
Gives: an error that cannot be shown
"""

import sys


class Strange(BaseException):
    def __str__(self):
        raise Strange


def attack(facts):
    try:
        sys.exit(0)
    finally:
        raise Strange
