from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proverka.model import Place
from proverka.problems import Code, Problems
from proverka.yaml_lines import (
    MAX_FILE,
    Entry,
    load_entries,
    parse_entries,
    parse_plain_number,
    parse_tree,
    quoted,
    read_text,
)


def told(problems: Problems) -> list[tuple[int, str]]:
    return [(each.place.line, each.message) for each in problems.in_order()]


def entries_of(text: str) -> tuple[list[Entry], Problems]:
    problems = Problems()
    return parse_entries(text, "x.yml", problems), problems


def entry_of(text: str) -> Entry:
    entries, problems = entries_of(text)
    assert (len(entries), problems) == (1, [])
    return entries[0]


# Lines and values


def test_fields_know_the_lines_that_they_begin_on() -> None:
    head = "# A remark\n\n- id: c-one\n  says: >-\n    One\n    two\n"
    entry = entry_of(head + "  list:\n    - {a: 1}\n    - a: 2\n      b: |\n        3\n")
    assert entry.place == Place("x.yml", 3)
    assert entry.place_of("says").line == 4
    assert entry.place_of("list").line == 8
    assert entry.place_of("nothing") == entry.place
    inner = entry.entries("list")
    assert [each.place.line for each in inner] == [8, 9]
    assert inner[1].place_of("b").line == 10


@pytest.mark.parametrize("typed", ["no", "1979-04-02", "1_000", "0o17", "~", "null", "1.50", "on", "0x1F", ".inf"])
def test_scalars_stay_what_the_author_typed(typed: str) -> None:
    assert entry_of(f"- a: {typed}\n").text("a") == typed


def test_one_text_stands_for_a_list_of_one() -> None:
    assert entry_of("- a: b\n").texts("a") == ("b",)
    assert entry_of("- a: [b, c]\n").texts("a") == ("b", "c")
    assert entry_of("- a: [b, '', c]\n").texts("a") == ("b", "c")


def test_values_are_texts_or_lists_of_texts() -> None:
    assert entry_of("- values: {year: 1979, dates: [1979-04-02, May]}\n").values("values") == {
        "year": ("1979",),
        "dates": ("1979-04-02", "May"),
    }
    assert entry_of("- a: b\n").values("values") == {}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("4393.7", 4393.7),
        ("-3", -3),
        ("−3", -3),
        ("1,979", None),
        ("1e3", None),
        ("nan", None),
        ("", None),
        ("٣", None),
    ],
)
def test_plain_numbers(typed: str, value: float | None) -> None:
    assert parse_plain_number(typed) == value


@pytest.mark.parametrize(
    ("text", "getter", "arguments", "message"),
    [
        ("- b: 1\n", "text", ("a",), "field “a” is missing"),
        ("- a:\n", "text", ("a",), "field “a” is empty"),
        ("- a: [b]\n", "text", ("a",), "field “a” should be a text"),
        ("- a: {b: c}\n", "texts", ("a",), "field “a” should be a list of texts"),
        ("- a: []\n", "texts", ("a",), "field “a” is empty"),
        ("- a: b\n", "entries", ("a",), "field “a” should be a list"),
        ("- a: []\n", "entries", ("a",), "field “a” is empty"),
        ("- a: [b]\n", "entries", ("a",), "an entry should be a mapping of fields"),
        ("- a: b\n", "values", ("a",), "field “a” should be a mapping of names to values"),
        ("- a: b\n", "number", ("a",), "field “a” should be a number, not “b”"),
        ("- a: yes\n", "truth", ("a",), "field “a” cannot be “yes”"),
        ("- a: C-One\n", "id", ("c-", "a"), "“C-One” is not an id that begins with c-"),
        ("- a: c--one\n", "id", ("c-", "a"), "“c--one” is not an id that begins with c-"),
        ("- a: a/b\n", "id", ("", "a"), "“a/b” is not an id"),
    ],
)
def test_a_getter_notes_what_is_wrong(text: str, getter: str, arguments: tuple[str, ...], message: str) -> None:
    entries, problems = entries_of(text)
    getattr(entries[0], getter)(*arguments)
    assert told(problems) == [(1, message)]


