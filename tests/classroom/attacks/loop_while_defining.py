"""Never end, before any call.

Stopped by: clock
Ends: timed out
"""

while True:
    pass
