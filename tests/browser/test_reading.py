"""What a reader meets on the pages of the book: type, notes, evidence, keyboard, paper, and her own settings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import SITE, pages
from playwright.sync_api import expect

CHAPTER = "book/mosfilm.html"

# ----------------------------------------------------------------------------------------------------
# Type


def test_lines_hold_60_to_75_characters(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER)
    counts = page.evaluate(
        """() => [...document.querySelectorAll("article section > p")].map((each) =>
            [each.textContent.length, Math.round(each.clientHeight / parseFloat(getComputedStyle(each).lineHeight))])"""
    )
    long = [length / lines for length, lines in counts if lines >= 5]
    assert len(long) >= 5
    assert 60 <= sum(long) / len(long) <= 75


def test_pages_are_set_in_the_fonts_of_the_book(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER)
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter((each) => each.status === 'loaded').map((each) => each.family)")
    assert {"Book Text", "Book Text More", "Book Display"} <= {each.strip('"') for each in loaded}


def test_cyrillic_is_fetched_only_where_it_stands(open_page: Callable) -> None:
    asked = {}
    for path in (CHAPTER, "book/errata.html"):
        page, _ = open_page(path)
        page.evaluate("document.fonts.ready")
        asked[path] = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name).join(' ')")
    assert "text-cyrillic" in asked[CHAPTER]
    assert "cyrillic" not in asked["book/errata.html"]


def test_the_fonts_have_every_letter_of_the_pages() -> None:
    css = next((SITE / "_static").glob("book-*.css")).read_text(encoding="utf-8")
    has: set[int] = set()
    for face in re.findall(r"@font-face\{[^}]*Book Text[^}]*\}", css):
        for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face):
            has.update(range(int(first, 16), int(last or first, 16) + 1))
    for path in pages():
        article = (SITE / path).read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]
        text = re.sub(r"<svg.*?</svg>|<script.*?</script>|<[^>]+>", "", article, flags=re.DOTALL)
        # What only names of sources have, Kazakh and Japanese, is left to the reader’s own fonts.
        lacking = {each for each in text if each.isalpha() and ord(each) < 0x48A} - {chr(each) for each in has}
        assert not lacking, f"{path}: {lacking}; add them to tools/subset_fonts.py"


def test_nothing_moves_while_a_page_comes(open_page: Callable) -> None:
    for path in ("book/index.html", CHAPTER, "book/evidence/mosfilm.html"):
        page, _ = open_page(path, width=360)
        page.wait_for_load_state("networkidle")
        moved = page.evaluate(
            """new Promise((done) => {
                const seen = [];
                new PerformanceObserver((list) => seen.push(...list.getEntries().map((each) => each.value)))
                    .observe({ type: "layout-shift", buffered: true });
                setTimeout(() => done(seen), 100);
            })"""
        )
        assert moved == [], path


def test_questions_have_room_for_their_buttons(open_page: Callable) -> None:
    page, _ = open_page("book/lost-year.html", width=360)
    heights = "[...document.querySelectorAll('.pv-question:not(.pv-order)')].map((each) => each.clientHeight)"
    before = page.evaluate(heights)
    assert page.locator(".pv-check").count() == 0
    page.locator("proverka-quiz").first.scroll_into_view_if_needed()
    page.locator(".pv-check").first.wait_for()
    assert len(before) > 8
    assert page.evaluate(heights) == before


def test_text_is_there_without_scripts_and_when_fonts_do_not_come(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER, scripts=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page, _ = open_page("search.html")
    page.route("**/*.woff2", lambda route: None)
    page.goto(page.url.replace("search.html", CHAPTER), wait_until="domcontentloaded")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


# ----------------------------------------------------------------------------------------------------
# Notes and evidence


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_note_stands_beside_its_number_on_hover_and_goes_with_escape(scheme: str, open_page: Callable) -> None:
    page, _ = open_page(CHAPTER, scheme=scheme)
    mark = page.locator(".claim-mark a").first
    mark.hover()
    card = page.locator(".note-card")
    expect(card).to_be_visible()
    says = page.locator(f"{mark.get_attribute('href')} .claim-says").inner_text()
    assert says in card.inner_text()
    text, beside = page.locator("p:has(.claim-mark)").first.bounding_box(), card.bounding_box()
    assert text
    assert beside
    assert beside["x"] >= text["x"] + text["width"]
    column = page.locator("article").first.bounding_box()
    assert column
    assert column["x"] + column["width"] <= beside["x"]
    assert beside["x"] + beside["width"] <= 1280
    inks = page.evaluate(
        """[".note-card", ".claim-notes"].map((place) => [".claim-says", ".claim-status", ".claim-sources"].map(
            (part) => getComputedStyle(document.querySelector(`${place} ${part}`)).color))"""
    )
    assert inks[0] == inks[1]
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_tap_keeps_a_note_at_the_foot_of_a_narrow_window(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER, width=360)
    mark = page.locator(".claim-mark a").first
    mark.click()
    card = page.locator(".note-card")
    expect(card).to_be_visible()
    place = card.bounding_box()
    assert place
    assert place["width"] == 360
    assert abs(place["y"] + place["height"] - 900) < 1
    assert page.evaluate("location.hash") == ""
    mark.click()
    expect(card).to_be_hidden()


def test_the_keyboard_shows_a_note_and_follows_the_link_to_it(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER)
    before = page.locator("article p a").first
    before.focus()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.claim-mark') !== null"):
            break
    expect(page.locator(".note-card")).to_be_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#note-")


def test_every_address_of_a_claim_on_the_evidence_page_leads_on(open_page: Callable) -> None:
    """Each claim once stood on that page, and links to it are out in the world."""
    page, _ = open_page("book/evidence.html#c-stalker-second-unit")
    page.wait_for_url("**/book/evidence/*.html#c-stalker-second-unit")
    expect(page.locator("#c-stalker-second-unit")).to_be_in_viewport()
    listed = set(re.findall(r'<li id="(c-[\w-]+)"', (SITE / "book/evidence.html").read_text(encoding="utf-8")))
    told = [
        each
        for path in (SITE / "book/evidence").glob("*.html")
        for each in re.findall(r'<li id="(c-[\w-]+)"', path.read_text(encoding="utf-8"))
    ]
    assert len(told) == len(set(told)) >= 844
    assert set(told) == listed


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("book/article.html", "q"),
        ("book/article.html", "mark"),
        ("book/second-shoot.html", "note"),
        ("book/evidence/the-film.html", "c"),
        ("book/evidence.html", "c"),
        ("book/bibliography.html", "source"),
        ("book/glossary.html", "term"),
        ("quizzes/tarkovsky.html", "q"),
    ],
)
def test_an_address_shows_its_place(path: str, kind: str, width: int, open_page: Callable) -> None:
    ids = re.findall(rf' id="({kind}-[^"]*)"', (SITE / path).read_text(encoding="utf-8"))
    place = ids[len(ids) * 2 // 3]
    page, _ = open_page(f"{path}#{place}", width=width)
    # When all is there: fonts, and the buttons of questions above.
    page.wait_for_load_state("networkidle")
    top, height = page.evaluate("(id) => [document.getElementById(id).getBoundingClientRect().top, innerHeight]", place)
    assert 0 <= top < height / 2, place


def test_claims_are_filtered_by_words_and_by_status(open_page: Callable) -> None:
    page, _ = open_page("book/evidence/mosfilm.html")
    claims = page.locator("ul.evidence > li")
    total = claims.count()
    page.get_by_label("Words").fill("nationalisation 1924")
    expect(page.locator(".claim-filter [role=status]")).to_contain_text(f"of {total} claims")
    assert 0 < claims.locator("visible=true").count() < total
    page.get_by_label("Words").fill("")
    page.get_by_label("Status").select_option("disputed")
    shown = claims.locator("visible=true").all()
    assert 0 < len(shown) < total
    assert {each.locator(".claim-status").text_content() for each in shown} == {"disputed"}


# ----------------------------------------------------------------------------------------------------
# Keyboard


def test_the_first_key_leads_past_the_contents(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article, .content-icon-container') !== null")


def test_focus_is_always_seen(open_page: Callable) -> None:
    """Whatever has the focus, or what stands for it, has an outline; a tour of the first 80 stops."""
    page, _ = open_page(CHAPTER)
    unseen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const at = document.activeElement;
                const shown = at.matches(".toctree-checkbox") ? at.nextElementSibling : at;
                const { outlineStyle, outlineWidth } = getComputedStyle(shown);
                const place = shown.getBoundingClientRect();
                return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && place.width > 0) || at.outerHTML;
            }"""
        )
        if seen is not True:
            unseen.append(str(seen)[:200])
    assert unseen == []


