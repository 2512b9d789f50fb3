"""Write half characters, and the character that databases refuse.

Stopped by: data only
Ends: ran
Gives: ["? \ufffd"]
"""

import os


def attack(facts):
    os.write(3, b'["gave", "\\ud800 \\u0000"]\n["end"]\n')
    os._exit(0)
