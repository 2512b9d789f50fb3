"""Graded notebooks in JupyterLab: every type answered, saved, read back, and nothing told of right or wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from front_ends import FRONT_ENDS, Open, Reader, Server, barriers
from playwright.sync_api import Locator, expect

from proverka.classroom.model import Policy, Student
from proverka.classroom.release import Release, Sheet
from proverka.jupyter.handed_in import read_handed_in
from proverka.model import (
    Blank,
    Blanks,
    Choice,
    Choices,
    Code,
    Criterion,
    Distractor,
    Essay,
    Item,
    Match,
    Number,
    Option,
    Order,
    Pair,
    Pin,
    Question,
    Spot,
    Text,
    Trial,
)
from proverka.receipt import receipt_code
from proverka.render.assignment import render_assignment
from proverka.render.inline import to_plain


def common(name: str) -> dict[str, Any]:
    fields = {"outcome": "lo-zone", "claims": ("c-zone",), "level": "recall", "explain": "SECRET reason."}
    return {"id": f"q-zone-{name}", "stem": f"What of *{name}*?", **fields}


DRAWING = '<svg viewBox="0 0 100 50" class="drawing" role="img" aria-label="Two places."></svg>'
QUESTIONS: tuple[Question, ...] = (
    Choice(
        **common("choice"),
        options=(
            Option("mill", "A *mill*", True),
            Option("ship", "A ship", why="SECRET."),
            Option("bus", "A bus", why="SECRET."),
        ),
    ),
    Choices(**common("choices"), options=(Option("a", "One", True), Option("b", "Two", True), Option("c", "Three"))),
    Number(**common("number"), low=17, high=17, unit="reels"),
    Text(**common("text"), accept=("SECRET",)),
    Order(**common("order"), items=(Item("x", "First"), Item("y", "Second"), Item("z", "Third"))),
    Match(
        **common("match"),
        pairs=(Pair("boris", "Boris", "screenplay"), Pair("alexander", "Alexander", "camera")),
        distractors=(Distractor("none", "editing"),),
    ),
    Blanks(
        **common("blanks"),
        text="In {month} {year}.",
        blanks=(Blank("month", ("April",), among=("May",)), Blank("year", ("SECRET",))),
    ),
    Pin(
        **common("pin"),
        drawing="d.svg",
        alt="Two places.",
        spots=(Spot("here", "Here", 20, 20, 5, True), Spot("there", "There", 80, 30, 5)),
    ),
    Essay(**common("essay"), model="SECRET model.", rubric=(Criterion("source", "SECRET criterion."),)),
    Code(
        **common("code"),
        function="double",
        starter="def double(number):\n    ...",
        solution="SECRET solution",
        trials=(Trial((2,), 4),),
    ),
)
RELEASE = Release(
    assignment="first-week",
    title="The *Zone*",
    due="",
    seed="0123456789abcdef0123456789",
    students=(Student("s1", "Ada"),),
    pool=tuple((each,) for each in QUESTIONS),
    policy=Policy(),
)
SHEET: Sheet = RELEASE.sheet("s1")
NAMES = {
    question.id.removeprefix("q-zone-"): task.id for question, task in zip(SHEET.questions, SHEET.tasks, strict=True)
}
TASKS = {task.id: task for task in SHEET.tasks}


def letter(name: str, text: str) -> str:
    """What the sheet calls something that can be chosen."""
    return next(part.id for part in TASKS[NAMES[name]].parts if to_plain(part.text) == text)


def notebook(server: Server, folder: str) -> Path:
    path = server.root / folder / "first-week-s1.ipynb"
    path.parent.mkdir()
    text = render_assignment(
        SHEET, assignment="first-week", title="The *Zone*", instructions="", due="", files={"d.svg": DRAWING}
    )
    path.write_text(text, encoding="utf-8")
    return path


class Reading(Reader):
    """Somebody before their sheet."""

    def cell(self, name: str) -> Locator:
        """The cell that asks a question."""
        return self.cell_with(f'quiz.ask("{NAMES[name]}")')

    def question(self, name: str) -> Locator:
        """Its form."""
        return self.cell(name).locator("form.proverka-quiz")

    def run_all(self) -> None:
        """Run all cells, to the last."""
        self.run_cells()
        expect(self.cell_with("quiz.receipt()").locator("table")).to_be_visible()

    def recorded(self, name: str, text: str) -> None:
        """Wait for the line that stands beside a record, and for the live region."""
        expect(self.cell(name).get_by_text(f"Recorded: {text}", exact=True)).to_be_visible()

    def said(self, name: str, text: str) -> None:
        """Wait for the live region."""
        expect(self.cell(name).locator("[role=status].pv-kept")).to_have_text(text)

    def answers(self, notebook: Any) -> dict[str, Any]:
        """The answers in a notebook, by the question’s own name."""
        names = {alias: name for name, alias in NAMES.items()}
        return {names[alias]: answer for alias, answer in read_handed_in(notebook).answers.items()}


Read = Callable[..., Reading]


@pytest.fixture
def read(open_notebook: Open) -> Read:
    return lambda file, front_end="lab": Reading(open_notebook(front_end, file), file)


#: Signs and words of a verdict, as the practice quiz has them.
VERDICTS = re.compile(r"[✓✗◐]|Right\b|Wrong\b|Not yet\b|Partly|SECRET")


def tells_nothing(student: Reading) -> None:
    """Neither the page nor the file says what is right, nor what anything is called in the bank."""
    shown = " ".join(student.page.locator(".jp-OutputArea").all_inner_texts())
    assert "Recorded" in shown
    assert VERDICTS.search(shown) is None
    text = student.file.read_text(encoding="utf-8")
    for sign in ("SECRET", "q-zone", "lo-zone", "c-zone", "correct", *(each.fingerprint for each in QUESTIONS)):
        assert sign not in text, sign


def test_every_type_is_answered_by_keyboard_saved_and_known_again(server: Server, read: Read) -> None:
    file = notebook(server, "graded-keyboard")
    student = read(file)
    student.run_all()
    question, page = student.question, student.page

    def go_to(name: str, control: str) -> Locator:
        student.select(student.cell(name))
        found = question(name).locator(control).first
        student.tab_to(found)
        return found

    def answer(name: str) -> None:
        match name:
            case "choice":
                go_to(name, "input")
                student.press("Space")
                student.press(
                    *["ArrowDown"] * [to_plain(part.text) for part in TASKS[NAMES[name]].parts].index("A ship")
                )
                student.recorded(name, f"{letter(name, 'A ship')} — A ship")
            case "choices":
                go_to(name, f"input[value={letter(name, 'Two')}]")
                student.press("Space")
                student.recorded(name, f"{letter(name, 'Two')} — Two")
            case "number":
                go_to(name, "input")
                page.keyboard.type("15")
                student.press("Enter")
                student.recorded(name, "15")
                student.said(name, "Recorded")
            case "text":
                go_to(name, "input")
                page.keyboard.type("Мосфильм")
                student.recorded(name, "Мосфильм")
            case "order":
                go_to(name, ".pv-move[aria-disabled=false]")
                student.tab_to(question(name).get_by_role("button", name="Keep this order"))
                student.press("Enter")
                student.said(name, "Recorded")
                expect(question(name).get_by_role("button", name="Clear answer")).to_be_focused()
            case "match":
                go_to(name, "select")
                page.keyboard.type("scr")
                student.press("Tab")
                page.keyboard.type("edi")
                expect(student.cell(name).get_by_text(re.compile("— editing"))).to_be_visible()
            case "blanks":
                go_to(name, "select")
                page.keyboard.type("Ma")
                student.press("Tab")
                page.keyboard.type("1979")
                student.press("Enter")
                student.recorded(name, "1. May; 2. 1979")
            case "pin":
                go_to(name, ".pv-aim")
                student.press(*["ArrowRight"] * 30, *["ArrowDown"] * 5)
                student.recorded(name, f"{letter(name, 'There')} — There")
            case "essay":
                go_to(name, "textarea")
                page.keyboard.type("One says so.")
                student.press("Enter")
                page.keyboard.type("Another does not.")
                student.recorded(name, "One says so. Another does not.")
            case "code":
                student.select(student.cell_with(f"# Answer to {NAMES[name]}"))
                student.press("Enter", "Control+End")
                page.keyboard.insert_text("\n    return 2 * number")
                student.press("Escape")

    # From the last to the first, as running all cells has led to the end.
    for task in reversed(SHEET.tasks):
        answer(next(name for name, alias in NAMES.items() if alias == task.id))
    saved = student.save()
    order = [part.id for part in TASKS[NAMES["order"]].parts]
    code = f"# Answer to {NAMES['code']}: this whole cell.\ndef double(number):\n    ...\n    return 2 * number"
    given = {
        "choice": letter("choice", "A ship"),
        "choices": [letter("choices", "Two")],
        "number": "15",
        "text": "Мосфильм",
        "order": order,
        "match": {"1": letter("match", "screenplay"), "2": letter("match", "editing")},
        "blanks": {"1": "May", "2": "1979"},
        "pin": letter("pin", "There"),
        "essay": {"text": "One says so.\nAnother does not."},
        "code": {"source": code},
    }
    assert student.answers(saved) == given
    handed = read_handed_in(saved)
    assert (handed.assignment, handed.student, handed.tag) == ("first-week", "s1", SHEET.tag)
    assert (handed.foreign, handed.notes) == (0, ())
    tells_nothing(student)

    # The receipt is that of the file.
    student.run_all()
    receipt = student.cell_with("quiz.receipt()")
    expect(receipt).to_contain_text("10 of 10 questions answered")
    expect(receipt.locator("code")).to_have_text(receipt_code(SHEET.tag, handed.answers))

    # Another kernel takes the answers from the file.
    student.save()
    student.restart_kernel()
    student.run_all()
    student.select(student.cell("text"))
    expect(question("text").locator("input")).to_have_value("Мосфильм")
    assert student.answers(student.save()) == given


def test_answers_given_by_mouse_can_be_changed_and_taken_back(server: Server, read: Read) -> None:
    file = notebook(server, "graded-mouse")
    student = read(file)
    student.run_all()
    question = student.question

    for name in sorted(NAMES, key=lambda each: -int(NAMES[each][1:])):
        student.select(student.cell(name))
        form = question(name)
        match name:
            case "choice":
                form.get_by_text("A mill").click()
                student.recorded(name, f"{letter(name, 'A mill')} — A mill")
                form.get_by_text("A bus").click()
                student.recorded(name, f"{letter(name, 'A bus')} — A bus")
            case "choices":
                form.get_by_text("One", exact=True).click()
                form.get_by_text("Three").click()
                student.recorded(name, "; ".join(f"{letter(name, each)} — {each}" for each in shown("One", "Three")))
                form.get_by_text("One", exact=True).click()
                form.get_by_text("Three").click()
                student.recorded(name, "no answer")
            case "order":
                items = form.locator("li[data-id]")
                first, last = items.first.get_attribute("data-id"), items.last.bounding_box()
                grip = items.first.locator(".pv-grip").bounding_box()
                assert last
                assert grip
                student.page.mouse.move(grip["x"] + 5, grip["y"] + 5)
                student.page.mouse.down()
                for step in range(1, 11):
                    y = grip["y"] + (last["y"] + last["height"] - grip["y"]) * step / 10
                    student.page.mouse.move(grip["x"] + 5, y)
                student.page.mouse.up()
                expect(items.last).to_have_attribute("data-id", first or "")
                student.said(name, "Recorded")
                expect(form.get_by_role("button", name="Keep this order")).to_be_hidden()
            case "match":
                form.locator("select").first.select_option(label="camera")
                expect(student.cell(name).get_by_text(re.compile("— camera; Alexander: –"))).to_be_visible()
            case "pin":
                aim = form.locator(".pv-aim")
                box = aim.bounding_box()
                assert box
                aim.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.9})
                expect(student.cell(name).get_by_text(re.compile("^Recorded: the point"))).to_be_visible()
                form.get_by_text("Here", exact=True).click()
                student.recorded(name, f"{letter(name, 'Here')} — Here")
            case "number":
                form.locator("input").fill("16")
                student.recorded(name, "16")
                form.get_by_role("button", name="Clear answer").click()
                student.recorded(name, "no answer")
                student.said(name, "Answer cleared")
                expect(form.locator("input")).to_have_value("")
                expect(form.locator("input")).to_be_focused()
                expect(form.get_by_role("button", name="Clear answer")).to_be_hidden()
    saved = student.answers(student.save())
    assert saved.keys() == {"choice", "order", "match", "pin"}
    assert saved["choice"] == letter("choice", "A bus")
    tells_nothing(student)


def shown(*texts: str) -> list[str]:
    """In the order of the sheet."""
    return [part.text for part in TASKS[NAMES["choices"]].parts if part.text in texts]


def test_an_order_that_nobody_touched_is_no_answer(server: Server, read: Read) -> None:
    student = read(notebook(server, "graded-order"))
    student.run_all()
    student.select(student.cell("order"))
    expect(student.cell("order").get_by_text("Nothing is recorded yet.")).to_be_visible()
    assert student.answers(student.save()) == {}
    form = student.question("order")
    keep, clear = (form.get_by_role("button", name=name) for name in ("Keep this order", "Clear answer"))
    before = form.locator("li[data-id]").evaluate_all("all => all.map(each => each.dataset.id)")
    form.locator(".pv-move[aria-disabled=false]").first.click()
    student.said("order", "Recorded")
    expect(keep).to_be_hidden()
    clear.click()
    student.recorded("order", "no answer")
    assert form.locator("li[data-id]").evaluate_all("all => all.map(each => each.dataset.id)") == before
    expect(keep).to_be_visible()
    assert student.answers(student.save()) == {}


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_line_is_an_answer_too_and_the_form_follows(server: Server, read: Read, front_end: str) -> None:
    student = read(notebook(server, f"graded-line-{front_end}"), front_end)
    student.run_all()
    student.select(student.cell("number"))
    student.press("b", "Enter")
    student.page.keyboard.insert_text(f'quiz.answer("{NAMES["number"]}", 18)')
    student.press("Control+Enter")
    student.recorded("number", "18")
    expect(student.question("number").locator("input")).to_have_value("18")
    student.press("Escape")
    assert student.answers(student.save()) == {"number": 18}
    student.question("number").locator("input").fill("19")
    student.said("number", "Recorded")
    assert student.answers(student.save()) == {"number": "19"}


def test_an_answer_that_no_kernel_took_is_told_of(server: Server, read: Read) -> None:
    student = read(notebook(server, "graded-restart"))
    student.run_all()
    student.select(student.cell("number"))
    student.restart_kernel()
    student.question("number").locator("input").fill("18")
    expect(student.cell("number").locator(".pv-kept")).to_contain_text("Not recorded yet")
    assert student.answers(student.save()) == {}


def test_a_graded_question_has_no_barriers(server: Server, read: Read) -> None:
    """In the light theme and in the dark one, answered and not."""
    student = read(notebook(server, "graded-barriers"))
    student.run_all()
    for name in ("number", "blanks"):
        student.select(student.cell(name))
        student.question(name).locator("input").first.fill("1979")
        student.said(name, "Recorded")
    assert barriers(student) == []
