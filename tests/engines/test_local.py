"""The local engine gives what plain Python gives, and says when a snapshot cannot be trusted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from threading import Barrier, Lock

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sandbox.engines.local import LocalEngine, side_by_side
from sandbox.engines.shards import Piece
from sandbox.engines.snapshots import write_snapshot
from sandbox.errors import Unavailable
from sandbox.model.cost import NO_COST, Accounting
from sandbox.model.names import (
    AgreementId,
    ColumnName,
    DatasetName,
    SnapshotId,
    SubmissionId,
)
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.schema import MAX_STEPS, Column, Lattice, Partition, Schema
from sandbox.model.submission import PricedPlan, Reservation
from sandbox.privacy.sensitivity import sensitivity_of
from sandbox.settings import PROCESSORS

SITE, SEX, AGE, COST = (ColumnName(name) for name in ("site", "sex", "age", "cost"))
ALL = frozenset({"group", "filter", "measure"})
SCHEMA = Schema(
    unit=ColumnName("person"),
    max_rows=40,
    columns=(
        Column(SITE, ALL, keys=("a", "b", "c")),
        Column(SEX, ALL, keys=("f", "m")),
        Column(AGE, ALL, lattice=Lattice(-2, 3, Fraction(1))),
        Column(COST, ALL, lattice=Lattice(-MAX_STEPS, MAX_STEPS, Fraction(1, 100))),
    ),
)
TYPES = {"@person": pl.UInt32, SITE: pl.UInt32, SEX: pl.UInt32, AGE: pl.Int64, COST: pl.Int64}
SNAPSHOT = SnapshotId("0" * 32)
RESERVATION = Reservation(SubmissionId("s"), AgreementId("a"), SNAPSHOT, NO_COST, 0)

Row = tuple[int, int | None, int | None, int | None, int | None]
Values = Mapping[str, int | None]
DOMAINS: Mapping[ColumnName, range] = {SITE: range(3), SEX: range(2), AGE: range(-2, 4)}

steps = st.one_of(st.integers(-3, 4), st.sampled_from([-(2**80), -MAX_STEPS, MAX_STEPS, 2**80]))
columns = st.sampled_from([SITE, SEX, AGE, COST])
rows = st.lists(
    st.tuples(
        st.integers(0, 4),
        *(st.none() | st.sampled_from(DOMAINS[name]) for name in (SITE, SEX, AGE)),
        st.none() | st.sampled_from([-MAX_STEPS, -1, 0, 2, MAX_STEPS]),
    ),
    min_size=1,
    max_size=25,
)
comparisons = st.one_of(
    st.builds(Between, columns, st.none() | steps, st.none() | steps),
    st.builds(IsIn, columns, st.lists(steps, max_size=3).map(tuple)),
    st.builds(IsNull, columns),
)
predicates: st.SearchStrategy[Predicate] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
parts = st.one_of(
    st.sampled_from([Part(PartKind.ROWS), Part(PartKind.PEOPLE)]),
    st.builds(Part, st.just(PartKind.PRESENT), columns),
    st.builds(Part, st.just(PartKind.SUM), st.sampled_from([AGE, COST]), st.integers(-5, 5)),
)


def priced(where: Predicate | None, groups: list[ColumnName], asked: list[Part]) -> PricedPlan:
    measure = Measure("n", MeasureKind.COUNT)
    plan = Plan(DatasetName("town/people"), where, tuple(groups), (measure,))
    return PricedPlan(
        plan=plan,
        schema=SCHEMA,
        accounting=Accounting.ZCDP,
        parts=tuple(asked),
        sensitivities=tuple(sensitivity_of(part, plan, SCHEMA) for part in asked),
        noises=(),
        cost=NO_COST,
        epsilon=Fraction(0),
        delta=Fraction(0),
    )


def stored(folder: Path, table: list[Row], shard_rows: int, schema: Schema = SCHEMA) -> None:
    frame = pl.DataFrame(table, schema=TYPES, orient="row").sort("@person")
    (folder / SNAPSHOT).mkdir(parents=True)
    write_snapshot(cut(frame, shard_rows), 32, schema, folder / SNAPSHOT)


def cut(frame: pl.DataFrame, shard_rows: int) -> Iterator[Piece]:
    """Cut between people, as soon as a piece has so many rows."""
    start, people = 0, frame["@person"].to_list()
    for end in range(1, len(people) + 1):
        last = end == len(people)
        if last or (end - start >= shard_rows and people[end] != people[end - 1]):
            rows = frame[start:end]
            yield Piece(start, people[start], rows, pl.Series([], dtype=pl.Binary))
            start = end


def holds(predicate: Predicate, row: Values) -> bool | None:
    """Evaluate in SQL's three-valued logic."""
    match predicate:
        case Not(operand):
            inner = holds(operand, row)
            return None if inner is None else not inner
        case And(operands):
            return kleene([holds(operand, row) for operand in operands], decisive=False)
        case Or(operands):
            return kleene([holds(operand, row) for operand in operands], decisive=True)
        case IsNull(column):
            return row[column] is None
        case Between() | IsIn():
            value = row[predicate.column]
            return None if value is None else matches(predicate, value)


