"""Stand still, so that nobody can wait for it.

Stopped by: filter of calls; clock
Ends: ran
Gives: PermissionError
"""

import os
import signal


def attack(facts):
    try:
        signal.raise_signal(signal.SIGSTOP)
    except OSError:
        pass
    os.kill(os.getpid(), signal.SIGSTOP)
