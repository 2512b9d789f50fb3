"""Every code has a tiny project that triggers it, and the exact words that an author reads.

A case is a folder ``tests/problems/<code>/<case>/``: the files of a project and ``expected.txt``, what
``proverka check --notices`` writes. It can also hold

- ``command.txt``: the arguments of another command (such cases are run by ``test_notebooks.py``);
- ``files.json``: files that an editor would spoil or that are too big to keep, ``{path: content}`` with
  content ``{"before": text, "repeat": [text, times], "after": text}``, ``{"latin1": text}`` (one byte per
  character) or ``{"link": target}``.

After a change of words, or for a new case: ``pytest tests/unit/test_problems.py --force-regen``, then read
the difference.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture

from proverka.cli import main
from proverka.model import Place
from proverka.problems import Code, Problems, did_you_mean, render_problems
from proverka.project import check_project, load_project

FOLDER = Path(__file__).parents[1] / "problems"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.is_dir())
CHECKS = [case for case in CASES if not (case / "command.txt").exists()]
NOT_OF_THE_PROJECT = {"expected.txt", "command.txt", "files.json"}
LINES = re.compile(
    r"(?P<place>[^\n:]+:\d+): (?:notice: )?(?P<message>\S.*) \[proverka\.(?P<code>[a-z-]+)\]\n  hint: \S.*"
)

each_told = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
each_case = pytest.mark.parametrize("case", CHECKS, ids=lambda case: f"{case.parent.name}/{case.name}")


def project_of(case: Path, tmp_path: Path) -> Path:
    """A copy of the case's project, with the files that are described."""
    root = tmp_path / "project"
    shutil.copytree(case, root, ignore=lambda folder, _: NOT_OF_THE_PROJECT if Path(folder) == case else ())
    described = case / "files.json"
    for name, content in json.loads(described.read_text("utf-8") if described.exists() else "{}").items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if "link" in content:
            path.symlink_to(content["link"])
        elif "latin1" in content:
            path.write_bytes(content["latin1"].encode("latin-1"))
        else:
            text, times = content.get("repeat", ["", 0])
            path.write_bytes((content.get("before", "") + text * times + content.get("after", "")).encode())
    return root


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(root), *arguments], catch_exceptions=False)


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder with its time and content."""
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() and not path.is_symlink() else b"",
        )
        for path in root.rglob("*")
    }


@each_case
def test_a_case_is_told_in_the_words_expected(
    case: Path, tmp_path: Path, file_regression: FileRegressionFixture
) -> None:
    root = project_of(case, tmp_path)
    before = tree(root)
    result = run(root, "check", "--notices")
    file_regression.check(result.stdout, encoding="utf-8", fullpath=case / "expected.txt", newline="\n")
    assert tree(root) == before
    assert result.exit_code == (1 if result.stdout.count("  hint: ") > result.stdout.count(": notice: ") else 0)


@pytest.mark.parametrize("code", [each.value for each in Code])
def test_every_code_has_a_case_that_triggers_it(code: str) -> None:
    told = [(case / "expected.txt").read_text("utf-8") for case in CASES if case.parent.name == code]
    assert told, f"add a folder tests/problems/{code}/<case>/"
    assert all(f"[proverka.{code}]" in each for each in told)


def test_every_folder_belongs_to_a_code() -> None:
    assert {path.name for path in FOLDER.iterdir()} <= {each.value for each in Code}


@each_told
def test_expected_lines_have_place_message_code_and_hint(case: Path) -> None:
    told = (case / "expected.txt").read_text("utf-8")
    found = list(LINES.finditer(told))
    assert "\n".join(each[0] for each in found) + "\n" == told
    for each in found:
        assert not each["message"].endswith("."), each[0]
        assert not each["message"][0].isupper(), each[0]
        Code(each["code"])


@each_case
def test_json_has_the_same_problems_in_the_same_order(case: Path, tmp_path: Path) -> None:
    root = project_of(case, tmp_path)
    told = [
        f"{each['file']}:{each['line']}: {'notice: ' if each['notice'] else ''}{each['message']} "
        f"[proverka.{each['code']}]\n  hint: {each['hint']}\n"
        for each in json.loads(run(root, "check", "--notices", "--format", "json").stdout)
    ]
    assert "".join(told) == (case / "expected.txt").read_text("utf-8")


@each_case
def test_problems_come_sorted_by_place_and_once(case: Path, tmp_path: Path) -> None:
    ordered = check_project(load_project(project_of(case, tmp_path))).in_order()
    assert [each.place for each in ordered] == sorted(each.place for each in ordered)
    said = [(each.place, each.code, each.message) for each in ordered]
    assert len(said) == len(set(said))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A project without problems."""
    root = project_of(FOLDER / "claim-unused" / "chapter-without-it", tmp_path)
    (root / "book" / "mill.md").write_text("# The mill\n\nIt was built in 1889.{claim}`c-mill-built`\n", "utf-8")
    return root


