"""Time of grading, and whether the totals are right: proverka, nbgrader and otter-grader on the same answers."""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "_build/bench/grading"
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests/classroom")]

from students import Answer, answered, in_letters  # noqa: E402

from proverka.classroom.hand_out import write_hand_out  # noqa: E402  # after the path is set
from proverka.classroom.model import Policy, Student  # noqa: E402
from proverka.classroom.release import Release  # noqa: E402
from proverka.model import Choice, Code, Number, Option, Question, Text, Trial  # noqa: E402

DATA = 8
FUNCTIONS = {
    "average": ("def average(numbers):\n    return sum(numbers) / len(numbers)\n", "[1, 2, 6]", 3.0),
    "double": ("def double(number):\n    return number * 2\n", "21", 42),
}
WRONG_FUNCTIONS = {name: f"def {name}(given):\n    return None\n" for name in FUNCTIONS}


@dataclass(frozen=True)
class Result:
    """What a program came to."""

    name: str
    hand_ins: int
    seconds: float
    right: int


def main() -> None:
    """Run what was asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hand-ins", type=int, default=40)
    parser.add_argument("--otter", type=int, default=10, help="hand-ins for otter-grader, which takes seconds each")
    parser.add_argument("--only", choices=["ours", "nbgrader", "otter"])
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    runs: dict[str, Callable[[], Result]] = {
        "ours": lambda: ours(given.hand_ins),
        "nbgrader": lambda: nbgrader(given.hand_ins),
        "otter": lambda: otter(given.otter),
    }
    results = [run() for name, run in runs.items() if given.only in (None, name)]
    print("| program | hand-ins | seconds | for one | totals right |\n|---|--:|--:|--:|--:|")
    for each in results:
        one = each.seconds / each.hand_ins * 1000
        print(
            f"| {each.name} | {each.hand_ins} | {each.seconds:.2f} | {one:.1f} ms | {each.right} of {each.hand_ins} |"
        )
    if given.large:
        large()


def is_right(student: int, question: int) -> bool:
    """Whether a student answers a question rightly."""
    return random.Random(f"{student} {question}").random() < 0.7


def truth(student: int) -> int:
    """Points of a student: one for each question, and two for each function."""
    data = sum(is_right(student, each) for each in range(DATA))
    return data + 2 * sum(is_right(student, DATA + each) for each in range(len(FUNCTIONS)))


# --------------------------------------------------------------------------------------------------
# Ours


def questions(count: int = DATA, *, functions: bool = True) -> list[Question]:
    """Numbers, texts and choices, and the functions."""
    found: list[Question] = []
    for number in range(count):
        about = {
            "id": f"q-bench-{number}",
            "outcome": "lo-bench",
            "claims": (),
            "level": "recall",
            "stem": f"Question {number}, which is about as long as a question usually is?",
            "explain": "Because it is so, as the text above says at some length.",
        }
        if number % 3 == 0:
            found.append(Number(**about, low=number, high=number))
        elif number % 3 == 1:
            found.append(Text(**about, accept=(f"answer {number}", f"reply {number}")))
        else:
            options = tuple(Option(f"o{each}", f"Option {each}", each == 1, "No." * (each != 1)) for each in range(4))
            found.append(Choice(**about, options=options))
    for name, (solution, argument, gives) in FUNCTIONS.items() if functions else ():
        trial = Trial((json.loads(argument),), gives)
        found.append(
            Code(
                id=f"q-bench-{name}", outcome="lo-bench", claims=(), level="apply", stem=f"Write {name}.",
                explain="So.", points=2, function=name, starter=f"def {name}(given):\n    ...\n",
                solution=solution, trials=(trial,) * 5,
            )
        )  # fmt: skip
    return found


def answer(question: Question, place: int, student: int) -> object:
    """What a student puts down, in the question’s own ids."""
    right = is_right(student, place)
    match question:
        case Code():
            return {"source": question.solution if right else WRONG_FUNCTIONS[question.function]}
        case Number():
            return question.low if right else -1
        case Text():
            return question.accept[0] if right else "something else"
        case _:
            return "o1" if right else "o2"


def class_of(size: int, pool: list[Question], folder: Path) -> Release:
    """A release and the hand-ins that answer it."""
    shutil.rmtree(folder, ignore_errors=True)
    students = tuple(Student(f"s{number}") for number in range(size))
    release = Release(
        assignment="bench", title="Bench", seed="a seed for measuring", students=students,
        pool=tuple((each,) for each in pool), policy=Policy(),
    )  # fmt: skip
    write_hand_out(release, folder / "out", lambda _: {}, done=lambda: None)
    (folder / "in").mkdir()
    places = {each.id: place for place, each in enumerate(pool)}
    for number, student in enumerate(students):
        sheet = release.sheet(student.id)
        given = {
            task.id: Answer(in_letters(mask, question, answer(question, places[question.id], number)), 0)
            for task, question, mask in zip(sheet.tasks, sheet.questions, sheet.masks, strict=True)
        }
        text = (folder / f"out/hand-out/bench-{student.id}.ipynb").read_text(encoding="utf-8")
        path = folder / f"in/bench-{student.id}.ipynb"
        path.write_text(json.dumps(answered(text, sheet, given), indent=1), encoding="utf-8")
    return release


def graded(folder: Path) -> tuple[float, dict[str, float]]:
    """Collect and grade with the commands; seconds, and points by student."""
    command = [sys.executable, "-m", "proverka"]
    gradebook = ("--gradebook", str(folder / "gradebook.sqlite"))
    begin = time.perf_counter()
    run([*command, "collect", str(folder / "in"), "--release", str(folder / "out"), *gradebook])
    run([*command, "grade", "bench", *gradebook])
    seconds = time.perf_counter() - begin
    with sqlite3.connect(folder / "gradebook.sqlite") as book:
        return seconds, dict(book.execute("SELECT student, points FROM grades"))


def ours(size: int) -> Result:
    """proverka, start-up of both commands included."""
    class_of(size, questions(), WORK / "ours")
    seconds, points = graded(WORK / "ours")
    right = sum(points[f"s{number}"] == truth(number) for number in range(size))
    return Result("proverka collect, grade", size, seconds, right)


def large() -> None:
    """1,000 × 30 data answers, and how time and memory grow."""
    pool = questions(30, functions=False)
    print("\n| hand-ins of 30 data answers | seconds | for one | largest process |\n|--:|--:|--:|--:|")
    for size in (1_000, 10_000, 100_000):
        class_of(size, pool, WORK / "large")
        seconds, points = graded(WORK / "large")
        assert len(points) == size
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"| {size:,} | {seconds:.2f} | {seconds / size * 1000:.2f} ms | {most:.0f} MB |", flush=True)
    shutil.rmtree(WORK / "large")


# --------------------------------------------------------------------------------------------------
# The others


def run(command: list[str], **settings: object) -> None:
    """Run a command and let it fail loudly."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **settings)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")


