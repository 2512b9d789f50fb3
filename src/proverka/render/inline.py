"""The inline Markdown of questions: emphasis, links and code. HTML in it is text."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> str:
    """Inline HTML; every character that the author typed is escaped where it must be."""
    html: str = _parser().renderInline(" ".join(text.split()))
    return html


def inline_tokens(text: str) -> list[Token]:
    """What the text is made of, in order."""
    tokens = _parser().parseInline(" ".join(text.split()))
    return [child for token in tokens for child in token.children or ()]


def to_plain(text: str) -> str:
    """The words alone."""
    return "".join(token.content for token in inline_tokens(text))


def pictures(text: str) -> list[tuple[str, str]]:
    """Path and alternative text of each picture, ``![alt](path)``."""
    return [(str(token.attrs.get("src", "")), token.content) for token in inline_tokens(text) if token.type == "image"]
