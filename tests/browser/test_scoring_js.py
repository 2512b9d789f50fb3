"""The module’s scoring in a real browser: the truth table of ``tests/vectors/``, and whatever else may come."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from proverka.model import Question, question_from_data
from proverka.render.html import scoring_data
from proverka.scoring import score

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "src" / "proverka" / "web"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "tests/vectors").glob("*.json"))}

RUN = """async (cases) => {
  const { score } = await import("/proverka-quiz.js");
  return JSON.parse(cases).map(([question, answer]) => {
    try { return score(question, answer) } catch (error) { return String(error) }
  });
}"""


def scored(browser: Browser, cases: list[tuple[dict[str, Any], Any]]) -> list[Any]:
    """What ``score`` of the module gives for each question and answer. One page does them all."""
    page = browser.new_page()
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(path=WEB / "proverka-quiz.js", content_type="text/javascript")
            if route.request.url.endswith(".js")
            else route.fulfill(body="<title>Empty</title>", content_type="text/html")
        ),
    )
    page.goto("http://proverka.test/")
    results: list[Any] = page.evaluate(RUN, json.dumps(cases))
    page.close()
    return results


def expanded(answer: Any) -> Any:
    """As in ``tests/unit/test_scoring.py``."""
    match answer:
        case {"repeat": [text, times], **rest} if not rest:
            return text * times
        case {"repeat_list": [text, times], **rest} if not rest:
            return [text] * times
        case dict():
            return {name: expanded(value) for name, value in answer.items()}
    return answer


def feedback(question: Question, parts: list[str]) -> list[str]:
    """The reasons of the parts, without blanks and repetitions."""
    whys = {}
    for name in ("options", "spots", "pairs", "distractors", "blanks"):
        whys |= {each.id: each.why for each in getattr(question, name, ())}
    whys |= {f"wrong-{at}": each.why for at, each in enumerate(getattr(question, "wrong", ()))}
    return list(dict.fromkeys(whys[each] for each in parts if whys[each]))


def difference(question: Question, wanted: dict[str, Any], given: Any) -> str:
    """What is wrong about a score; empty if nothing is."""
    if isinstance(given, str):
        return f"threw {given}"
    good = (
        given["state"] == wanted["state"]
        and given["of"] == question.points
        and math.isclose(given["points"], wanted["points"], rel_tol=1e-9, abs_tol=1e-12)
        and ("feedback" not in wanted or feedback(question, given["parts"]) == wanted["feedback"])
    )
    return "" if good else f"wanted {wanted}, got {given}"


@pytest.mark.parametrize("kind", FILES)
def test_an_answer_earns_in_the_browser_what_the_rules_say(kind: str, browser: Browser) -> None:
    """For the question as Python writes it, and for the lean data of a page."""
    questions = {name: question_from_data(data) for name, data in FILES[kind]["questions"].items()}
    cases = FILES[kind]["cases"]
    full = [(questions[case["question"]].to_data(), expanded(case["answer"])) for case in cases]
    lean = [(scoring_data(questions[case["question"]]), expanded(case["answer"])) for case in cases]
    results = scored(browser, [*full, *lean])
    found = []
    for at, result in enumerate(results):
        case = cases[at % len(cases)]
        if kind == "code" and at >= len(cases):
            continue  # a page does not hold the trials
        if wrong := difference(questions[case["question"]], case, result):
            found.append(f"{'lean' if at >= len(cases) else 'full'}: {case['case']}: {wrong}")
    assert not found, "\n".join(found)


# --------------------------------------------------------------------------------------------------
# Anything

# Characters that only one of two versions of Unicode knows may fold to different texts.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=12)
TYPED = st.from_regex(r"[-+−]?[0-9 ,.'’_eE\x1c\x85\ufeff]{1,12}", fullmatch=True)
LEAVES = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    LEAVES | TEXTS | TYPED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.just("__proto__"), inner, max_size=3),
    max_leaves=6,
)


def mangled(draw: Any, value: Any) -> Any:
    """The value with something else in it, or without something, or as it was."""
    what = draw(st.integers(0, 7))
    if what == 0:
        return draw(JSON)
    if what == 1 and isinstance(value, str):
        return draw(
            st.sampled_from([value.upper(), f" {value}!", value[1:], f"{value}\u0301", value.replace(".", ",")])
        )
    if isinstance(value, list) and value:
        at = draw(st.integers(0, len(value) - 1))
        if what == 2:
            return value[:at] + value[at + 1 :]
        if what == 3:
            return [*value, value[at]]
        return [mangled(draw, each) if place == at else each for place, each in enumerate(value)]
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        if what == 2:
            return {key: each for key, each in value.items() if key != name}
        if what == 3:
            return {**value, draw(TEXTS): draw(JSON)}
        return {key: mangled(draw, each) if key == name else each for key, each in value.items()}
    return value


@st.composite
def answered(draw: Any) -> tuple[dict[str, Any], Any]:
    file = FILES[draw(st.sampled_from(sorted(FILES)))]
    case = draw(st.sampled_from(file["cases"]))
    return file["questions"][case["question"]], mangled(draw, expanded(case["answer"]))


def test_any_answer_earns_the_same_in_both_languages(browser: Browser) -> None:
    cases: list[tuple[dict[str, Any], Any]] = []

    @settings(derandomize=True, max_examples=600, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(answered())
    def collect(case: tuple[dict[str, Any], Any]) -> None:
        cases.append(case)

    collect()
    assert len(cases) >= 400
    found = []
    for (data, answer), result in zip(cases, scored(browser, cases), strict=True):
        question = question_from_data(data)
        wanted = score(question, answer)
        expected = {"state": wanted.state, "points": wanted.points, "feedback": list(wanted.feedback)}
        if isinstance(result, dict) and not 0 <= result["points"] <= result["of"]:
            found.append(f"{question.id}: {answer!r:.200}: {result['points']} points")
        if wrong := difference(question, expected, result):
            found.append(f"{question.id}: {answer!r:.200}: {wrong}")
    assert not found, "\n".join(found)


def test_importing_the_module_changes_nothing(browser: Browser) -> None:
    page = browser.new_page()
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(path=WEB / "proverka-quiz.js", content_type="text/javascript")
            if route.request.url.endswith(".js")
            else route.fulfill(body="<title>Empty</title><proverka-quiz></proverka-quiz>", content_type="text/html")
        ),
    )
    page.goto("http://proverka.test/")
    before = page.evaluate("Object.keys(globalThis).length")
    names = page.evaluate("import('/proverka-quiz.js').then((module) => Object.keys(module).sort())")
    assert names == ["ProverkaProgress", "ProverkaQuiz", "Store", "answerOf", "fold", "mount", "score"]
    assert page.evaluate("Object.keys(globalThis).length") == before
    assert page.evaluate("customElements.get('proverka-quiz')") is None
    page.close()
