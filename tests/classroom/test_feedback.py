"""Feedback for students: what they are told and what not, and that nothing typed becomes markup."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from questions import QUESTIONS, SECRETS
from reported import (
    BORIS,
    CLASS,
    DAY,
    DUE,
    ESSAY,
    HOSTILE,
    SANDBOX,
    VERA,
    asked,
    collect,
    document,
    every_file,
    fill,
    grade,
    handed_in,
    handins,
    page,
    question,
    regrade,
    released,
    result,
    right_answers,
    text_of,
    with_wider_key,
    write,
)

from proverka.classroom.feedback import lateness_in_words, time_in_words
from proverka.classroom.grade import BATCH, data_scorer, keys_of, write_run
from proverka.classroom.gradebook import Gradebook, GradebookError, open_gradebook
from proverka.classroom.model import Policy, Student
from proverka.classroom.report import still_open
from proverka.cli import main
from proverka.model import Choice, Option
from proverka.render.assignment import render_assignment


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path_factory.mktemp("course") / "gradebook.sqlite") as book:
        fill(book)
        yield book


@pytest.fixture(scope="module")
def out(book: Gradebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(book, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def without_keys(book: Gradebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(book, tmp_path_factory.mktemp("report"), keys=False)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


# ---------------------------------------------------------------------------------------------------
# What students are told of the whole


def test_there_is_a_page_for_everybody_on_the_roster(out: Path) -> None:
    names = ["_e_f_im", "anna", "boris", "dina", "gleb", "vera", "zoya"]
    assert sorted(path.name for path in (out / "feedback").iterdir()) == [f"first-week-{each}.html" for each in names]
    assert sorted(path.name for path in (out / "notebooks").iterdir()) == [f"first-week-{each}.ipynb" for each in names]
    assert sorted(path.name for path in out.iterdir()) == ["class.html", "feedback", "notebooks", "receipts.csv"]


def test_the_grade_stands_on_top_with_what_lateness_cost(out: Path) -> None:
    main_ = page(out, "boris").find("body/main")
    assert main_ is not None
    assert text_of(main_.find("section/p[@class='total']")) == "2.67 of 11 points"
    assert result(out, "boris") == {
        "State": "graded",
        "Handed in": "Saturday 6 February 2027, 23:59:01 (UTC+03:00)",
        "Due": "Friday 5 February 2027, 23:59 (UTC+03:00)",
        "Lateness": "handed in late, on day 2 after it was due: 20% of the points are taken off (3.33 → 2.67)",
        "File": "first-week-boris.ipynb (the last file counts)",
        "About the file": "the set-up cell is missing",
        "Receipt": result(out, "boris")["Receipt"],
    }


@pytest.mark.parametrize(
    ("student", "total", "state"),
    [
        ("anna", "10 of 11 points so far", "some answers wait to be marked: the points are those so far"),
        ("vera", "0 of 11 points", "graded"),
        ("gleb", "no grade", "not graded: what was handed in is unreadable: the file ends in the middle"),
        ("dina", "no grade", "nothing was handed in"),
        ("zoya", "no grade", "not graded: what was handed in is the sheet of somebody else"),
    ],
)
def test_whatever_became_of_the_work_is_said_in_words(out: Path, student: str, total: str, state: str) -> None:
    assert text_of(page(out, student).find("body/main/section/p[@class='total']")) == total
    assert result(out, student)["State"] == state


@pytest.mark.parametrize(
    ("policy", "at", "told"),
    [
        (Policy(), 5, ""),
        (Policy(due=10), 10, "handed in in time"),
        (Policy(due=10), 11, "handed in late, on day 1 after it was due; nothing is taken off"),
        (Policy(due=10, per_day=0.1, at_most=0.15), 10 + 2 * DAY, "handed in late, on day 2 after it was due: 15% of"),
        (Policy(due=10, closes=20), 21, "handed in after it had closed: nothing is earned"),
        (Policy(closes=20), 21, "handed in after it had closed: nothing is earned"),
    ],
)
def test_lateness_follows_the_policy(empty: Gradebook, policy: Policy, at: int, told: str) -> None:
    release = released(policy=policy)
    collect(empty, release, iter([handed_in(release, "anna", {"q-canary-number": 7310472}, at=at)]))
    grade(empty)
    (anna,) = [each for each in empty.grades("first-week") if each.student == "anna"]
    words = lateness_in_words(anna, policy)
    assert words.startswith(told)
    assert bool(words) == bool(told)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("Friday 5 February 2027, 23:59 (UTC+03:00)", "Friday 5 February 2027, 23:59:00 (UTC+03:00)"),
        ("Friday 5 February 2027, 15:29 (UTC-05:30)", "Friday 5 February 2027, 15:29:00 (UTC-05:30)"),
        ("", "Friday 5 February 2027, 20:59:00 (UTC)"),
    ],
)
def test_times_are_told_in_the_zone_in_which_it_was_due(due: str, told: str) -> None:
    assert time_in_words(DUE, due) == told


def test_the_receipt_is_the_one_that_the_file_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a real notebook: handed in, collected, reported, and checked with the command for students."""
    monkeypatch.chdir(tmp_path)
    release = released(policy=Policy())
    sheet = release.sheet("anna")
    text = render_assignment(sheet, assignment="first-week", title="T", instructions="", due="", files={})
    notebook = json.loads(text)
    answer = next(task.id for task in sheet.tasks if task.type == "number")
    cell = {"cell_type": "code", "execution_count": None, "id": "own", "metadata": {}, "outputs": []}
    notebook["cells"].append({**cell, "source": f'quiz.answer("{answer}", 7310472)'})
    file = tmp_path / "in/first-week-anna.ipynb"
    file.parent.mkdir()
    file.write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "manifest.json").write_text(release.to_text(), encoding="utf-8")
    for arguments in (
        ["collect", "in", "--release", "manifest.json"],
        ["grade", "first-week"],
        ["report", "first-week", "-o", "out"],
    ):
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
    told = CliRunner().invoke(main, ["receipt", str(file)], catch_exceptions=False).output
    code = re.search(r"receipt +(\S+)", told)
    assert code
    assert result(tmp_path / "out", "anna")["Receipt"].startswith(f"{code[1]}. For the file that you handed in")
    assert asked(tmp_path / "out", "anna", "number")[0] == f"Question {answer[1:]} ✓ Right 1 of 1 point"


