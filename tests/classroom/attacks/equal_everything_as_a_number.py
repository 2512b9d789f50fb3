"""Give a number, a text, a list and a mapping that equal whatever is right.

Stopped by: data only
Ends: ran
Gives: [1, 2.5, "three", [4], {"five": 5}]
"""


def lying(kind):
    def truly(*_):
        return True

    def nothing(*_):
        return iter([])

    names = "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __contains__ __bool__".split()
    lies = dict.fromkeys(names, truly) | {"__hash__": kind.__hash__, "items": nothing, "__iter__": nothing}
    return type("Lying", (kind,), lies)


def attack(facts):
    return [lying(int)(1), lying(float)(2.5), lying(str)("three"), lying(list)([4]), lying(dict)({"five": 5})]