def test_a_sound_project_is_told_of_on_stderr_only(sound: Path) -> None:
    result = run(sound, "check")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "1 claims, 1 sources, 0 questions, 1 chapters: no problems\n"
    assert json.loads(run(sound, "check", "--format", "json").stdout) == []


def test_notices_are_told_only_on_request_and_fail_nothing(tmp_path: Path) -> None:
    root = project_of(FOLDER / "claim-unused" / "chapter-without-it", tmp_path)
    quiet, full = run(root, "check"), run(root, "check", "--notices")
    assert (quiet.exit_code, quiet.stdout) == (0, "")
    assert full.exit_code == 0
    assert "notice: claim c-mill-built is used nowhere" in full.stdout
    assert full.stderr.endswith("no problems\n")


@pytest.mark.parametrize(
    "arguments", [["check", "--what"], ["check", "nowhere.md"], ["chekc"], ["check", "--format", "x"]]
)
def test_wrong_usage_exits_with_2(sound: Path, arguments: list[str]) -> None:
    result = run(sound, *arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_a_misspelt_command_is_guessed(sound: Path) -> None:
    assert "Did you mean “check”?" in run(sound, "chekc").stderr


def test_paths_narrow_what_is_told(tmp_path: Path) -> None:
    root = project_of(FOLDER / "duplicate-id" / "claims", tmp_path)
    assert run(root, "check").stdout.count("hint:") == 2
    narrowed = run(root, "check", str(root / "book" / "ledger" / "dam.yml"))
    assert narrowed.stdout.count("hint:") == 1
    assert narrowed.stderr.endswith(": 1 problem\n")
    assert run(root, "check", str(root / "book" / "mill.md")).exit_code == 0
    assert run(root, "check", str(root / "book")).stdout.count("hint:") == 2


def test_paths_narrow_links_that_lead_back_to_themselves_too(tmp_path: Path) -> None:
    root = project_of(FOLDER / "file-missing" / "link-to-itself", tmp_path)
    assert run(root, "check", str(root / "quizzes")).stdout.count("hint:") == 1
    assert run(root, "check", str(root / "book")).exit_code == 0


def test_checking_twice_tells_the_same(tmp_path: Path) -> None:
    project = load_project(project_of(FOLDER / "duplicate-id" / "claims", tmp_path))
    assert check_project(project) == check_project(project)


def test_a_problem_met_twice_is_told_and_counted_once(sound: Path) -> None:
    (sound / "book" / "mill.md").write_text("# The mill\n\nOld.{claim}`c-a, c-a` Older.{claim}`c-a`\n", "utf-8")
    result = run(sound, "check")
    assert result.stdout.count("unknown claim") == 1
    assert result.stderr.endswith(": 1 problem\n")


def test_problems_are_sorted_by_file_then_line() -> None:
    problems = Problems()
    for place in (Place("b.yml", 2), Place("b.yml", 10), Place("a.yml", 30)):
        problems.add(place, "something is wrong", Code.HTML)
    assert [line for line in render_problems(problems).splitlines() if "wrong" in line] == [
        "a.yml:30: something is wrong [proverka.html]",
        "b.yml:2: something is wrong [proverka.html]",
        "b.yml:10: something is wrong [proverka.html]",
    ]


def test_did_you_mean_names_the_nearest_or_falls_back() -> None:
    assert did_you_mean("c-mil", ["c-mill", "c-dam"], "look it up") == "did you mean c-mill?"
    assert did_you_mean("c-brook", ["c-mill", "c-dam"], "look it up") == "look it up"


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["book/mill.md", "book/ledger/mill.yml", "book/references.bib", "quizzes/bank/mill.yml"]),
        st.integers(0, 60),
        st.sampled_from(["drop", "double", "swap", "indent", "cut"])
        | st.sampled_from(
            ["", "-", "- a", "  - {id: x}", "  id: q-mill-owner", "  type: match", "\t", "}", "  answer: [", "```"]
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["options-few/each-type", "options-alike/accepted-and-rejected", "spot-outside/drawing"]), EDITS)
def test_whatever_is_spoilt_the_rest_is_checked(tmp_path: Path, name: str, edits: list[tuple[str, int, str]]) -> None:
    shutil.rmtree(tmp_path / "project", ignore_errors=True)
    root = project_of(FOLDER / name, tmp_path)
    for file, number, edit in edits:
        lines = (root / file).read_text("utf-8").split("\n")
        at = number % len(lines)
        new = {
            "drop": [],
            "double": [lines[at]] * 2,
            "swap": lines[at : at + 2][::-1],
            "indent": [f" {lines[at]}"],
            "cut": [lines[at][: len(lines[at]) // 2]],
        }.get(edit, [edit])
        lines[at : at + (2 if edit == "swap" else 1)] = new
        (root / file).write_text("\n".join(lines), "utf-8")
    problems = check_project(load_project(root))
    assert not problems or LINES.match(render_problems(problems))
    for each in problems:
        assert 1 <= each.place.line <= (root / each.place.file).read_text("utf-8").count("\n") + 2
