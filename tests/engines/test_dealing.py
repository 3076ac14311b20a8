"""Taking one person away changes what one block is given, and not a byte of any other's."""

import io
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sandbox.engines.columns import PERSON
from sandbox.engines.dealing import deal, draws
from sandbox.engines.opening import Snapshots
from sandbox.engines.snapshots import DiskVault
from sandbox.model.algorithm import Algorithm
from sandbox.model.names import ColumnName, DatasetName, SourceName
from sandbox.model.output import Output
from sandbox.model.program import Program
from sandbox.model.schema import Column, Lattice, Schema
from tests.support.town import HandClock

TABLES = pytest.mark.parametrize("tables", [16, pytest.param(60, marks=pytest.mark.heavy)])
BLOCKS = 3
SITE, SEX, AGE, PAY = map(ColumnName, ("site", "sex", "age", "pay"))
LONG = "a place with a name of some length"
SCHEMA = Schema(
    unit=ColumnName("person"),
    max_rows=3,
    columns=(
        Column(SITE, frozenset({"group"}), keys=(LONG, "b", "北碚")),
        Column(SEX, frozenset({"group"}), keys=("f", "m")),
        Column(AGE, frozenset({"measure"}), lattice=Lattice(0, 9, Fraction(1))),
        Column(PAY, frozenset({"measure"}), lattice=Lattice(-20, 500, Fraction(1, 10))),
    ),
)
Rows = list[tuple[str, ...]]


def algorithm(*columns: ColumnName, blocks: int = BLOCKS) -> Algorithm:
    program = Program({"m": ""}, ("m", "f"), (Output("a", 0, 1),))
    return Algorithm(DatasetName("a/b"), program, columns, blocks, Fraction(1), 2**28)


def random_rows(chance: np.random.Generator, most: int) -> Rows:
    people = chance.integers(1, most)
    owners = np.repeat(np.arange(people), chance.integers(1, 6, people))
    return [
        (
            f"p{person}",
            str(chance.choice([LONG, "b", "北碚", "z", ""])),
            str(chance.choice(["f", "m", "?"])),
            str(chance.choice(["0", "9", "4", "-3", "250", ""])),
            str(chance.choice(["-20", "50", "-1e300", "1e18", "NaN", "inf", "", "7.3"])),
        )
        for person in chance.permuted(owners)
    ]


def taken_in(vault: DiskVault, folder: Path, rows: Rows) -> pl.DataFrame:
    """Take a file in and read it back as the block engine does."""
    file = folder / "rows.csv"
    lines = ("person,site,sex,age,pay", *(",".join(row) for row in rows))
    file.write_text("\n".join(lines) + "\n")
    snapshot, _, _ = vault.ingest(file, "csv", SCHEMA, SourceName("a/b"))
    shards = Snapshots(folder / "vault").shards(snapshot.id, SCHEMA)
    return pl.concat([shard.collect() for shard in shards])


@pytest.mark.slow
@TABLES
def test_a_neighbour_moves_no_byte_of_another_block(tables: int, tmp_path: Path) -> None:
    chance = np.random.default_rng(7)
    vault = DiskVault(tmp_path / "vault", lambda _: b"k" * 32, HandClock(), shard_rows=4)
    what = algorithm(SITE, SEX, AGE, PAY)
    for case in range(tables):
        rows = random_rows(chance, most=60 if case % 15 == 0 else 9)
        table = taken_in(vault, tmp_path, rows)
        numbers = names_by_number(vault, tmp_path, rows)
        drawn = [int(block) for block in chance.integers(0, BLOCKS, len(numbers))]
        whole = deal(table, drawn, what, SCHEMA)
        for number, name in enumerate(numbers):
            others = [row for row in rows if row[0] != name]
            if not others:
                continue
            rest = [*drawn[:number], *drawn[number + 1 :]]
            less = deal(taken_in(vault, tmp_path, others), rest, what, SCHEMA)
            moved = {place for place in range(BLOCKS) if whole[place] != less[place]}
            assert moved == {drawn[number]}, (rows, name)


def names_by_number(vault: DiskVault, folder: Path, rows: Rows) -> list[str]:
    """Give the people in the order of their numbers, each found by a row of another pay."""
    names = sorted({row[0] for row in rows})
    marked: Rows = [(name, "b", "f", "0", f"{place / 10}") for place, name in enumerate(names)]
    table = taken_in(vault, folder, marked).sort(PERSON)
    return [names[step] for step in table[PAY]]


def test_a_block_is_told_in_the_words_of_the_schema(tmp_path: Path) -> None:
    vault = DiskVault(tmp_path / "vault", lambda _: b"k" * 32, HandClock())
    rows: Rows = [
        ("x", "北碚", "m", "4", "7.3"),
        ("x", "?", "f", "", "-1"),
        ("y", "b", "f", "9", "50"),
    ]
    [block] = deal(
        taken_in(vault, tmp_path, rows), [0, 0], algorithm(SITE, AGE, PAY, blocks=1), SCHEMA
    )
    shown = pl.read_ipc_stream(io.BytesIO(block))
    assert shown.schema == {
        "person": pl.Int64, "site": pl.String, "age": pl.Int64, "pay": pl.Float64,
    }  # fmt: skip
    told = {tuple(row[1:]) for row in shown.rows()}
    assert told == {("北碚", 4, 7.3), (None, None, -1.0), ("b", 9, 50.0)}
    assert sorted(Counter(shown["person"]).values()) == [1, 2]


def test_every_block_is_dealt_though_nobody_is_in_it(tmp_path: Path) -> None:
    vault = DiskVault(tmp_path / "vault", lambda _: b"k" * 32, HandClock())
    table = taken_in(vault, tmp_path, [("x", "b", "m", "4", "7.3")])
    blocks = deal(table, [2], algorithm(AGE), SCHEMA)
    assert [len(pl.read_ipc_stream(io.BytesIO(block))) for block in blocks] == [0, 0, 1]


def test_a_draw_depends_on_nobody_else() -> None:
    for people in (0, 1, 5, 1000):
        assert draws(b"k" * 32, 1000, 7)[:people] == draws(b"k" * 32, people, 7)


def test_draws_are_uniform_and_pairwise_independent() -> None:
    keys, blocks = 4000, 5
    pairs = Counter(tuple(draws(key.to_bytes(32), 2, blocks)) for key in range(keys))
    seen = [pairs[first, second] for first in range(blocks) for second in range(blocks)]
    assert stats.chisquare(seen).pvalue > 1e-4
