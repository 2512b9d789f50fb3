"""Give everybody full marks.

Stopped by: filter of calls; no such file
Ends: ran
Gives: OperationalError
"""

import sqlite3


def attack(facts):
    with sqlite3.connect(facts["gradebook"]) as gradebook:
        gradebook.execute("update marks set points = 100")
    return "done"
