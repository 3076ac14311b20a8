"""A question as it was asked: names still unresolved, each with the place where it stands.

SQL and the builder both become this, so that everything after it is shared between them.
"""

from dataclasses import dataclass

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
    column: Named | None
    name: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole question; all conditions must hold."""

    conditions: tuple[Parsed, ...]
    group_by: tuple[Named, ...]
    measures: tuple[AskedMeasure, ...]
    selected: tuple[Named, ...] = ()
    """Plain columns of a SELECT list; each must be one of `group_by`."""