def test_points_are_added_up_by_learning_outcome(empty: Gradebook, tmp_path: Path) -> None:
    pool = [dataclasses.replace(each, outcome=f"lo-{each.type[0]}") for each in QUESTIONS]
    release = released(pool=tuple((each,) for each in pool))
    collect(empty, release, iter([handed_in(release, "anna", right_answers())]))
    record = empty.assignment("first-week")
    outcomes = {"lo-c": "Choose & *click*.", "lo-n": "Count."}
    empty.add_assignment(dataclasses.replace(record, data={**record.data, "outcomes": outcomes}), [])
    grade(empty)
    table = page(write(empty, tmp_path / "out"), "anna").find("body/main/section/table")
    assert table is not None
    assert text_of(table.find("caption")) == "Points by learning outcome"
    rows = {text_of(each.find("th")): text_of(each.findall("td")[-1]) for each in table.findall("tbody/tr")}
    assert rows["Choose & click."] == "3 of 4"
    assert rows["Count."] == "1 of 1"
    assert rows["lo-p"] == "1 of 1"
    assert text_of(table.find("tfoot/tr")) == "All 10 9 of 11"


def test_nothing_is_told_of_anybody_else(out: Path) -> None:
    for student, own in (("boris", BORIS), ("vera", VERA), ("zoya", Student("zoya", "Zoya"))):
        for file in (f"feedback/first-week-{student}.html", f"notebooks/first-week-{student}.ipynb"):
            text = (out / file).read_text(encoding="utf-8")
            for each in CLASS:
                if each.id != own.id:
                    assert each.id not in text
                    assert each.name.split()[0] not in text
            assert "Teacher Tsymbal" not in text


# ---------------------------------------------------------------------------------------------------
# What students are told of a question

