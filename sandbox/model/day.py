"""Days as whole numbers, counted from 1970-01-01, and as ISO 8601 writes them."""

import re
from datetime import date

from sandbox.model.schema import FIRST_DAY, LAST_DAY


def written_date(day: int) -> str:
    """Write a day, counted from 1970-01-01.

    Raises:
        ValueError: it lies beyond the years 1 to 9999.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("days lie in the years 1 to 9999")
    return date.fromordinal(day - FIRST_DAY + 1).isoformat()


def day_of(text: str) -> int:
    """Read a date as days after 1970-01-01.

    Raises:
        ValueError: it is not of the form 2016-05-01, or no day of the calendar.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("a date is written 2016-05-01")
    return date.fromisoformat(text).toordinal() + FIRST_DAY - 1
