"""Numbers that prove who somebody is, as far as they prove themselves by a check digit."""

import re
from datetime import date

_CODE_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: ten digits and the letters without I, O, S, V and Z."""
_LENGTH = 18
_RESIDENT = re.compile(r"[1-9][0-9]{5}(?P<born>[0-9]{8})[0-9]{3}[0-9X]")
_EARLIEST = date(1870, 1, 1)
"""Nobody who applies was born before."""


def is_credit_code(code: str) -> bool:
    """Tell whether a code's last character is the check digit of the others (GB 32100-2015).

    >>> is_credit_code("91350100M000100Y43")
    True
    """
    values = [_CODE_DIGITS.find(character) for character in code]
    if len(code) != _LENGTH or min(values) < 0:
        return False
    size = len(_CODE_DIGITS)
    total = sum(value * pow(3, place, size) for place, value in enumerate(values[:-1]))
    return values[-1] == -total % size


def is_resident_number(number: str, today: date) -> bool:
    """Tell whether a citizen's number holds: its check digit and its day of birth (GB 11643-1999).

    The check is ISO 7064 MOD 11-2. Residence permits of Hong Kong, Macao and Taiwan compatriots
    and of foreigners have numbers of the same make.

    >>> is_resident_number("11010519491231002X", date(2026, 1, 1))
    True
    """
    match = _RESIDENT.fullmatch(number)
    if match is None or not _was_born(match["born"], today):
        return False
    rest = 0
    for digit in number[:-1]:
        rest = (rest + int(digit)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11] == number[-1]


def _was_born(day: str, today: date) -> bool:
    try:
        return _EARLIEST <= date.fromisoformat(day) <= today
    except ValueError:
        return False
