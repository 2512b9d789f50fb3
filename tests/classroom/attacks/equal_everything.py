"""Give a value that equals whatever is right.

Stopped by: data only
Ends: ran
Gives: a value of type Anything is not data
"""


class Anything:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __reduce__(self):
        return (int, (42,))

    def __iter__(self):
        return iter([42])


def attack(facts):
    return Anything()
