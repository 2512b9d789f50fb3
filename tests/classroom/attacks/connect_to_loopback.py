"""Reach a server on the same machine.

Stopped by: filter of calls; own namespace
Ends: ran
Gives: PermissionError
"""

import socket


def attack(facts):
    with socket.create_connection(("127.0.0.1", facts["port"]), timeout=0.5) as connection:
        return connection.send(b"here")
