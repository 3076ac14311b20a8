"""What every kind of measure gives: numbers from noisy integers, and how far they may lie off.

An estimator knows a measure's columns and its noise, and nothing of rows: it is made before
anything is paid, foretells its own error, and then turns what was measured into an answer.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

Numbers = tuple[int | float | None, ...]


class Estimated(NamedTuple):
    """One number of a measure in every cell, in the unit of its columns."""

    values: Numbers
    """None where nothing can be said."""
    half_widths: Numbers
    """95 % half-widths; None where nothing bounds the number."""
    standard_errors: Numbers = ()
    """Of people as a sample of more, noise included; empty where a number is of these alone."""


class Estimator(Protocol):
    """One measure, with what is known of it before it is measured."""

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give each number of the measure; the vectors are its parts', a number a cell."""

    def foretell(self, rows: int) -> tuple[float, ...]:
        """Give each number's half-width in a cell of so many rows, as `assumes` says."""

    @property
    def assumes(self) -> str | None:
        """Say what else of a cell is assumed: "" if its rows alone, None if not even those."""
