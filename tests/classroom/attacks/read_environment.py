"""Read the grader’s environment.

Stopped by: an environment of its own
Ends: ran
"""

import ctypes
import os


def attack(facts):
    ctypes.CDLL(None).getenv.restype = ctypes.c_char_p
    return [os.environ.get("PROVERKA_SECRET"), str(ctypes.CDLL(None).getenv(b"PROVERKA_SECRET")), sorted(os.environ)]
