"""Unpack some bytes that become a gigabyte.

Stopped by: limit of memory
Ends: out of memory or timed out
"""

import base64
import zlib

PACKED = base64.b64decode(
    "eNqruPX2jqJfDKNI28XvTE0hDoIaPtMbFVmb12nsOvhglkLhBAGbZd0OAiLcB0Kv+TqeZZJiYXK1aolk+lT7XOfhKXvz+y8f7/9d"
    "KNP28M+r/28v31rOyMDAMGPH5/buqd8NE35smiFbY80CFFr2LiO5ttSSa8+/G/fK+UBq9py+O/f8af7G55vnrz4H0jV5+1ej+9F5"
    "jPvFy2ffv8sMFFF7vz4BSDEs4WADkg7dYM4WCKcHmTMqMyozKjMqMyozgmX+VM2M3+vPWF0vtvnxemb5cqO4+zyPpRu994cAAHRL"
    "P44="
)


def attack(facts):
    return len(zlib.decompress(zlib.decompress(zlib.decompress(PACKED))))
