"""Quizzes in JupyterLab and in Notebook 7: answered by keyboard, kept in the file, shown again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SITE
from front_ends import FRONT_ENDS, Open, Reader, Server, barriers
from playwright.sync_api import Locator, expect

from proverka.jupyter.record import read_records
from proverka.model import (
    Blank,
    Blanks,
    Choice,
    Choices,
    Citation,
    Claim,
    Code,
    Criterion,
    Essay,
    Foreseen,
    Item,
    Match,
    Number,
    Option,
    Order,
    Outcome,
    Pair,
    Pin,
    Question,
    Spot,
    Status,
    Trial,
)
from proverka.render.notebook import render_notebook


def common(name: str, **other: Any) -> dict[str, Any]:
    fields = {"outcome": "lo-zone", "claims": ("c-zone",), "level": "recall", "explain": f"Because of {name}."}
    return {"id": f"q-zone-{name}", "stem": f"What of *{name}*?", **fields, **other}


DRAWING = '<svg viewBox="0 0 100 50" class="drawing" role="img" aria-label="Two places."></svg>'
QUESTIONS: tuple[Question, ...] = (
    Choice(
        **common("choice"),
        options=(
            Option("mill", "A *mill*", True),
            Option("ship", "A ship", why="No."),
            Option("bus", "A bus", why="No."),
        ),
    ),
    Choices(**common("choices"), options=(Option("a", "A", True), Option("b", "B", True), Option("c", "C", why="No."))),
    Number(**common("number"), low=17, high=17, unit="reels", wrong=(Foreseen("15", "Those of 1978."),)),
    Order(**common("order"), items=(Item("x", "X"), Item("y", "Y"), Item("z", "Z"))),
    Match(**common("match"), pairs=(Pair("boris", "Boris", "screenplay"), Pair("alexander", "Alexander", "camera"))),
    Blanks(
        **common("blanks"),
        text="In {month} {year}.",
        blanks=(Blank("month", ("April",), among=("May",)), Blank("year", ("1979",))),
    ),
    Pin(
        **common("pin"),
        drawing="d.svg",
        alt="Two places.",
        spots=(Spot("here", "Here", 20, 20, 5, True), Spot("there", "There", 80, 30, 5, why="No.")),
    ),
    Essay(**common("essay"), model="A model.", rubric=(Criterion("source", "Names who says so."),)),
    Code(
        **common("code"),
        function="double",
        starter="def double(number):\n    ...",
        solution="def double(number):\n    return 2 * number",
        trials=(Trial((2,), 4),),
    ),
)
OUTCOMES = [Outcome("lo-zone", "Tell one thing from another.")]
CLAIMS = {"c-zone": Claim("c-zone", "It was a mill.", Status.CONFIRMED, (Citation("a"), Citation("b")))}


# --------------------------------------------------------------------------------------------------
# A reader


def notebook(server: Server, folder: str) -> Path:
    """A generated notebook, alone in a folder."""
    path = server.root / folder / "zone.ipynb"
    path.parent.mkdir()
    text = render_notebook("zone", "The *Zone*", QUESTIONS, OUTCOMES, CLAIMS, {}, {"d.svg": DRAWING})
    path.write_text(text, encoding="utf-8")
    return path


class ZoneReader(Reader):
    """Somebody before that notebook."""

    def question(self, name: str) -> Locator:
        """A question’s form."""
        return self.page.locator(f"#q-zone-{name}")

    def cell(self, name: str) -> Locator:
        """The cell that asks it."""
        return self.cell_with(f'quiz.ask("q-zone-{name}")')

    def run_all(self) -> None:
        """Run all cells, to the last."""
        self.run_cells()
        expect(self.question("choice")).to_be_visible()

    def go_to(self, name: str) -> None:
        """Select the cell with a question."""
        self.select(self.cell(name))

    def check(self, name: str) -> None:
        """Reach the button and press it."""
        self.tab_to(self.question(name).locator(".pv-check"))
        self.press("Enter")

    def recorded(self, name: str, text: str) -> None:
        """Wait for the line that stands beside a record."""
        expect(self.cell(name).get_by_text(text, exact=True)).to_be_visible()

    def save(self) -> dict[str, Any]:
        """The answers in the file after Ctrl and S."""
        super().save()
        return self.records()

    def records(self) -> dict[str, Any]:
        """The answers in the file, by the last part of the question’s id."""
        return {name.removeprefix("q-zone-"): each["answer"] for name, each in read_records(self.saved()).items()}


Read = Callable[[str, Path], ZoneReader]


@pytest.fixture
def read(open_notebook: Open) -> Read:
    """Opens a notebook."""
    return lambda front_end, file: ZoneReader(open_notebook(front_end, file), file)


both = pytest.mark.parametrize("front_end", FRONT_ENDS)


# --------------------------------------------------------------------------------------------------
# Answering


@both
def test_answers_given_by_keyboard_are_saved_and_shown_again(server: Server, read: Read, front_end: str) -> None:
    file = notebook(server, f"keyboard-{front_end}")
    reader = read(front_end, file)
    reader.run_all()
    question = reader.question

    reader.go_to("essay")
    reader.tab_to(question("essay").locator("textarea"))
    reader.page.keyboard.type("One says so.")
    reader.press("Enter")
    reader.page.keyboard.type("Another does not.")
    reader.check("essay")
    reader.recorded("essay", "Recorded: One says so. Another does not.")
    reader.tab_to(question("essay").locator("[data-mark]"))
    reader.press("Space")
    expect(question("essay").locator(".pv-verdict")).to_contain_text("Your own mark: 1 of 1 point")

    reader.go_to("pin")
    reader.tab_to(question("pin").locator(".pv-aim"))
    reader.press(*["ArrowLeft"] * 30, "ArrowUp", "ArrowUp", "ArrowUp")
    reader.check("pin")
    reader.recorded("pin", "Recorded: Here")

    reader.go_to("blanks")
    reader.tab_to(question("blanks").locator("select"))
    reader.page.keyboard.type("A")
    reader.press("Tab")
    reader.page.keyboard.type("1979")
    reader.press("Enter")
    reader.recorded("blanks", "Recorded: 1. April; 2. 1979")

    reader.go_to("match")
    reader.tab_to(question("match").locator("select").first)
    reader.page.keyboard.type("scr")
    reader.press("Tab")
    reader.page.keyboard.type("cam")
    reader.check("match")
    reader.recorded("match", "Recorded: Boris: screenplay; Alexander: camera")

    reader.go_to("order")
    first = question("order").locator("li[data-id]").first
    name = first.get_attribute("data-id")
    reader.tab_to(question("order").locator(f"li[data-id={name}] .pv-move").last)
    reader.press("Alt+ArrowDown")
    reader.check("order")
    expect(question("order").locator("li[data-id]").nth(1)).to_have_attribute("data-id", name or "")

    reader.go_to("number")
    reader.tab_to(question("number").locator("input"))
    reader.page.keyboard.type("15")
    reader.press("Enter")
    expect(question("number").locator("p.pv-said")).to_contain_text("Those of 1978.")
    reader.recorded("number", "Recorded: 15")

    reader.go_to("choice")
    reader.tab_to(question("choice").locator("input[type=radio]").first)
    reader.press("Space", "ArrowDown", "ArrowDown", "ArrowUp")
    taken = question("choice").locator("input:checked").get_attribute("value")
    reader.check("choice")
    expect(question("choice")).to_have_attribute("data-state", "right" if taken == "mill" else "wrong")
    reader.recorded("choice", f"Recorded: A {taken}")

    # The results, further down, have followed; the focus is still in the question, and so is Ctrl+S.
    saved = reader.save()
    order = question("order").locator("li[data-id]").evaluate_all("all => all.map(each => each.dataset.id)")
    assert saved == {
        "choice": taken,
        "number": "15",
        "order": order,
        "match": {"boris": "boris", "alexander": "alexander"},
        "blanks": {"month": "April", "year": "1979"},
        "pin": "here",
        "essay": {"text": "One says so.\nAnother does not.", "marks": {"source": 1}},
    }
    assert "7 of 9 answered: In all" in file.read_text(encoding="utf-8")

    # Another page, the same kernel: the form has its answer.
    again = read(front_end, file)
    expect(again.question("number").locator("input")).to_have_value("15")
    expect(again.question("number")).to_have_attribute("data-state", "wrong")
    again.recorded("number", "Recorded: 15")

    # Another day: no kernel knows the widget, but the record is there, and says how to go on.
    again.page.context.close()
    reader.page.context.close()
    server.end_kernels()
    later = read(front_end, file)
    later.recorded("number", "Recorded: 15")
    expect(later.cell("number").get_by_text("If the question is not shown above, run this cell.")).to_be_visible()
    assert later.records() == saved
    later.run_all()
    expect(later.question("number").locator("input")).to_have_value("15")
    later.recorded("number", "Recorded: 15")
    assert later.save() == saved


def test_the_page_loaded_again_says_that_the_cell_must_run_again(server: Server, read: Read) -> None:
    """Outputs can be changed only by the page in which their cell ran."""
    reader = read("lab", notebook(server, "reload"))
    reader.run_all()
    reader.save()
    reader.page.reload()
    field = reader.question("number").locator("input")
    field.fill("17")
    field.press("Enter")
    expect(reader.question("number")).to_have_attribute("data-state", "right")
    note = reader.cell("number").locator(".pv-kept")
    expect(note).to_contain_text("Run the cell again to record it.")
    assert reader.save() == {}
    reader.go_to("number")
    reader.press("Control+Enter")
    reader.recorded("number", "Recorded: 17")
    expect(note).to_be_hidden()
    assert reader.save() == {"number": "17"}


def test_a_restarted_kernel_is_told_of_and_what_was_saved_comes_back(server: Server, read: Read) -> None:
    reader = read("lab", notebook(server, "restart"))
    reader.run_all()
    field = reader.question("number").locator("input")
    field.fill("17")
    field.press("Enter")
    reader.recorded("number", "Recorded: 17")
    assert reader.save() == {"number": "17"}
    reader.restart_kernel()
    field.fill("18")
    field.press("Enter")
    expect(reader.cell("number").locator(".pv-kept")).to_contain_text("Not recorded yet")
    reader.recorded("number", "Recorded: 17")
    reader.run_all()
    reader.recorded("number", "Recorded: 17")
    expect(field).to_have_value("17")


LINES = """\
def double(number):
    return 2 * number

