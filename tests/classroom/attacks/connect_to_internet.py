"""Reach a host elsewhere, and look up its name.

Stopped by: filter of calls; own namespace
Ends: ran
Gives: ["refused", "refused", "refused", "refused", "refused"]
"""

import socket
import urllib.request


def attack(facts):
    tried = []
    for each in (
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.5),
        lambda: socket.create_connection(("2001:db8::1", 80), timeout=0.5),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"here", ("192.0.2.1", 53)),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: urllib.request.urlopen("http://example.org", timeout=0.5),
    ):
        try:
            each()
            tried.append("reached")
        except OSError:
            tried.append("refused")
    return tried
