"""A receipt: a short code over the answers in a file, which its student and its teacher both can work out."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from proverka.model import JSON


def receipt_code(tag: str, answers: Mapping[str, JSON]) -> str:
    """Sixteen letters and digits in four groups: other answers, or another student’s sheet, give others.

    80 bits of SHA-256 over the sheet’s tag and the answers as canonical JSON, in base32.

    :param tag: That of the sheet.
    :param answers: By the name that the sheet gives a question; those of ``None`` are no answers.
    """
    given = {name: answer for name, answer in answers.items() if answer is not None}
    text = json.dumps([tag, given], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    code = base64.b32encode(hashlib.sha256(text.encode()).digest()[:10]).decode()
    return "-".join(code[each : each + 4] for each in range(0, 16, 4))
