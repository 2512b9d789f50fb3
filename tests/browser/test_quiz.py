"""The quiz in a real browser: by keyboard, by ear, kept, reviewed, and with everything that can go wrong."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import barriers
from hosts import Handler, served
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "src" / "proverka" / "web"
KEY = "proverka.v1:A quiz of every type"

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a small book with questions of every type."""
    root = tmp_path_factory.mktemp("quiz")
    shutil.copytree(ROOT / "tests" / "sourcedirs" / "quiz", root / "source")
    command = [sys.executable, "-m", "sphinx", "-qnW", str(root / "source"), str(root / "pages")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "pages"


class _Host(Handler):
    def send_error(self, code: int, *args: Any, **kwargs: Any) -> None:
        # Chromium asks for an icon by itself; not to have one is no fault of the page.
        super().send_error(204 if self.path == "/favicon.ico" else code, *args, **kwargs)


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    """Where those pages are served."""
    with served(built, _Host) as address:
        yield f"{address}/book/"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(5_000)
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, address: str) -> Iterator[Visit]:
    """Opens a page. At the end, no page may have said anything or asked another host."""
    complaints: list[str] = []

    def visit(name: str = "river.html", *, init: str = "", at: str = "", scheme: Any = "light") -> Page:
        page = context.new_page()
        page.emulate_media(color_scheme=scheme)
        page.on("console", lambda message: complaints.append(f"console: {message.text} {message.location['url']}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        home = (address.removesuffix("book/"), "data:", "blob:", "file:")
        page.on("request", lambda asked: asked.url.startswith(home) or complaints.append(asked.url))
        if init:
            page.add_init_script(init)
        page.goto(f"{at or address}{name}")
        return page

    yield visit
    assert not complaints


def verdict(page: Page, question: str) -> Locator:
    return page.locator(f"#{question} > [role=status]")


def press_check(page: Page, question: str) -> None:
    page.locator(f"#{question} .pv-check").click()


def kept(page: Page) -> dict[str, Any]:
    data = json.loads(page.evaluate("key => localStorage.getItem(key)", KEY) or "{}")
    answers: dict[str, Any] = data.get("answers", {})
    return answers


def rewrite(page: Page, pattern: str, text: str) -> None:
    """Change what is kept behind the page’s back."""
    data = re.sub(pattern, text, page.evaluate("key => localStorage.getItem(key)", KEY))
    page.evaluate("([key, data]) => localStorage.setItem(key, data)", [KEY, data])


def answer_wrongly(page: Page) -> None:
    """Every question of the page, in one way or another wrong."""
    if page.locator("#q-river-where").count():
        page.locator("#q-river-where").get_by_label("South").check()
        for name in ("The mill", "The tower"):
            page.locator("#q-river-which").get_by_label(name).check()
        page.locator("#q-river-long input").fill("24")
        page.locator("#q-river-name input").fill("Pirita")
        page.locator("#q-river-match select").first.select_option("baking")
        page.locator("#q-river-match select").last.select_option("weir")
        questions = "where which long name order match".split()
    else:
        page.locator("#q-mill-gaps input").fill("rain")
        page.locator("#q-mill-place").get_by_label("On the right").check()
        page.locator("#q-mill-essay textarea").fill("Nobody came any more.")
        questions = "gaps place essay".split()
    for name in questions:
        press_check(page, f"q-{'river' if page.locator('#q-river-where').count() else 'mill'}-{name}")


# --------------------------------------------------------------------------------------------------
# By keyboard alone


def tab_to(page: Page, selector: str) -> Locator:
    """Press Tab until the focus is there."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return page.locator(":focus")
    raise AssertionError(f"Tab never reaches {selector}")


def check_by_keyboard(page: Page, question: str, says: str) -> None:
    expect(verdict(page, question)).not_to_contain_text("ight")
    button = tab_to(page, f"#{question} .pv-check")
    button.press("Enter")
    expect(verdict(page, question)).to_contain_text(says)
    expect(page.locator(f"#{question} .pv-check")).to_be_focused()
    expect(page.locator(f"#{question} .pv-explain")).to_be_visible()


def test_choice_by_keyboard(visit: Visit) -> None:
    page = visit()
    tab_to(page, "#q-river-where input")
    page.keyboard.press("Space")
    for _ in range(4):
        if page.locator(":focus").get_attribute("value") == "north":
            break
        page.keyboard.press("ArrowDown")
        expect(verdict(page, "q-river-where")).to_be_empty()
    check_by_keyboard(page, "q-river-where", "Right. 1 of 1 point")


def test_choices_by_keyboard(visit: Visit) -> None:
    page = visit()
    for _ in range(4):
        box = tab_to(page, "#q-river-which input")
        if box.get_attribute("value") != "tower":
            page.keyboard.press("Space")
    check_by_keyboard(page, "q-river-which", "Right. 3 of 3 points")


@pytest.mark.parametrize(("question", "typed"), [("q-river-long", "42"), ("q-river-name", "jagala")])
def test_typed_answers_by_keyboard(question: str, typed: str, visit: Visit) -> None:
    page = visit()
    tab_to(page, f"#{question} input")
    page.keyboard.type(typed)
    expect(verdict(page, question)).to_be_empty()
    page.keyboard.press("Enter")
    expect(verdict(page, question)).to_contain_text("Right. 1 of 1 point")
    expect(page.locator(f"#{question} input")).to_be_focused()
    expect(page.locator(f"#{question} .pv-explain")).to_be_visible()


def order_shown(page: Page) -> list[str]:
    return [each.get_attribute("data-id") or "" for each in page.locator("#q-river-order [data-id]").all()]


def test_order_by_keyboard(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#q-river-order select")).to_have_count(0)
    for place, name in enumerate(["spring", "mill", "weir", "sea"]):
        while (now := order_shown(page).index(name)) != place:
            page.locator("#q-river-order legend").evaluate("each => { each.tabIndex = -1; each.focus() }")
            tab_to(page, f"#q-river-order [data-id={name}] .pv-move")
            page.keyboard.press("Alt+ArrowUp")
            assert order_shown(page).index(name) == now - 1
            expect(verdict(page, "q-river-order")).to_contain_text(f"now {now} of 4")
            expect(page.locator(f"#q-river-order [data-id={name}] .pv-move").first).to_be_focused()
    check_by_keyboard(page, "q-river-order", "Right. 2 of 2 points")


def test_order_by_its_buttons(visit: Visit) -> None:
    page = visit()
    first, second, *_ = order_shown(page)
    name = page.locator(f"[data-id={second}] .pv-item > span").last.inner_text()
    page.get_by_role("button", name=f"Move up: {name}").press("Space")
    assert order_shown(page)[:2] == [second, first]
    up = page.get_by_role("button", name=f"Move up: {name}")
    expect(up).to_be_focused()
    expect(up).to_have_attribute("aria-disabled", "true")
    up.press("Space")
    assert order_shown(page)[:2] == [second, first]


def set_by_arrows(page: Page, value: str) -> None:
    """Choose in the focused menu."""
    for _ in range(8):
        if page.locator(":focus").evaluate("each => each.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {value} in the menu")


def test_match_by_keyboard(visit: Visit) -> None:
    page = visit()
    for pair in ("mill", "weir"):
        tab_to(page, "#q-river-match select")
        set_by_arrows(page, pair)
    check_by_keyboard(page, "q-river-match", "Right. 2 of 2 points")


def test_blanks_by_keyboard(visit: Visit) -> None:
    page = visit("mill.html")
    tab_to(page, "#q-mill-gaps input")
    page.keyboard.type("Water")
    tab_to(page, "#q-mill-gaps select")
    set_by_arrows(page, "wheel")
    check_by_keyboard(page, "q-mill-gaps", "Right. 2 of 2 points")


def test_pin_by_keyboard(visit: Visit) -> None:
    page = visit("mill.html")
    tab_to(page, "#q-mill-place .pv-aim")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    expect(verdict(page, "q-mill-place")).to_contain_text("between the places (140, 100)")
    expect(page.locator("#q-mill-place input:checked")).to_have_count(0)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(verdict(page, "q-mill-place")).to_contain_text("On the left (116, 100)")
    expect(page.locator("#q-mill-place input[value=left]")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(verdict(page, "q-mill-place")).to_contain_text("(116, 104)")
    check_by_keyboard(page, "q-mill-place", "Right. 1 of 1 point")


def test_pin_by_its_list(visit: Visit) -> None:
    page = visit("mill.html")
    tab_to(page, "#q-mill-place input")
    page.keyboard.press("Space")
    chosen = page.locator("#q-mill-place input:checked").get_attribute("value")
    place = {"left": "100", "right": "300"}
    expect(page.locator(".pv-aim")).to_have_attribute("data-x", place[chosen or ""])
    page.keyboard.press("ArrowDown")
    other = "right" if chosen == "left" else "left"
    expect(page.locator(".pv-aim")).to_have_attribute("data-x", place[other])
    expect(verdict(page, "q-mill-place")).to_be_empty()


def test_essay_by_keyboard(visit: Visit) -> None:
    page = visit("mill.html")
    status = verdict(page, "q-mill-essay")
    tab_to(page, "#q-mill-essay textarea")
    # As a block in its label, it kept Chromium laying out for ever on a long page.
    expect(page.locator("#q-mill-essay textarea")).to_have_css("display", "inline-block")
    page.keyboard.type("Electric mills were cheaper.")
    tab_to(page, "#q-mill-essay .pv-check").press("Enter")
    expect(status).to_contain_text("the mark is your own")
    expect(page.locator("#q-mill-essay .pv-model")).to_be_visible()
    tab_to(page, "#q-mill-essay [data-mark=power]").press("Space")
    expect(status).to_contain_text("Your own mark: 1 of 3 points")
    tab_to(page, "#q-mill-essay [data-mark=price]")
    set_by_arrows(page, "1.5")
    expect(status).to_contain_text("Your own mark: 2.5 of 3 points")
    tab_to(page, "#q-mill-essay [data-mark=style]")
    set_by_arrows(page, "0.5")
    expect(status).to_contain_text("Your own mark: 3 of 3 points")
    assert kept(page)["q-mill-essay"]["box"] == 2
    page.locator("#q-mill-essay textarea").press("x")
    expect(status).to_be_empty()
    press_check(page, "q-mill-essay")
    expect(status).to_contain_text("the mark is your own")


def test_code_has_no_check_button(visit: Visit) -> None:
    page = visit("mill.html")
    expect(page.locator("#q-mill-code button")).to_have_count(0)
    expect(page.locator("#q-mill-code .pv-code").first).to_contain_text("def turns(hours)")
    page.locator("#q-mill-code summary").press("Enter")
    expect(page.locator("#q-mill-code .pv-explain")).to_be_visible()


# --------------------------------------------------------------------------------------------------
# By pointer


def test_a_tap_on_the_drawing_is_a_point_in_its_own_units(visit: Visit) -> None:
    page = visit("mill.html")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        box = page.locator(".pv-aim").bounding_box()
        assert box
        page.locator(".pv-aim").click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.35})
        aim = page.locator(".pv-aim")
        assert abs(float(aim.get_attribute("data-x") or 0) - 300) < 2
        assert abs(float(aim.get_attribute("data-y") or 0) - 70) < 2
        expect(page.locator("#q-mill-place input[value=right]")).to_be_checked()
    page.locator(".pv-aim").click(position={"x": 2, "y": 2})
    expect(page.locator("#q-mill-place input:checked")).to_have_count(0)
    press_check(page, "q-mill-place")
    expect(verdict(page, "q-mill-place")).to_contain_text("Not yet")


def test_items_are_dragged_by_their_handle(visit: Visit) -> None:
    page = visit()
    before = order_shown(page)
    grip = page.locator("#q-river-order .pv-grip").first
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), page.locator("#q-river-order .pv-grip").last.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, end["y"] + end["height"], steps=12)
    page.mouse.up()
    assert order_shown(page) == [*before[1:], before[0]]
    expect(verdict(page, "q-river-order")).to_contain_text("now 4 of 4")


# --------------------------------------------------------------------------------------------------
# By ear


def test_what_is_read_before_and_after_a_wrong_and_a_right_answer(visit: Visit) -> None:
    page = visit()
    question = page.locator("#q-river-where")
    before = question.aria_snapshot()
    assert 'group "1. Where does the river turn?"' in before
    assert "- status" in before
    assert "status:" not in before
    assert 'button "Check"' in before
    assert 'radio "North"' in before
    assert "hills" not in before

    question.get_by_label("South").check()
    press_check(page, "q-river-where")
    after = question.aria_snapshot()
    assert re.search(r"- status: .*Not yet.*There are hills & rocks\.", after)
    assert 'radio "South" [checked]' in after
    assert "✗ Wrong." in after
    assert 'button "Try again"' in after
    described = question.get_by_label("South").get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_have_text("✗ Wrong. There are hills & rocks.")

    question.get_by_role("button", name="Try again").click()
    expect(question.get_by_label("South")).to_be_focused()
    assert "status:" not in question.aria_snapshot()
    question.get_by_label("North").check()
    press_check(page, "q-river-where")
    right = question.aria_snapshot()
    assert re.search(r"- status: .*Right\. 1 of 1 point.*As the map shows\.", right)
    assert "The hills leave no other way." in right
    assert "Why we say so" in right


def test_every_question_has_one_live_region_from_the_start(visit: Visit) -> None:
    for name in ("river.html", "mill.html"):
        page = visit(name)
        for question in page.locator(".pv-question").all():
            wanted = 0 if "pv-code" in (question.get_attribute("class") or "") else 1
            expect(question.locator("[role=status], [aria-live]")).to_have_count(wanted)


def test_what_a_typed_answer_is_told(visit: Visit) -> None:
    page = visit()
    for question, typed, says in (
        ("q-river-long", "", "Give an answer first."),
        ("q-river-long", "forty", "That cannot be read as a number."),
        ("q-river-name", "x" * 1001, "That is too long."),
    ):
        page.locator(f"#{question} input").fill(typed)
        page.locator(f"#{question} input").press("Enter")
        expect(verdict(page, question)).to_have_text(says)
        assert kept(page) == {}
    for question, typed, says in (
        ("q-river-long", "24", "You have turned the digits round."),
        ("q-river-name", "pirita", "That is the next river."),
    ):
        page.locator(f"#{question} input").fill(typed)
        page.locator(f"#{question} input").press("Enter")
        expect(verdict(page, question)).to_contain_text(says)
        expect(page.locator(f"#{question} p.pv-said")).to_have_text(says)
        assert kept(page)[question]["state"] == "wrong"


def test_feedback_stands_beside_what_was_chosen(visit: Visit) -> None:
    page = visit()
    answer_wrongly(page)
    options = page.locator("#q-river-which li:has(input:checked)")
    told = sorted(re.sub(r"\s+", " ", each) for each in options.all_inner_texts())
    assert told == ["The mill ✓ Right.", "The tower ✗ Wrong. It stands on the hill."]
    expect(verdict(page, "q-river-which")).to_contain_text("Not yet")
    rows = page.locator("#q-river-match > ul > li")
    expect(rows.first).to_contain_text("✗ Not yet. Bread is made elsewhere. Think of corn.")
    expect(rows.last).to_contain_text("✓ Right")
    expect(page.locator("#q-river-order .pv-said")).to_have_count(4)
    expect(page.locator(".pv-foot").first).to_contain_text("0 of 6 points in all, 4 of 4 questions answered.")
    expect(page.locator(".pv-foot").first).to_contain_text("Say how long the river is.")
    page.close()
    page = visit("mill.html")
    answer_wrongly(page)
    assert page.locator("#q-mill-gaps p.pv-said").all_inner_texts() == [
        "✓ Blank 1: right.",
        "✗ Blank 2: not yet. It is round.",
    ]
    expect(verdict(page, "q-mill-gaps")).to_contain_text("Partly right: 1 of 2 points")


def test_the_answer_opens_when_right_and_on_request_when_not(visit: Visit) -> None:
    page = visit()
    question = page.locator("#q-river-where")
    question.get_by_label("East").check()
    press_check(page, "q-river-where")
    expect(question.locator(".pv-explain")).not_to_be_visible()
    question.get_by_text("Show the answer").click()
    expect(question.locator(".pv-explain")).to_be_visible()
    question.get_by_role("button", name="Try again").click()
    expect(question.locator(".pv-explain")).not_to_be_visible()


def test_a_changed_answer_loses_the_verdict_of_the_old_one(visit: Visit) -> None:
    page = visit()
    question = page.locator("#q-river-where")
    question.get_by_label("East").check()
    press_check(page, "q-river-where")
    question.get_by_label("South").check()
    expect(verdict(page, "q-river-where")).to_be_empty()
    expect(question.locator(".pv-said")).to_have_count(0)
    expect(question).not_to_have_attribute("data-state", "wrong")


# --------------------------------------------------------------------------------------------------
# Barriers


@pytest.mark.parametrize("name", ["river.html", "mill.html", "progress.html"])
def test_no_barriers_before_and_after_answering(name: str, visit: Visit) -> None:
    page = visit()
    answer_wrongly(page)
    page.close()
    page = visit(name)
    if name == "river.html":
        page.evaluate("localStorage.clear()")
        page.reload()
    found = barriers(page)
    if name != "progress.html":
        answer_wrongly(page)
        # The theme’s button for that stands outside all landmarks.
        page.evaluate("scrollTo(0, 0)")
        found += barriers(page)
    assert not found, "\n".join(found)


def test_nothing_scrolls_sideways_at_320_pixels(visit: Visit) -> None:
    for name in ("river.html", "mill.html", "progress.html"):
        page = visit(name)
        page.set_viewport_size({"width": 320, "height": 640})
        if name != "progress.html":
            answer_wrongly(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = page.evaluate(
            """[...document.querySelectorAll(".pv-question button, .pv-tools button, summary, select, .pv-button")]
            .filter((each) => each.checkVisibility())
            .map((each) => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
        )
        assert small == []
        page.close()


def test_reduced_motion_stops_what_moves(visit: Visit) -> None:
    page = visit()
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        """[...document.querySelectorAll("proverka-quiz *")]
        .filter((each) => !/^(0s(, )?)+$/.test(getComputedStyle(each).transitionDuration)).length"""
    )
    assert moving == 0


def test_print_is_a_clean_sheet(visit: Visit) -> None:
    page = visit()
    answer_wrongly(page)
    page.emulate_media(media="print")
    form = page.locator("proverka-quiz")
    expect(form.locator("button:visible")).to_have_count(0)
    expect(form.locator(".pv-answer:visible, .pv-hint:visible, .pv-said:visible, [role=status]:visible")).to_have_count(
        0
    )
    expect(form.locator(".pv-stem:visible")).to_have_count(6)
    expect(form.locator("[data-id]:visible")).to_have_count(4)


def test_it_works_under_a_strict_policy(visit: Visit, address: str, context: BrowserContext) -> None:
    body = context.request.get(f"{address}mill.html").text()
    form = body[body.index("<proverka-quiz") : body.index("</proverka-quiz>")]
    html = f'<!doctype html><title>A</title><script defer src="../_static/proverka.js"></script>{form}</proverka-quiz>'
    policy = {"content-security-policy": "default-src 'self'", "content-type": "text/html; charset=utf-8"}
    context.route("**/strict.html", lambda route: route.fulfill(body=html, headers=policy))
    page = visit("strict.html")
    page.locator(".pv-aim").press("Shift+ArrowLeft")
    page.locator("#q-mill-gaps input").fill("water")
    press_check(page, "q-mill-gaps")
    expect(verdict(page, "q-mill-gaps")).to_contain_text("Partly right")


def test_without_scripts_the_page_is_whole(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}river.html")
    expect(page.locator("#q-river-order select")).to_have_count(4)
    page.locator("#q-river-where .pv-answer summary").click()
    expect(page.locator("#q-river-where .pv-explain")).to_be_visible()
    page.goto(f"{address}progress.html")
    expect(page.locator(".pv-without")).to_be_visible()
    assert page.locator("tr.pv-chapter").all_inner_texts() == ["The river\t6", "The mill\t3"]
    expect(page.locator("button:visible").filter(has_text="file")).to_have_count(0)
    context.close()


def test_the_built_folder_works_from_a_disk(visit: Visit, built: Path) -> None:
    page = visit("river.html", at=f"{(built / 'book').as_uri()}/")
    page.locator("#q-river-long input").fill("42")
    page.locator("#q-river-long input").press("Enter")
    expect(verdict(page, "q-river-long")).to_contain_text("Right")
    page.reload()
    expect(verdict(page, "q-river-long")).to_contain_text("Right")


def test_the_module_is_small() -> None:
    """What a page loads, and the module with the line that registers it."""
    from proverka.sphinx_ext.extension import page_script

    module = b"".join((WEB / name).read_bytes() for name in ("proverka-quiz.js", "proverka-quiz-define.js"))
    assert len(gzip.compress(module, 9)) <= 12_000
    assert len(gzip.compress(page_script().encode(), 9)) <= 11_000


# --------------------------------------------------------------------------------------------------
# Kept


def test_answers_and_feedback_are_there_again_after_a_reload(visit: Visit) -> None:
    page = visit()
    answer_wrongly(page)
    before = page.locator(".pv-question").evaluate_all("all => all.map((each) => each.innerText)")
    page.reload()
    expect(page.locator("#q-river-where").get_by_label("South")).to_be_checked()
    expect(page.locator("#q-river-long input")).to_have_value("24")
    assert page.locator(".pv-question").evaluate_all("all => all.map((each) => each.innerText)") == before
    page.close()
    page = visit("mill.html")
    answer_wrongly(page)
    page.locator("[data-mark=price]").select_option("1")
    page.locator(".pv-aim").click(position={"x": 4, "y": 8})
    place = page.locator(".pv-aim").get_attribute("data-y") or ""
    press_check(page, "q-mill-place")
    page.reload()
    expect(page.locator("[data-mark=price]")).to_have_value("1")
    expect(verdict(page, "q-mill-essay")).to_contain_text("Your own mark: 1 of 3 points")
    expect(page.locator(".pv-aim")).to_have_attribute("data-y", place)
    expect(page.locator("#q-mill-place input:checked")).to_have_count(0)


def test_an_edited_question_asks_again_and_says_why(visit: Visit) -> None:
    page = visit()
    answer_wrongly(page)
    rewrite(page, '"fingerprint":"..', '"fingerprint":"zz')
    page.reload()
    question = page.locator("#q-river-where")
    expect(question).to_contain_text("This question has changed since you answered it.")
    expect(question.locator("input:checked")).to_have_count(0)
    expect(verdict(page, "q-river-where")).to_be_empty()
    question.get_by_label("North").check()
    press_check(page, "q-river-where")
    expect(question).not_to_contain_text("has changed")
    assert kept(page)["q-river-where"]["attempts"] == 1


REFUSED = """for (const name of ["getItem", "setItem"]) {
  const old = Storage.prototype[name];
  Storage.prototype[name] = function (key, value) {
    if (key.startsWith("proverka")) throw new DOMException("no", "SecurityError");
    return old.call(this, key, value);
  };
}"""
FULL = REFUSED.replace('["getItem", "setItem"]', '["setItem"]')
KEEP = f"localStorage.setItem({json.dumps(KEY)}, %r)"
NEWER = KEEP % '{"version": 2, "answers": []}'
BROKEN = f"if (!localStorage.length) {KEEP}" % '{"version": 1, "answers": {"q-river-long": 7'


@pytest.mark.parametrize("init", [REFUSED, FULL, NEWER], ids=["refused", "full", "newer"])
def test_where_nothing_can_be_kept_the_quiz_works_and_says_so(init: str, visit: Visit) -> None:
    page = visit(init=init)
    expect(page.get_by_text("does not let the page keep")).to_have_count(0)
    page.locator("#q-river-long input").fill("42")
    page.locator("#q-river-long input").press("Enter")
    expect(verdict(page, "q-river-long")).to_contain_text("Right")
    expect(page.get_by_text("does not let the page keep")).to_have_count(1)
    if init == NEWER:
        assert '"version": 2' in page.evaluate("key => localStorage.getItem(key)", KEY)
    page.close()
    if init != FULL:  # which only shows when something is written
        page = visit("progress.html", init=init)
        expect(page.get_by_text("does not let the page keep")).to_have_count(1)


def test_what_is_kept_and_cannot_be_read_is_left_behind(visit: Visit) -> None:
    page = visit(init=BROKEN)
    page.locator("#q-river-long input").fill("42")
    page.locator("#q-river-long input").press("Enter")
    assert list(kept(page)) == ["q-river-long"]


ENTRY = {"fingerprint": "FP", "answer": "<b>", "state": "wrong", "points": 0, "of": 1, "attempts": 1, "box": 1}
ENTRY |= {"at": "2026-01-01", "due": "2999-01-01"}


def test_entries_that_make_no_sense_are_ignored(visit: Visit) -> None:
    page = visit()
    fingerprint = json.loads(page.locator("proverka-quiz script").first.inner_text())[0]["fingerprint"]
    bad = [{**ENTRY, **each} for each in ({"points": 9}, {"at": "x"}, {"box": 9}, {})]
    for entry in [None, 7, {}, {"fingerprint": "FP"}, *bad]:
        data = json.dumps({"version": 1, "answers": {"q-river-where": entry}}).replace('"FP"', f'"{fingerprint}"')
        page.evaluate("([key, data]) => localStorage.setItem(key, data)", [KEY, data])
        page.reload()
        expect(page.locator("#q-river-where input:checked")).to_have_count(0)
        page.locator("#q-river-where").get_by_label("North").check()
        press_check(page, "q-river-where")
        expect(verdict(page, "q-river-where")).to_contain_text("Right")


def test_two_tabs_lose_nothing_of_each_other(visit: Visit) -> None:
    first, second = visit(), visit()
    first.locator("#q-river-long input").fill("42")
    first.locator("#q-river-long input").press("Enter")
    expect(second.locator("#q-river-long input")).to_have_value("42")
    expect(verdict(second, "q-river-long")).to_contain_text("Right")
    second.locator("#q-river-name input").fill("Pirita")
    second.locator("#q-river-name input").press("Enter")
    expect(verdict(first, "q-river-name")).to_contain_text("Not yet")
    assert set(kept(first)) == {"q-river-long", "q-river-name"}


def test_an_event_tells_what_was_answered(visit: Visit) -> None:
    page = visit()
    page.evaluate("addEventListener('proverka-answer', (event) => { globalThis.told = event.detail })")
    page.locator("#q-river-long input").fill("24")
    page.locator("#q-river-long input").press("Enter")
    told = page.evaluate("globalThis.told")
    assert told == {"id": "q-river-long", "answer": "24", "points": 0, "of": 1, "state": "wrong", "parts": ["wrong-0"]}


def test_a_form_can_be_mounted_in_a_shadow_root_before_it_is_attached(visit: Visit, context: BrowserContext) -> None:
    context.route(
        "**/module.js", lambda route: route.fulfill(path=WEB / "proverka-quiz.js", content_type="text/javascript")
    )
    page = visit("mill.html")
    page.evaluate(
        """async () => {
          const { mount } = await import(new URL("module.js", location.href).href);
          const source = document.querySelector("proverka-quiz");
          const questions = JSON.parse(source.querySelector("script").textContent);
          const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
          const form = page.querySelector("form.proverka-quiz");
          const host = document.createElement("div");
          host.attachShadow({ mode: "open" }).append(form);
          globalThis.heard = [];
          const onAnswer = ({ id }, answer, { state }) => heard.push([id, answer, state]);
          const gaps = { what: "rain" };
          const saved = { "q-mill-place": "left", "q-mill-gaps": gaps, "q-mill-essay": 7, "q-mill-code": null };
          mount(form, questions, { saved, onAnswer });
          source.replaceWith(host);
        }"""
    )
    question = page.locator("#q-mill-place")
    expect(question.locator("[role=status]")).to_contain_text("Right")
    expect(question.locator(".pv-aim")).to_have_attribute("data-x", "100")
    expect(page.locator("#q-mill-gaps select")).to_have_value("")
    expect(verdict(page, "q-mill-essay")).to_be_empty()
    page.locator("#q-mill-gaps input").fill("water")
    page.locator("#q-mill-gaps input").press("Enter")
    assert page.evaluate("heard") == [["q-mill-gaps", {"what": "water", "wheel": ""}, "partial"]]
    assert kept(page) == {}


# --------------------------------------------------------------------------------------------------
# Review


def answer_length(page: Page, typed: str) -> dict[str, Any]:
    page.locator("#q-river-long input").fill(typed)
    page.locator("#q-river-long input").press("Enter")
    entry: dict[str, Any] = kept(page)["q-river-long"]
    return entry


def test_boxes_hold_questions_for_1_2_4_8_and_16_days(visit: Visit) -> None:
    page = visit()
    page.clock.set_fixed_time("2026-03-01T12:00:00")
    days = [("01", 2, "03"), ("03", 3, "07"), ("07", 4, "15"), ("15", 5, "31")]
    for today, box, due in days:
        page.clock.set_fixed_time(f"2026-03-{today}T23:30:00")
        page.reload()
        if today != "01":
            expect(page.locator("#q-river-long")).to_contain_text("Time to review: you last answered this on")
            expect(page.locator("#q-river-long input")).to_have_value("")
        entry = answer_length(page, "42")
        assert (entry["box"], entry["due"]) == (box, f"2026-03-{due}")
    page.clock.set_fixed_time("2026-03-20T12:00:00")
    assert answer_length(page, "42")["box"] == 5, "a question that is not due stays in its box"
    page.clock.set_fixed_time("2026-03-31T12:00:00")
    page.reload()
    entry = answer_length(page, "42")
    assert (entry["box"], entry["due"]) == (5, "2026-04-16")
    entry = answer_length(page, "24")
    assert (entry["box"], entry["due"], entry["attempts"]) == (1, "2026-04-01", 7)
    entry = answer_length(page, "42")
    assert (entry["box"], entry["due"]) == (1, "2026-04-01"), "right only after it was wrong the same day"


def test_who_looks_first_has_not_remembered(visit: Visit) -> None:
    page = visit()
    page.locator("#q-river-long summary").click()
    assert answer_length(page, "42")["box"] == 1


def test_progress_counts_by_chapter_and_outcome(visit: Visit) -> None:
    page = visit("progress.html")
    expect(page.get_by_text("You have not answered any question yet.")).to_be_visible()
    expect(page.locator(".pv-without")).not_to_be_visible()
    other = visit()
    answer_wrongly(other)
    answer_length(other, "42")
    rows = page.locator("tbody tr")
    expect(rows.nth(1)).to_have_text("The river661–")
    assert rows.all_inner_texts() == [
        "The whole book\t9\t6\t1\t–",
        "The river\t6\t6\t1\t–",
        "Say how long the river is.\t4\t4\t1\t–",
        "Say what the river does.\t2\t2\t–\t–",
        "The mill\t3\t–\t–\t–",
        "Say how the mill works.\t3\t–\t–\t–",
    ]
    expect(page.get_by_role("heading", name="Review what I missed (5)")).to_be_visible()
    rewrite(other, '"due":"20..', '"due":"1999')
    page.reload()
    expect(page.get_by_role("heading", name="Due now (6)")).to_be_visible()
    expect(rows.first).to_have_text("The whole book9616")


def test_review_leads_from_question_to_question_and_back(visit: Visit) -> None:
    page = visit("mill.html")
    answer_wrongly(page)
    page.goto(page.url.replace("mill", "river"))
    answer_wrongly(page)
    page.goto(page.url.replace("river", "progress"))
    links = page.locator(".pv-review a")
    expect(links).to_have_count(9)
    page.get_by_role("link", name="What is done where?").click()
    assert page.url.endswith("river.html#q-river-match")
    press_check(page, "q-river-match")
    page.get_by_role("link", name="Next question to review").click()
    page.wait_for_url("**/mill.html#q-mill-gaps")
    press_check(page, "q-mill-gaps")
    page.get_by_role("link", name="Next question to review").click()
    page.wait_for_url("**/mill.html#q-mill-place")
    press_check(page, "q-mill-place")
    page.locator("#q-mill-place").get_by_role("link", name="Next question to review").click()
    press_check(page, "q-mill-essay")
    page.get_by_role("link", name="That was the last: back to your progress").click()
    page.wait_for_url("**/progress.html")


def import_text(page: Page, text: str) -> str:
    page.locator("input[type=file]").set_input_files(
        {"name": "a.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    status = page.locator("proverka-progress [role=status]")
    expect(status).not_to_be_empty()
    return status.inner_text()


def test_progress_is_saved_to_a_file_deleted_and_read_again(visit: Visit) -> None:
    page = visit()
    answer_wrongly(page)
    page.goto(page.url.replace("river", "progress"))
    before = kept(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    assert re.fullmatch(r"progress-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    text = Path(download.value.path()).read_text("utf-8")
    assert json.loads(text)["answers"] == before

    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Keep").click()
    assert kept(page) == before
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("dialog")).to_contain_text("They cannot be brought back.")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("proverka-progress [role=status]")).to_have_text("Deleted 6 answers.")
    expect(page.get_by_text("You have not answered any question yet.")).to_be_visible()
    assert kept(page) == {}

    assert import_text(page, text).startswith("Read 6 answers and took over 6")
    assert kept(page) == before
    older = {**json.loads(text), "answers": {"q-river-long": {**before["q-river-long"], "at": "2001-01-01", "box": 5}}}
    assert import_text(page, json.dumps(older)).startswith("Read 1 answers and took over 0")
    assert kept(page) == before
    later = {**json.loads(text), "answers": {"q-river-long": {**before["q-river-long"], "at": "2101-01-01", "box": 5}}}
    assert import_text(page, json.dumps(later)).startswith("Read 1 answers and took over 1")
    assert kept(page) == {**before, **later["answers"]}


FILE = {"format": "proverka-progress", "version": 1, "site": "A quiz of every type", "answers": {}}


BAD_FILES = [
    ("", "it holds no progress"),
    ("{", "it holds no progress"),
    ("[]", "it holds no progress"),
    ("null", "it holds no progress"),
    (json.dumps({**FILE, "format": "x"}), "it holds no progress"),
    (json.dumps({**FILE, "answers": []}), "it holds no progress"),
    (json.dumps({**FILE, "version": 2}), "a newer version of this page wrote it"),
    (json.dumps({**FILE, "site": "Another book"}), "it belongs to “Another book”"),
    (json.dumps({**FILE, "answers": {"q-a": {"state": "right"}}}), "its entry “q-a” cannot be read"),
    (json.dumps({**FILE, "answers": {"__proto__": 1}}), "its entry “__proto__” cannot be read"),
    (" " * 4_000_001, "it holds no progress"),
]


def test_a_bad_file_changes_nothing_and_is_told_why(visit: Visit) -> None:
    page = visit()
    answer_length(page, "42")
    page.goto(page.url.replace("river", "progress"))
    before = kept(page)
    status = page.locator("proverka-progress [role=status]")
    for text, why in BAD_FILES:
        status.evaluate("each => { each.textContent = '' }")
        assert import_text(page, text) == f"Nothing was changed: “a.json” cannot be used, as {why}."
        assert kept(page) == before
