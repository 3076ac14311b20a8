"""What misleads a reader is found, and what people write in any language is not."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.signs import misleads, visible

TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of signs that turn text (UAX 9)."""


def test_every_sign_that_turns_hides_or_commands_misleads() -> None:
    for sign in map(chr, range(sys.maxunicode + 1)):
        category, turning = unicodedata.category(sign), unicodedata.bidirectional(sign)
        if turning in TURNS or category in {"Cs", "Zl", "Zp"}:
            assert misleads(f"a{sign}b"), hex(ord(sign))
        elif category == "Cf" and turning == "BN":
            assert misleads(f"a{sign}b") or 0x13430 <= ord(sign) < 0x13460, hex(ord(sign))
        elif category == "Cc":
            assert misleads(f"a{sign}b") == (sign not in "\t\n"), hex(ord(sign))


@pytest.mark.parametrize(
    "text",
    [
        "就诊记录，二〇二六年。",
        "e\u0301te\u0301 Việt",
        "שלום עולם",
        "سلام",
        "हिन्दी",
        "two\r\nlines\tand a tab",
        "🚌",
        "葛\U000e0100城",
    ],
)
def test_what_people_write_does_not(text: str) -> None:
    assert not misleads(text)


@pytest.mark.parametrize(("marks", "piled"), [(4, False), (5, True), (10**6, True)])
def test_four_marks_upon_a_letter_are_the_most(marks: int, piled: bool) -> None:  # noqa: FBT001
    assert misleads("Z" + "\u0301" * marks) is piled
    assert misleads("Z" + "\u0301\u0489" * (marks // 2) + "\u0301" * (marks % 2)) is piled


@given(st.text())
def test_what_is_made_visible_has_nothing_unseen_left(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert len(shown) == len(text)
