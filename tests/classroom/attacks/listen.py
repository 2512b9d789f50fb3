"""Wait for connections.

Stopped by: filter of calls; own namespace
Ends: ran
Gives: PermissionError
"""

import socket


def attack(facts):
    return socket.create_server(("127.0.0.1", 0)).getsockname()
