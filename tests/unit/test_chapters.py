from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proverka.chapters import Chapter, chapters_in_book, load_chapters, parse_chapter, split_ids
from proverka.config import Config
from proverka.problems import Problems


def parse(text: str) -> Chapter:
    problems = Problems()
    chapter = parse_chapter(text, "x", "x.md", problems)
    assert problems == []
    return chapter


def sentences(text: str) -> list[tuple[int, str, tuple[str, ...]]]:
    """Line, text and claims of every sentence."""
    return [
        (each.place.line, each.text, each.claims)
        for paragraph in parse(text).paragraphs
        for each in paragraph.sentences
    ]


def claim_lines(text: str) -> dict[str, int]:
    return {claim: place.line for claim, place in parse(text).claims}


# Lines


LINES = {
    "a paragraph": "One{claim}`c-1` and\ntwo{claim}`c-2`\nthree{claim}`c-3`",
    "front matter": "---\ntitle: X{claim}`no`\n---\nFour{claim}`c-4`",
    "a target, a comment, a block break": "(here)=\n% not {claim}`no`\n+++\nFour{claim}`c-4`",
    "headings": "# One{claim}`c-1`\n\nThree{claim}`c-3`\nfour{claim}`c-4`\n---\n\n## Seven{claim}`c-7`",
    "a hard break": "One{claim}`c-1`\\\ntwo{claim}`c-2`  \nthree{claim}`c-3`",
    "lists": "- One{claim}`c-1`\n  two{claim}`c-2`\n  1. Three{claim}`c-3`\n\n     Five{claim}`c-5`\n- Six{claim}`c-6`",
    "a quotation": "> One{claim}`c-1`\n> two{claim}`c-2`\nthree{claim}`c-3`\n>\n> > Five{claim}`c-5`",
    "a table": "| One{claim}`c-1` | B |\n|---|---|\n| x | Three{claim}`c-3` |\n| Four{claim}`c-4` | y |",
    "a fence": "```{note}\nTwo{claim}`c-2`\nthree{claim}`c-3`\n```\nFive{claim}`c-5`",
    "a colon fence": ":::{note}\nTwo{claim}`c-2`\n\nFour{claim}`c-4`\n:::\n\nSeven{claim}`c-7`",
    "a fence of tildes": "~~~{note}\nTwo{claim}`c-2`\n~~~",
    "options": "```{note}\n:class: wide\n:name: x\n\nFive{claim}`c-5`\n```",
    "indented options": "```{note}\n  :class: wide\n\nFour{claim}`c-4`\n```",
    "an option without value": "```{note}\n:nosearch:\nThree{claim}`c-3`\n```",
    "YAML options": "```{note}\n---\nclass: wide\nname: |\n  x {claim}`no`\n---\nSeven{claim}`c-7`\n```",
    "a blank line before the text": "```{note}\n\nThree{claim}`c-3`\n```",
    "a title": "```{admonition} One{claim}`c-1`\n:class: x\n\nFour{claim}`c-4`\n```",
    "text beside the name": "x\n\n```{note} Three{claim}`c-3`\nfour{claim}`c-4`\n```",
    "a caption": "```{figure} a.svg\n:alt: A{claim}`no`\n\nFour{claim}`c-4`\n\nSix{claim}`c-6`\n```",
    "a caption of a table": "```{table} One{claim}`c-1`\n:name: x\n\n| A |\n|---|\n| Six{claim}`c-6` |\n```",
    "directives in one another": (
        "::::{grid} 1 2\n:::{grid-item-card} Two{claim}`c-2`\n:link: x\n```{note}\nFive{claim}`c-5`\n```\n"
        "Seven{claim}`c-7`\n:::\n\n:::{card}\nEleven{claim}`c-11`\n:::\n::::\nFourteen{claim}`c-14`"
    ),
    "a directive in a list": "- One{claim}`c-1`\n\n  ```{note}\n  :name: x\n  Five{claim}`c-5`\n  ```\n  7{claim}`c-7`",
    "a directive in a quotation": "> One\n>\n> :::{note}\n> Four{claim}`c-4`\n> :::\n",
    "a glossary": "```{glossary}\nOne\n  Three{claim}`c-3`\n  four{claim}`c-4`\n\nSix\n  Seven{claim}`c-7`\n```",
    "emphasis and links": "*a\nb*{claim}`c-2` **c\nd{claim}`c-3`** [e\nf](x){claim}`c-4`",
    "an address on two lines": "[a](x\n'title')\nb{claim}`c-3`",
    "code on two lines": "``a\nb``\nThree{claim}`c-3` `a\nb` four{claim}`c-4`\n{claim}`c-5`",
    "a role on two lines": "One{claim}`c-1,\nc-01`\nthree{claim}`c-3`",
    "html on two lines": "<b\nclass=x>two{claim}`c-2`</b>\nthree{claim}`c-3`",
    "a picture on two lines": "![a\nb](x)\nthree{claim}`c-3`",
    "entities and escapes": "&copy; \\* `©`{claim}`c-1`\n© &amp;\n\\{claim}`no`\nfour{claim}`c-4`",
    "code that looks like a role": "`{claim}`\ntwo{claim}`c-2` ``{claim}`no` ``\nthree{claim}`c-3`",
    "no prose": "```py\n{claim}`no`\n```\n\n    {claim}`no`\n\n```{code} md\n{claim}`no`\n```\n<!-- {claim}`no` -->\n",
    "invisible line separators": "1\x0c\u2028\x85{claim}`c-1`\n```{note}\n3\x0c\u2028{claim}`c-3`\n4{claim}`c-4`\n```",
}


