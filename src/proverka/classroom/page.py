"""Pages that stand alone: styles inside, no script, no request; whatever text comes in, it stays text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from proverka.classroom.visible import visible
from proverka.render.inline import to_html

_PICTURE = re.compile(r'<img src="[^"]*" alt="([^"]*)"[^>]*>')


def page(title: str, body: str) -> str:
    """An HTML document.

    :param title: Plain text.
    :param body: HTML.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        # Should anything ever slip through, it still asks for nothing.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        '<meta name="color-scheme" content="light dark" />\n<link rel="icon" href="data:," />\n'
        f"<title>{plain(title)}</title>\n<style>\n{_styles()}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


@functools.cache
def _styles() -> str:
    return files("proverka.classroom").joinpath("report.css").read_text(encoding="utf-8")


def plain(text: str) -> str:
    """HTML of text in which nothing is markup."""
    return escape(visible(text))


def typed(text: str) -> str:
    """HTML of what somebody typed: in its own direction, whatever stands around it."""
    return f"<bdi>{plain(text)}</bdi>"


@functools.lru_cache(maxsize=20_000)
def marked_up(text: str) -> str:
    """HTML of inline Markdown. A picture is told by its description, as it is not in the page."""
    return _PICTURE.sub(r'<span class="picture">[picture: \1]</span>', to_html(visible(text)))


def source(code: str) -> str:
    """HTML of lines in which every blank counts."""
    # A first line break directly after the tag would be lost.
    return f"<pre><code>{plain(code)}</code></pre>\n"


def paragraphs(text: str) -> str:
    """HTML of prose that somebody typed, as it was broken into lines."""
    return f'<p class="prose" dir="auto">{plain(text.strip())}</p>\n'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of names and, as HTML, what each is; those that are nothing are left out."""
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{html}</dd></div>\n" for name, html in pairs if html)
    return f'<dl class="facts">\n{rows}</dl>\n' if rows else ""


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, foot: Sequence[str] = (), name: str = ""
) -> str:
    """A table with a caption; the first cell of a row heads it.

    :param heads: Text.
    :param rows: HTML.
    :param foot: HTML of a last row.
    :param name: An id; the table can then be moved sideways where it is too wide.
    """
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(map(_row, rows))
    last = f"<tfoot>\n{_row(foot)}</tfoot>\n" if foot else ""
    html = (
        f"<caption{f' id={chr(34)}{name}{chr(34)}' if name else ''}>{escape(caption)}</caption>\n"
        f"<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n{last}"
    )
    if not name:
        return f"<table>\n{html}</table>\n"
    # Without a place in the tab order nobody could move it by keyboard.
    return f'<div class="wide" role="region" aria-labelledby="{name}" tabindex="0">\n<table>\n{html}</table>\n</div>\n'


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{each}</td>" for each in others)}</tr>\n'


def listed(items: Sequence[str], *, ordered: bool = False) -> str:
    """Items, which are HTML, as a list; a single one as a paragraph."""
    if len(items) == 1 and not ordered:
        return f"<p>{items[0]}</p>\n"
    tag = "ol" if ordered else "ul"
    return f"<{tag}>\n{''.join(f'<li>{each}</li>{chr(10)}' for each in items)}</{tag}>\n"
