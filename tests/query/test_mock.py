"""A mock table has the dataset's shape and nothing of its rows: it is made from the schema."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.model.schema import Schema
from sandbox.query.cells import column_values
from sandbox.query.mock import MAX_MOCK_ROWS, mock_table


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(1, 300), seed=st.integers())
def test_every_value_is_one_that_a_snapshot_could_hold(
    rows: int, seed: int, schema: Schema
) -> None:
    table = mock_table(schema, rows, seed).columns
    assert list(table) == ["person", *(column.name for column in schema.columns)]
    for column in schema.columns:
        assert len(table[column.name]) == rows
        if column.cells < 100:
            assert set(table[column.name]) <= set(column_values(column))
    meddol = [float(value) for value in table["meddol"] if isinstance(value, float)]
    assert len(meddol) == rows
    assert all(0 <= value <= 20_000 and round(value, 2) == value for value in meddol)


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(6, 200), seed=st.integers())
def test_every_key_appears_and_nobody_has_more_rows_than_the_unit_allows(
    rows: int, seed: int, schema: Schema
) -> None:
    table = mock_table(schema, rows, seed).columns
    for column in schema.columns:
        assert set(column.keys) <= set(table[column.name])
    assert max(Counter(table["person"]).values()) <= schema.max_rows


def test_people_have_several_rows(schema: Schema) -> None:
    counts = Counter(mock_table(schema, 1000, 7).columns["person"])
    assert set(counts.values()) == {1, 2, 3, 4, 5}


def test_a_seed_gives_the_same_table_again_and_another_seed_another(schema: Schema) -> None:
    assert mock_table(schema, 50, 7) == mock_table(schema, 50, 7)
    assert mock_table(schema, 50, 7) != mock_table(schema, 50, 8)


def test_closed_columns_do_not_appear(schema: Schema) -> None:
    assert "name" not in mock_table(schema, 5, 7).columns


@pytest.mark.parametrize("rows", [-1, 0, MAX_MOCK_ROWS + 1])
def test_a_mock_table_of_no_or_too_many_rows_is_refused(rows: int, schema: Schema) -> None:
    with pytest.raises(BadInput) as caught:
        mock_table(schema, rows, 7)
    assert caught.value.code == "mock.rows"
