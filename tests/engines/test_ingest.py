"""A file is held against the schema, column by column and row by row."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from sandbox.engines.ingest import check_size
from sandbox.errors import BadInput, Place
from sandbox.model.dataset import IngestReport
from sandbox.model.names import ColumnName
from sandbox.model.schema import MAX_ROWS, Column, Schema

CANARY = "canary-7f3a"
Columns = Mapping[str, Sequence[object]]
Written = Callable[[Columns], Path]
TakenIn = Callable[..., tuple[pl.DataFrame, IngestReport]]
Refusal = Callable[[Path, Schema], BadInput]

PEOPLE: Columns = {
    "name": ["Li", "Wu", "Li", "Li", "Li"],
    "person": [7, 8, 7, 7, 7],
    "site": ["1", "north", "2", "3", None],
    "age": [40, 70, 41, 42, None],
    "cost": [0.5, 1.255, 1.0, 1.0, 1.0],
}


@pytest.fixture
def refusal(taken_in: TakenIn) -> Refusal:
    """Give what is said of a file that does not do."""

    def refuse(file: Path, schema: Schema) -> BadInput:
        with pytest.raises(BadInput) as refused:
            taken_in(file, "csv", schema, batch_rows=2)
        assert CANARY not in refused.value.message
        return refused.value

    return refuse


def test_one_table_gives_one_snapshot_from_every_form(
    taken_in: TakenIn, written: Written, schema: Schema, tmp_path: Path
) -> None:
    pl.DataFrame(PEOPLE).write_parquet(tmp_path / "table.parquet")
    from_csv, csv_report = taken_in(written(PEOPLE), "csv", schema)
    from_parquet, parquet_report = taken_in(tmp_path / "table.parquet", "parquet", schema)
    assert from_csv.equals(from_parquet)
    assert csv_report == parquet_report


def test_the_report_counts_what_became_of_the_rows(
    taken_in: TakenIn, written: Written, schema: Schema
) -> None:
    table, report = taken_in(written(PEOPLE), "csv", schema)
    assert (report.rows_read, report.rows_kept, report.people) == (5, 3, 2)
    assert [(change.code, change.column, change.count) for change in report.changes] == [
        ("closed_column", "name", 5),
        ("null_keys", "site", 1),
        ("clamped", "age", 1),
        ("rounded", "cost", 1),
        ("dropped_rows", None, 2),
    ]
    assert table.schema == {
        "@person": pl.UInt32,
        "site": pl.UInt32,
        "age": pl.Int64,
        "cost": pl.Int64,
    }


def test_a_column_that_the_policy_does_not_name_is_refused(
    refusal: Refusal, written: Written, schema: Schema
) -> None:
    more = {"phone": ["1"] * 5, "email": ["x"] * 5}
    refused = refusal(written({**PEOPLE, **more}), schema)
    assert refused.code == "ingest.undeclared_column"
    assert refused.place == Place(clause="columns.phone")
    assert "phone, email" in refused.message
    assert "`use: []` keeps it closed" in refused.message


@pytest.mark.parametrize("column", ["person", "age"])
def test_a_column_that_the_policy_opens_must_be_there(
    refusal: Refusal, written: Written, schema: Schema, column: str
) -> None:
    rest = {name: values for name, values in PEOPLE.items() if name != column}
    refused = refusal(written(rest), schema)
    assert refused.code == "ingest.missing_column"
    assert refused.place == Place(clause=f"columns.{column}")


def test_a_closed_column_may_be_missing(
    taken_in: TakenIn, written: Written, schema: Schema
) -> None:
    rest = {name: values for name, values in PEOPLE.items() if name != "name"}
    _, report = taken_in(written(rest), "csv", schema)
    assert "closed_column" not in {change.code for change in report.changes}


def test_names_that_snapshots_need_are_refused(refusal: Refusal, written: Written) -> None:
    every = frozenset({"group"})
    schema = Schema(
        ColumnName("p"), 1, (Column(ColumnName("@person"), every, keys=("1",)),), frozenset()
    )
    refused = refusal(written({"p": [1], "@person": [1]}), schema)
    assert refused.code == "ingest.reserved_column"


def test_a_table_without_rows_is_refused(
    refusal: Refusal, written: Written, schema: Schema
) -> None:
    refused = refusal(written({name: [] for name in PEOPLE}), schema)
    assert refused.code == "ingest.empty"


def test_more_rows_than_sums_are_safe_for_are_refused() -> None:
    check_size(MAX_ROWS)
    with pytest.raises(BadInput) as refused:
        check_size(MAX_ROWS + 1)
    assert refused.value.code == "ingest.too_many_rows"


def test_a_wrong_row_is_named_and_not_quoted(
    refusal: Refusal, written: Written, schema: Schema
) -> None:
    file = written({**PEOPLE, "age": [40, 41, CANARY, 42, 43]})
    refused = refusal(file, schema)
    assert refused.code == "ingest.wrong_type"
    assert refused.place == Place(row=3, clause="columns.age")


def test_what_the_connector_refuses_keeps_its_code_and_place(
    refusal: Refusal, tmp_path: Path, schema: Schema
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(f"name,person,site,age,cost\nLi,7,1,40,1\nLi,{CANARY}\n")
    refused = refusal(file, schema)
    assert refused.code == "file.ragged"
    assert refused.place == Place(row=2)