quiz.answer("q-zone-code", double)
quiz.answer("q-zone-choice", "mill")"""


def test_a_function_and_a_line_are_answers_too(server: Server, read: Read) -> None:
    reader = read("lab", notebook(server, "lines"))
    reader.run_all()
    expect(reader.cell("code").locator(".pv-notebook")).to_contain_text('quiz.answer("q-zone-code", double)')
    reader.go_to("code")
    reader.press("b", "Enter")
    reader.page.keyboard.insert_text(LINES)
    reader.press("Control+Enter")
    reader.recorded("code", "Recorded: double, tried 1 time")
    reader.recorded("choice", "Recorded: A mill")
    expect(reader.question("choice")).to_have_attribute("data-state", "right")
    reader.press("Escape")
    saved = reader.save()
    assert saved["choice"] == "mill"
    assert saved["code"]["results"] == [4]


@both
def test_a_question_in_a_notebook_has_no_barriers(server: Server, read: Read, front_end: str) -> None:
    """In the light theme and in the dark one, answered rightly and wrongly."""
    reader = read(front_end, notebook(server, f"barriers-{front_end}"))
    reader.run_all()
    for name, text in (("number", "15"), ("blanks", "1979")):
        field = reader.question(name).locator("input").first
        field.fill(text)
        field.press("Enter")
    reader.question("choices").locator("input").first.check()
    reader.question("choices").locator(".pv-check").click()
    expect(reader.question("number")).to_have_attribute("data-state", "wrong")
    assert barriers(reader) == []


def test_published_notebooks_load_no_widgets() -> None:
    """A widget in an output would make the page load a widget manager from another host."""
    pages = list((SITE / "quizzes").glob("*.html"))
    assert pages, "the book is not built; run: make book"
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert 'class="proverka-quiz"' in text, page.name
        for sign in ("vnd.jupyter.widget", "require.js", "require.min.js", "@jupyter-widgets", "cdn."):
            assert sign not in text, f"{page.name}: {sign}"
