from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from questions import QUESTIONS, SECRETS

from proverka.bank.draw import shuffled
from proverka.classroom.hand_out import MANIFEST, file_name, write_hand_out
from proverka.classroom.model import Policy, Student
from proverka.classroom.release import Release, read_manifest
from proverka.cli import main
from proverka.model import Question, State
from proverka.scoring import key_answer, score, wrong_answers

SEED = "a seed that nobody guesses"
CLASS = tuple(Student(f"s{number}", f"Name {number}", f"s{number}@example.org") for number in range(1, 6))


def released(**changes: object) -> Release:
    given: dict[str, object] = {
        "assignment": "first",
        "title": "A first assignment",
        "seed": SEED,
        "students": CLASS,
        "pool": tuple((each,) for each in QUESTIONS),
        "policy": Policy(),
    }
    return Release(**(given | changes))  # type: ignore[arg-type]


def hand_out(release: Release, folder: Path) -> dict[str, bytes]:
    write_hand_out(release, folder, lambda _: {"plan.svg": "<svg/>"}, done=lambda: None)
    return {path.name: path.read_bytes() for path in sorted((folder / "hand-out").iterdir())}


# ---------------------------------------------------------------------------------------------------
# Nothing of the key


def forms_of(data: bytes) -> Iterator[bytes]:
    """The bytes, and all that is hidden in them: base64 of any alignment, compressed, as often as it goes on."""
    left, seen = [data], set()
    while left:
        each = left.pop()
        if each in seen:
            continue
        seen.add(each)
        yield each
        for found in re.findall(rb"[A-Za-z0-9+/_-]{16,}={0,2}", each):
            for skip in range(4):
                text = found[skip:].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
                left.append(base64.b64decode(text[: len(text) // 4 * 4]))
        for found in re.finditer(rb"\x1f\x8b|\x78[\x01\x5e\x9c\xda]", each):
            reader = zlib.decompressobj(zlib.MAX_WBITS | 32)
            try:
                left.append(reader.decompress(each[found.start() :], 10_000_000))
            except zlib.error:
                continue


def needles() -> set[bytes]:
    """What must not be found, in any case of letters."""
    found = {b"canary", *(each.encode() for each in SECRETS)}
    known = {*(part for question in QUESTIONS for part in ids_of(question)), *(each.id for each in QUESTIONS)}
    known |= {text for question in QUESTIONS for text in texts_of(question)}
    for text in known:
        for kind in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            digest = hashlib.new(kind, text.encode())
            # Cut short, a hash can still be looked up.
            found |= {
                digest.hexdigest()[:12].encode(),
                base64.b64encode(digest.digest())[:12].lower(),
                digest.digest()[:8],
            }
    found |= {each.fingerprint.encode() for each in QUESTIONS}
    return found


def ids_of(question: Question) -> set[str]:
    return set(re.findall(r'"id": "([^"]*)"', json.dumps(question.to_data())))


def texts_of(question: Question) -> set[str]:
    return set(re.findall(r'"(?:text|right|left|accept)": "([^"]*)"', json.dumps(question.to_data())))


def test_the_search_for_keys_finds_them_however_they_are_wrapped() -> None:
    hidden = (
        b"before " + base64.b64encode(b"x" + gzip.compress(base64.b64encode(b"here is CanaryWhychoice"))) + b" after"
    )
    assert any(b"canary" in each.lower() for each in forms_of(hidden))


def test_nothing_of_a_key_is_in_what_is_handed_out(tmp_path: Path) -> None:
    searched = needles()
    files = hand_out(released(), tmp_path)
    assert len(files) == len(CLASS)
    for name, data in {**files, "zip": (tmp_path / "hand-out.zip").read_bytes()}.items():
        for form in forms_of(data):
            low = form.lower()
            for each in searched:
                assert each not in low, f"{each!r} is in {name}"


def test_the_zip_holds_the_notebooks_and_nothing_else(tmp_path: Path) -> None:
    files = hand_out(released(), tmp_path)
    with zipfile.ZipFile(tmp_path / "hand-out.zip") as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == files


def test_order_shown_does_not_follow_from_what_a_student_knows() -> None:
    """The shuffle is keyed by the seed, so that nobody can work out which option was written first."""
    release = released()
    sheet = release.sheet("s1")
    choice = next(each for each in sheet.questions if each.type == "choices")
    shown = sheet.masks[sheet.questions.index(choice)].parts.values()
    public = {sheet.tag, release.tag, "s1", "first", "first\0s1", "", *(task.id for task in sheet.tasks)}
    guesses = {shuffled([each.id for each in choice.options], f"{seed}\0{choice.id}") for seed in public}
    others = [tuple(released(seed=f"{SEED}{n}").sheet("s1").masks[0].parts.values()) for n in range(20)]
    assert len(set(others)) > 1
    assert not all(tuple(shown) == guess for guess in guesses)


# ---------------------------------------------------------------------------------------------------
# Sheets


def test_two_releases_with_one_seed_are_the_same_to_the_byte(tmp_path: Path) -> None:
    first, second = hand_out(released(), tmp_path / "a"), hand_out(released(), tmp_path / "b")
    assert first == second
    for name in ("hand-out.zip", str(MANIFEST)):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_seed_gives_other_sheets() -> None:
    tags = {released(seed=f"{SEED}{number}").sheet("s1").tag for number in range(50)}
    assert len(tags) == 50


def test_a_sheet_stays_the_same_when_others_join() -> None:
    alone = released(students=CLASS[:1])
    assert alone.sheet("s1") == released().sheet("s1")


def test_sheets_are_what_they_were_when_this_was_written() -> None:
    """Hand-ins of last year must be read as they were then: what follows from a seed never changes."""
    sheet = released().sheet("s3")
    assert sheet.tag == "swm555vuev5znkdvrjevhnykau"
    order = "order choices number code blanks choice match essay pin text"
    assert " ".join(each.id.removeprefix("q-canary-") for each in sheet.questions) == order
    assert [" ".join(mask.parts.values()).replace("canary", "") for mask in sheet.masks if mask.parts] == [
        "itemz itemx itemy",
        "rightchoices wrongchoices thirdchoices",
        "wrongchoice rightchoice thirdchoice",
        "trap pairz pairx pairy",
        "other spot",
    ]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.type)
def test_an_answer_given_in_letters_earns_what_it_does_in_ids(question: Question) -> None:
    sheet = released(pool=((question,),)).sheet("s2")
    mask = sheet.masks[0]
    back = {old: new for new, old in mask.parts.items()}
    names = {old: new for part in (mask.lines, mask.gaps) for new, old in part.items()}

    def blind(answer: object) -> object:
        if isinstance(answer, dict) and question.type in ("match", "blanks"):
            return {names[name]: back.get(each, each) for name, each in answer.items()}
        if isinstance(answer, list):
            return [back[each] for each in answer]
        return back.get(answer, answer) if question.type in ("choice", "pin") and isinstance(answer, str) else answer

    for answer in (key_answer(question), *wrong_answers(question)):
        answered = sheet.answered({"q1": blind(answer)})[0]  # type: ignore[dict-item]
        assert answered.question == question.id
        if question.type in ("code", "essay"):
            assert score(question, answered.answer).state is State.WAITING
        else:
            assert score(question, answered.answer) == score(question, answer)


def test_who_knows_the_ids_of_the_bank_gains_nothing_by_writing_them() -> None:
    sheet = released().sheet("s1")
    answers = {task.id: key_answer(each) for task, each in zip(sheet.tasks, sheet.questions, strict=True)}
    for each, question in zip(sheet.answered(answers), sheet.questions, strict=True):
        # Numbers and words are what they are; a function and a text wait to be tried and read.
        if question.type not in ("number", "text"):
            assert score(question, each.answer).points == 0


def test_nobody_can_mark_or_try_an_answer_of_their_own() -> None:
    sheet = released().sheet("s1")
    forged = {
        task.id: {"text": "Mine.", "source": "x", "marks": {"canarysource": 2}, "results": [9422, 1630]}
        for task in sheet.tasks
    }
    for each, question in zip(sheet.answered(forged), sheet.questions, strict=True):
        if question.type in ("code", "essay"):
            assert score(question, each.answer).state is State.WAITING


def test_as_many_questions_are_drawn_as_are_asked_for_and_not_the_same_for_all() -> None:
    release = released(draw=4)
    drawn = [tuple(each.id for each in release.sheet(student.id).questions) for student in CLASS]
    assert {len(set(each)) for each in drawn} == {4}
    assert len({frozenset(each) for each in drawn}) > 1


def test_a_student_gets_one_variant_and_the_class_gets_them_all() -> None:
    first = QUESTIONS[2]
    second = dataclasses.replace(first, stem="Another one?")
    students = tuple(Student(f"s{number}") for number in range(60))
    release = released(pool=((first, second),), students=students)
    stems = [release.sheet(each.id).questions[0].stem for each in students]
    assert 15 < stems.count("Another one?") < 45


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    release = released(draw=3, policy=Policy(due=1_800_000_000, per_day=0.1), due="soon", instructions="Do it.")
    (tmp_path / "manifest.json").write_text(release.to_text(), encoding="utf-8")
    assert read_manifest(tmp_path / "manifest.json") == release


@pytest.mark.parametrize(
    "student", ["../../etc/passwd", "a/b\\c", "..", "", "Ä ö", "x" * 300, "con\n", ".hidden", "-rf"]
)
def test_a_student_s_id_cannot_lead_out_of_the_folder(student: str, tmp_path: Path) -> None:
    name = file_name("first", student)
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    assert len(name) < 200
    files = hand_out(released(students=(Student(student), Student(f"{student}!"))), tmp_path)
    assert len(files) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["hand-out", "hand-out.zip", "keep"]


# ---------------------------------------------------------------------------------------------------
# The command

BANK = """\
- id: q-exam-sum
  type: number
  outcome: lo-exam-sum
  claims: [c-none]
  level: apply
  stem: What is <<a>> and <<b>>?
  answer: <<sum>>
  explain: It is <<sum>>.
  variants:
    - {a: "1", b: "2", sum: "3"}
    - {a: "10", b: "20", sum: "30"}
- id: q-exam-city
  type: choice
  outcome: lo-exam-city
  claims: [c-none]
  level: recall
  stem: Which city?
  options:
    - {id: right, text: Tallinn, correct: true}
    - {id: wrong, text: Riga, why: No.}
  explain: It is Tallinn.
"""
ASSIGNMENT = "title: Exam\nfrom: [exam]\ndue: 2027-02-05T23:59+03:00\nlate: {per-day: 0.1}\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank/exam.yml").write_text(BANK, encoding="utf-8")
    (tmp_path / "exam.yml").write_text(ASSIGNMENT, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("id,name\ns1,Anna\ns2,Bo\n", encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    given = ["release", "exam.yml", "--bank", "bank", "--roster", "roster.csv", "-o", "out", *arguments]
    return CliRunner().invoke(main, given, catch_exceptions=False)


def test_a_bank_of_one_s_own_is_enough(course: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (course / "out/hand-out").iterdir()) == ["exam-s1.ipynb", "exam-s2.ipynb"]
    assert (course / "out/keep").stat().st_mode & 0o777 == 0o700
    stems = {each.stem for variants in read_manifest(course / "out" / MANIFEST).pool for each in variants}
    assert stems == {"What is 1 and 2?", "What is 10 and 20?", "Which city?"}


def test_releasing_again_keeps_the_sheets_and_adds_those_who_joined(course: Path) -> None:
    run()
    before = (course / "out/hand-out/exam-s1.ipynb").read_bytes()
    (course / "roster.csv").write_text("id,name\ns1,Anna\ns2,Bo\ns3,Cy\n", encoding="utf-8")
    assert run().exit_code == 0
    assert (course / "out/hand-out/exam-s1.ipynb").read_bytes() == before
    assert (course / "out/hand-out/exam-s3.ipynb").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("bank/exam.yml", "Which city?", "What city?", "another release is here (pool differ)"),
        ("roster.csv", "s2,Bo\n", "", "s2 got a sheet and is not on the new roster"),
        ("exam.yml", "from: [exam]", "from: [exan]", "did you mean exam?"),
        ("exam.yml", "2027-02-05T23:59+03:00", "2027-02-05", "write day, time and zone"),
        ("exam.yml", "per-day: 0.1", "per-day: 10", "should be a share from 0 to 1"),
        ("bank/exam.yml", 'sum: "30"}', "}", "has no value in every variant"),
        ("bank/exam.yml", 'sum: "30"}', 'sum: "30", c: "1"}', "is used nowhere"),
        ("bank/exam.yml", "correct: true", "correct: no", "field “correct” cannot be"),
        ("roster.csv", "s2,Bo", "s1,Bo", "roster.csv:3: “s1” stands already in line 2"),
        ("roster.csv", "id,name", "who,name", "no column names the students"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_overwritten(
    file: str, old: str, new: str, said: str, course: Path
) -> None:
    run()
    before = {path: path.read_bytes() for path in sorted((course / "out").rglob("*")) if path.is_file()}
    text = (course / file).read_text(encoding="utf-8")
    assert old in text
    (course / file).write_text(text.replace(old, new), encoding="utf-8")
    result = run()
    assert result.exit_code == 1
    assert said in result.output
    assert {path: path.read_bytes() for path in sorted((course / "out").rglob("*")) if path.is_file()} == before


def test_a_seed_that_can_be_guessed_is_refused(course: Path) -> None:
    result = run("--seed", "2026")
    assert result.exit_code == 2
    assert not (course / "out").exists()


def test_seeds_differ_from_release_to_release(course: Path) -> None:
    run()
    first = read_manifest(course / "out" / MANIFEST).seed
    CliRunner().invoke(main, ["release", "exam.yml", "--bank", "bank", "--roster", "roster.csv", "-o", "other"])
    assert read_manifest(course / "other" / MANIFEST).seed != first