@pytest.mark.parametrize("text", ["- a: [b]\n", "- a: b\n", "- a: {b: [{c: d}]}\n"])
def test_a_field_that_is_wrong_is_not_unknown_too(text: str) -> None:
    entries, problems = entries_of(text)
    for getter in ("text", "values", "number"):
        before = len(problems)
        getattr(entries[0], getter)("a")
        entries[0].finish()
        assert all(each.code is Code.FIELD_TYPE for each in problems[before:])


def test_finish_notes_what_nobody_asked_for() -> None:
    entries, problems = entries_of("- a: b\n  texxt: c\n  d: e\n")
    entries[0].text("a")
    entries[0].text("text", needed=False)
    assert entries[0].skip("d", "f")
    entries[0].finish()
    assert [(each.message, each.hint) for each in problems] == [("unknown field “texxt”", "did you mean text?")]


# What is not YAML


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- a: b\n\tc: d\n", 2, "a tab stands where spaces are needed: “c: d”"),
        ("- a: b\n  \tc: d\n", 2, "a tab stands where spaces are needed: “c: d”"),
        ("- a: 'b\n  c: d\n  e: f\n", 1, "a quotation mark is never closed: “- a: 'b”"),
        ("- a: b\n  c: [d,\n  e: f\n  g: h\n", 2, "a list in brackets is not closed, or lacks a comma: “c: [d,”"),
        ("- a: b\n  c: {d: e\n", 2, "a mapping in braces is not closed, or lacks a comma: “c: {d: e”"),
        (
            "- a: b\n  c: d: e\n",
            2,
            "a text with a colon has no quotation marks, or a line is indented too far: “c: d: e”",
        ),
        ("- a: b\n   c: d\n", 2, "a text with a colon has no quotation marks, or a line is indented too far: “c: d”"),
        ("- a: b\n  c\n  d: e\n", 2, "a line is neither a field nor part of the text before it: “c”"),
        ("- a: 'b' c\n", 1, "a text goes on after its closing quotation mark, or a field is out of line: “- a: 'b' c”"),
        ("- a: b\nc: d\n", 2, "a line is neither a new entry nor part of the one before: “c: d”"),
        ("- a: @b\n", 1, "a text begins with a special character and has no quotation marks: “- a: @b”"),
        ("- a: *b\n", 1, "anchor or alias “b” is not read here"),
        ("- a: b\n- &c {a: b}\n", 2, "anchor or alias “c” is not read here"),
        ("- a: !!set {}\n", 1, "tag “!!set” is not read here"),
        ("- a: !own b\n", 1, "tag “!own” is not read here"),
        ("- " * 30 + "a\n", 1, "lists and mappings stand more than 20 deep in one another"),
        ("- a: b\n  a: c\n", 2, "field “a” is given twice"),
        ("- a: b\n  [c]: d\n", 2, "a field name is not plain text"),
    ],
)
def test_broken_yaml_is_told_in_plain_words_on_the_line_that_is_to_blame(text: str, line: int, message: str) -> None:
    _, problems = entries_of(text)
    assert told(problems) == [(line, message)]
    # The same further down, between entries that are as they should be.
    above, below = "- a: one\n", "- z: last\n"
    entries, problems = entries_of(above + text + below)
    assert told(problems) == [(line + 1, message)]
    assert entries[0].text("a") == "one"
    assert entries[-1].text("z") == "last"
    assert entries[-1].place.line == 1 + text.count("\n") + 1


def test_several_broken_entries_are_told_at_once_and_the_ids_in_them_are_kept() -> None:
    text = "- id: c-one\n  a: b: c\n- id: c-two\n- id: c-three\n  a: [d\n  e: f\n"
    entries, problems = entries_of(text)
    assert [line for line, _ in told(problems)] == [2, 5]
    assert [(each.lost, each.flawed, each.place.line) for each in entries] == [
        (("c-one",), True, 1),
        ((), False, 3),
        (("c-three",), True, 4),
    ]


