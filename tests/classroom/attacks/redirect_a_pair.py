"""Send from a pair of sockets, which is allowed, to somebody else.

Stopped by: filter of calls
Ends: ran
Gives: ["refused", "refused", "refused", "refused", "refused", "mine"]
"""

import array
import socket


def attack(facts):
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    done = []
    for each in (
        lambda: one.sendto(b"here", "\0" + facts["abstract socket"]),
        lambda: one.connect("\0" + facts["abstract socket"]),
        lambda: one.bind("\0made"),
        lambda: one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [3]))]),
        lambda: one.listen(),
    ):
        try:
            each()
            done.append("done")
        except OSError:
            done.append("refused")
    one.send(b"mine")
    return [*done, other.recv(4).decode()]
