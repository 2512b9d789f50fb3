"""Ignore every signal, and loop.

Stopped by: clock; the signal to kill cannot be ignored
Ends: timed out
"""

import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))


def attack(facts):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
