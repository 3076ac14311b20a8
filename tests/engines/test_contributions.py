"""The bound on rows a person, and that nobody's rows depend on anybody else."""

from collections import Counter, defaultdict

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engines.changes import LeftOut
from sandbox.engines.contributions import bound_rows, choose
from sandbox.model.names import ColumnName
from tests.support.numbered import numbered_people

KEY = b"key of one source"

people = st.sampled_from("abcd")
tables = st.lists(st.tuples(people, st.integers(0, 99)), min_size=1, max_size=40)
Rows = list[tuple[str, int]]


def kept(rows: Rows, max_rows: int) -> dict[bytes, list[int]]:
    """Give the values that stay, by the person's hash, in order."""
    numbered = numbered_people(pl.Series([name for name, _ in rows]), ColumnName("p"), KEY)
    table = pl.DataFrame([numbered.numbers, pl.Series("value", [value for _, value in rows])])
    bounded, _ = bound_rows(table, numbered.hashes, max_rows, KEY)
    assert bounded["@person"].is_sorted()
    found = defaultdict(list)
    for person, value in bounded.iter_rows():
        found[numbered.hashes[person]].append(value)
    return found


@given(rows=tables, max_rows=st.integers(1, 5), person=people)
def test_leaving_one_person_out_changes_nobody_else(rows: Rows, max_rows: int, person: str) -> None:
    others = [row for row in rows if row[0] != person]
    if not others:
        return
    before, after = kept(rows, max_rows), kept(others, max_rows)
    assert {digest: values for digest, values in before.items() if digest in after} == after
    assert len(before) - len(after) == any(name == person for name, _ in rows)


@given(rows=tables, max_rows=st.integers(1, 5))
def test_each_person_keeps_min_of_bound_and_own_rows(rows: Rows, max_rows: int) -> None:
    sizes = Counter(name for name, _ in rows)
    expected = sorted(min(size, max_rows) for size in sizes.values())
    assert sorted(len(values) for values in kept(rows, max_rows).values()) == expected


@given(rows=tables, max_rows=st.integers(1, 5))
def test_rows_and_people_that_had_too_many_are_counted(rows: Rows, max_rows: int) -> None:
    numbered = numbered_people(pl.Series([name for name, _ in rows]), ColumnName("p"), KEY)
    bounded, lost = bound_rows(pl.DataFrame([numbered.numbers]), numbered.hashes, max_rows, KEY)
    over = [size for size in Counter(name for name, _ in rows).values() if size > max_rows]
    assert lost == LeftOut(len(rows) - len(bounded), len(over))


@given(rows=st.integers(1, 60), keep=st.integers(1, 60))
def test_positions_are_chosen_without_repeats(rows: int, keep: int) -> None:
    chosen = choose(b"seed", rows, keep)
    assert len(chosen) == len(set(chosen)) == min(rows, keep)
    assert set(chosen) <= set(range(rows))


def test_every_position_is_chosen_equally_often() -> None:
    counts = Counter(position for seed in range(6000) for position in choose(b"%d" % seed, 6, 2))
    assert all(
        abs(count - 2000) < 5 * (6000 * (1 / 3) * (2 / 3)) ** 0.5 for count in counts.values()
    )
    assert len(counts) == 6
