"""Every page of the book: quiet, light on its reader, and accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe import violations
from conftest import pages

#: The rules for which an element’s colours matter; they take most of the time, and more on long pages.
COLOURS = ["color-contrast", "link-in-text-block"]
#: Browsers lay out what is far down only when a reader comes near, and axe does not look at the rest.
ALL_IN_SIGHT = "* { content-visibility: visible !important }"
#: What is folded has to be opened to be looked at.
UNFOLD = "for (const each of document.querySelectorAll('details')) each.open = true"
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
#: Of elements with words that look the same in both schemes, with all that they are in, the first is looked at.
CHOOSE_LOOKS = """
window.seen ??= new Set();
for (const each of document.querySelectorAll("body *")) {
  const words = [...each.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  let looks = "";
  for (let at = each; at.localName !== "body"; at = at.parentElement) looks += ` ${at.localName}${at.look}`;
  const chosen = (words || each.matches("a, input, select, textarea")) && !seen.has(looks);
  each.toggleAttribute("data-look", chosen);
  if (chosen) seen.add(looks);
}
for (const each of document.querySelectorAll("body *")) delete each.look;
return document.querySelector("[data-look]") !== null;
"""


@pytest.mark.parametrize("path", pages() or ["index.html"])
def test_a_page_is_quiet_fits_and_has_no_barriers(path: str, open_page: Callable) -> None:
    """No message, no request elsewhere, no axe violation of any level; no sideways scrolling, also when zoomed."""
    found = []
    # One page for both widths: axe is slow before the browser has got used to it.
    page, complaints = open_page(path)
    page.add_style_tag(content=ALL_IN_SIGHT)
    page.evaluate(UNFOLD)
    # A computer’s window at 400 %, at 200 % and as it is, and a phone.
    for width in (320, 640, 1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{width} px: the page is {wide} px wide")
        if width in (320, 640):
            continue
        found += [f"{width} px: {each}" for each in violations(page, leave_out=COLOURS)]
        for scheme in ("dark", "light"):
            # Without motion, lest colours are looked at on their way.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(NOTE_LOOKS)
        if page.evaluate(f"() => {{ {CHOOSE_LOOKS} }}"):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                told = violations(page, context="[data-look]", rules=COLOURS)
                found += [f"{width} px {scheme}: {each}" for each in told]
    found += complaints
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("path", ["book/index.html", "quizzes/mosfilm.html", "search.html"])
def test_a_page_has_an_icon_for_light_and_dark(path: str, open_page: Callable) -> None:
    """Its top left corner is empty; the colour of the nut follows the scheme."""
    colours = {}
    for scheme in ("light", "dark"):
        page, _ = open_page(path, scheme=scheme)
        colours[scheme] = page.evaluate(
            """async () => {
                const icon = Object.assign(new Image(), { src: document.querySelector("link[rel~=icon]").href });
                await icon.decode();
                const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 32 });
                const pen = canvas.getContext("2d");
                pen.drawImage(icon, 0, 0, 32, 32);
                return [[1, 1], [11, 28]].map((at) => [...pen.getImageData(...at, 1, 1).data]);
            }"""
        )
        assert colours[scheme][0][3] == 0
        assert colours[scheme][1][3] == 255
    assert sum(colours["light"][1][:3]) < 380 < sum(colours["dark"][1][:3])


def test_without_scripts_answers_unfold(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html", scripts=False)
    question = page.locator("#q-mosfilm-founders")
    explanation = question.locator(".pv-explain")
    assert not explanation.is_visible()
    question.locator("summary").click()
    assert explanation.is_visible()
    question.get_by_text("They sold their factories").first.click()
    assert question.locator("input:checked").count() == 1


def test_the_enter_key_sends_no_form(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html")
    field = page.locator(".proverka-quiz input[type=text]").first
    field.fill("1979")
    before = page.url
    field.press("Enter")
    assert page.url == before
    assert field.input_value() == "1979"


def test_print_shows_the_questions_without_their_answers(open_page: Callable) -> None:
    page, _ = open_page("book/mosfilm.html")
    page.emulate_media(media="print")
    assert page.locator("#q-mosfilm-founders .pv-stem").is_visible()
    assert not page.locator("#q-mosfilm-founders .pv-answer").is_visible()