ANSWERS = {
    "choice": ("✗ Wrong 0 of 1 point", "Second for choice", "First for choice"),
    "choices": ("✗ Wrong 0 of 2 points", "First for choices ✓ right Second for choices ✗ wrong", "First for choices"),
    "number": ("✓ Right 1 of 1 point", "7310474 metres", "between 7310471 and 7310480 metres"),
    "text": ("◐ Partly right 0.5 of 1 point", "Canary Acepted", "CanaryAccepted CanarySpelling"),
    "order": ("✗ Wrong 0 of 1 point", "Step z Step y Step x", "Step x Step y Step z"),
    "match": (
        "◐ Partly right 0.33 of 1 point",
        "Left x → Right y ✗ wrong Left y → Right x ✗ wrong Left z → Right z ✓ right",
        "Left x → Right x Left y → Right y Left z → Right z",
    ),
    "blanks": (
        "◐ Partly right 0.5 of 1 point",
        "(1) → CanaryWord ✓ right (2) → two ✗ wrong",
        "(1) → CanaryWord (2) → one",
    ),
    "pin": ("✗ Wrong 0 of 1 point", "Another place", "The place"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_and_what_was_accepted_are_told_in_words(out: Path, name: str) -> None:
    verdict, answer, accepted = ANSWERS[name]
    heading, told = asked(out, "boris", name)
    assert heading.partition(" ")[2].partition(" ")[2] == verdict
    assert told["Your answer"] == answer
    assert told["Accepted"] == accepted
    assert told["Explanation"] == f"CanaryExplain{name} stands here."


def test_the_reasons_for_wrong_options_are_told(out: Path) -> None:
    assert asked(out, "boris", "choice")[1]["Feedback"] == "CanaryWhychoice"
    assert asked(out, "boris", "match")[1]["Feedback"] == "CanaryPairx CanaryPairy"
    assert "Feedback" not in asked(out, "anna", "choice")[1]


def test_the_questions_come_in_the_student_s_own_order(out: Path) -> None:
    for student in ("boris", "anna"):
        shown = [text_of(each) for each in page(out, student).iter("p") if each.get("class") == "stem"]
        assert shown == [each.stem for each in released().sheet(student).questions]


def test_a_gap_text_is_shown_with_its_gaps_numbered(out: Path) -> None:
    assert "Typed (1) … and chosen (2) …." in text_of(page(out, "boris"))


def test_a_function_is_told_with_the_calls_that_gave_something_else(out: Path) -> None:
    heading, told = asked(out, "boris", "code")
    assert heading.endswith("◐ Partly right 0.5 of 1 point")
    assert told["Calls"] == (
        "1 of 2 gave what they should Calls that gave something else Call Expected Given double(815) 1630 0"
    )
    assert told["It printed"] == "<b>doubling</b> <b>doubling</b>"
    assert "canary_solution = number * 2" in told["Accepted"]
    assert "Accepted" not in asked(out, "anna", "code")[1]


@pytest.mark.parametrize(
    ("body", "ended", "calls"),
    [
        ("    while True:\n        pass", "ran longer than 0.5 seconds", None),
        (
            "    return 1 / (number - 815)",
            "",
            "double(4711) 9422 0.0002566735112936345 double(815) 1630 nothing: Zero",
        ),
        ("    return [1] * 200", "", "[1, 1, 1, 1"),
        ("  return (", "line 3: SyntaxError", None),
        ("    print('x' * 3_000)", "", "None"),
    ],
)
def test_how_a_function_ended_is_told(
    empty: Gradebook, tmp_path: Path, body: str, ended: str, calls: str | None
) -> None:
    release = released(pool=((question("code"),),))
    source = f"# Answer to q1: this whole cell.\ndef double(number):\n{body}\n"
    collect(empty, release, iter([handed_in(release, "anna", {"q-canary-code": {"source": source}})]))
    grade(empty, scoring=SANDBOX)
    _, told = asked(write(empty, tmp_path / "out"), "anna", "code")
    assert told.get("How it ended", "").startswith(ended)
    assert calls is None or calls in told["Calls"]
    if "print" in body:
        assert told["It printed"] == f"{'x' * 2_000} … and 4,002 characters more"


def test_an_essay_is_told_with_its_marks_and_the_comment(out: Path) -> None:
    heading, told = asked(out, "boris", "essay")
    assert heading.endswith("◐ Partly right 0.5 of 1 point")
    assert told["Your answer"] == " ".join(ESSAY.split())
    assert told["Marks"] == "Marks by criterion Criterion Points CanaryRubric 1.5 of 2 CanaryDoubt 0 of 1"
    assert told["Comment"] == "Good <i>start</i>. Say more."
    assert told["An answer for full marks"] == "CanaryModel answer."


def test_an_essay_that_waits_says_so_and_has_no_points(out: Path) -> None:
    assert asked(out, "anna", "essay")[0].endswith("… Waits to be marked")


def test_an_answer_that_a_person_marked_says_so(out: Path) -> None:
    assert asked(out, "boris", "text")[1]["Marks"] == "marked by a person"
    assert "Marks" not in asked(out, "boris", "choice")[1]


def test_what_is_not_graded_yet_says_so(empty: Gradebook, tmp_path: Path) -> None:
    release = released()
    collect(empty, release, handins(release))
    out = write(empty, tmp_path / "out")
    assert asked(out, "boris", "choice")[0].endswith("… Not graded yet")
    assert result(out, "boris")["State"] == "not everything is graded yet: the points are those so far"
    assert asked(out, "boris", "choice")[1]["Accepted"] == "First for choice"


def test_a_regraded_question_says_what_its_points_were(out: Path) -> None:
    assert asked(out, "boris", "number")[1]["Regraded"] == "with a corrected key: 0 → 1 of 1 point"
    for student, name in (("anna", "number"), ("boris", "choice"), ("vera", "number")):
        assert "Regraded" not in asked(out, student, name)[1]


def test_a_rehearsed_regrade_is_not_told(empty: Gradebook, tmp_path: Path) -> None:
    release = released()
    collect(empty, release, handins(release))
    grade(empty)
    regrade(empty, question("number"), with_wider_key(), finish=False)
    heading, told = asked(write(empty, tmp_path / "out"), "boris", "number")
    assert heading.endswith("✗ Wrong 0 of 1 point")
    assert "Regraded" not in told
    assert told["Accepted"] == "between 7310471 and 7310473 metres"


def test_a_regrade_that_was_taken_back_is_not_told(empty: Gradebook, tmp_path: Path) -> None:
    release = released()
    collect(empty, release, handins(release))
    grade(empty)
    asked_number = question("number")
    regrade(empty, asked_number, with_wider_key())
    taken_back = dataclasses.replace(with_wider_key(), high=7310473.5)
    record = empty.assignment("first-week")
    empty.add_keys([taken_back], now=7)
    run = empty.begin_run(record.id, "regrade", "back", now=7)
    empty.add_corrections(run, {asked_number.fingerprint: taken_back})
    empty.finish_run(run, now=7)
    run = empty.begin_run(record.id, "regrade", "back again", now=8)
    with data_scorer(keys_of(empty, record)) as scorer:
        batches = empty.to_rescore(record.id, run, [asked_number.id], BATCH)
        write_run(empty, run, batches, scorer, now=lambda: 8, done=lambda _: None)
    heading, told = asked(write(empty, tmp_path / "out"), "boris", "number")
    assert heading.endswith("✗ Wrong 0 of 1 point")
    assert "Regraded" not in told


def test_the_answer_is_told_as_it_was_asked_and_the_key_as_it_is_now(empty: Gradebook, tmp_path: Path) -> None:
    release = released()
    collect(
        empty, release, iter([handed_in(release, "anna", right_answers() | {"q-canary-choice": "canarythirdchoice"})])
    )
    grade(empty)
    old = question("choice")
    assert isinstance(old, Choice)
    options = (
        Option("canaryrightchoice", "First, reworded", why="No more."),
        Option("canarythirdchoice", "Third, reworded", correct=True),
    )
    regrade(empty, old, dataclasses.replace(old, options=options, stem="New stem?", explain="Newly explained."))
    heading, told = asked(write(empty, tmp_path / "out"), "anna", "choice")
    assert heading.endswith("✓ Right 1 of 1 point")
    assert told == {
        "Your answer": "Third for choice",
        "Regraded": "with a corrected key: 0 → 1 of 1 point",
        "Explanation": "Newly explained.",
    }


def test_a_place_that_was_clicked_is_told_by_its_name(empty: Gradebook, tmp_path: Path) -> None:
    release = released(pool=((question("pin"),),))
    places = {"anna": {"x": 31, "y": 41}, "boris": {"x": 90, "y": 90}}
    collect(empty, release, (handed_in(release, name, {"q-canary-pin": at}) for name, at in places.items()))
    grade(empty)
    out = write(empty, tmp_path / "out")
    assert asked(out, "anna", "pin")[1]["Your answer"] == "Another place"
    assert asked(out, "boris", "pin")[1]["Your answer"] == "a place beside all those named"


def test_a_question_whose_version_is_missing_is_told(
    empty: Gradebook, query: Callable[[str, str], list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    release = released()
    collect(empty, release, handins(release))
    query(empty.where, "DROP TRIGGER keys_are_not_deleted")
    query(empty.where, "DELETE FROM keys WHERE question = 'q-canary-pin'")
    with pytest.raises(GradebookError, match=r"question “q-canary-pin” .* is not here; collect once more"):
        write(empty, tmp_path / "out")


# ---------------------------------------------------------------------------------------------------
# Without keys


def test_without_keys_nothing_tells_what_is_right(without_keys: Path) -> None:
    """Vera answered nothing, so that every word of a key would come from us."""
    for file in ("feedback/first-week-vera.html", "notebooks/first-week-vera.ipynb"):
        text = (without_keys / file).read_text(encoding="utf-8")
        text = text.replace("lo-canary-outcome", "")
        assert "canary" not in text.lower()
        assert not [each for each in SECRETS if each in text]


def test_without_keys_a_wrong_answer_gets_its_verdict_and_no_more(without_keys: Path) -> None:
    for file in ("feedback/first-week-boris.html", "notebooks/first-week-boris.ipynb"):
        text = (without_keys / file).read_text(encoding="utf-8")
        for secret in ("CanaryExplain", "CanaryWhy", "canary_solution", "CanaryRubric", "CanaryModel", "1630", "815"):
            assert secret not in text
    assert "is not told yet: the assignment is still open" in text_of(page(without_keys, "boris"))
    for name in ANSWERS:
        heading, told = asked(without_keys, "boris", name)
        assert heading.partition(" ")[2].partition(" ")[2] == ANSWERS[name][0]
        assert told["Your answer"] == re.sub(" [✓✗] (right|wrong)", "", ANSWERS[name][1])
        assert told.keys() <= {"Your answer", "Marks", "Regraded"}
    assert asked(without_keys, "boris", "code")[1]["Calls"] == "1 of 2 gave what they should"
    told = asked(without_keys, "boris", "essay")[1]
    assert told["Marks"] == "Marks by criterion Criterion Points 1 1.5 of 2 2 0 of 1"
    assert told["Comment"] == "Good <i>start</i>. Say more."


@pytest.mark.parametrize(
    ("policy", "now", "still"),
    [
        (Policy(), 5, False),
        (Policy(due=10), 10, True),
        (Policy(due=10), 11, False),
        (Policy(due=10, closes=20), 15, True),
        (Policy(due=10, closes=20), 21, False),
    ],
)
def test_an_assignment_is_open_until_it_closes_or_else_is_due(policy: Policy, now: int, still: bool) -> None:
    assert still_open(policy, now) is still


# ---------------------------------------------------------------------------------------------------
# Whatever is typed stays text


def test_every_page_is_well_formed_speaks_english_and_asks_for_nothing(out: Path) -> None:
    for path in [*(out / "feedback").iterdir(), out / "class.html"]:
        root = document(path)
        assert root.get("lang") == "en"
        assert len(list(root.iter("h1"))) == len(list(root.iter("main"))) == 1
        assert all(text_of(each.find("caption")) for each in root.iter("table"))
        assert not list(root.iter("script"))
        assert not list(root.iter("img"))
        assert {each.get("href") for each in root.iter("link")} == {"data:,"}
        assert all(str(each.get("href")).startswith("#q") for each in root.iter("a"))
        ids = [each.get("id") for each in root.iter() if each.get("id")]
        assert len(set(ids)) == len(ids)
        assert {each.get("aria-labelledby") for each in root.iter()} - {None} <= set(ids)


def test_nothing_hidden_gets_into_any_file(out: Path) -> None:
    for name, data in every_file(out).items():
        found = set(data.decode()) & {*map(chr, range(9)), *map(chr, range(11, 32)), "\x7f", "\u202e", "\u202c"}
        assert not found, name


def test_what_students_type_is_shown_as_they_typed_it(out: Path) -> None:
    shown = HOSTILE.replace("\x00", r"\x00").replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    shown = shown.replace("\u202c", r"\u202c")
    for name, answer in (
        ("number", shown),
        ("text", shown),
        ("blanks", f"(1) → {shown} ✗ wrong (2) → {shown} ✗ wrong"),
        ("essay", f"{shown} 1. {shown} {shown}"),
        ("choice", f"?{shown}"),
    ):
        assert asked(out, "_e_f_im", name)[1]["Your answer"] == answer
    assert asked(out, "_e_f_im", "number")[0].endswith("✗ Cannot be read as an answer 0 of 1 point")
    assert f"# {shown}" in asked(out, "_e_f_im", "code")[1]["Your answer"]
    assert shown in text_of(document(out / "class.html"))


def test_what_students_type_stays_text_in_notebooks(out: Path) -> None:
    """Read as Markdown that may hold HTML, tables and formulas, and worse, links that nobody marked as such."""
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    notebook = nbformat.read(out / "notebooks/first-week-_e_f_im.ipynb", as_version=4)
    rendered = {each.id: reader.render(each.source) for each in notebook.cells if each.cell_type == "markdown"}
    for html in rendered.values():
        assert not re.search(r"<(script|a|h3|img|table)\b", html)
    texts = [each for each in rendered.values() if "Your answer" in each and "script" in each]
    assert len(texts) == 5
    assert all("&lt;script&gt;alert(1)&lt;/script&gt;" in each and "`$x$` [a](javascript:x)" in each for each in texts)
    assert not any("<code" in each for each in texts)
    assert not any("$" in each.source for each in notebook.cells if each.cell_type == "markdown")
    (essay,) = [each for each in rendered.values() if "<blockquote>" in each and "<br" in each]
    assert "<ol>" not in essay


def test_what_the_bank_holds_is_escaped_and_its_pictures_are_told_by_their_words(
    empty: Gradebook, tmp_path: Path
) -> None:
    hostile = f"{HOSTILE} ![a *plan*](https://example.org/plan.png) ![x](data:image/png;base64,AA)"
    old = question("choice")
    assert isinstance(old, Choice)
    options = tuple(dataclasses.replace(each, text=f"{each.id} {hostile}", why=hostile) for each in old.options)
    asked_ = dataclasses.replace(old, stem=hostile, explain=hostile, outcome=hostile, options=options)
    release = released(pool=((asked_,),), title=hostile, due=hostile)
    collect(empty, release, iter([handed_in(release, "anna", {asked_.id: "canarywrongchoice"})]))
    grade(empty)
    out = write(empty, tmp_path / "out")
    for path in (out / "feedback/first-week-anna.html", out / "class.html"):
        root = document(path)
        assert not [*root.iter("script"), *root.iter("img")]
        assert all(str(each.get("href")).startswith("#q") for each in root.iter("a"))
        assert "[picture: a plan]" in text_of(root)
    text = (out / "notebooks/first-week-anna.ipynb").read_text(encoding="utf-8")
    assert "example.org" not in text
    rendered = MarkdownIt("commonmark", {"html": True}).render("".join(json.loads(text)["cells"][1]["source"]))
    assert "<script" not in rendered


# ---------------------------------------------------------------------------------------------------
# Notebooks


def test_notebooks_are_valid_and_in_the_order_of_the_sheet(out: Path) -> None:
    for path in (out / "notebooks").iterdir():
        nbformat.validate(json.loads(path.read_text(encoding="utf-8")))
    notebook = nbformat.read(out / "notebooks/first-week-boris.ipynb", as_version=4)
    stems = [each.source.partition("\n\n")[2].partition("\n")[0] for each in notebook.cells if each.source[:3] == "## "]
    assert stems == [each.stem for each in released().sheet("boris").questions]
    assert notebook.cells[0].source.startswith("# The \\<first> *week*\n\nFeedback for Boris: **2.67 of 11 points**")


def test_a_function_is_a_code_cell_with_what_became_of_it(out: Path, without_keys: Path) -> None:
    for folder, told in (
        (
            out,
            "1 of 2 calls gave what they should\n✓ double(4711) gave 9422\n✗ double(815) should give 1630 and gave 0",
        ),
        (without_keys, "1 of 2 calls gave what they should"),
    ):
        notebook = nbformat.read(folder / "notebooks/first-week-boris.ipynb", as_version=4)
        (cell,) = [each for each in notebook.cells if each.cell_type == "code"]
        assert cell.source.startswith("def double(number):")
        assert cell.outputs[0].text == "<b>doubling</b>\n<b>doubling</b>\n"
        assert cell.outputs[1].data["text/plain"] == told


def test_a_notebook_says_what_the_page_says(out: Path) -> None:
    notebook = nbformat.read(out / "notebooks/first-week-boris.ipynb", as_version=4)
    text = "\n\n".join(each.source for each in notebook.cells)
    for part in (
        "**Your answer:** Second for choice",
        "**✗ Wrong: 0 of 1 point**\n\nCanaryWhychoice\n\n**Accepted:** First for choice\n\nCanaryExplainchoice stands",
        "**Your answer:**\n\n1. Step z\n2. Step y\n3. Step x",
        "- Left x → Right y (✗ wrong)",
        "Regraded with a corrected key: 0 → 1 of 1 point",
        "CanaryRubric: 1.5 of 2\n\nCanaryDoubt: 0 of 1\n\nComment:\n\n",
        "> Good &#60;i&#62;start&#60;/i&#62;.  \n> Say more.",
        "**An answer for full marks:**\n\n> CanaryModel answer.",
    ):
        assert part in text