def test_on_a_phone_the_keyboard_opens_the_contents(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER, width=360)
    first = page.locator(".sidebar-tree a").first
    expect(first).not_to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Toggle site navigation sidebar")).to_be_focused()
    page.keyboard.press("Space")
    expect(first).to_be_visible()
    expect(first).to_be_in_viewport()


def test_each_page_has_its_landmarks() -> None:
    for path in pages():
        html = (SITE / path).read_text(encoding="utf-8")
        for one in ('role="main"', '<header class="mobile-header"', "<footer", 'aria-label="Book"', "<h1"):
            assert html.count(one) == 1, f"{path}: {one}"


def test_drawings_say_what_they_show() -> None:
    for path in pages():
        for head in re.findall(r'<svg[^>]*class="drawing"[^>]*>', (SITE / path).read_text(encoding="utf-8")):
            label = re.search(r'role="img" aria-label="([^"]+)"', head)
            assert label, f"{path}: {head}"
            assert len(label[1].split()) >= 5


# ----------------------------------------------------------------------------------------------------
# Settings, and paper


def test_nothing_glides_for_those_who_asked_for_less_motion(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    times = page.evaluate(
        "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each).transitionDuration)"
    )
    assert set(times) == {"0s"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_stay_on_their_paper_when_colours_are_forced(scheme: str, open_page: Callable) -> None:
    page, _ = open_page(CHAPTER, scheme=scheme)
    page.emulate_media(forced_colors="active")
    drawing = page.locator("figure .drawing").first
    assert drawing.evaluate("(it) => getComputedStyle(it).forcedColorAdjust") == "none"
    paper = drawing.evaluate("(it) => getComputedStyle(it).backgroundColor")
    assert paper == {"light": "rgb(253, 252, 248)", "dark": "rgb(25, 24, 19)"}[scheme]


def test_the_choice_of_light_or_dark_stays(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER)
    toggle = page.locator(".theme-toggle-content .theme-toggle")
    colours = []
    for _ in range(3):
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        toggle.click()
    assert set(colours) == {"rgb(253, 252, 248)", "rgb(25, 24, 19)"}
    while page.evaluate("document.body.dataset.theme") != "dark":
        toggle.click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 24, 19)"


def test_paper_has_the_text_alone_in_dark_ink(open_page: Callable) -> None:
    page, _ = open_page(CHAPTER, scheme="dark")
    page.emulate_media(media="print")
    for aside in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages"):
        assert not page.locator(aside).is_visible(), aside
    assert page.locator(".claim-notes li").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 28, 22)"