def environment(name: str, *packages: str) -> Path:
    """The programs’ folder of an environment with these packages."""
    folder = ROOT / f"_build/bench/{name}"
    if not (folder / "ready").exists():
        run([sys.executable, "-m", "venv", str(folder)])
        run([str(folder / "bin/pip"), "install", "--quiet", *packages])
        (folder / "ready").touch()
    return folder / "bin"


def cell(kind: str, source: str, **metadata: object) -> dict[str, object]:
    """A cell of a notebook."""
    found: dict[str, object] = {"cell_type": kind, "metadata": metadata, "source": source}
    return found | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(cells: list[dict[str, object]]) -> str:
    """A notebook as JSON."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    # By this name otter-grader knows what was handed in.
    kernel["otter"] = {"assignment_name": "quiz"}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4})


def source_of(place: int, student: int | None) -> str:
    """A student’s answer to a question as code; what is handed out if there is no student."""
    names = list(FUNCTIONS)
    if place < DATA:
        value = "None" if student is None else str(place if is_right(student, place) else -1)
        return f"answer_{place} = {value}"
    name = names[place - DATA]
    if student is None:
        return f"def {name}(given):\n    ..."
    return FUNCTIONS[name][0] if is_right(student, place) else WRONG_FUNCTIONS[name]


def test_of(place: int) -> str:
    """What checks an answer."""
    if place < DATA:
        return f"assert answer_{place} == {place}"
    name = list(FUNCTIONS)[place - DATA]
    _, argument, gives = FUNCTIONS[name]
    return "\n".join([f"assert {name}({argument}) == {gives}"] * 5)


def nbgrader(size: int) -> Result:
    """Nbgrader autograde, generating the assignment not counted."""
    programs = environment("nbgrader", "nbgrader==0.9.6")
    course = WORK / "nbgrader"
    shutil.rmtree(course, ignore_errors=True)
    shape = {"schema_version": 3, "task": False}

    def cells(student: int | None) -> list[dict[str, object]]:
        found = []
        for place in range(DATA + len(FUNCTIONS)):
            points = 1 if place < DATA else 2
            ours_ = {**shape, "grade": False, "grade_id": f"a{place}", "locked": False, "solution": True}
            theirs = {**shape, "grade": True, "grade_id": f"t{place}", "locked": True, "solution": False}
            found.append(cell("code", source_of(place, student), nbgrader=ours_))
            found.append(cell("code", test_of(place), nbgrader=theirs | {"points": points}))
        return found

    (course / "source/quiz").mkdir(parents=True)
    (course / "source/quiz/quiz.ipynb").write_text(notebook(cells(None)))
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    settings = {"cwd": course, "env": {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}}
    run([str(programs / "nbgrader"), "generate_assignment", "quiz"], **settings)
    for number in range(size):
        (course / f"submitted/s{number}/quiz").mkdir(parents=True)
        (course / f"submitted/s{number}/quiz/quiz.ipynb").write_text(notebook(cells(number)))
    begin = time.perf_counter()
    run([str(programs / "nbgrader"), "autograde", "quiz"], **settings)
    seconds = time.perf_counter() - begin
    run([str(programs / "nbgrader"), "export", "--to", "grades.csv"], **settings)
    rows = [line.split(",") for line in (course / "grades.csv").read_text().splitlines()]
    student, score = rows[0].index("student_id"), rows[0].index("score")
    points = {row[student]: float(row[score]) for row in rows[1:]}
    right = sum(points[f"s{number}"] == truth(number) for number in range(size))
    return Result("nbgrader 0.9.6 autograde", size, seconds, right)


def otter(size: int) -> Result:
    """Otter run, a process for each hand-in, making the assignment not counted."""
    programs = environment("otter", "otter-grader==7.0.0", "ipykernel")
    course = WORK / "otter"
    shutil.rmtree(course, ignore_errors=True)
    course.mkdir(parents=True)
    cells = [cell("raw", "# ASSIGNMENT CONFIG\nname: quiz\ninit_cell: true\n")]
    for place in range(DATA + len(FUNCTIONS)):
        points = 1 if place < DATA else 2
        cells += [
            cell("raw", f"# BEGIN QUESTION\nname: q{place}\npoints: {points}\n"),
            cell("markdown", f"Question {place}"),
            cell("raw", "# BEGIN SOLUTION"),
            cell("code", "\n".join(f"{line} # SOLUTION" for line in solution(place).splitlines())),
            cell("raw", "# END SOLUTION"),
            cell("raw", "# BEGIN TESTS"),
            cell("code", test_of(place)),
            cell("raw", "# END TESTS"),
            cell("raw", "# END QUESTION"),
        ]
    (course / "quiz.ipynb").write_text(notebook(cells))
    settings = {"cwd": course, "env": {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}}
    run([str(programs / "otter"), "assign", "--no-run-tests", "quiz.ipynb", "dist"], **settings)
    tests = next((course / "dist/autograder").glob("*.zip"))
    times, right = [], 0
    for number in range(size):
        answers = [cell("code", source_of(place, number)) for place in range(DATA + len(FUNCTIONS))]
        (course / f"s{number}.ipynb").write_text(notebook(answers))
        out = course / f"results/{number}"
        out.mkdir(parents=True)
        begin = time.perf_counter()
        run([str(programs / "otter"), "run", "-a", str(tests), "-o", str(out), f"s{number}.ipynb"], **settings)
        times.append(time.perf_counter() - begin)
        found = json.loads((out / "results.json").read_text())
        right += sum(float(each.get("score", 0)) for each in found["tests"]) == truth(number)
    print(f"otter: median {median(times):.2f} s a hand-in", file=sys.stderr)
    return Result("otter 7.0.0 run", size, sum(times), right)


def solution(place: int) -> str:
    """The right answer as code."""
    return f"answer_{place} = {place}" if place < DATA else FUNCTIONS[list(FUNCTIONS)[place - DATA]][0].rstrip()


if __name__ == "__main__":
    main()
