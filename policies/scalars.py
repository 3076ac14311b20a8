"""The single values of a policy, read exactly: numbers, spans of time, sizes, names, texts.

A policy is a legal text, so nothing is guessed: numbers are `Fraction`s of what was written, and
floats are refused because they have already been rounded.
"""

import re
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from policies.clause import Fault
from policies.signs import misleads

MAX_NUMBER = 80
"""Characters of a number; more would only feed the bignum library."""
MAX_EXPONENT = 400
"""Powers of ten that are read at all: 1e999999999 would fill the memory before any limit."""
MAX_NAME = 128
"""Characters of a column name, key or dataset name."""

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE](?P<exponent>[+-]?[0-9]+))?|[+-]?[0-9]+/0*[1-9][0-9]*"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUANTITY = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>[A-Za-z]+)")
_SECONDS = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60)}
_BYTES = {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_QUOTES = frozenset("\"'`")
_LINE_ENDS = frozenset("\t\n\r")


def exact(value: object) -> Fraction:
    """Read a number: text such as `0.5`, `1e-9`, `3/8`, or an integer or fraction.

    Raises:
        Fault: anything else, floats and NaN included.
    """
    if isinstance(value, Fraction | int) and not isinstance(value, bool):
        return Fraction(value)
    text = value if isinstance(value, str) and len(value) <= MAX_NUMBER else ""
    match = _NUMBER.fullmatch(text)
    if match is None or abs(int(match["exponent"] or 0)) > MAX_EXPONENT:
        raise Fault("policy.number", "Write a finite number such as 0.5, 1e-9 or 3/8")
    return Fraction(text)


def positive(value: object) -> Fraction:
    """Read a number above zero.

    Raises:
        Fault: not a number, zero or below.
    """
    number = exact(value)
    if number <= 0:
        raise Fault("policy.range", "The number must be greater than 0")
    return number


def day(value: object) -> int:
    """Read a date such as 2015-01-01 as days after 1970-01-01.

    Raises:
        Fault: it has another form, or is no day of the calendar.
    """
    text = value if isinstance(value, str) and _DATE.fullmatch(value) else ""
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days
    except ValueError:
        raise Fault("policy.date", "Write a day of the calendar such as 2015-01-01") from None


def at_most(limit: Fraction) -> AfterValidator:
    """Make a validator that refuses numbers above the limit, and names it as a decimal."""

    def check(number: Fraction) -> Fraction:
        if number > limit:
            raise Fault("policy.range", f"The number must be at most {float(limit):g}")
        return number

    return AfterValidator(check)


def whole(value: object) -> int:
    """Read an integer.

    Raises:
        Fault: not an integer.
    """
    number = exact(value)
    if number.denominator != 1:
        raise Fault("policy.number", "Write a whole number")
    return number.numerator


def seconds(value: object) -> Fraction:
    """Read a span of time such as `250ms`, `1s` or `2min`, in seconds.

    Raises:
        Fault: not a number with one of these units.
    """
    return _quantity(value, _SECONDS, "Write a span of time such as 250ms, 1s or 2min")


def size(value: object) -> int:
    """Read an amount of memory such as `512MiB` or `1GiB`, in whole bytes.

    Raises:
        Fault: not a number with one of these units.
    """
    return int(_quantity(value, _BYTES, "Write an amount of memory such as 512MiB or 1GiB"))


def _quantity(value: object, units: dict[str, Fraction] | dict[str, int], message: str) -> Fraction:
    """Read a number with its unit, which is never guessed.

    Raises:
        Fault: the text has another form.
    """
    text = value if isinstance(value, str) and len(value) <= MAX_NUMBER else ""
    match = _QUANTITY.fullmatch(text)
    if match is None or match["unit"] not in units:
        raise Fault("policy.number", message)
    return Fraction(match["number"]) * units[match["unit"]]


def flag(value: object) -> bool:
    """Read `true` or `false`; yes, no, on and off are not guessed at.

    Raises:
        Fault: anything else.
    """
    if isinstance(value, bool):
        return value
    if value not in {"true", "false"}:
        raise Fault("policy.choice", "Write true or false")
    return value == "true"


def printable(text: str) -> str:
    """Refuse line breaks, and what would show something else than is written.

    Raises:
        Fault: there is one.
    """
    if misleads(text) or _LINE_ENDS & set(text):
        raise Fault(
            "policy.text", "Line breaks and characters that cannot be seen are not allowed here"
        )
    return text


def prose(text: str) -> str:
    """Refuse what would show something else than is written; line breaks are welcome.

    Raises:
        Fault: there is one.
    """
    printable(text.replace("\n", " "))
    return text


def column_name(text: str) -> str:
    """Refuse what could not be typed in a query or would read as something else on a page.

    Quotes would break out of SQL identifiers; invisible and direction-changing characters would
    let two columns look alike.

    Raises:
        Fault: quotes, unprintable characters, or space at an end.
    """
    unclear = misleads(text) or not text.isprintable() or text != text.strip()
    if unclear or _QUOTES & set(text):
        raise Fault(
            "policy.name", "A column name has no quotes, line breaks or invisible characters"
        )
    return text


Number = Annotated[Fraction, BeforeValidator(exact)]
Positive = Annotated[Fraction, BeforeValidator(positive)]
Whole = Annotated[int, BeforeValidator(whole)]
Seconds = Annotated[Fraction, BeforeValidator(seconds)]
Bytes = Annotated[int, BeforeValidator(size)]
Label = Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(printable)]
"""A short text on one line: a title, a purpose, a key."""
Line = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(printable)]
"""A short text on one line, or none."""
Flag = Annotated[bool, BeforeValidator(flag)]
ColumnText = Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(column_name)]
DatasetText = Annotated[
    str, Field(max_length=MAX_NAME, pattern=r"\A[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){1,3}\z")
]
"""`owner/title` in lower-case ASCII, as `sandbox.model.names` reads it."""
SourceText = Annotated[
    str, Field(max_length=MAX_NAME, pattern=r"\A[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){0,3}\z")
]
Prose = Annotated[str, Field(max_length=4000), AfterValidator(prose)]
"""Free text for people, line breaks included."""
