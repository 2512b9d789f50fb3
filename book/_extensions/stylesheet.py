"""One stylesheet of many: without what no page uses, and without anything that a page would fetch or embed."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_TOKEN = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|[^{};"'/]+|/""", re.DOTALL)
_EMBEDDED = re.compile(r"""url\(\s*(?:"data:[^"]*"|'data:[^']*'|data:[^)]*)\s*\)""")
#: Blocks that hold rules; every other block holds declarations.
_GROUPS = ("@media", "@supports", "@layer", "@container")
_PROPERTY = re.compile(r"(?<=[{;])(--[\w-]+):[^{};]*(?:;|(?=\}))")
_NAME = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
#: What says nothing of whether a selector matches: what it must not be, alternatives, attributes.
_OPEN = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]")


def trimmed(css: str, used: Container[str]) -> str:
    """The rules of a sheet whose classes and ids are all in use, in their order, and without white space.

    Variables that no rule asks for are left out. So are embedded pictures, because a page that names its sources
    cannot show them.
    """
    sheet = "".join(_kept(_rules(iter(_TOKEN.findall(_EMBEDDED.sub("none", css)))), used))
    while (fewer := _without_unasked(sheet, used)) != sheet:
        sheet = fewer
    return sheet


def _without_unasked(sheet: str, used: Container[str]) -> str:
    asked = {*re.findall(r"var\(\s*(--[\w-]+)", sheet)}
    fewer = _PROPERTY.sub(lambda found: found[0] if found[1] in asked or found[1] in used else "", sheet)
    return re.sub(r"[^{};]+\{\}", "", fewer)


def _rules(tokens: Iterator[str]) -> Iterator[tuple[str, str | list]]:
    """Each rule with its declarations or the rules in it; a statement such as ``@charset`` with nothing."""
    head = ""
    for token in tokens:
        if token.startswith("/*"):
            continue
        if token == "}":
            return
        if token == "{":
            head = " ".join(head.split())
            yield (head, list(_rules(tokens)) if head.startswith(_GROUPS) else _block(tokens))
            head = ""
        elif token == ";":
            yield " ".join(head.split()), ""
            head = ""
        else:
            head += token


def _block(tokens: Iterator[str]) -> str:
    """Everything up to the end of a block, also of one with blocks in it, such as ``@keyframes``."""
    text, depth = "", 0
    for token in tokens:
        if token == "}" and not depth:
            break
        if not token.startswith("/*"):
            depth += {"{": 1, "}": -1}.get(token, 0)
            text += token if token[0] in "\"'" else " ".join(token.split()).replace(": ", ":")
    return text.rstrip(";")


def _kept(rules: Iterator[tuple[str, str | list]] | list, used: Container[str]) -> Iterator[str]:
    for head, body in rules:
        if isinstance(body, list):
            if inner := "".join(_kept(body, used)):
                yield f"{head}{{{inner}}}"
        elif head.startswith("@") and body:
            yield f"{head}{{{body}}}"
        elif body:
            selectors = [each.strip() for each in re.split(r",(?![^(\[]*[)\]])", head)]
            if live := [each for each in selectors if all(name in used for name in _NAME.findall(_OPEN.sub("", each)))]:
                yield f"{','.join(live)}{{{body}}}"
