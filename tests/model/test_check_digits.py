"""Numbers of people and bodies: what is genuine passes, and no slip of the pen does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.model.applicant import Applicant, ApplicantKind
from sandbox.model.check_digits import is_credit_code, is_resident_number

TODAY = date(2026, 11, 23)
CITIZEN = "11010519491231002X"
"""The example of GB 11643-1999."""


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91110000600037341L"],
)
def test_credit_codes_have_a_check_digit_and_no_slip_of_the_pen_keeps_it(code: str) -> None:
    assert is_credit_code(code)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for place, character in enumerate(code):
        for other in alphabet:
            slip = code[:place] + other + code[place + 1 :]
            assert is_credit_code(slip) == (other == character)
    assert not is_credit_code(code.lower())
    assert not is_credit_code(code + "0")
    assert not is_credit_code("")


@pytest.mark.parametrize("number", [CITIZEN, "440524188001010014", "50010119900101123X"])
def test_no_slip_of_the_pen_keeps_a_citizens_number(number: str) -> None:
    assert is_resident_number(number, TODAY)
    for place, character in enumerate(number):
        for other in "0123456789X":
            slip = number[:place] + other + number[place + 1 :]
            assert is_resident_number(slip, TODAY) == (other == character)
    for place in range(len(number) - 1):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert is_resident_number(swapped, TODAY) == (swapped == number)
    assert not is_resident_number(number + "0", TODAY)
    assert not is_resident_number(number[:-1], TODAY)


@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True))
def test_one_character_alone_completes_a_citizens_number_if_the_day_is_one(digits: str) -> None:
    completed = [one for one in "0123456789X" if is_resident_number(digits + one, TODAY)]
    try:
        was = date(1870, 1, 1) <= date.fromisoformat(digits[6:14]) <= TODAY
    except ValueError:
        was = False
    assert len(completed) == was


@pytest.mark.parametrize("day", ["20260230", "19491332", "18000101", "20261124", "00000000"])
def test_a_day_on_which_nobody_was_born_makes_no_number(day: str) -> None:
    assert not any(is_resident_number(f"110105{day}002{one}", TODAY) for one in "0123456789X")


@pytest.mark.parametrize("digit", ["\uff11", "\u0661", "\u00b2"])
def test_digits_of_other_scripts_are_none(digit: str) -> None:
    assert not is_resident_number(digit + CITIZEN[1:], TODAY)
    assert not is_credit_code(digit + "1350100M000100Y43")


@pytest.mark.parametrize(
    ("kind", "number", "known"),
    [
        (ApplicantKind.NATURAL_PERSON, CITIZEN, True),
        (ApplicantKind.NATURAL_PERSON, CITIZEN.lower(), True),
        (ApplicantKind.NATURAL_PERSON, "110105194912310021", False),
        (ApplicantKind.NATURAL_PERSON, "11010519491231002", False),
        (ApplicantKind.NATURAL_PERSON, "E12345678", True),
        (ApplicantKind.NATURAL_PERSON, "H0123456702", True),
        (ApplicantKind.NATURAL_PERSON, "none", False),
        (ApplicantKind.NATURAL_PERSON, "1", False),
        (ApplicantKind.LEGAL_PERSON, "91350100M000100Y43", True),
        (ApplicantKind.LEGAL_PERSON, CITIZEN, False),
        (ApplicantKind.ORGANISATION, "渝社证字第1号", True),
        (ApplicantKind.ORGANISATION, "91350100M000100Y43", True),
        (ApplicantKind.ORGANISATION, "91350100M000100Y44", False),
    ],
)
def test_each_kind_of_applicant_has_numbers_of_its_own(
    kind: ApplicantKind,
    number: str,
    known: bool,  # noqa: FBT001
) -> None:
    responsible = "" if kind is ApplicantKind.NATURAL_PERSON else "Li"
    faults = list(Applicant(kind, "Name", number, responsible).faults(TODAY))
    assert [field for field, _ in faults] == ([] if known else ["applicant.number"])
    assert not any(number in message for _, message in faults if len(number) > 4)
