"""The epsilon that a rho implies, where the auditor named a delta to read it at."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from math import isfinite

from sandbox.ledger.epsilon import epsilon_of

DIGITS = 3
"""Significant digits, rounded up."""


@dataclass(frozen=True, slots=True)
class Implied:
    """Reads rho as epsilon at one delta; knows nothing under `pure`, or without a delta."""

    delta: Fraction | None = None

    @property
    def known(self) -> bool:
        """Tell whether there is anything to say."""
        return self.delta is not None

    @property
    def delta_text(self) -> str:
        """Write delta the short way: `1e-9`."""
        return f"{float(self.delta or 0):g}".replace("e-0", "e-")

    def short(self, rho: Fraction) -> str:
        """Write the epsilon; empty where nothing is known."""
        if self.delta is None:
            return ""
        epsilon = epsilon_of(max(rho, Fraction(0)), self.delta)
        if not isfinite(epsilon):
            return "∞"
        rounded = Context(prec=DIGITS, rounding=ROUND_CEILING).create_decimal(Decimal(epsilon))
        return f"{rounded.normalize():f}"
