"""Speak to the kernel, to a hypervisor, or in raw packets.

Stopped by: filter of calls
Ends: ran
Gives: []
"""

import socket


def attack(facts):
    opened = []
    for family in range(46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                opened.append([family, int(kind), socket.socket(family, kind).fileno()])
            except OSError:
                continue
    return opened
