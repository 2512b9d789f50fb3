"""Read everybody’s marks.

Stopped by: no such file
Ends: ran
Gives: unable to open database file
Without bubblewrap: does not hold
"""

import sqlite3


def attack(facts):
    return sqlite3.connect(f"file:{facts['gradebook']}?mode=ro", uri=True).execute("select * from marks").fetchall()
