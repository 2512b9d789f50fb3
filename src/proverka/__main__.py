"""``python -m proverka``."""

from proverka.cli import main

main()