@pytest.mark.parametrize("text", LINES.values(), ids=LINES.keys())
def test_a_role_has_the_line_that_it_stands_on(text: str) -> None:
    """A claim is called after its line."""
    found = claim_lines(text)
    assert found == {claim: int(claim.removeprefix("c-")) for claim in found}
    assert set(found) == set(re.findall(r"c-\d+", text))


def test_outcomes_questions_and_quizzes_have_their_lines() -> None:
    chapter = parse(
        "```{outcomes}\n\nlo-x-a: Explain *why*: it is so.\n  lo-x-b:  Tell.\n```\n\n"
        "```{quiz} q-x-a\n:label: Try\n:outcome: lo-x-a\n\nq-x-b\n\nq-x-c\n```\n\n"
        ":::{quiz}\n---\noutcome: lo-x-b\n---\n:::\n\n::::{note}\n```{quiz}\nq-x-d\n```\n::::\n"
    )
    assert [(each.id, each.text, each.place.line) for each in chapter.outcomes] == [
        ("lo-x-a", "Explain *why*: it is so.", 3),
        ("lo-x-b", "Tell.", 4),
    ]
    assert [(each, place.line) for each, place in chapter.questions] == [
        ("q-x-a", 7),
        ("q-x-b", 11),
        ("q-x-c", 13),
        ("q-x-d", 24),
    ]
    assert [(each, place.line) for each, place in chapter.quiz_outcomes] == [("lo-x-a", 9), ("lo-x-b", 18)]


def test_sources_have_their_lines() -> None:
    assert [(each, place.line) for each, place in parse("See\n{source}`a, b`\nand *{source}`c`*").sources] == [
        ("a", 2),
        ("b", 2),
        ("c", 3),
    ]


def test_the_first_heading_is_the_title() -> None:
    assert parse("(x)=\n# The *title*\n\n## Another").title == "The *title*"


