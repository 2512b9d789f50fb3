"""Give process 1 or the grader the lowest priority, and itself the highest.

Stopped by: filter of calls
Ends: ran
Gives: []
"""

import os


def attack(facts):
    changed = []
    for process in (1, os.getppid(), facts["grader"], 0):
        for each in (
            lambda process=process: os.setpriority(os.PRIO_PROCESS, process, 19),
            lambda process=process: os.setpriority(os.PRIO_USER, process, 19),
            lambda process=process: os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0)),
            lambda process=process: os.sched_setaffinity(process, {0}),
            lambda: os.nice(-20),
        ):
            try:
                each()
                changed.append(process)
            except OSError:
                continue
    return changed
