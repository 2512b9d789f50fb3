"""Start a shell, or Python once more.

Stopped by: filter of calls; no such file
Ends: ran
Gives: ["refused", "refused", "refused", "refused", "refused", "refused", true]
"""

import multiprocessing
import os
import subprocess
import sys


def attack(facts):
    started = []
    for each in (
        lambda: subprocess.run(["/bin/sh", "-c", "id"], check=False),
        lambda: subprocess.run([sys.executable, "-c", "1"], check=False),
        lambda: os.posix_spawn(sys.executable, [sys.executable], {}),
        lambda: os.spawnv(os.P_WAIT, sys.executable, [sys.executable]),
        lambda: os.popen("id").read(),
        lambda: multiprocessing.Process(target=print).start(),
    ):
        try:
            each()
            started.append("started")
        except OSError:
            started.append("refused")
    return [*started, os.system("id") != 0]