def test_directives_within_one_another_without_end_are_left_at_some_depth() -> None:
    text = "\n".join("`" * (200 - n) + "{note}" for n in range(190))
    assert parse(text).paragraphs == []


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("By A. Tarkovsky and A. N. Strugatsky. Next.", ["By A. Tarkovsky and A. N. Strugatsky.", "Next."]),
        ("Letter no. 409 came. Next.", ["Letter no. 409 came.", "Next."]),
        ("No. 409 and nos. 3, pp. 4, vol. 5. Next.", ["No. 409 and nos. 3, pp. 4, vol. 5.", "Next."]),
        ("In St Petersburg. Next.", ["In St Petersburg.", "Next."]),
        ("In St. Petersburg. Next.", ["In St. Petersburg.", "Next."]),
        ("It was in 1979. Next.", ["It was in 1979.", "Next."]),
        ("It took 4.3 million. Next.", ["It took 4.3 million.", "Next."]),
        ("He said “No.” Next.", ["He said “No.”", "Next."]),
        ("He said (“No.”) Next.", ["He said (“No.”)", "Next."]),
        ("“Why?” he asked. Next.", ["“Why?” he asked.", "Next."]),
        ("He waited … and left. Next.", ["He waited … and left.", "Next."]),
        ("He waited … Next.", ["He waited …", "Next."]),
        ("He waited... Next?! Yes.", ["He waited...", "Next?!", "Yes."]),
        ("Films, books, etc. and more. Next.", ["Films, books, etc. and more.", "Next."]),
        ("Снял А. Тарковский. Дальше.", ["Снял А. Тарковский.", "Дальше."]),
        (
            "In 1979. *Stalker* was shot. {term}`Goskino` said so. `it` too.",
            ["In 1979.", "was shot.", "said so.", "too."],
        ),
        ("See example.org. Next.", ["See example.org.", "Next."]),
        ("The end.", ["The end."]),
        ("", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert [each for _, each, _ in sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.{claim}`c-1` Two.{claim}`c-2`", [("One.", ("c-1",)), ("Two.", ("c-2",))]),
        ("One.{claim}`c-1` two.", [("One. two.", ("c-1",))]),
        ("One{claim}`c-1`. Two.", [("One.", ("c-1",)), ("Two.", ())]),
        ("One.{claim}`c-1, c-2`{claim}`c-3` Two.", [("One.", ("c-1", "c-2", "c-3")), ("Two.", ())]),
        ("“One.”{claim}`c-1` Two.", [("“One.”", ("c-1",)), ("Two.", ())]),
        ("One. {claim}`c-1` Two.", [("One.", ("c-1",)), ("Two.", ())]),
        ("One.\n{claim}`c-1`\nTwo.", [("One.", ("c-1",)), ("Two.", ())]),
        ("By A. Tarkovsky.{claim}`c-1` Two.", [("By A. Tarkovsky.", ("c-1",)), ("Two.", ())]),
        ("It was no.{claim}`c-1` Two.", [("It was no.", ("c-1",)), ("Two.", ())]),
        ("*One.*{claim}`c-1` Two.", [(" Two.".strip(), ("c-1",))]),
        ("One,{claim}`c-1` and two.{claim}`c-2`", [("One, and two.", ("c-1", "c-2"))]),
    ],
)
def test_a_claim_belongs_to_the_sentence_before_it(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(each, claims) for _, each, claims in sentences(text)] == expected


def test_sentences_have_the_line_that_they_begin_on() -> None:
    text = "One. Two\ngoes on. Three.\nFour.{claim}`c-1`\n\n- Six.\n  Seven.\n\n| A. |\n|---|\n| Ten. |\n"
    assert [(line, each.split()[0]) for line, each, _ in sentences(text)] == [
        (1, "One."),
        (1, "Two"),
        (2, "Three."),
        (3, "Four."),
        (5, "Six."),
        (6, "Seven."),
        (8, "A."),
        (10, "Ten."),
    ]


def test_a_paragraph_that_begins_with_a_role_has_its_lines() -> None:
    assert sentences("{claim}`c-1`\nTwo. Still\ntwo.") == [(2, "Two.", ("c-1",)), (2, "Still\ntwo.", ())]


