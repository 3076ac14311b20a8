"""A question as it was asked: names still unresolved, each with the place where it stands.

SQL and the builder both become this, so that everything after it is shared between them.
"""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.errors import Place
from sandbox.model.plan import MeasureKind
from sandbox.query.syntax import Parsed


@dataclass(frozen=True, slots=True)
class Named:
    """A column by the name that the asker gave it."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """One output; `name` is None where the asker left the name to us."""

    kind: MeasureKind
    operands: tuple[Named, ...]
    """What is measured, in the order in which it was written."""
    name: str | None
    place: Place
    at: tuple[Fraction, ...] = ()
    """Shares between 0 and 1, where the kind takes some."""

    @property
    def column(self) -> Named | None:
        """The first operand, which for most kinds is the only one."""
        return self.operands[0] if self.operands else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole question; all conditions must hold."""

    conditions: tuple[Parsed, ...]
    group_by: tuple[Named, ...]
    measures: tuple[AskedMeasure, ...]
    selected: tuple[Named, ...] = ()
    """Plain columns of a SELECT list; each must be one of `group_by`."""
