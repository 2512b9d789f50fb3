from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from students import Answer, answered

from proverka.classroom.gradebook import open_gradebook
from proverka.classroom.hand_out import MANIFEST
from proverka.classroom.release import read_manifest
from proverka.cli import main

BANK = """\
- id: q-exam-city
  type: choice
  outcome: lo-exam-city
  claims: [c-none]
  level: recall
  stem: Which city?
  options:
    - {id: tallinn, text: Tallinn, correct: true}
    - {id: riga, text: Riga, why: No.}
  explain: It is so.
- id: q-exam-sum
  type: number
  outcome: lo-exam-sum
  claims: [c-none]
  level: apply
  stem: What is <<a>> and 1?
  answer: <<sum>>
  explain: Count.
  variants:
    - {a: "1", sum: "2"}
    - {a: "10", sum: "12"}
- id: q-exam-double
  type: code
  outcome: lo-exam-double
  claims: [c-none]
  level: apply
  stem: Write `double`.
  function: double
  starter: |
    def double(number):
        ...
  solution: |
    def double(number):
        return 2 * number
  trials:
    - {args: [1], gives: 3}
  explain: Twice.
"""
CITY = ("correct: true}", "why: No.}")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six students who answer alike are graded by a bank with mistakes in all its keys."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank/exam.yml").write_text(BANK, encoding="utf-8")
    (tmp_path / "exam.yml").write_text("title: Exam\nfrom: [exam]\n", encoding="utf-8")
    students = "".join(f"s{number}\n" for number in range(6))
    (tmp_path / "roster.csv").write_text(f"id\n{students}", encoding="utf-8")
    given = ["--bank", "bank", "--roster", "roster.csv", "-o", "out", "--seed", "a seed with both variants"]
    run("release", "exam.yml", *given)
    hand_in(range(5))
    run("collect", "in", "--release", "out", exit_code=0)
    run("grade", "exam")
    return tmp_path


def hand_in(numbers: range) -> None:
    """Everybody but s0 says Riga, all add rightly, all double rightly."""
    release = read_manifest(Path("out") / MANIFEST)
    Path("in").mkdir(exist_ok=True)
    for student in (f"s{number}" for number in numbers):
        sheet = release.sheet(student)
        answers = {}
        for task, question, mask in zip(sheet.tasks, sheet.questions, sheet.masks, strict=True):
            letters = {old: new for new, old in mask.parts.items()}
            given = {
                "q-exam-city": letters.get("tallinn" if student == "s0" else "riga"),
                "q-exam-sum": "2" if "1 and 1" in question.stem else "11",
                "q-exam-double": {"source": "def double(number):\n    return number + number\n"},
            }[question.id]
            answers[task.id] = Answer(given, 0)  # type: ignore[arg-type]
        text = Path(f"out/hand-out/exam-{student}.ipynb").read_text(encoding="utf-8")
        Path(f"in/exam-{student}.ipynb").write_text(json.dumps(answered(text, sheet, answers)), encoding="utf-8")


def run(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def grades() -> dict[str, float | None]:
    rows = csv.DictReader(io.StringIO(run("grades", "exam")))
    return {row["student"]: float(row["grade"]) if row["grade"] else None for row in rows}


def correct(old: str, new: str) -> None:
    bank = Path("bank/exam.yml")
    text = bank.read_text(encoding="utf-8")
    assert old in text
    bank.write_text(text.replace(old, new), encoding="utf-8")


def correct_the_city() -> None:
    correct("Tallinn, correct: true}", "Tallinn, why: No.}")
    correct("Riga, why: No.}", "Riga, correct: true}")


def test_without_a_change_there_is_nothing_to_do(course: Path) -> None:
    assert "nothing to do" in run("regrade", "exam", "--bank", "bank")


def test_a_look_tells_who_gains_and_who_loses_and_changes_nothing(course: Path) -> None:
    before = grades()
    correct_the_city()
    told = run("regrade", "exam", "--bank", "bank")
    assert "q-exam-city: 4 students gain, 1 student loses" in told
    assert "  s0: 1 → 0 of 1\n" in told
    assert "  s3: 0 → 1 of 1\n" in told
    assert '"riga"' in told
    assert "nothing was written" in told
    assert grades() == before


def test_written_it_counts_and_both_scores_and_both_keys_stay(course: Path) -> None:
    before = grades()
    correct_the_city()
    run("regrade", "exam", "--bank", "bank")
    assert "written" in run("regrade", "exam", "--bank", "bank", "--write")
    after = grades()
    assert after["s0"] == (before["s0"] or 0) - 1
    assert after["s1"] == (before["s1"] or 0) + 1
    with open_gradebook(course / "gradebook.sqlite") as book:
        run_number = 2
        changed = [each for each in book.changes(run_number) if each.student == "s1"]
        assert [(each.before, each.after) for each in changed] == [(0, 1)]
        for key in (changed[0].key_before, changed[0].key_after):
            assert book.key("q-exam-city", key) is not None
    assert "nothing to do" in run("regrade", "exam", "--bank", "bank")


def test_who_hands_in_later_is_graded_by_the_corrected_key(course: Path) -> None:
    correct_the_city()
    run("regrade", "exam", "--bank", "bank", "--write")
    hand_in(range(5, 6))
    run("collect", "in", "--release", "out")
    run("grade", "exam")
    assert grades()["s5"] == grades()["s1"] or (grades()["s5"] or 0) >= 1
    with open_gradebook(course / "gradebook.sqlite") as book:
        scored = {each.question: each.points for each in book.scores_of("exam", "s5")}
    assert scored["q-exam-city"] == 1


def test_one_variant_is_corrected_and_the_other_left_alone(course: Path) -> None:
    correct('sum: "12"', 'sum: "11"')
    told = run("regrade", "exam", "--bank", "bank", "--write")
    assert "students lose" in told
    assert "0 → 1 of 1" in told
    assert "1 → 0" not in told


def test_functions_are_tried_again(course: Path) -> None:
    correct("gives: 3", "gives: 2")
    told = run("regrade", "exam", "--bank", "bank", "--write")
    assert "q-exam-double: 5 students gain" in told


def test_a_correction_can_be_corrected(course: Path) -> None:
    before = grades()
    correct_the_city()
    run("regrade", "exam", "--bank", "bank", "--write")
    correct("Riga, correct: true}", "Riga, why: No.}")
    correct("Tallinn, why: No.}", "Tallinn, correct: true}")
    run("regrade", "exam", "--bank", "bank", "--write")
    assert grades() == before


def test_a_look_given_up_leaves_no_trace_in_the_grades(course: Path) -> None:
    before = grades()
    correct_the_city()
    run("regrade", "exam", "--bank", "bank")
    hand_in(range(5, 6))
    run("collect", "in", "--release", "out")
    run("grade", "exam")
    after = grades()
    assert {name: after[name] for name in before if before[name] is not None} == {
        name: each for name, each in before.items() if each is not None
    }
