"""The extension in real builds. Runs on the Sphinx of Jupyter Book 1 and on Sphinx 9."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

SOURCES = Path(__file__).parent.parent / "sourcedirs"

# Their own deprecations, seen with MyST-Parser 5 and MyST-NB 1.4 on Sphinx 9 and with docutils 0.21.
pytestmark = [
    pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInNextVersionWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


class Project:
    """A copy of a source directory that can be built again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.warnings = ""
        self.read: set[str] = set()
        self.written: set[str] = set()

    def build(self, builder: str = "html", *, parallel: int = 1, out: str = "") -> Path:
        """Build; keeps the warnings and the names of the pages read and written."""
        warnings = StringIO()
        folder = self.root / "_build" / (out or builder)
        doctrees = self.root / "_build" / f"doctrees-{folder.name}"
        with patch_docutils(str(self.root)), docutils_namespace():
            app = Sphinx(
                str(self.root), str(self.root), str(folder), str(doctrees), builder,
                status=None, warning=warnings, parallel=parallel,
            )  # fmt: skip
            self.read, self.written = set(), set()
            app.connect("env-before-read-docs", lambda app, env, docnames: self.read.update(docnames))
            app.connect("env-updated", lambda app, env: [])
            app.connect("doctree-resolved", lambda app, doctree, docname: self.written.add(docname))
            app.build()
        self.warnings = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
        return folder

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a file, with a later time than any build so far."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        time.sleep(0.01)
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Project]:
    def copy(name: str) -> Project:
        shutil.copytree(SOURCES / name, tmp_path / name)
        return Project(tmp_path / name)

    return copy


