"""See what is on the disk: homes, settings, programs.

Stopped by: no such file
Ends: ran
Gives: []
Without bubblewrap: does not hold
"""

import os

NEEDED = {"lib", "lib32", "lib64", "libx32", "python", "runner.py", "usr"}


def attack(facts):
    there = sorted(set(os.listdir("/")) - NEEDED)
    found = [
        each for each in ("/usr/bin", "/etc/passwd", "/home", "/root", "/proc", "/sys", "/run") if os.path.exists(each)
    ]
    return there + [each for each in found if each != "/usr/bin" or "sh" in os.listdir(each)]
