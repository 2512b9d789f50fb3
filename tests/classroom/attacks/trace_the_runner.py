"""Trace every line that the runner goes on to run.

Stopped by: data only; forked process
Ends: ran or died
"""

import sys


def tracer(frame, event, argument):
    frame.f_locals.clear()
    raise SystemExit


def attack(facts):
    frame = sys._getframe()
    sys.settrace(tracer)
    sys.setprofile(tracer)
    while frame:
        frame.f_trace = tracer
        frame = frame.f_back
    return 1
