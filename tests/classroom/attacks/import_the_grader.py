"""Import the grader, and what is installed beside it.

Stopped by: no such file
Ends: ran
Gives: []
"""

import importlib


def attack(facts):
    found = []
    for name in ("proverka", "proverka.classroom", "sqlalchemy", "pytest", "pip"):
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            continue
    return found
