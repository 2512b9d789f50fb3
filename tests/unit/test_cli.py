"""What every command has."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from proverka.cli import main
from proverka.cli.main import COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_keeps_the_lines_of_its_examples(command: str) -> None:
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "\\" not in result.output
    assert re.search(r"^  (Examples?|Begin with):\n    proverka ", result.output, re.MULTILINE)
