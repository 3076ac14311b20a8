"""Categories become codes by the text that they are written as."""

from decimal import Decimal

import polars as pl
import pytest

from sandbox.engines.categories import canonical_text, codes
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column

SITE = Column(ColumnName("site"), frozenset({"group"}), keys=("1", "2", "north"))


def coded(values: pl.Series, column: Column = SITE) -> tuple[list[int | None], dict[str, int]]:
    found, report = codes(values, column)
    assert found.dtype == pl.UInt32
    return found.to_list(), {change.code: change.count for change in report}


@pytest.mark.parametrize(
    "values",
    [
        pl.Series(["2", "1", None]),
        pl.Series([2, 1, None]),
        pl.Series([2.0, 1.0, None]),
        pl.Series([Decimal("2.00"), Decimal("1.00"), None]),
        pl.Series(["2.0", "1.0", ""]),
        pl.Series(["2", "1", None], dtype=pl.Categorical),
    ],
    ids=["text", "integer", "float", "decimal", "float-as-text", "category"],
)
def test_a_key_is_found_however_the_file_spells_it(values: pl.Series) -> None:
    assert coded(values) == ([1, 0, None], {})


def test_what_is_no_declared_key_is_null_and_counted() -> None:
    values = pl.Series(["north", "North", " north", "1.5", "3", None, ""])
    assert coded(values) == ([2, *[None] * 6], {"null_keys": 4})


def test_a_key_as_written_goes_before_a_key_as_meant() -> None:
    versions = Column(ColumnName("version"), frozenset({"group"}), keys=("1.0", "1"))
    assert coded(pl.Series(["1", "1.0", "1.00"]), versions) == ([1, 0, 1], {})


def test_truth_values_are_true_and_false() -> None:
    column = Column(ColumnName("c"), frozenset({"group"}), keys=("false", "true"))
    assert coded(pl.Series([True, False, None]), column) == ([1, 0, None], {})


def test_a_column_of_nulls_has_no_codes() -> None:
    assert coded(pl.Series([None, None])) == ([None, None], {})


def test_canonical_text_touches_whole_numbers_only() -> None:
    text = ["125024.0", "-3.00", "1.50", "v1.0", "007", " 1.0", "1.", "x"]
    assert canonical_text(pl.Series(text)).to_list() == ["125024", "-3", *text[2:]]
