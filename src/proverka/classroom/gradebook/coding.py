"""Values as text that both databases keep exactly."""

from __future__ import annotations

import json

from proverka.model import JSON

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ASCII = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def encode(value: object) -> str:
    """A value as JSON; integers of any size and halves of surrogate pairs come back as they were."""
    # Not orjson: it refuses large integers, and reads them as floating-point numbers.
    text = _ENCODER.encode(value)
    return text if _is_plain(text) else _ASCII.encode(value)


def decode(text: str | None) -> JSON:
    """What :func:`encode` was given; ``None`` for no text."""
    value: JSON = None if text is None else json.loads(text)
    return value


def storable(text: str) -> str:
    """The text, with “�” for what PostgreSQL or UTF-8 cannot hold."""
    if "\0" not in text and _is_plain(text):
        return text
    return text.replace("\0", "�").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_plain(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
