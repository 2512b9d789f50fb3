"""The inline Markdown of questions: emphasis, links and code. HTML in it is text."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> str:
    """Inline HTML; every character that the author typed is escaped where it must be."""
    html: str = _parser().renderInline(" ".join(text.split()))
    return html


def to_plain(text: str) -> str:
    """The words alone."""
    tokens = _parser().parseInline(" ".join(text.split()))
    return "".join(child.content for token in tokens for child in token.children or ())


def pictures(text: str) -> list[tuple[str, str]]:
    """Path and alternative text of each picture, ``![alt](path)``."""
    tokens = _parser().parseInline(" ".join(text.split()))
    return [
        (str(child.attrs.get("src", "")), child.content)
        for token in tokens
        for child in token.children or ()
        if child.type == "image"
    ]
