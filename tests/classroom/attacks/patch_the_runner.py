"""Replace what the runner uses to write results.

Stopped by: data only
Ends: died or timed out
"""

import builtins
import json
import os

write = os.write


def attack(facts):
    json.dumps = lambda *_: '["gave", Infinity]'
    os.write = lambda descriptor, data: write(descriptor, b'["gave", Infinity]\n')
    builtins.len = lambda _: 1
    builtins.isinstance = lambda *_: True
    return 1
