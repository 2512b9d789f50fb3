"""Fill the folder for temporary files.

Stopped by: filter of calls; nothing writable
Ends: ran
Gives: FileNotFoundError
"""

import tempfile


def attack(facts):
    kept = []
    while True:
        file = tempfile.TemporaryFile()
        file.write(b"x" * 1_000_000)
        kept.append(file)
