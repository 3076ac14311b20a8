"""What must hold of a row: comparisons of columns with integers, joined in Kleene's logic.

Every literal is already an integer (a lattice step or a key's code), so a predicate is total: no
cast, no arithmetic and no comparison in it can fail on any row. Nulls follow SQL: a comparison
with null is null, and a row stays only where the predicate is true.
"""

from dataclasses import dataclass

from sandbox.model.names import ColumnName


@dataclass(frozen=True, slots=True)
class Between:
    """`low <= column <= high` in lattice steps; None leaves an end open; low > high is never."""

    column: ColumnName
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class IsIn:
    """The column's key is one of these codes."""

    column: ColumnName
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """The column has no value; the only predicate that is true of a null."""

    column: ColumnName


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; null stays null."""

    operand: "Predicate"


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold (Kleene's logic)."""

    operands: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some operand holds (Kleene's logic)."""

    operands: tuple["Predicate", ...]


Predicate = Between | IsIn | IsNull | Not | And | Or
