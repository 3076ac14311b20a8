"""One schema for all query tests: keys, whole numbers, cents, thirds, and awkward names."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from sandbox.model.names import ColumnName
from sandbox.model.plan import Plan
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.query.compile import compile_question
from sandbox.wire import Question


def _category(name: str, *keys: str) -> Column:
    return Column(ColumnName(name), frozenset({"group", "filter"}), keys=keys)


def _number(name: str, low: int, high: int, resolution: Fraction) -> Column:
    use = frozenset({"group", "filter", "measure"})
    return Column(ColumnName(name), use, lattice=Lattice(low, high, resolution))


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema(
        unit=ColumnName("person"),
        max_rows=5,
        columns=(
            _category("site", "1", "2", "3", "4", "5", "6"),
            _category("单位 类型", "三级", "it's", '"quoted"'),
            _category("lone", "only"),
            _number("age", 0, 65, Fraction(1)),
            _number("meddol", 0, 2_000_000, Fraction(1, 100)),
            _number("change", -9, 12, Fraction(1, 3)),
            _number("年份", 1974, 1982, Fraction(1)),
            _number("limit", 0, 10, Fraction(5)),
            _number("Rate", 0, 10, Fraction(1)),
            _number("rate", 0, 10, Fraction(1)),
        ),
        closed=frozenset({ColumnName("name"), ColumnName("person")}),
    )


@pytest.fixture(scope="session")
def compiled(schema: Schema) -> Callable[[str], Plan]:
    """Compile SQL about `health/hie`."""
    return lambda sql: compile_question(Question("health/hie", sql=sql), schema)


@pytest.fixture(scope="session")
def built(schema: Schema) -> Callable[..., Plan]:
    """Compile a builder question about `health/hie`."""
    return lambda **fields: compile_question(Question("health/hie", **fields), schema)
