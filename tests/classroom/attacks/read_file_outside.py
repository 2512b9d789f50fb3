"""Read a file of the teacher’s.

Stopped by: no such file
Ends: ran
Gives: FileNotFoundError
Without bubblewrap: does not hold
"""


def attack(facts):
    with open(facts["secret file"]) as file:
        return file.read()
