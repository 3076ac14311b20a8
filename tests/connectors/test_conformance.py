"""What every connector promises, over all of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.forms import open_connector
from connectors.protocol import Connector, ConnectorError

Write = Callable[[Mapping[str, Sequence[str]]], Connector]

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def test_columns_stand_in_the_file_s_order(written: Write) -> None:
    assert written({"b": ["1"], "a": ["2"], "名称": ["3"]}).columns() == ("b", "a", "名称")


def test_columns_come_as_asked_with_rows_in_the_file_s_order(written: Write) -> None:
    table = written({"a": ["3", "1", "2"], "b": ["x", "y", "z"], "c": ["", "", ""]})
    assert table.read(["c", "a"]).to_dict(as_series=False) == {
        "c": ["", "", ""],
        "a": ["3", "1", "2"],
    }


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(cells, cells), max_size=6))
def test_text_survives_exactly(written: Write, rows: list[tuple[str, str]]) -> None:
    table = {"a": [row[0] for row in rows], "b": [row[1] for row in rows]}
    assert written(table).read(["a", "b"]).to_dict(as_series=False) == table


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(cells, cells), max_size=9), size=st.integers(1, 10))
def test_batches_are_the_rows_in_order_and_no_larger_than_asked(
    written: Write, rows: list[tuple[str, str]], size: int
) -> None:
    table = written({"a": [row[0] for row in rows], "b": [row[1] for row in rows]})
    batches = list(table.batches(["b", "a"], size))
    assert all(0 < len(batch) <= size for batch in batches)
    assert [(a, b) for batch in batches for b, a in batch.iter_rows()] == rows


def test_batches_of_many_rows_are_the_rows_in_order(written: Write) -> None:
    table = written({"a": [str(number) for number in range(20_000)]})
    batches = list(table.batches(["a"], 7_000))
    assert max(map(len, batches)) <= 7_000
    assert pl.concat(batches).equals(table.read(["a"]))


def test_reading_twice_gives_the_same(written: Write) -> None:
    table = written({"a": ["1", "2"]})
    assert table.read(["a"]).equals(table.read(["a"]))


def test_a_table_without_rows_has_columns(written: Write) -> None:
    table = written({"a": [], "b": []})
    assert table.columns() == ("a", "b")
    assert table.read(["b"]).shape == (0, 1)


@pytest.mark.parametrize("name", ["", " ", "n" * 129, "line\nbreak", "bell\a"])
def test_a_name_that_nobody_could_write_in_a_policy_is_refused(written: Write, name: str) -> None:
    with pytest.raises(ConnectorError) as refused:
        written({"a": ["1"], name: ["2"]}).columns()
    assert refused.value.code == "file.header"


def test_an_empty_file_is_refused(form: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ConnectorError) as refused:
        open_connector(tmp_path / "empty", form).columns()
    assert refused.value.code == "file.empty"


@pytest.mark.parametrize("path", ["nothing", "."])
def test_what_is_no_file_is_refused(form: str, tmp_path: Path, path: str) -> None:
    with pytest.raises(ConnectorError) as refused:
        open_connector(tmp_path / path, form)
    assert refused.value.code == "file.missing"


def test_random_bytes_are_refused(form: str, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(255, -1, -1)) * 16)
    with pytest.raises(ConnectorError):
        open_connector(tmp_path / "noise", form).columns()


def test_an_unknown_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.xlsx").touch()
    with pytest.raises(ConnectorError) as refused:
        open_connector(tmp_path / "table.xlsx", "xlsx")
    assert refused.value.code == "file.form"
