"""Write, somewhere.

Stopped by: filter of calls; nothing writable
Ends: ran
Gives: []
"""

import os


def attack(facts):
    written = []
    for folder in [
        "/",
        "/tmp",
        "/dev/shm",
        "/var/tmp",
        "/run",
        facts["folder"],
        *(where for where, *_ in os.walk("/python")),
    ]:
        try:
            with open(os.path.join(folder, "made"), "w"):
                written.append(folder)
        except OSError:
            continue
    return written
