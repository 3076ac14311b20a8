"""Amounts reach the wire as they were typed."""

from fractions import Fraction

import numpy as np
import pytest

from sandbox.client.price import Number, wire_number
from sandbox.model.cost import fraction


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.5", "0.5"),
        ("3/8", "3/8"),
        (1, "1"),
        (0.1, "0.1"),
        (np.float64(0.7), "0.7"),
        (Fraction(3, 8), "3/8"),
        (Fraction(2), "2"),
        (float("nan"), "nan"),
        (None, None),
    ],
)
def test_an_amount_is_written_as_it_was_meant(amount: Number | None, text: str | None) -> None:
    assert wire_number(amount) == text


@pytest.mark.parametrize("amount", [0.1, 1e-9, 1e-07, 2.5e10])
def test_a_float_reads_back_as_the_decimal_that_was_typed(amount: float) -> None:
    assert fraction(wire_number(amount) or "", "epsilon") == Fraction(repr(amount))
