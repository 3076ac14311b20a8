"""Derived values: within their bounds on every row, equal to plain integers in Python."""

from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.engines.persons import people
from sandbox.engines.values import evaluated
from sandbox.model.names import ColumnName
from sandbox.model.plan import PersonColumn, PersonKind, PersonStep
from sandbox.model.predicate import Between
from sandbox.model.schema import Column, Lattice
from sandbox.model.value import (
    Bounded,
    Chosen,
    Divided,
    Linear,
    Placed,
    Product,
    Quotient,
    Recoded,
    Stored,
    Value,
)
from sandbox.query.bounds import OutOfReach, range_of

X, Y = ColumnName("x"), ColumnName("y")
LOW, HIGH = -50, 1000
ONE = Fraction(1)
COLUMNS = {name: Column(name, frozenset(), lattice=Lattice(LOW, HIGH, ONE)) for name in (X, Y)}
Row = tuple[int | None, int | None]

SMALL = st.integers(-9, 9)
ROWS = st.lists(st.tuples(*[st.none() | st.integers(LOW, HIGH)] * 2), min_size=1, max_size=5)


def _made(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    ends = st.tuples(SMALL, SMALL).map(sorted)
    cuts = st.sets(SMALL, max_size=3).map(lambda one: tuple(sorted(one)))
    tests = st.builds(Between, st.sampled_from([X, Y]), st.none() | SMALL, st.none() | SMALL)
    branches = st.lists(st.tuples(tests, st.none() | inner), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(Linear, SMALL, st.lists(st.tuples(SMALL, inner), max_size=2).map(tuple)),
        st.builds(Product, inner, inner),
        st.builds(Divided, inner, st.integers(1, 9)),
        st.builds(Quotient, inner, inner, st.integers(1, 9)),
        st.builds(lambda one, both: Bounded(one, *both), inner, ends),
        st.builds(Placed, inner, cuts),
        st.builds(Recoded, inner, st.lists(st.none() | SMALL, max_size=4).map(tuple)),
        st.builds(Chosen, branches, st.none() | inner),
    )


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.builds(Stored, st.sampled_from([X, Y])) | st.builds(Linear, SMALL), _made, max_leaves=6
)


def plain(  # noqa: C901, PLR0911, PLR0912  (one case a kind of value)
    value: Value | None, row: Row
) -> int | None:
    """Evaluate in Python's integers, as the docstrings say."""
    match value:
        case None:
            return None
        case Stored(column):
            return row[0] if column == X else row[1]
        case Chosen(branches, otherwise):
            then = (then for test, then in branches if _holds(test, row))
            return plain(next(then, otherwise), row)
        case Linear(constant, terms):
            addends = [plain(one, row) for _, one in terms]
            factors = [factor for factor, _ in terms]
            if None in addends:
                return None
            return constant + sum(f * a for f, a in zip(factors, addends, strict=True) if a)
        case Product(one, other) | Quotient(one, other):
            left, right = plain(one, row), plain(other, row)
            if left is None or right is None:
                return None
            if isinstance(value, Product):
                return left * right
            return left * value.factor // right if right else None
        case _:
            inner = plain(value.value, row)
            return None if inner is None else _of_one(value, inner)


def _of_one(value: Value, inner: int) -> int | None:
    match value:
        case Divided(_, by):
            return inner // by
        case Bounded(_, low, high):
            return min(max(inner, low), high)
        case Placed(_, cuts):
            return sum(cut <= inner for cut in cuts)
        case Recoded(_, codes):
            return codes[inner] if 0 <= inner < len(codes) else None
        case _:
            raise TypeError


def _holds(test: object, row: Row) -> bool:
    assert isinstance(test, Between)
    value = row[0] if test.column == X else row[1]
    if value is None:
        return False
    return (test.low is None or test.low <= value) and (test.high is None or value <= test.high)


@settings(max_examples=300, deadline=None)
@given(value=VALUES, rows=ROWS)
def test_a_value_is_what_python_computes_and_lies_within_its_bounds(
    value: Value, rows: list[Row]
) -> None:
    try:
        bounds = range_of(value, COLUMNS)
    except OutOfReach:
        return
    table = pl.DataFrame(rows, schema={X: pl.Int64, Y: pl.Int64}, orient="row")
    found = table.select(evaluated(value).cast(pl.Int64).alias("value"))
    # A literal alone is one row; beside a column it is as many as there are rows.
    values = found["value"].to_list() * (len(rows) if len(found) == 1 else 1)
    assert values == [plain(value, row) for row in rows]
    known = [one for one in values if one is not None]
    assert not known or bounds is not None
    assert all(bounds is not None and bounds[0] <= one <= bounds[1] for one in known)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 9)), max_size=12))
def test_rows_of_a_person_become_one_row(rows: list[tuple[int, int | None]]) -> None:
    table = pl.LazyFrame(rows, schema={"@person": pl.UInt32, "x": pl.Int64}, orient="row")
    step = PersonStep(
        derived=(),
        where=None,
        columns=(
            _column("rows", PersonKind.ROWS, None),
            *(_column(kind.value, kind, X) for kind in PersonKind if kind is not PersonKind.ROWS),
        ),
    )
    found = people(table, step).collect().sort("@person").rows(named=True)
    persons = sorted({person for person, _ in rows})
    assert [one["@person"] for one in found] == persons
    for one in found:
        all_values = [value for person, value in rows if person == one["@person"]]
        values = [value for value in all_values if value is not None]
        assert one["rows"] == len(all_values)
        assert one["present"] == len(values)
        assert one["sum"] == sum(values)
        assert one["least"] == min(values, default=None)
        assert one["greatest"] == max(values, default=None)
        assert one["distinct"] == len(set(values))
        assert one["only"] == (values[0] if len(set(values)) == 1 else None)


def _column(name: str, kind: PersonKind, of: ColumnName | None) -> PersonColumn:
    shape = Column(ColumnName(name), frozenset(), lattice=Lattice(-500, 500, ONE))
    return PersonColumn(shape, kind, of)
