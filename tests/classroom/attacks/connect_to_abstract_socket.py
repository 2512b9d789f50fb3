"""Reach a server by a Unix socket without a file.

Stopped by: filter of calls; own namespace
Ends: ran
Gives: PermissionError
"""

import socket


def attack(facts):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + facts["abstract socket"])
        return connection.send(b"here")
