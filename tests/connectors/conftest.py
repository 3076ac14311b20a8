"""Every connector is tested on files that are written here, in each form."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from connectors.forms import open_connector
from connectors.protocol import Connector

Table = Mapping[str, Sequence[str]]
Write = Callable[[Table], Connector]


def write_csv(path: Path, table: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def write_parquet(path: Path, table: Table) -> None:
    pl.DataFrame(table, schema=dict.fromkeys(table, pl.String)).write_parquet(path)


@pytest.fixture(params=["csv", "parquet"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(form: str, tmp_path: Path) -> Write:
    """Write a table of text in the form under test and open it."""

    def write(table: Table) -> Connector:
        path = tmp_path / "table"
        {"csv": write_csv, "parquet": write_parquet}[form](path, table)
        return open_connector(path, form)

    return write
