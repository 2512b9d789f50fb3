"""Take memory and time away from process 1 and the grader.

Stopped by: filter of calls
Ends: ran
Gives: []
"""

import os
import resource


def attack(facts):
    changed = []
    for process in (1, os.getppid(), facts["grader"]):
        for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
            try:
                resource.prlimit(process, limit, (1, 1))
                changed.append([process, limit])
            except OSError:
                continue
    return changed
