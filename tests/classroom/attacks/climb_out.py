"""Leave by way of symbolic links and many dots.

Stopped by: no such file
Ends: ran
Gives: "nothing"
Without bubblewrap: does not hold
"""

import os


def attack(facts):
    try:
        os.symlink(facts["secret file"], "/link")
    except OSError:
        pass
    for path in ("/link", "../" * 40 + facts["secret file"].lstrip("/"), "/usr/lib/../../.." + facts["secret file"]):
        try:
            with open(path) as file:
                return file.read()
        except OSError:
            continue
    return "nothing"
