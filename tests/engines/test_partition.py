"""The bound on parts a person, and that nobody's parts depend on anybody else."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engines.changes import LeftOut
from sandbox.engines.contributions import bound_rows
from sandbox.engines.partition import bound_parts, several_parts
from sandbox.model.dataset import Change, IngestReport
from sandbox.model.names import ColumnName
from sandbox.model.schema import Partition, Schema
from tests.support.numbered import numbered_people

KEY = b"key of one source"
REGION = ColumnName("region")
KEYS = 5

people = st.sampled_from("abcd")
parts = st.none() | st.integers(0, KEYS - 1)
tables = st.lists(st.tuples(people, parts), min_size=1, max_size=40)
mosts = st.integers(1, KEYS)
Rows = list[tuple[str, int | None]]
Columns = Mapping[str, Sequence[object]]
Kept = list[tuple[int | None, int]]
"""The part of each row that stays, and its position in the file."""


def numbered(rows: Rows) -> tuple[pl.DataFrame, pl.Series]:
    """Give the rows as a table, and the people's hashes."""
    found = numbered_people(pl.Series([name for name, _ in rows]), ColumnName("p"), KEY)
    codes = pl.Series(REGION, [part for _, part in rows], dtype=pl.UInt32)
    positions = pl.Series("value", range(len(rows)), dtype=pl.Int64)
    return pl.DataFrame([found.numbers, codes, positions]), found.hashes


def kept(rows: Rows, most: int, max_rows: int = 100) -> dict[bytes, Kept]:
    """Give what stays of each person after both bounds, by the person's hash."""
    table, hashes = numbered(rows)
    within, _ = bound_parts(table, hashes, Partition(REGION, most), KEY)
    bounded, _ = bound_rows(within, hashes, max_rows, KEY)
    found = defaultdict(list)
    for person, part, position in bounded.iter_rows():
        found[hashes[person]].append((part, position))
    return found


def parts_of(rows: Kept) -> set[int | None]:
    return {part for part, _ in rows} - {None}


@given(rows=tables, most=mosts)
def test_nobody_is_in_more_parts_than_allowed_nor_in_fewer_than_they_may(
    rows: Rows, most: int
) -> None:
    own = defaultdict(set)
    for name, part in rows:
        own[name].add(part)
    expected = sorted(min(len(parts - {None}), most) for parts in own.values())
    assert sorted(len(parts_of(one)) for one in kept(rows, most).values()) == expected


@given(rows=tables, most=mosts)
def test_a_part_stays_whole_or_goes_and_rows_without_a_key_stay(rows: Rows, most: int) -> None:
    table, hashes = numbered(rows)
    after = kept(rows, most)
    for person, part, position in table.iter_rows():
        own = after[hashes[person]]
        stays = part is None or part in parts_of(own)
        assert ((part, position) in own) == stays
    assert all(own == sorted(own, key=lambda row: row[1]) for own in after.values())


@given(rows=tables, most=mosts, max_rows=st.integers(1, 5), person=people)
def test_leaving_one_person_out_changes_nobody_else(
    rows: Rows, most: int, max_rows: int, person: str
) -> None:
    others = [row for row in rows if row[0] != person]
    if not others:
        return
    before, after = (
        {digest: [part for part, _ in own] for digest, own in kept(some, most, max_rows).items()}
        for some in (rows, others)
    )
    assert {digest: own for digest, own in before.items() if digest in after} == after
    assert len(before) - len(after) == any(name == person for name, _ in rows)


@given(rows=tables, most=mosts)
def test_rows_and_people_in_too_many_parts_are_counted(rows: Rows, most: int) -> None:
    table, hashes = numbered(rows)
    partition = Partition(REGION, most)
    bounded, lost = bound_parts(table, hashes, partition, KEY)
    sizes = Counter(name for name, part in set(rows) if part is not None)
    over = sum(size > most for size in sizes.values())
    assert lost == LeftOut(len(rows) - len(bounded), over)
    several = sum(size > 1 for size in sizes.values()) if most > 1 else 0
    assert several_parts(bounded, partition) == several


def test_every_part_is_chosen_equally_often() -> None:
    names = [f"p{number}" for number in range(6000)]
    rows: Rows = [(name, part) for name in names for part in range(6)]
    chosen = Counter(part for own in kept(rows, 2).values() for part, _ in own)
    assert len(chosen) == 6
    spread = (6000 * (1 / 3) * (2 / 3)) ** 0.5
    assert all(abs(count - 2000) < 5 * spread for count in chosen.values())


def test_the_choice_of_parts_and_the_choice_of_rows_are_drawn_apart() -> None:
    """With one draw for both, who lost part 1 would always keep the row of part 0."""
    names = [f"p{number}" for number in range(6000)]
    rows: Rows = [(name, part) for name in names for part in range(3)]
    pairs, rests = kept(rows, 2), kept(rows, 2, max_rows=1)
    chosen = Counter(
        (frozenset(parts_of(pairs[digest])), part)
        for digest, own in rests.items()
        for part, _ in own
    )
    assert len(chosen) == 6
    assert all(
        abs(count - 1000) < 5 * (6000 * (1 / 6) * (5 / 6)) ** 0.5 for count in chosen.values()
    )


def test_the_owner_is_told_in_both_languages(
    written: Callable[[Columns], Path],
    schema: Schema,
    taken_in: Callable[..., tuple[pl.DataFrame, IngestReport]],
) -> None:
    def changes_of(file: Path, schema: Schema) -> dict[str, Change]:
        _, report = taken_in(file, "csv", schema, shard_rows=1, batch_rows=2)
        return {change.code: change for change in report.changes}

    visits: Columns = {
        "person": [1, 1, 1, 2, 2, 3],
        "site": ["1", "2", "north", "1", "2", None],
        "age": [40] * 6,
        "cost": [1] * 6,
    }
    parted = replace(schema, partition=Partition(ColumnName("site"), most=2), max_rows=3)
    told = changes_of(written(visits), parted)
    left_out, several = told["parts_left_out"], told["people_in_parts"]
    assert (left_out.count, left_out.column) == (1, "site")
    assert left_out.message == (
        "1 person is in more than 2 parts of `site`; 1 of their rows were left out"
    )
    assert left_out.message_zh == "1 人属于 `site` 的超过 2 个分区，其中 1 行未收入"
    assert several.count == 2
    assert several.message == (
        "2 people are in more than one part of `site`; each is counted in every part they are in, "
        "and their budget pays for all of them"
    )
    assert several.message_zh.startswith("2 人属于 `site` 的一个以上分区")
    assert "people_in_parts" not in changes_of(written(visits), replace(parted, max_rows=1))
    assert not {"parts_left_out", "people_in_parts"} & set(changes_of(written(visits), schema))
