"""The labs: each runs alone in an empty folder, and says what its table and its code give."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from proverka.jupyter.typed import recorded
from proverka.model import Code, Essay, Question
from proverka.problems import render_problems
from proverka.scoring import key_answer, score, wrong_answers
from proverka.validate import QuizNotebook, validate_notebooks

ROOT = Path(__file__).parent.parent.parent
LABS = sorted((ROOT / "quizzes" / "labs").glob("*.ipynb"))
each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda path: path.stem)

#: Before the first cell: a warning is an error, and every chart that is shown tells its title and axes.
BEGIN = """
import warnings
warnings.simplefilter("error")
import matplotlib.pyplot as plt
charts = []
def show(*, really=plt.show):
    charts.extend(
        [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
        for number in plt.get_fignums() for axes in plt.figure(number).axes
    )
    really()
plt.show = show
"""
#: After the last one; ``facts`` are put in.
END = """
from IPython.display import display
display({{"application/json": {{"charts": charts, "wrong": [each for each in {facts} if not eval(each)]}}}}, raw=True)
"""

#: What the prose says, and what the notebook’s own names have to give for it.
SAYS = {
    "admissions": {
        "fifty-one million": "round(mean) == 51",
        "rise to 52.6": "round((films.millions.sum() - 87.6 + 120) / 20, 1) == 52.6",
        "Thirteen of the twenty": "sum(films.millions > 60) == 13",
        "more than four times": "4500 / films.millions.sum() > 4",
        "Four of Tarkovsky’s five": "list(films[films.group == 'Tarkovsky'].status).count('confirmed') == 1",
        "about 2.15 million": "halved == 2.15 and his['Mirror'] == 2.2",
        "remark on row 10": "'a selection, not a ranking' in films.loc[10, 'note']",
        "as printed, the median": "his.median() == 4.3 and round(his.mean(), 1) == 7.3",
    },
    "two-shoots": {
        "it is 34 days": "(end - begin).days == 34",
        "until about June 1978": "str(find('Production suspended')['last'].date()) == '1978-06-30'",
        "Nothing in it begins in the first three months": (
            "not any((making['first'] >= '1978-01-01') & (making['first'] < '1978-04-01'))"
        ),
        "three readings of four": (
            "sum(shoots.shortest[:4] > shoots.longest['second shoot']) == 3"
            " and shoots.longest['Estonia to loss'] < shoots.shortest['second shoot']"
        ),
        "between 133 and 165 days": "list(shoots.loc['second shoot']) == [133, 165]",
    },
    "distances": {
        "Nine places have no coordinates": "len(places) - len(known) == 9",
        "nine places of twenty-nine": "len(places) == 29",
        "One degree to the north is 111": "round(great_circle_km(59, 25, 60, 25)) == 111",
        "57 at the latitude of Tallinn and 85": (
            "[round(great_circle_km(lat, 25, lat, 26)) for lat in (59, 40)] == [57, 85]"
        ),
        "about 3,800 kilometres": "round(known.km['isfara'], -2) == 3800",
        "our formula has 23.9": "round(known.km['jagala-joa-station'], 1) == 23.9",
        "20 to 25 km": (
            "round(near.least[near.km > 20].min()) == 20 and round(near.most.max()) == 25"
        ),
        "are 3.2 kilometres apart": "round(km, 1) == 3.2 and km < slack and round(km + slack, 1) == 10.2",
        "four tenths of the way": "round(bridge.radius / known.km['pirita-rail-bridge'], 1) == 0.4",
        "Two places cannot be told apart": "list(share.index[share > 100]) == ['flora-factory', 'macaroni-factory']",
        "one was read in a source": "sum(known.coord_basis.str.contains('coordinates read')) == 1",
        "eighteen come from general knowledge": "sum(known.coord_basis.str.contains('general')) == 18",
    },
    "poll-ranks": {
        "a shared 29th place in 2012": "list(stalker['rank']) == ['=29', '=30', '=43', '=14']",
        "two films, seven, two and four": (
            "all(word in note for word, note in zip(['one other', 'Seven', 'Two', 'Four'], stalker.note, strict=True))"
        ),
        "Two films have six votes each": "list(critics.votes).count(6) == 2",
        "is seventh, sixth or seventh": "critics.iloc[-1].tolist() == ['The Sacrifice', 3, 7, 6, 7]",
        "one and a half places": "list(steps[(steps.film == 'Stalker') & (steps.votes == 51)].price) == [1.5]",
        "stands 57 places lower": "list(steps[(steps.film == 'Nostalghia') & (steps.votes == 6)].price) == [57]",
        "worth a place\\nor two": "all(steps[steps.votes > 12].price.between(0.7, 2.3))",
        "near the bottom dozens": "all(steps[steps.votes < 5].price > 12)",
        "Three results of that year": "sum(polls.votes.notna() & polls['rank'].isna() & (polls.year == 2022)) == 3",
        "with three critics missing": "'1,639 announced, 1,636' in ' '.join(polls.note.dropna())",
    },
}  # fmt: skip


def read(lab: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(lab.read_text(encoding="utf-8"))
    return notebook


def cells(lab: Path, kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = [cell for cell in read(lab)["cells"] if cell["cell_type"] == kind]
    return [(cell["id"], "".join(cell["source"]), cell["metadata"]) for cell in found]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("labs_data", ROOT / "tools" / "labs_data.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["labs_data"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def labs(tool: ModuleType) -> Any:
    return tool.load_labs()


def test_there_are_four_labs_and_the_book_has_them() -> None:
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert [lab.stem for lab in LABS] == sorted(SAYS)
    assert all(f"- file: quizzes/labs/{lab.stem}\n" in toc for lab in LABS)


def test_tables_and_questions_in_the_labs_are_up_to_date() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "tools" / "labs_data.py", "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{ran.stdout}{ran.stderr}"


def test_the_tool_finds_a_changed_table_a_changed_question_and_another_layout(labs: Any) -> None:
    for name in labs.notebooks:
        whole = labs.filled(name)
        for cell in labs.notebooks[name]["cells"]:
            if cell["id"] == "setup" or cell["id"].startswith("table-"):
                kept, cell["source"] = cell["source"], ["changed"]
                assert labs.filled(name) == whole
                cell["source"] = kept


@each_lab
def test_a_lab_carries_its_table_to_the_letter(lab: Path) -> None:
    tables = [(name, source) for name, source, _ in cells(lab, "code") if name.startswith("table-")]
    assert len(tables) == 1
    for name, source in tables:
        names: dict[str, str] = {}
        exec(source, names)
        (table,) = (value for key, value in names.items() if key.isupper())
        assert table == (ROOT / "book/data" / f"{name.removeprefix('table-')}.csv").read_text(encoding="utf-8")


@each_lab
def test_a_lab_is_committed_without_outputs_and_has_its_parts(lab: Path) -> None:
    notebook = read(lab)
    assert 12 <= len(notebook["cells"]) <= 20
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert code[-1]["source"] == ["quiz.results()"]
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert len(notebook["metadata"]["description"]) <= 160
    prose = [source for _, source, _ in cells(lab, "markdown")]
    assert prose[0].startswith("# ")
    assert prose[-1].startswith("## What the numbers cannot say")
    assert "**Change one thing:**" in "".join(prose)
    for each in re.findall(r"\]\((\.\./[^)]+)\)", "".join(prose)):
        assert (lab.parent / each).is_file(), each


@each_lab
def test_every_chart_is_described(lab: Path) -> None:
    drawn = [metadata for _, source, metadata in cells(lab, "code") if "plt.show()" in source]
    assert drawn
    for metadata in drawn:
        alt = metadata["mystnb"]["image"]["alt"]
        assert alt.endswith(".")
        assert len(alt.split()) < 45


def test_the_questions_have_no_problems(labs: Any) -> None:
    assert not labs.problems, render_problems(labs.problems)


@each_lab
def test_a_lab_asks_each_of_its_questions_once(lab: Path, labs: Any) -> None:
    questions = labs.bank.of_chapter(lab.stem)
    asked = re.findall(r'^quiz\.ask\("(.+)"\)$', "\n".join(source for _, source, _ in cells(lab, "code")), re.MULTILINE)
    assert asked == [question.id for question in questions]
    assert all(each.startswith(f"q-lab-{lab.stem}-") for each in asked)
    assert all(each.id.startswith(f"lo-lab-{lab.stem}-") for each in labs.chapters[lab.stem].outcomes)
    assert {question.outcome for question in questions} == {each.id for each in labs.chapters[lab.stem].outcomes}
    assert any(isinstance(question, Code) for question in questions)
    assert isinstance(questions[-1], Essay)


@each_lab
def test_a_key_earns_everything_and_a_wrong_answer_less(lab: Path, labs: Any) -> None:
    for question in labs.bank.of_chapter(lab.stem):
        assert score(question, key_answer(question)).points == question.points
        assert all(score(question, each).points < question.points for each in wrong_answers(question))


def earned(question: Question, source: str) -> float:
    """What a function earns that is really run."""
    names: dict[str, Any] = {}
    exec(source, names)
    return score(question, recorded(question, names[question.function])).points  # type: ignore[attr-defined]


@each_lab
def test_the_solution_of_a_code_question_passes_its_trials_and_the_starter_does_not(lab: Path, labs: Any) -> None:
    for question in labs.bank.of_chapter(lab.stem):
        if isinstance(question, Code):
            assert earned(question, question.solution) == question.points
            assert earned(question, question.starter) == 0


@each_lab
def test_a_lab_runs_alone_and_says_what_it_finds(lab: Path, tmp_path: Path) -> None:
    """In an empty folder and a kernel of its own: no error, no warning, charts with title and axes, true figures."""
    notebook = nbformat.reads(lab.read_text(encoding="utf-8"), as_version=4)
    facts = SAYS[lab.stem]
    first = nbformat.v4.new_code_cell(BEGIN)
    last = nbformat.v4.new_code_cell(END.format(facts=list(facts.values())))
    notebook.cells = [first, *notebook.cells, last]
    client = NotebookClient(notebook, kernel_name="python3", timeout=60, resources={"metadata": {"path": tmp_path}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"] == []
    found = outputs[-1]["data"]["application/json"]
    shown = sum("plt.show()" in source for _, source, _ in cells(lab, "code"))
    assert shown == len(found["charts"]) == sum("image/svg+xml" in output.get("data", ()) for output in outputs)
    assert all(all(each) for each in found["charts"]), found["charts"]
    assert found["wrong"] == []
    assert list(tmp_path.iterdir()) == []
    said = " ".join("".join(cell["source"]) for cell in read(lab)["cells"])
    assert [each for each in facts if each.lower() not in " ".join(said.split()).lower()] == []


def test_the_labs_score_like_the_quizzes(labs: Any) -> None:
    """Blank they give no points, with the key all, with wrong answers fewer."""
    notebooks = [QuizNotebook(lab, lab.stem, labs.bank.of_chapter(lab.stem)) for lab in LABS]
    problems = validate_notebooks(notebooks, jobs=2, done=lambda *_: None)
    assert not problems, render_problems(problems)
