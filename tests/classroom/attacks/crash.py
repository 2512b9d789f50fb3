"""Crash the interpreter.

Stopped by: forked process
Ends: died
"""

import ctypes


def attack(facts):
    return ctypes.string_at(0)