@pytest.fixture(scope="module")
def basic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the case ``basic``, built once without a warning."""
    root = tmp_path_factory.mktemp("basic") / "basic"
    shutil.copytree(SOURCES / "basic", root)
    built = Project(root)
    out = built.build()
    assert built.warnings == ""
    return out / "book"


def page(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_a_claim_leads_to_a_note_and_from_there_to_evidence_and_bibliography(basic: Path) -> None:
    alpha = page(basic, "alpha.html")
    assert 'id="mark-c-alpha-accepted"><a role="doc-noteref" href="#note-1"' in alpha
    assert 'id="note-1"' in alpha
    assert 'href="evidence.html#c-alpha-accepted"' in alpha
    assert 'href="bibliography.html#source-tsymbal"' in alpha
    assert 'id="c-alpha-accepted"' in page(basic, "evidence.html")
    assert 'id="source-tsymbal"' in page(basic, "bibliography.html")


def test_claims_are_numbered_in_the_order_of_the_text_and_once_each(basic: Path) -> None:
    numbers = re.findall(r'aria-label="note (\d)"', page(basic, "alpha.html"))
    assert numbers == ["1", "2", "1", "3", "1"]


def test_the_evidence_page_names_the_pages_that_use_a_claim(basic: Path) -> None:
    evidence = page(basic, "evidence.html")
    uses = evidence.split('id="c-beta-reading"')[1].split("</ul>")[1]
    assert 'href="alpha.html#mark-c-beta-reading"' in uses
    assert 'href="beta.html#mark-c-beta-reading"' in uses
    # Beta only asks about it.
    uses = evidence.split('id="c-alpha-accepted"')[1].split('id="c-alpha-reels"')[0]
    assert 'href="alpha.html#mark-c-alpha-accepted"' in uses
    assert 'href="beta.html#q-alpha-year"' in uses


def test_a_quiz_is_a_form_with_fieldsets_legends_and_answers_that_unfold(basic: Path) -> None:
    alpha = page(basic, "alpha.html")
    form = alpha.split("<form")[1].split("</form>")[0]
    assert form.count("<fieldset") == form.count("<legend>") == form.count("<details") == 6
    for kind in ('type="radio"', 'type="checkbox"', 'inputmode="decimal"', "<select"):
        assert kind in form
    assert 'href="evidence.html#c-alpha-reels"' in form


def test_text_in_a_bank_cannot_become_markup(basic: Path) -> None:
    alpha = page(basic, "alpha.html")
    assert "<script>alert" not in alpha
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in alpha
    assert "&lt;long&gt;" in page(basic, "evidence.html")


def test_every_input_has_a_label_of_its_own(basic: Path) -> None:
    form = page(basic, "alpha.html").split("<form")[1].split("</form>")[0]
    for control in re.findall(r"<(?:input|select)[^>]*>", form):
        before = form.split(control)[0]
        assert before.rfind("<label>") > before.rfind("</label>")


def test_languages_are_marked(basic: Path) -> None:
    alpha = page(basic, "alpha.html")
    assert 'lang="ru">Москва</span>' in alpha
    assert 'lang="et">Jägala</span>' in alpha
    assert 'lang="ru-Latn">Moskva</span>' in alpha


def test_outcomes_have_anchors_and_markup(basic: Path) -> None:
    assert re.search(r'<li id="lo-alpha-dates"><p>Explain <em>why</em> the date', page(basic, "alpha.html"))


def test_verdicts_show_statement_verdict_and_correction(basic: Path) -> None:
    alpha = page(basic, "alpha.html")
    assert 'id="a01"' in alpha
    assert "verdict-false" in alpha
    assert "It was accepted in 1979." in alpha


def test_drawings_stand_in_the_page_and_are_named_once(basic: Path) -> None:
    alpha = page(basic, "alpha.html")
    svg = "<svg" + alpha.split("<svg")[1].split(">")[0] + ">"
    assert svg.count("class=") == svg.count("role=") == svg.count("aria-label=") == 1
    assert "A dot &amp; nothing &quot;else&quot;." in svg
    assert "<title" not in alpha.split("<svg")[1].split("</svg>")[0]


def test_names_stand_in_the_index_once_a_page_and_by_surname(basic: Path) -> None:
    index = page(basic.parent, "genindex.html")
    assert index.count('href="book/alpha.html#name-evgeny-tsymbal">Tsymbal, Evgeny</a>') == 1
    assert index.count('href="book/alpha.html#name-mosfilm">Mosfilm</a>') == 1
    assert page(basic, "alpha.html").count('id="name-evgeny-tsymbal"') == 1
    assert index.count('href="book/bibliography.html#source-tsymbal">') == 1
    assert page(basic, "bibliography.html").count('id="source-tsymbal"') == 1


def test_problems_are_warned_of_at_their_place_with_a_type(project: Callable[[str], Project]) -> None:
    built = project("problems")
    built.build()
    wanted = [
        (
            r"book/index\.md:3: WARNING: unknown claim “c-beta-readin” \(did you mean c-beta-reading\?\)",
            "claim-unknown",
        ),
        (r"book/index\.md:5: WARNING: unknown source “gosfilmofund” \(did you mean gosfilmofond\?\)", "source-unknown"),
        (r"book/index\.md:8: WARNING: “not an outcome” is not an outcome", "outcome-malformed"),
        (r"book/index\.md:12: WARNING: unknown question “q-nobody”", "question-unknown"),
        (r"book/index\.md:15: WARNING: no question tests outcome “lo-nobody”", "outcome-unknown"),
        (r"book/index\.md:19: WARNING: the ledger has no statement", "empty"),
        (r"quizzes/bank/index\.yml:2: WARNING: unknown type “chioce” \(did you mean choice\?\)", "type-unknown"),
    ]
    for message, code in wanted:
        assert re.search(rf"{message}.*\[proverka\.{code}\]", built.warnings), (message, built.warnings)
    assert built.warnings.count("WARNING") == len(wanted), built.warnings


def test_nothing_is_read_again_when_nothing_changed(project: Callable[[str], Project]) -> None:
    built = project("basic")
    built.build()
    built.build()
    assert built.read == set()
    assert built.written == set()


def test_an_edited_ledger_rebuilds_only_the_pages_that_use_it(project: Callable[[str], Project]) -> None:
    built = project("basic")
    built.build()
    built.edit("book/ledger/alpha.yml", "17 reels", "18 reels")
    out = built.build()
    assert built.read == {"book/alpha", "book/beta", "book/evidence"}
    assert "18 reels" in page(out / "book", "alpha.html")
    built.edit("book/ledger/beta.yml", "<long>", "<short>")
    built.build()
    assert built.read == {"book/alpha", "book/beta", "book/evidence"}


def test_an_edited_bank_rebuilds_only_the_pages_with_its_questions(project: Callable[[str], Project]) -> None:
    built = project("basic")
    built.edit("book/beta.md", "```{quiz}\n:outcome: lo-alpha-dates\n:label: Once more\n```", "")
    built.build()
    built.edit("quizzes/bank/alpha.yml", "Which studio?", "Whose film?")
    out = built.build()
    assert built.read == {"book/alpha"}
    assert "Whose film?" in page(out / "book", "alpha.html")


def test_a_claim_that_is_added_later_is_found(project: Callable[[str], Project]) -> None:
    built = project("problems")
    built.build()
    assert "unknown claim" in built.warnings
    built.edit("book/ledger/beta.yml", "c-beta-reading", "c-beta-readin")
    built.build()
    assert "unknown claim" not in built.warnings


def test_the_evidence_page_forgets_a_page_that_is_gone(project: Callable[[str], Project]) -> None:
    built = project("basic")
    built.build()
    (built.root / "book/beta.md").unlink()
    built.edit("book/index.md", "beta\n", "")
    out = built.build()
    assert "book/evidence" in built.written
    assert "beta.html" not in page(out / "book", "evidence.html")
    assert built.warnings == ""


def test_reading_in_parallel_gives_the_same_pages(project: Callable[[str], Project]) -> None:
    built = project("basic")
    serial, parallel = built.build(out="serial"), built.build(out="parallel", parallel=3)
    assert built.warnings == ""
    for name in ("alpha", "beta", "evidence", "bibliography"):
        assert page(serial / "book", f"{name}.html") == page(parallel / "book", f"{name}.html")


def test_text_has_marks_notes_questions_and_answers(project: Callable[[str], Project]) -> None:
    built = project("basic")
    text = page(built.build("text") / "book", "alpha.txt")
    assert built.warnings == ""
    assert "17 reels" in text
    assert "1979.[1]" in text
    for piece in ("Notes", "letter of acceptance", "Check yourself", "Answers", "**a** Goskino. The committee did.\n"):
        assert piece in text


def test_latex_has_notes_and_questions(project: Callable[[str], Project]) -> None:
    built = project("basic")
    out = built.build("latex")
    assert built.warnings == ""
    latex = next(out.glob("*.tex")).read_text(encoding="utf-8")
    for piece in ("letter of acceptance", "Which studio?", r"$^{\text{{\hyperref", "{a} Goskino. The committee did."):
        assert piece in latex


def test_every_link_in_latex_has_its_anchor(project: Callable[[str], Project]) -> None:
    for case in ("basic", "quiz"):
        latex = next(project(case).build("latex").glob("*.tex")).read_text(encoding="utf-8")
        anchors = set(re.findall(r"\\label\{\\detokenize\{(.*?)\}\}", latex))
        linked = set(re.findall(r"\\hyperref\[\\detokenize\{(.*?)\}\]", latex))
        assert any(each.startswith("answers/") for each in linked)
        # A page may use a claim in a question alone; then the claim has no number there to lead to.
        assert {each for each in linked if ":mark-" not in each} <= anchors


def test_latex_has_the_answers_at_the_end_and_numbers_exercises_by_chapter(project: Callable[[str], Project]) -> None:
    latex = next(project("quiz").build("latex").glob("*.tex")).read_text(encoding="utf-8")
    before, _, answers = latex.partition(r"\chapter{Answers}")
    assert re.findall(r"\\section\{(.*?)\}", answers) == ["The river", "The mill"]
    # The second quiz of a chapter goes on where the first has stopped, and the next chapter begins anew.
    assert re.findall(r"\\setcounter\{enumi\}\{(\d+)\}", before) == ["4"]
    assert "The river is 42" not in answers


def test_an_answer_names_the_letters_of_its_exercise(project: Callable[[str], Project]) -> None:
    text = page(project("quiz").build("text") / "book", "river.txt")
    asked, _, answers = text.partition("\nAnswers\n")
    shown = dict(re.findall(r"^ +\* ([a-d]): (.+)$", asked.split("Put them in order")[1], re.MULTILINE)[:4])
    order = re.search(r"5\. \*\*([a-d, ]+)\*\*", answers)
    assert order
    letters = order[1].split(", ")
    assert [shown[letter] for letter in letters] == ["The spring", "The *mill*", "The weir", "The sea"]


def test_epub_pages_are_well_formed(project: Callable[[str], Project]) -> None:
    built = project("basic")
    out = built.build("epub")
    assert built.warnings == ""
    pages = list((out / "book").glob("*.xhtml"))
    assert len(pages) == 5
    for each in pages:
        ET.fromstring(re.sub(r"&(nbsp|copy|laquo|raquo);", "", each.read_text(encoding="utf-8")))
