"""A question as it was asked: names still unresolved, each with the place where it stands.

SQL and the builder both become this, so that everything after it is shared between them.
"""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.errors import Place
from sandbox.model.plan import MeasureKind, PersonKind
from sandbox.query.syntax import Parsed


@dataclass(frozen=True, slots=True)
class Named:
    """A column by the name that the asker gave it."""

    text: str
    place: Place
    free: bool = False
    """It may also be an expression, where no column has this name: the builder's fields are."""


Operand = Named | Parsed
"""What stands for a value: a column's name, or an expression."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A value in a SELECT list, with the name that the asker gave it there, if any."""

    operand: Operand
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """One output; `name` is None where the asker left the name to us."""

    kind: MeasureKind
    operands: tuple[Operand, ...]
    """What is measured, in the order in which it was written."""
    name: str | None
    place: Place
    at: tuple[Fraction, ...] = ()
    """Shares between 0 and 1, where the kind takes some."""

    @property
    def column(self) -> Operand | None:
        """The first operand, which for most kinds is the only one."""
        return self.operands[0] if self.operands else None


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """One column of a table of people; without an operand it counts a person's rows."""

    kind: PersonKind
    operand: Operand | None
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class AskedPeople:
    """Rows made into people before anything is asked of them; all conditions are about rows."""

    conditions: tuple[Parsed, ...]
    columns: tuple[AskedPerson, ...]
    place: Place
    by: tuple[Named, ...] = ()
    """What was written as the person's column; the builder need not write it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole question; all conditions must hold."""

    conditions: tuple[Parsed, ...]
    group_by: tuple[Operand, ...]
    """A name may be the alias of one of `selected`."""
    measures: tuple[AskedMeasure, ...]
    selected: tuple[Selected, ...] = ()
    """Values of a SELECT list outside of aggregates; each must be one of `group_by`."""
    people: AskedPeople | None = None
    """Where there is such a step, all else is about its table."""


def place_of(operand: Operand) -> Place:
    """Point at where an operand stands."""
    return operand.place if isinstance(operand, Named) else operand.start
