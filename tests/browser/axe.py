"""What axe-core finds wrong with pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: The rules for which an element’s colours matter; they take most of the time, and more on long pages.
COLOURS = ["color-contrast", "link-in-text-block"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Axe looks at nothing that is folded, and nothing far down, which browsers lay out when a reader comes near.
UNFOLD = """
for (const each of document.querySelectorAll("details")) each.open = true;
const near = new CSSStyleSheet();
near.replaceSync("* { content-visibility: visible !important }");
document.adoptedStyleSheets = [near];
"""
#: Notes down how every element looks in the present scheme.
NOTE_LOOKS = """
for (const each of document.querySelectorAll("body *")) {
  const its = getComputedStyle(each);
  // Large letters need less contrast.
  const large = parseFloat(its.fontSize) >= (its.fontWeight >= 700 ? 18.66 : 24);
  const look = [its.color, its.fill, its.backgroundColor, its.backgroundImage, its.opacity, large];
  each.look = [each.look, ...look, its.fontWeight, its.textDecorationLine, its.display].join();
}
"""
#: Numbers, of elements with words that look the same in both schemes, with all that they are in, the first; tells how
#: each of them looks.
NUMBER_LOOKS = """
const numbers = new Map();
for (const each of document.querySelectorAll("body *")) {
  each.removeAttribute("data-look");
  const words = [...each.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  if (!(words || each.matches("a, input, select, textarea"))) continue;
  let looks = "";
  for (let at = each; at.localName !== "body"; at = at.parentElement) looks += ` ${at.localName}${at.look}`;
  if (numbers.has(looks)) continue;
  each.dataset.look = numbers.size;
  numbers.set(looks);
}
for (const each of document.querySelectorAll("body *")) delete each.look;
return [...numbers.keys()];
"""
#: How elements looked whose colours were looked at, on any page: to do so again would tell nothing new.
SEEN: set[str] = set()


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


def sideways(page: Page) -> list[str]:
    """Whether a page is wider than its window."""
    inner, wide = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    return [f"{inner} px: the page is {wide} px wide"] if wide > inner else []


def barriers(page: Page, widths: Sequence[int] = (1280, 360)) -> list[str]:
    """What is wrong with all of a page, light and dark, at several widths: axe violations, and sideways scrolling.

    One page for all, because axe is slow before the browser has got used to it. What is folded stays open. The colours
    of what has looked just so on another page are not looked at again.
    """
    found = []
    page.evaluate(f"() => {{ {UNFOLD} }}")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [*sideways(page), *(f"{width} px: {each}" for each in violations(page, leave_out=COLOURS))]
        for scheme in SCHEMES:
            _show(page, scheme)
            page.evaluate(NOTE_LOOKS)
        looks = page.evaluate(f"() => {{ {NUMBER_LOOKS} }}")
        if new := [f'[data-look="{number}"]' for number, look in enumerate(looks) if look not in SEEN]:
            SEEN.update(looks)
            for scheme in SCHEMES:
                _show(page, scheme)
                told = violations(page, context=", ".join(new), rules=COLOURS)
                found += [f"{width} px {scheme}: {each}" for each in told]
    return found


def _show(page: Page, scheme: Literal["light", "dark"]) -> None:
    # Without motion, lest colours are looked at on their way.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
