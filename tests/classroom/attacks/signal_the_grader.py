"""End the grader, its group, its parent, everybody.

Stopped by: filter of calls; own namespace
Ends: ran
Gives: []
"""

import os
import signal


def attack(facts):
    sent = []
    for target in (facts["grader"], -facts["grader"], os.getppid(), -1, 0, -os.getpgrp()):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP, signal.SIGUSR1):
            try:
                os.kill(target, number)
                sent.append([target, int(number)])
            except OSError:
                continue
    return sent
