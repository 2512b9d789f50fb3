"""Write as if it were the runner, on every descriptor and every socket in memory.

Stopped by: descriptors of the runner are not inherited
Ends: ran
Gives: []
"""

import gc
import os
import socket
import sys

REPLY = b'{"status": 0, "stopped": "", "seconds": 0}'


def attack(facts):
    sent = []
    frame = sys._getframe()
    while frame:
        for value in [*frame.f_locals.values(), *gc.get_objects()]:
            if type(value) is socket.socket:
                try:
                    value.send(REPLY)
                    sent.append("socket")
                except OSError:
                    continue
        frame = frame.f_back
    for descriptor in (0, *range(4, 64)):
        try:
            os.write(descriptor, REPLY)
            sent.append(descriptor)
        except OSError:
            continue
    return sent
