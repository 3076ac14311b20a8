"""Engine and answer number the cells alike, and a measure's parts are what it is made of."""

from collections.abc import Callable
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.model.names import ColumnName
from sandbox.model.plan import Part, PartKind, Plan
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.query.cells import cells, column_values, key_rows
from sandbox.query.compile import compile_question
from sandbox.query.parts import parts_of
from sandbox.wire import MeasureMessage, Question

GROUPS = st.lists(
    st.sampled_from(["site", "单位 类型", "lone", "change", "limit"]), max_size=4, unique=True
).map(tuple)


@settings(deadline=None)
@given(groups=GROUPS, data=st.data())
def test_the_cell_of_some_keys_is_their_row_major_index(
    groups: tuple[str, ...], data: st.DataObject, schema: Schema
) -> None:
    question = Question("health/hie", group_by=groups, measures=(MeasureMessage("count"),))
    plan = compile_question(question, schema)
    columns = [column for name in groups if (column := schema.find(name))]
    indices = [data.draw(st.integers(0, column.cells - 1)) for column in columns]
    index = 0
    for column, own in zip(columns, indices, strict=True):
        index = index * column.cells + own
    rows = key_rows(plan, schema)
    expected = [column_values(one)[own] for one, own in zip(columns, indices, strict=True)]
    assert rows[index] == tuple(expected)
    assert len(rows) == cells(plan, schema) == prod(column.cells for column in columns)


def test_without_groups_there_is_one_cell(compiled: Callable[[str], Plan], schema: Schema) -> None:
    assert key_rows(compiled("SELECT COUNT(*) FROM hie"), schema) == [()]


def test_keys_come_as_declared_and_numbers_upward_in_their_unit(schema: Schema) -> None:
    values = {
        str(column.name): column_values(column) for column in schema.columns if column.cells < 100
    }
    assert values["单位 类型"] == ("三级", "it's", '"quoted"')
    assert values["limit"] == list(range(0, 55, 5))
    assert values["change"] == pytest.approx([step / 3 for step in range(-9, 13)])
    assert all(type(value) is int for value in values["年份"])


def test_numbers_beyond_json_integers_come_as_floats() -> None:
    lattice = Lattice(2**31 - 2, 2**31 - 1, resolution=Fraction(10**9))
    column = Column(ColumnName("huge"), frozenset({"group"}), lattice=lattice)
    assert all(type(value) is float for value in column_values(column))


def test_each_measure_has_its_parts_once_and_in_order(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled(
        "SELECT AVG(meddol), COUNT(*), COUNT(meddol), SUM(meddol), COUNT(DISTINCT person), "
        "COUNT(*) AS again, AVG(age) FROM hie"
    )
    meddol, age = ColumnName("meddol"), ColumnName("age")
    assert parts_of(plan, schema) == (
        Part(PartKind.SUM, meddol, centre=1_000_000),
        Part(PartKind.PRESENT, meddol),
        Part(PartKind.ROWS),
        Part(PartKind.PEOPLE),
        Part(PartKind.SUM, age, centre=32),
        Part(PartKind.PRESENT, age),
    )


def test_a_sum_without_its_mean_is_measured_by_itself(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled("SELECT SUM(meddol), AVG(age) FROM hie")
    assert parts_of(plan, schema)[0] == Part(PartKind.SUM, ColumnName("meddol"), centre=0)