def test_an_entry_that_is_no_yaml_complains_of_nothing_further() -> None:
    entries, problems = entries_of("- id: c-one\n  a: b: c\n")
    assert entries[0].id("c-") == ""
    entries[0].finish()
    assert len(problems) == 1


def test_an_indented_list_is_read_entry_by_entry_too() -> None:
    entries, problems = entries_of("---\n  - a: b: c\n  - a: d\n    e: f\n")
    assert [line for line, _ in told(problems)] == [2]
    assert [each.place.line for each in entries] == [2, 3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.EMPTY),
        ("# nothing\n", Code.EMPTY),
        ("---\n", Code.EMPTY),
        ("[]", Code.EMPTY),
        ("a: b", Code.FIELD_TYPE),
        ("text", Code.FIELD_TYPE),
        ("a: b: c", Code.YAML),
    ],
)
def test_a_file_without_a_list_has_no_entries(text: str, code: Code) -> None:
    entries, problems = entries_of(text)
    assert entries == []
    assert [each.code for each in problems] == [code]
    assert bool(problems.unread) == (code is not Code.EMPTY)


def test_a_tree_is_read_whole_or_not_at_all() -> None:
    problems = Problems()
    assert parse_tree("a: [b]\n", "x.yml", problems) is not None
    assert parse_tree("# nothing\n", "x.yml", problems) is None
    assert problems == []
    assert parse_tree("a: b\nb: c: d\n", "x.yml", problems) is None
    assert told(problems)[0][0] == 2


# Files


def read(path: Path, content: bytes) -> tuple[str | None, list[tuple[int, str]], bool]:
    path.write_bytes(content)
    problems = Problems()
    return read_text(path, "x.yml", problems), told(problems), bool(problems.unread)


@pytest.mark.parametrize(
    ("content", "text", "problems"),
    [
        (b"\xef\xbb\xbfa\n", "a\n", []),
        (b"a\r\nb\rc\n", "a\nb\nc\n", []),
        ("a\u2028b\x85c".encode(), "a b c", []),
        (b"a\nb\xe9c\n\xe9", "a\nb�c\n�", [(2, "byte 0xe9 is not UTF-8")]),
        (b"a\n\nb\0c\x1b", "a\n\nbc", [(3, "control character U+0000")]),
        (b"\xff\xfea\0", None, [(1, "byte 0xff is not UTF-8")]),
    ],
)
def test_bytes_become_text(tmp_path: Path, content: bytes, text: str | None, problems: list[tuple[int, str]]) -> None:
    assert read(tmp_path / "x.yml", content) == (text, problems, text is None)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    assert read(tmp_path / "x.yml", b"a" * MAX_FILE)[1] == []
    text, problems, unread = read(tmp_path / "x.yml", b"a" * (MAX_FILE + 1))
    assert (text, unread) == (None, True)
    assert problems == [(1, "the file has 2,000,001 bytes; at most 2,000,000 are read")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yml")
    problems = Problems()
    assert load_entries(tmp_path / "x.yml", "x.yml", problems) == []
    assert told(problems) == [(1, "this is not an ordinary file")]


def test_a_path_that_cannot_be_is_a_missing_file() -> None:
    problems = Problems()
    assert read_text(Path("a\0b"), "x.yml", problems) is None
    assert [each.code for each in problems] == [Code.FILE_MISSING]


def test_quoted_text_is_short_on_one_line_and_harmless() -> None:
    assert quoted("a\n\x1b[31m b\u202ec") == "“a [31m b c”"
    assert len(quoted("a" * 100)) == 60


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.text("-: \n\t[]{}&*!'\"|>#%@ac1\0\u2028"), st.binary()))
def test_reading_entries_never_raises(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    problems = Problems()
    for entry in load_entries(path, "x.yml", problems):
        for name in list(entry.nodes)[:3]:
            entry.text(name), entry.texts(name), entry.values(name), entry.entries(name)
            entry.id("c-", name), entry.number(name), entry.truth(name)
        entry.finish()
    lines = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    assert all(1 <= each.place.line <= lines + 1 for each in problems)
