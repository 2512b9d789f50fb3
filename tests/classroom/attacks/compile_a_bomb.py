"""Have Python compile a nested expression without end.

Stopped by: forked process; limit of memory
Ends: ran or died or out of memory
"""


def attack(facts):
    return eval("(" * 100_000 + ")" * 100_000)
