"""Texts, times and amounts as a reader of one language finds them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from sandbox.cli.language import Language
from sandbox.cli.report.axes import MONTHS
from sandbox.cli.report.words import PHRASES
from sandbox.model.cost import text

MAX_SHOWN = 72
"""Characters of a name from the ledger."""
MAX_EXACT = 14
"""Characters of an amount that is written exactly; a longer one is cut to four digits."""
_DIGITS = 4
_PLAIN = 7
"""Powers of ten, up or down, that are written without an exponent."""
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a page must not obey: controls, reordering marks, halves of pairs."""


def shown(words: str, most: int = MAX_SHOWN) -> str:
    """Make text of the ledger safe to show: short, and without signs that move other signs."""
    cut = words if len(words) <= most else f"{words[:most]}…"
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _HIDDEN else sign
        for sign in cut
    )


def short_key(digest: str) -> str:
    """Write the first twelve digits of a pseudonym or of a key's digest; it may be any text."""
    return " ".join(shown(digest[start : start + 4]) for start in (0, 4, 8))


def spent(amount: Fraction) -> str:
    """Write an amount exactly, or a long one rounded up: against whoever spent it."""
    return _amount(amount, ROUND_CEILING)


def left(amount: Fraction) -> str:
    """Write what remains exactly, or a long one rounded down."""
    return _amount(amount, ROUND_FLOOR)


def share(part: Fraction, whole: Fraction) -> Fraction:
    """Give a part of a whole; where there is no whole, anything is all of it."""
    return part / whole if whole > 0 else Fraction(int(part > 0))


def unit(accounting: str) -> str:
    """Name what an accounting adds up."""
    return "ρ" if accounting == "zcdp" else "ε"


@dataclass(frozen=True, slots=True)
class Wording:
    """Says things in one language."""

    language: Language

    def __call__(self, key: str, **parts: object) -> str:
        """Say a phrase; a part is text and stays what it is, so a template escapes the whole."""
        return PHRASES[key](self.language, **parts)

    def percent(self, part: Fraction, whole: Fraction) -> str:
        """Write a share with one decimal, rounded up; beyond a thousand per cent only that."""
        per_mille = -(-share(part, whole) * 1000 // 1)
        number = f"{per_mille / 10:.1f}".removesuffix(".0") if per_mille < 10**4 else "> 1000"
        return f"{number}%" if self.language is Language.CHINESE else f"{number}\u00a0%"

    def lanes(self, names: Sequence[str]) -> str:
        """Name the lanes of a policy or an agreement; an unknown one by its own name."""
        keys = [(name, f"lane_{name}") for name in names]
        said = (self(key) if key in PHRASES else shown(name) for name, key in keys)
        return ("、" if self.language is Language.CHINESE else ", ").join(said)

    def span(self, first: datetime, last: datetime) -> str:
        """Write from when to when; a day is written once."""
        if first.date() == last.date():
            return f"{self.moment(first)}–{last:%H:%M}"
        return self("span", first=self.moment(first), last=self.moment(last))

    def step(self, hours: int) -> str:
        """Name the width of a step."""
        key = f"step_{hours}"
        return self(key) if key in PHRASES else self("step_long", days=hours // 24)

    def since(self, start: datetime, hours: int) -> str:
        """Write a step's start; a step of whole days starts at midnight and needs no time."""
        return self.moment(start) if hours == 1 else f"{start.date()}"

    def count(self, number: int) -> str:
        """Write a number of things."""
        return f"{number:,}"

    def day(self, time: datetime) -> str:
        """Write a date."""
        if self.language is Language.CHINESE:
            return f"{time.year}年{time.month}月{time.day}日"
        return f"{time.day} {MONTHS[time.month - 1]} {time.year}"

    def moment(self, time: datetime) -> str:
        """Write a date and a time, as tables hold them; UTC."""
        return time.replace(tzinfo=None).isoformat(" ", "minutes")


def _amount(amount: Fraction, rounding: str) -> str:
    if len(str(amount.denominator)) <= MAX_EXACT:
        exact = text(amount)
        if len(exact) <= MAX_EXACT and "/" not in exact:
            return exact
    context = Context(prec=_DIGITS, rounding=rounding)
    value = context.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    if abs(value.adjusted()) <= _PLAIN:
        return f"{value.normalize(context):f}"
    return f"{value.normalize(context):E}"
