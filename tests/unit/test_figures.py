from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proverka.ledger.figures import figures_in, tokens_of


def found(text: str) -> list[str]:
    """The figures of a text as written, in its order, each once."""
    ordered = sorted(figures_in(text), key=lambda each: each.offset)
    return list(dict.fromkeys(each.text for each in ordered))


def supports(claim: str, text: str) -> bool:
    tokens = tokens_of([claim])
    return all(figure.tokens & tokens for figure in figures_in(text))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("in 1979", ["1979"]),
        ("on 2 April 1979", ["2 April 1979"]),
        ("on 2 April", ["2 April"]),
        ("in April 1979", ["April 1979"]),
        ("in April–May 1979", ["April–May 1979"]),
        ("on 9–13 December 1978", ["9–13 December 1978"]),
        ("from 9 November to 13 December 1978", ["9 November", "13 December 1978"]),
        ("on 1979-04-02", ["1979-04-02"]),
        ("in 1979-04", ["1979-04"]),
        ("in 1976–77", ["1976–77"]),
        ("from 1976 to 1979", ["1976", "1979"]),
        ("in 1976–1979", ["1976", "1979"]),
        ("the 1970s", ["1970s"]),
        ("the late 1970s and the 1980s", ["1970s", "1980s"]),
        ("4.3 million tickets", ["4.3 million"]),
        ("4,393.7 metres", ["4,393.7"]),
        ("1,000,000 roubles", ["1,000,000"]),
        ("300,000", ["300,000"]),
        ("seventeen reels", ["seventeen"]),
        ("Seventeen reels", ["Seventeen"]),
        ("forty-two shots", ["forty-two"]),
        ("two hundred and fifty people", ["two hundred and fifty"]),
        ("two hundred prints", ["two hundred"]),
        ("two thousand prints", ["two thousand"]),
        ("four million tickets", ["four million"]),
        ("the 22nd congress", ["22nd"]),
        ("35 mm, 1.37 to 1", ["35", "1.37", "1"]),
        ("chapter 5, page 12", ["5", "12"]),
        ("no. 409/7", ["409", "7"]),
        ("two or three people", []),
        ("70mm, A4, R2D2", []),
        ("ten", []),
        ("eleven", ["eleven"]),
        ("nobody, somewhere, weighty, tense", []),
        ("ſixty, sıx, ONE HUNDRED", []),
        ("May and March", []),
    ],
)
def test_figures_are_found_as_written(text: str, figures: list[str]) -> None:
    assert found(text) == figures


def test_a_figure_knows_where_it_stands() -> None:
    text = "In 1976\nand on 2 April\n1979 seventeen."
    assert {text[each.offset : each.offset + len(each.text)] for each in figures_in(text)} == {
        "1976",
        "2 April\n1979",
        "seventeen",
    }


@pytest.mark.parametrize(
    ("claim", "text", "supported"),
    [
        ("1979-04-02", "2 April 1979", True),
        ("1979-04-02", "2 April", True),
        ("1979-04-02", "April 1979", True),
        ("1979-04-02", "1979", True),
        ("1979-04-02", "the 1970s", True),
        ("1979-04-02", "3 April 1979", False),
        ("1979-04-02", "2 May 1979", False),
        ("1979-04-02", "April 1978", False),
        ("1979-04-02", "May 1979", False),
        ("1979-04-02", "1978", False),
        ("1979-04-02", "the 1980s", False),
        ("2 April 1979", "2 April 1979", True),
        ("2 April 1979", "April 1979", True),
        ("1979-04", "April 1979", True),
        ("1979-04", "2 April 1979", False),
        ("1979", "April 1979", False),
        ("the 1970s", "1979", False),
        ("the 1970s", "the 1970s", True),
        # The day of one date and the year of another make no third.
        ("1979-04-02 and 1978-05-13", "2 April 1978", False),
        ("1978-11-09, 1978-12-13", "from 9 November to 13 December 1978", True),
        ("1978-11-09, 1978-12-14", "from 9 November to 13 December 1978", False),
        ("9–13 December 1978", "13 December 1978", True),
        ("1976–77", "1977", True),
        ("1976 and 1977", "1976–77", True),
        ("1976", "1976–77", False),
        ("4.3", "4.3 million", True),
        ("4300000", "4.3 million", True),
        ("4.3 million", "4,300,000", True),
        ("4.2", "4.3 million", False),
        ("4393.7", "4,393.7", True),
        ("17", "seventeen", True),
        ("seventeen", "17", True),
        ("42", "forty-two", True),
        ("200", "two hundred", True),
        ("2000", "two thousand", True),
        ("250", "two hundred and fifty", True),
        ("22", "22nd", True),
        ("17", "22nd", False),
        ("two", "2", True),
    ],
)
def test_a_claim_supports_what_follows_from_it_and_nothing_else(claim: str, text: str, supported: bool) -> None:
    assert supports(claim, text) is supported


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.text("0123456789–-/,. sthMay"),
        st.lists(st.sampled_from("2 April 1979 1976–77 two hundred and fifty million 4,300.5 ſix 1970s".split())).map(
            " ".join
        ),
    )
)
def test_a_text_supports_itself_and_nothing_is_raised(text: str) -> None:
    assert supports(text, text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_supports_its_prose(day: date) -> None:
    text = f"{day:%d %B %Y}".lstrip("0")
    assert supports(str(day), text)
    assert supports(text, str(day))
