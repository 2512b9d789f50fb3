"""Every page of the book: quiet, light on its reader, and accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe import violations
from conftest import pages

#: What depends on the scheme; everything else is the same in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
#: What has the same elements around it looks the same: two of each are kept, and questions are kept or not as a whole.
SAMPLE = """
const seen = {};
for (const each of [...document.querySelectorAll("article *, .content *")]) {
  if (!each.isConnected || each.parentElement.closest("svg, fieldset")) continue;
  let around = "";
  for (let at = each; at !== document.body; at = at.parentElement) around += ` ${at.localName}.${at.className}`;
  if ((seen[around] = (seen[around] ?? 0) + 1) > 2) each.remove();
}
"""


@pytest.mark.parametrize("path", pages() or ["index.html"])
def test_a_page_is_quiet_fits_and_has_no_barriers(path: str, open_page: Callable) -> None:
    """No message, no request elsewhere, no axe violation of any level; no sideways scrolling, also when zoomed."""
    found = []
    for width in (360, 1280):
        page, complaints = open_page(path, width=width)
        # As it is, and 1,280 px at 200 % and at 400 %.
        for narrow in (640, 320, width):
            page.set_viewport_size({"width": narrow, "height": 900})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > narrow:
                found.append(f"{narrow} px: the page is {wide} px wide")
        if width == 360:
            found += violations(page, leave_out=COLOURS)
        page.evaluate(SAMPLE)
        for scheme, rules in (("light", ()), ("dark", COLOURS)):
            # Without motion, lest colours are looked at on their way.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} px {scheme}: {each}" for each in violations(page, rules=rules)]
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
