"""Text of strangers, fit to be shown: in a page, a table, a terminal."""

from __future__ import annotations

import re

#: What no file can hold, what cannot be seen or would steer a terminal, and what turns the direction of writing
#: beyond its own place. Marks that only say how a word is written from right to left stay.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    f"{''.join(f'{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}' for plane in range(0x10000, 0x110000, 0x10000))}]"
)


def visible(text: str) -> str:
    """The text with escapes for characters that cannot be seen or that disturb the text around them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
