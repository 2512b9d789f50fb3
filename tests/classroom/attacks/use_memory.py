"""Use more memory than there is.

Stopped by: limit of memory
Ends: out of memory
"""


def attack(facts):
    kept = []
    while True:
        kept.append(bytearray(1_000_000))