def test_lines_within_a_sentence_stay_lines_of_the_file() -> None:
    (sentence,) = parse("One `a\nb` two\n[three](x\n'y') and\nfour.").paragraphs[0].sentences
    assert sentence.text.split("\n")[4].strip() == "four."


def test_titles_code_and_roles_are_no_text() -> None:
    text = "*2001* and **2002** and `2003` and {ru}`2004` and [2005](2006) and ![2007](2008) <!-- 2009 --> *a **b** c*"
    assert sentences(text)[0][1].split() == ["and", "2002", "and", "and", "and", "2005", "and"]


def test_headings_and_glossaries_are_no_paragraphs() -> None:
    assert parse("# In 1979\n\n```{glossary}\nReel\n  10 minutes.\n```\n").paragraphs == []


def test_claims_of_a_row_belong_together() -> None:
    (_, row) = parse("| A | B |\n|---|---|\n| 1979 | x {claim}`c-1` |\n").paragraphs
    assert row.claims == ("c-1",)


def test_marks_in_the_text_are_harmless() -> None:
    assert sentences("a\ue0005\ue001b.") == [(1, "a5b.", ())]


def test_ids_are_separated_by_commas() -> None:
    assert split_ids(" c-one,c-two ,, ") == ("c-one", "c-two")


# The table of contents


@pytest.fixture
def config(tmp_path: Path) -> Config:
    for name in ("book/alpha.md", "book/beta.md", "book/gamma.md", "other/alpha.md", "book/data.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    return Config(tmp_path)


def test_without_contents_every_file_is_in_the_book(config: Config) -> None:
    assert list(load_chapters(config, Problems())) == ["alpha", "beta", "gamma"]


def test_contents_choose_and_order_the_chapters(config: Config) -> None:
    (config.root / "_toc.yml").write_text(
        "root: book/gamma\nparts:\n- caption: A\n  chapters:\n  - file: book/alpha.md\n    sections:\n"
        "    - file: ./book/beta\n  - file: other/alpha\n  - file: book/data\n  - url: https://example.org\n",
        encoding="utf-8",
    )
    problems = Problems()
    assert list(load_chapters(config, problems)) == ["gamma", "alpha", "beta"]
    assert problems == []


def test_contents_beside_the_chapters_count_from_there(config: Config) -> None:
    (config.root / "book" / "_toc.yml").write_text("root: beta\n", encoding="utf-8")
    assert list(load_chapters(Config(config.root, toc="book/_toc.yml"), Problems())) == ["beta"]


@pytest.mark.parametrize("toc", ["", "- a", "root: [a]", "? {a: b}\n: c", "a: &b [*b]", "- " * 1000, "file: \0"])
def test_strange_contents_raise_nothing(config: Config, toc: str) -> None:
    (config.root / "_toc.yml").write_text(toc, encoding="utf-8")
    chapters_in_book(config, Problems())


# Anything


BITS = [
    "{claim}`c-1`", "{", "}", "`", "```", "```{note}", "```{quiz}", "```{outcomes}", ":::", ":::{figure} x", ":a: b",
    "---", "- ", "> ", "| a | b |", "|---|---|", "# ", "*", "**", "[", "](", ")", "![", "<b", ">", "\\", "&amp;", ".",
    "A.", "…", "\n", "\n\n", " ", "    ", "1979", "lo-x: y", "(a)=", "% ", "+++", "\ue000", "7", "\ue001", "\ue002",
    "\x00", "\r",
]  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(BITS), max_size=40).map("".join)))
def test_reading_a_chapter_never_raises(text: str) -> None:
    chapter = parse_chapter(text, "x", "x.md", Problems())
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    places = [each.place for paragraph in chapter.paragraphs for each in paragraph.sentences]
    places += [place for _, place in [*chapter.claims, *chapter.questions, *chapter.quiz_outcomes]]
    assert all(1 <= place.line <= last for place in places)
