"""Says which columns a value or a predicate reads, and which derived ones a plan cannot lack.

A plan keeps no others, each after what it is made of and the rest in the order of names, so that
neither what was folded away nor the order of writing makes another question.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from sandbox.model.names import ColumnName
from sandbox.model.plan import Derived
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.value import Stored, Value
from sandbox.query.normal import columns_of


def needed(derived: Iterable[Derived], names: Iterable[ColumnName]) -> tuple[Derived, ...]:
    """Give the derived columns that these names stand for or are made of."""
    known = {one.column.name: one for one in derived}
    found: dict[ColumnName, Derived] = {}
    waiting = sorted((name for name in set(names) if name in known), reverse=True)
    while waiting:
        name = waiting[-1]
        inner = {one for one in read_by(known[name].value) if one in known} - found.keys()
        if inner:
            waiting += sorted(inner, reverse=True)
        else:
            found.setdefault(waiting.pop(), known[name])
    return tuple(found.values())


def stored(derived: Iterable[Derived], names: Iterable[ColumnName]) -> tuple[ColumnName, ...]:
    """Give the stored columns that these names stand for or are made of, in their order."""
    names = set(names)
    made = needed(derived, names)
    read = names.union(*(read_by(one.value) for one in made))
    return tuple(sorted(read - {one.column.name for one in made}))


def read_by(value: Value | None) -> frozenset[ColumnName]:
    """Name the columns that a value reads."""
    return frozenset(_read(value))


def _read(value: object) -> Iterator[ColumnName]:
    match value:
        case Stored(column):
            yield column
        case Between() | IsIn() | IsNull() | Not() | And() | Or():
            predicate: Predicate = value
            yield from columns_of(predicate)
        case tuple():
            for one in value:
                yield from _read(one)
        case int() | str() | None:
            return
        case _:
            for field in fields(value):  # type: ignore[arg-type]  # A kind of value.
                yield from _read(getattr(value, field.name))
