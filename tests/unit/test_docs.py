from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from markdown_it import MarkdownIt

from proverka.problems import Code, render_codes

CODES = Path(__file__).parents[2] / "docs" / "codes.md"


def test_the_page_of_codes_is_up_to_date() -> None:
    current = CODES.read_text("utf-8") if CODES.exists() else ""
    assert current == render_codes(), "run: python -m proverka.problems > docs/codes.md"


def test_the_page_of_codes_is_what_the_command_writes() -> None:
    command = [sys.executable, "-X", "utf8", "-m", "proverka.problems"]
    written = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    assert (written.stdout, written.stderr) == (render_codes(), "")


def test_the_page_of_codes_shows_every_code_in_order_as_plain_text() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(render_codes())
    cells = [each for number, each in enumerate(tokens) if number and tokens[number - 1].type == "td_open"]
    shown = ["".join(child.content for child in each.children or ()) for each in cells]
    assert shown == [text for code in Code for text in (code.value, code.meaning, code.hint)]
    assert all(child.type in ("text", "code_inline") for each in cells for child in each.children or ())


def test_codes_say_what_they_mean_and_what_to_do() -> None:
    for code in Code:
        assert code.meaning.endswith("."), code
        assert code.meaning[0].isupper(), code
        assert not code.hint.endswith("."), code
        assert code.hint[0].islower(), code
