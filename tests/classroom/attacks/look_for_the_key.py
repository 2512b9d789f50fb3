"""Look through all frames and objects for what is right.

Stopped by: expected values never enter
Ends: ran
Gives: [false, true]
"""

import gc
import sys


def attack(facts):
    texts = []
    frame = sys._getframe()
    while frame:
        texts.append(repr(frame.f_locals))
        frame = frame.f_back
    texts += [repr(each) for each in gc.get_objects() if type(each) in (list, dict, tuple) and len(each) < 50]
    return ["-".join(["expected", "7391"]) in "".join(texts), str(facts["grader"]) in "".join(texts)]
