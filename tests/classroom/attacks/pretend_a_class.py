"""Pretend to be a number, and to become a list.

Stopped by: data only
Ends: ran
Gives: nested deeper than 50 levels
"""


class Pretender:
    __class__ = int

    def __int__(self):
        return 42

    def __index__(self):
        return 42

    def tolist(self):
        return self


def attack(facts):
    return Pretender()
