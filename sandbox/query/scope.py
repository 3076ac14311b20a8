"""What an expression is compiled against, and where whatever it derives is put.

Nothing that is derived may grow without end: text is held to a length at every step, so that
spellings that repeat an operand (`NULLIF(x, 0)` twice over) cannot double it again and again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from sqlglot import exp

from sandbox.errors import BadInput, Place
from sandbox.model.predicate import Predicate
from sandbox.model.schema import Column
from sandbox.model.value import Linear, Stored, Value
from sandbox.query.bounds import OutOfReach
from sandbox.query.syntax import Parsed
from sandbox.query.terms import Number, Term, Unwritable, common, written
from sandbox.query.workbench import Workbench

MAX_DERIVED = 400
"""Columns that one question derives; each is one pass over the rows' integers."""
MAX_EXPRESSION = 8 * 1024
"""Characters of one expression in normal form."""


@dataclass(frozen=True, slots=True)
class Scope:
    """An expression's text, the table, and the two compilers that call each other."""

    parsed: Parsed
    bench: Workbench
    value: Callable[["Scope", exp.Expr], Term]
    condition: Callable[["Scope", exp.Expr], Predicate]

    def place(self, node: exp.Expr) -> Place:
        """Point at a node."""
        return self.parsed.place(node)

    def wrong(self, message: str, node: exp.Expr, *, code: str) -> BadInput:
        """Make the error for a node."""
        return BadInput(message, code=code, place=self.place(node))

    def text(self, node: exp.Expr, number: Number) -> str:
        """Write a number in normal form.

        Raises:
            BadInput: `expression.too_large`, a constant is too long or no date.
        """
        try:
            return written(number)
        except Unwritable as error:
            raise self.wrong(
                f"This cannot be computed: {error}", node, code="expression.too_large"
            ) from None

    def number(
        self, node: exp.Expr, text: str, value: Value, resolution: Fraction, *, days: bool = False
    ) -> Column:
        """Derive a number.

        Raises:
            BadInput: `expression.too_large` or `expression.too_long`.
        """
        self._check_size(node, text)
        try:
            return self.bench.number(text, value, resolution, days=days)
        except OutOfReach:
            self.too_large(node)

    def keys(self, node: exp.Expr, text: str, value: Value, keys: Sequence[str]) -> Column:
        """Derive a category.

        Raises:
            BadInput: `expression.too_long`.
        """
        self._check_size(node, text)
        return self.bench.keys(text, value, keys)

    def column(self, node: exp.Expr, number: Number) -> Column:
        """Give the column that holds a number, derived where it is not one already.

        Raises:
            BadInput: as `number`; `expression.date` where it is neither number nor date.
        """
        if number.column is not None:
            return number.column
        self.require_unit(node, number)
        value, resolution = self.lowered(number)
        if number.dates and resolution.denominator != 1:
            raise self.wrong(
                "Dates are whole days; add or take away whole days", node, code="expression.date"
            )
        if number.dates:
            value, resolution = _scaled(value, int(resolution)), Fraction(1)
        return self.number(
            node, self.text(node, number), value, resolution, days=bool(number.dates)
        )

    def require_unit(self, node: exp.Expr, number: Number) -> None:
        """Let numbers and dates through, not what is neither.

        Raises:
            BadInput: `expression.date`.
        """
        if number.dates not in {0, 1}:
            message = "Dates can be compared, taken from one another, and moved by days; no more"
            raise self.wrong(message, node, code="expression.date")

    def require_number(self, node: exp.Expr, number: Number) -> None:
        """Refuse dates where a plain number must stand.

        Raises:
            BadInput: `expression.date`.
        """
        if number.dates:
            message = "A plain number stands here; take a part of the date, or days between two"
            raise self.wrong(message, node, code="expression.date")

    def lowered(self, number: Number, *others: Number) -> tuple[Value, Fraction]:
        """Give a number as integers, with the size of one step: common to it and the others."""
        resolution = _resolution((number, *others))
        return in_steps(number, resolution), resolution

    def bounds(self, node: exp.Expr, value: Value) -> tuple[int, int]:
        """Give the least and greatest integer of a value.

        Raises:
            BadInput: `expression.too_large`.
        """
        try:
            return self.bench.bounds(value)
        except OutOfReach:
            self.too_large(node)

    def too_large(self, node: exp.Expr) -> NoReturn:
        """Refuse what some row could make overflow.

        Raises:
            BadInput: `expression.too_large`, always.
        """
        message = (
            "These numbers may grow too large, or too fine for one another, to be computed "
            "exactly; bound them with LEAST and GREATEST, or ROUND them"
        )
        raise self.wrong(message, node, code="expression.too_large")

    def _check_size(self, node: exp.Expr, text: str) -> None:
        if len(text) > MAX_EXPRESSION or len(self.bench.derived) >= MAX_DERIVED:
            message = "The expressions of this question are too long; write simpler ones"
            raise self.wrong(message, node, code="expression.too_long")


def in_steps(number: Number, resolution: Fraction) -> Value:
    """Give a number in steps of a resolution that `Scope.lowered` gave for it."""
    terms: list[tuple[int, Value]] = []
    for column, factor in number.terms:
        if column.lattice is None:
            raise ValueError("a number is made of columns on lattices")
        steps = factor * column.lattice.resolution / resolution
        terms.append((int(steps), Stored(column.name)))
    constant = int(number.constant / resolution)
    if len(terms) == 1 and terms[0][0] == 1 and not constant:
        return terms[0][1]
    return Linear(constant, tuple(terms))


def _resolution(numbers: Sequence[Number]) -> Fraction:
    parts = [
        factor * column.lattice.resolution
        for number in numbers
        for column, factor in number.terms
        if factor and column.lattice is not None
    ]
    parts += [number.constant for number in numbers if number.constant]
    return common(parts) if parts else Fraction(1)


def _scaled(value: Value, factor: int) -> Value:
    return value if factor == 1 else Linear(0, ((factor, value),))