def matches(predicate: Between | IsIn, value: int) -> bool:
    if isinstance(predicate, IsIn):
        return value in predicate.codes
    above = predicate.low is None or predicate.low <= value
    return above and (predicate.high is None or value <= predicate.high)


def kleene(known: list[bool | None], *, decisive: bool) -> bool | None:
    if decisive in known:
        return decisive
    return None if None in known else not decisive


def added_up(part: Part, group: list[Values]) -> int:
    present = [value for row in group if (value := row.get(part.column or "")) is not None]
    match part.kind:
        case PartKind.ROWS:
            return len(group)
        case PartKind.PEOPLE:
            return len({row["@person"] for row in group})
        case PartKind.PRESENT:
            return len(present)
        case PartKind.SUM:
            return sum(step - part.centre for step in present)
        case PartKind.BLOCKS | PartKind.RANKS:
            raise ValueError("a question has no blocks")


def naive(table: list[Row], question: PricedPlan) -> tuple[list[int], ...]:
    """Compute the same the slow way: no Polars, no index arithmetic."""
    plan = question.plan
    kept: list[Values] = [dict(zip(TYPES, row, strict=True)) for row in table]
    if plan.where is not None:
        kept = [row for row in kept if holds(plan.where, row) is True]
    groups = [
        [row for row in kept if tuple(row[name] for name in plan.group_by) == cell]
        for cell in product(*(DOMAINS[name] for name in plan.group_by))
    ]
    return tuple([added_up(part, group) for group in groups] for part in question.parts)


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=rows,
    where=st.none() | predicates,
    groups=st.lists(st.sampled_from([SITE, SEX, AGE]), unique=True, max_size=3),
    asked=st.lists(parts, min_size=1, max_size=4),
    shard_rows=st.integers(1, 30),
)
@example(
    table=[(0, 0, 0, 0, None)],
    where=Not(Between(COST, None, None)),
    groups=[],
    asked=[Part(PartKind.ROWS)],
    shard_rows=1,
)
def test_the_engine_agrees_with_plain_python(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[Row],
    where: Predicate | None,
    groups: list[ColumnName],
    asked: list[Part],
    shard_rows: int,
) -> None:
    folder = tmp_path_factory.mktemp("vault")
    stored(folder, table, shard_rows)
    question = priced(where, groups, asked)
    answer = LocalEngine(folder).add_up(RESERVATION, question)
    assert tuple(map(list, answer.values)) == naive(table, question)
    assert answer.parts == question.parts
    assert answer.sensitivities == question.sensitivities


