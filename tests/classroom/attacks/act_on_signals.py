"""Answer alarms and timers, as often as they can come.

Stopped by: own process
Ends: ran
Gives: true
"""

import signal
import time

rung = []
signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)


def attack(facts):
    began = time.monotonic()
    while time.monotonic() - began < 0.05:
        pass
    return len(rung) > 0
