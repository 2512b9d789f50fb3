"""What axe-core finds wrong with pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page


def looked_at(
    page: Page, *, context: str | None = None, rules: Sequence[str] = (), leave_out: Sequence[str] = ()
) -> dict[str, Any]:
    """All that axe says of a page or a part of it.

    :param context: A selector.
    :param rules: Names of rules or of sets of them; all rules if none.
    :param leave_out: Names of rules.
    """
    # Every element that is in order would be megabytes for a page.
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = [*rules]
    options["rules"] = {each: {"enabled": False} for each in leave_out}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    response: dict[str, Any] = page.evaluate("(asked) => axe.run(...asked)", [context or "html", options])
    return response


def violations(page: Page, **asked: Any) -> list[str]:
    """What is wrong, of any level; asked as :func:`looked_at` is."""
    return [
        f"{each['impact']} {each['id']}: " + "; ".join(node["html"][:160] for node in each["nodes"][:3])
        for each in looked_at(page, **asked)["violations"]
    ]
