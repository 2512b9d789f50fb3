"""Open terminals, disks and memory.

Stopped by: no such file
Ends: ran
Gives: []
Without bubblewrap: does not hold
"""

import os


def attack(facts):
    opened = []
    for name in "tty console mem kmsg sda vda nvme0n1 fuse kvm shm/x mqueue pts/0 ptmx fd/0 net/tun".split():
        try:
            os.close(os.open(f"/dev/{name}", os.O_RDONLY))
            opened.append(name)
        except OSError:
            continue
    return opened
