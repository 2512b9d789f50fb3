"""Open pipes, polls and files until there are none.

Stopped by: limit of descriptors
Ends: ran
Gives: Too many open files
"""

import os
import select


def attack(facts):
    kept = []
    while True:
        kept.append(os.pipe())
        kept.append(select.epoll())
        kept.append(open(os.__file__))
