"""Look for what other students handed in.

Stopped by: no such file
Ends: ran
Gives: []
Without bubblewrap: does not hold
"""

import os


def attack(facts):
    return [[where, *names] for where, _, names in os.walk(facts["folder"])]