def test_shards_run_side_by_side_and_no_more_than_there_are_processors() -> None:
    together, most, lock = 0, 0, Lock()
    all_here = Barrier(min(PROCESSORS, 4))

    def computed(shard: pl.DataFrame) -> pl.DataFrame:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        if shard["first"].item():
            all_here.wait(timeout=30)
        with lock:
            together -= 1
        return shard

    firsts = [number < all_here.parties for number in range(PROCESSORS + 5)]
    shards = [
        pl.LazyFrame({"first": [first], "place": [place]}).map_batches(computed)
        for place, first in enumerate(firsts)
    ]
    done = side_by_side(shards)
    assert [one["place"].item() for one in done] == list(range(len(shards)))
    assert all_here.parties <= most <= PROCESSORS


def test_no_sum_overflows_at_the_limits_of_a_snapshot(tmp_path: Path) -> None:
    rows_at_limit = 100_000
    stored(tmp_path, [(0, 0, 0, 0, MAX_STEPS)] * rows_at_limit, 10**6)
    question = priced(None, [], [Part(PartKind.SUM, COST, -MAX_STEPS)])
    answer = LocalEngine(tmp_path).add_up(RESERVATION, question)
    assert answer.values == ([2 * MAX_STEPS * rows_at_limit],)


Damage = Callable[[Path], object]


def flip_a_bit(folder: Path) -> None:
    shard = folder / "shard-0000.parquet"
    content = bytearray(shard.read_bytes())
    content[40] ^= 1
    shard.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: folder.rename(folder.with_name("gone")),
        lambda folder: (folder / "shard-0000.parquet").unlink(),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "manifest.json").write_text("[]"),
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff"),
        flip_a_bit,
    ],
    ids=["gone", "no-shard", "no-manifest", "no-table-of-contents", "no-json", "flipped-bit"],
)
def test_a_damaged_snapshot_is_unavailable_and_not_described(
    tmp_path: Path, damage: Damage
) -> None:
    stored(tmp_path, [(0, 0, 0, 0, 0)], 1)
    damage(tmp_path / SNAPSHOT)
    refused_by(tmp_path, priced(None, [], [Part(PartKind.ROWS)]))


def test_a_snapshot_lost_after_its_first_answer_is_unavailable(tmp_path: Path) -> None:
    stored(tmp_path, [(0, 0, 0, 0, 0)], 1)
    question = priced(None, [], [Part(PartKind.ROWS)])
    engine = LocalEngine(tmp_path)
    engine.add_up(RESERVATION, question)
    (tmp_path / SNAPSHOT / "shard-0000.parquet").unlink()
    with pytest.raises(Unavailable):
        engine.add_up(RESERVATION, question)


@pytest.mark.parametrize(
    "other",
    [
        replace(SCHEMA, max_rows=SCHEMA.max_rows - 1),
        replace(SCHEMA, columns=SCHEMA.columns[:-1]),
        replace(SCHEMA, columns=(Column(SITE, ALL, keys=("b", "a", "c")), *SCHEMA.columns[1:])),
    ],
    ids=["max-rows", "columns", "keys"],
)
def test_integers_are_not_read_under_another_schema(tmp_path: Path, other: Schema) -> None:
    stored(tmp_path, [(0, 0, 0, 0, 0)], 1)
    refused_by(tmp_path, replace(priced(None, [], [Part(PartKind.ROWS)]), schema=other))


@pytest.mark.parametrize("other", [None, Partition(SITE, 2), Partition(SEX, 1)])
def test_parts_are_not_counted_on_that_ingest_did_not_enforce(
    tmp_path: Path, other: Partition | None
) -> None:
    enforced = replace(SCHEMA, partition=Partition(SITE, 1))
    question = priced(None, [], [Part(PartKind.ROWS)])
    stored(tmp_path, [(0, 0, 0, 0, 0)], 1, enforced)
    LocalEngine(tmp_path).add_up(RESERVATION, replace(question, schema=enforced))
    refused_by(tmp_path, replace(question, schema=replace(SCHEMA, partition=other)))


def refused_by(folder: Path, question: PricedPlan) -> None:
    with pytest.raises(Unavailable) as refused:
        LocalEngine(folder).add_up(RESERVATION, question)
    assert refused.value.code == "snapshot.unreadable"
    assert str(folder) not in refused.value.message
    assert SNAPSHOT not in refused.value.message
