"""Leave names, modules, patches and settings for the next student.

Stopped by: forked process
Ends: ran
Gives: 42
"""

import builtins
import decimal
import os
import random
import sys
import types

builtins.leftover = "leftover"
builtins.sum = lambda *_: 42
sys.modules["leftover"] = types.ModuleType("leftover")
sys.modules["math"] = types.ModuleType("math")
sys.path.insert(0, "/leftover")
os.environ["LEFTOVER"] = "leftover"
decimal.getcontext().prec = 2
random.seed(42)
sys.setrecursionlimit(50)


def attack(facts):
    return sum([1])
