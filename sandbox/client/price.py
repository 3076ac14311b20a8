"""Prices as people write them, and as exact text on the wire."""

from fractions import Fraction

Number = str | int | float | Fraction
"""An amount of epsilon or rho: `"3/8"`, `1`, `0.5`, `Fraction(3, 8)`."""


def wire_number(amount: Number | None) -> str | None:
    """Write an amount; a float as the shortest decimal that reads back, which is what was typed."""
    if isinstance(amount, float):
        # Not repr(amount): a NumPy float is a float, and its repr names NumPy.
        return float.__repr__(amount)
    return None if amount is None else str(amount)
