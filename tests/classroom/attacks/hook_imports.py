"""Watch and change what is imported.

Stopped by: forked process
Ends: ran
Gives: Hook
"""

import builtins
import sys


class Hook:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(f"{name} is mine")


sys.meta_path.insert(0, Hook())
sys.path_hooks.clear()
sys.path_importer_cache.clear()
builtins.__import__ = lambda *_, **__: Hook()


def attack(facts):
    import math

    return type(math).__name__
