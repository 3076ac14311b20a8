"""The epsilon that a rho implies, at the delta that the owner signed."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from math import isfinite

from sandbox.cli.report.wording import Wording, spent, unit
from sandbox.ledger.epsilon import epsilon_of
from sandbox.ledger.figures import SourceFigures

DIGITS = 3
"""Significant digits, rounded up."""


@dataclass(frozen=True, slots=True)
class Implied:
    """Reads rho as epsilon at one delta; knows nothing under `pure`, or at an absurd delta."""

    delta: Fraction | None = None

    @property
    def known(self) -> bool:
        """Tell whether there is anything to say."""
        return self.delta is not None

    @property
    def delta_text(self) -> str:
        """Write delta the short way: `1e-9`."""
        return short(self.delta or Fraction(0))

    def short(self, rho: Fraction) -> str:
        """Write the epsilon; empty where nothing is known."""
        if self.delta is None:
            return ""
        epsilon = epsilon_of(max(rho, Fraction(0)), self.delta)
        if not isfinite(epsilon):
            return "∞"
        rounded = Context(prec=DIGITS, rounding=ROUND_CEILING).create_decimal(Decimal(epsilon))
        return f"{rounded.normalize():f}"


def implied_of(source: SourceFigures) -> Implied:
    """Read a source's rho at the delta of its caps in force."""
    delta = source.caps.delta
    usable = source.accounting == "zcdp" and 0 < delta < 1
    return Implied(delta if usable else None)


def short(delta: Fraction) -> str:
    """Write a delta the short way: `1e-9`; an absurd one is cut to what a float holds."""
    try:
        return f"{float(delta):g}".replace("e-0", "e-")
    except OverflowError:
        return "∞"


def both(amount: Fraction, source: SourceFigures, say: Wording) -> str:
    """Write an amount in its unit and, where that says more, as epsilon."""
    epsilon = implied_of(source).short(amount)
    written = f"{unit(source.accounting)} {spent(amount)}"
    return say("both", amount=written, epsilon=epsilon) if epsilon else written
