"""Parquet: which types are read, and that no damage gets past the reader."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.footer import FooterError, top_level_names
from connectors.parquet import ParquetFile
from connectors.protocol import ConnectorError

CANARY = "canary-7f3a"


def arrow_file(folder: Path, table: pa.Table) -> ParquetFile:
    path = folder / "table.parquet"
    pq.write_table(table, path)
    return ParquetFile(path)


def refusal(table: ParquetFile, *names: str) -> ConnectorError:
    with pytest.raises(ConnectorError) as refused:
        table.read(names)
    assert CANARY not in refused.value.message
    return refused.value


@pytest.fixture
def intact(tmp_path: Path) -> Path:
    path = tmp_path / "intact.parquet"
    frame = pl.DataFrame({"name": [CANARY] * 500, "n": range(500)})
    frame.write_parquet(path, compression="uncompressed")
    return path


def test_plain_types_are_kept(tmp_path: Path) -> None:
    columns = {
        "integer": pa.array([1, None]),
        "float": pa.array([0.5, None]),
        "decimal": pa.array([Decimal("1.50"), None]),
        "truth": pa.array([True, None]),
        "text": pa.array(["x", None]),
        "category": pa.array(["x", None]).dictionary_encode(),
        "day": pa.array([date(2026, 11, 22), None]),
        "nothing": pa.nulls(2),
    }
    frame = arrow_file(tmp_path, pa.table(columns)).read(list(columns))
    assert frame.row(0) == (1, 0.5, Decimal("1.50"), True, "x", "x", date(2026, 11, 22), None)
    assert frame.row(1) == (None,) * 8


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (pa.array([[1], []]), "file.nested"),
        (pa.array([{"x": 1}, {"x": 2}]), "file.nested"),
        (pa.array([b"x", b"y"]), "file.column_type"),
    ],
)
def test_a_column_of_no_plain_type_is_refused_only_if_read(
    tmp_path: Path, values: pa.Array, code: str
) -> None:
    table = arrow_file(tmp_path, pa.table({"a": values, "b": [1, 2]}))
    assert table.columns() == ("a", "b")
    assert table.read(["b"]).shape == (2, 1)
    refused = refusal(table, "a")
    assert (refused.code, refused.column) == (code, "a")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    refused = refusal(arrow_file(tmp_path, table), "a")
    assert (refused.code, refused.column) == ("file.duplicate_column", "a")


def test_embedded_pandas_and_arrow_metadata_count_for_nothing(tmp_path: Path) -> None:
    field = pa.field("a", pa.int64(), metadata={"ARROW:extension:name": "planted.type"})
    schema = pa.schema([field], metadata={"pandas": '{"index_columns": ["a"], "columns": 7}'})
    table = arrow_file(tmp_path, pa.table({"a": [1, 2]}, schema=schema))
    assert table.read(["a"]).to_dict(as_series=False) == {"a": [1, 2]}
    assert table.read(["a"]).schema == {"a": pl.Int64}


@pytest.mark.parametrize("kept", [5, 100, -1, -9])
def test_a_truncated_file_is_refused(intact: Path, kept: int) -> None:
    intact.write_bytes(intact.read_bytes()[:kept])
    assert refusal(ParquetFile(intact), "n").code == "file.truncated"


def test_another_form_is_refused(intact: Path) -> None:
    intact.write_bytes(b"a,b\n1,2\n")
    assert refusal(ParquetFile(intact), "n").code == "file.not_parquet"


@pytest.mark.parametrize("place", ["data", "footer"])
def test_a_damaged_file_is_refused_whatever_it_does_to_the_reader(intact: Path, place: str) -> None:
    content = bytearray(intact.read_bytes())
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    start = 4 if place == "data" else footer
    content[start : start + 40] = b"\xff" * 40
    intact.write_bytes(content)
    assert refusal(ParquetFile(intact), "name", "n").code == "file.damaged"


def test_a_file_that_aborts_its_reader_is_refused_and_we_live(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    frame = pl.DataFrame({"name": [f"{CANARY}-{row}" for row in range(300)]})
    frame.write_parquet(path, compression="uncompressed")
    content = bytearray(path.read_bytes())
    content[14] |= 1  # the sign of a length in the first page's header, in zigzag
    path.write_bytes(content)
    assert refusal(ParquetFile(path), "name").code == "file.damaged"


def test_names_with_patterns_are_taken_literally(tmp_path: Path) -> None:
    path = tmp_path / "year=2026[*].parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    assert ParquetFile(path).read(["a"]).columns == ["a"]


def test_the_footer_lists_parents_and_not_their_children(tmp_path: Path) -> None:
    nested = pa.array([{"x": {"y": [1]}, "z": 2}])
    stamp = pa.array([0], pa.timestamp("us", tz="UTC"))
    table = arrow_file(tmp_path, pa.table({"a": nested, "b": stamp, "c": [1]}))
    assert table.columns() == ("a", "b", "c")


@given(st.binary(max_size=200))
def test_no_footer_can_do_more_than_be_refused(footer: bytes) -> None:
    try:
        names = top_level_names(footer)
    except FooterError:
        return
    assert all(isinstance(name, str) for name in names)
