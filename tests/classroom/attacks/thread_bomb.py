"""Start threads for ever.

Stopped by: filter of calls
Ends: ran
Gives: can't start new thread
"""

import threading
import time


def attack(facts):
    while True:
        threading.Thread(target=time.sleep, args=(1000,)).start()
