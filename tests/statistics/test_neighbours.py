"""Brute force: no person moves any sum by more than claimed, through real ingest and engine.

Each case is a random file with bad values in it (more rows a person than allowed, undeclared keys,
values out of bounds, NaN, infinity, nulls). Every neighbour (the file without one person) goes the
same way: CSV, ingest, snapshot, engine. Some schemas declare parts of the people; then nobody moves
a question about a part that they are not in, and nobody is in more parts than allowed.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sandbox.engines.local import LocalEngine
from sandbox.engines.snapshots import DiskVault
from sandbox.model.cost import Accounting
from sandbox.model.names import AgreementId, ColumnName, SnapshotId, SourceName, SubmissionId
from sandbox.model.plan import Part, PartKind
from sandbox.model.schema import Partition, Schema
from sandbox.model.submission import PricedPlan, Reservation
from sandbox.privacy.price import offer, price
from sandbox.query.compile import compile_question
from sandbox.query.parts import parts_of
from sandbox.query.touched import parts_touched
from sandbox.wire import MeasureMessage, PeopleForm, Question
from tests.support.town import HandClock

TABLES = pytest.mark.parametrize("tables", [50, pytest.param(250, marks=pytest.mark.heavy)])
"""Random tables of each batch."""
SITE, SEX = ColumnName("site"), ColumnName("sex")
PARTITIONS = (None, None, None, None, Partition(SITE, 1), Partition(SITE, 2), Partition(SEX, 1))
"""One for each batch of random tables."""
GROUPS = ((), ("site",), ("site", "sex"), ("age",))
FILTERS = ((), ("age >= 3",), ("site != 'b'", "age < 7 OR pay > 0"), ("NOT pay BETWEEN 0 AND 20",))
MEASURES = (
    MeasureMessage("count"),
    MeasureMessage("count", "pay"),
    MeasureMessage("people"),
    MeasureMessage("sum", "pay"),
    MeasureMessage("mean", "pay"),
    MeasureMessage("sum", "age"),
)
MOMENTS = (
    MeasureMessage("variance", "pay"),
    MeasureMessage("correlation", "pay", None, ("age",)),
    MeasureMessage("ratio", "pay", None, ("age",)),
)
TABLES_OF_MOMENTS = 24
Rows = list[tuple[str, ...]]
Vectors = dict[Part, list[int]]


@dataclass(frozen=True)
class Range:
    """A vault and an engine over one folder."""

    vault: DiskVault
    engine: LocalEngine
    schema: Schema

    def sums(self, rows: Rows, priced: PricedPlan, folder: Path) -> Vectors:
        """Take a file in and add it up, with nothing but the product's own parts."""
        if not rows:
            width = len(self.sums([("x", "", "", "", "")], priced, folder)[priced.parts[0]])
            return {part: [0] * width for part in priced.parts}
        file = folder / "rows.csv"
        lines = ("person,site,sex,age,pay", *(",".join(row) for row in rows))
        file.write_text("\n".join(lines) + "\n")
        snapshot, _, _ = self.vault.ingest(file, "csv", self.schema, SourceName("a/b"))
        total = self.engine.add_up(reservation(priced, snapshot.id), priced)
        self.vault.discard(snapshot.id)
        return {part: list(vector) for part, vector in zip(total.parts, total.values, strict=True)}


def reservation(priced: PricedPlan, snapshot: SnapshotId) -> Reservation:
    return Reservation(SubmissionId("s"), AgreementId("a"), snapshot, priced.cost, debit=0)


@pytest.fixture
def site(tmp_path: Path, schema: Schema) -> Range:
    vault = DiskVault(tmp_path / "vault", lambda _: b"k" * 32, HandClock())
    return Range(vault, LocalEngine(tmp_path / "vault"), schema)


def priced_plan(
    schema: Schema,
    groups: tuple[str, ...],
    where: tuple[str, ...],
    measures: tuple[MeasureMessage, ...] = MEASURES,
) -> PricedPlan:
    asked = Question(dataset="a/b", group_by=groups, where=where, measures=measures)
    plan = compile_question(asked, schema)
    paid = offer(Accounting.ZCDP, Fraction(1, 10**9), epsilon="1", rho=None)
    return price(plan, schema, parts_of(plan, plan.table(schema)), paid)


def parted(site: Range, partition: Partition | None) -> Range:
    return replace(site, schema=replace(site.schema, partition=partition))


def random_rows(chance: np.random.Generator) -> Rows:
    people = chance.integers(1, 5)
    return [
        (
            f"p{person}",
            str(chance.choice(["a", "b", "c", "z", ""])),
            str(chance.choice(["f", "m", "?"])),
            str(chance.choice(["0", "9", "4", "-3", "250", ""])),
            str(chance.choice(["-20", "50", "-1e300", "1e18", "NaN", "inf", "-inf", "", "7.3"])),
        )
        for person in chance.permuted(np.repeat(np.arange(people), chance.integers(1, 6, people)))
    ]


def distance(one: list[int], other: list[int]) -> tuple[int, int]:
    moved = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return sum(moved), sum(step**2 for step in moved)


def without(rows: Rows, person: str) -> Rows:
    return [row for row in rows if row[0] != person]


@pytest.mark.slow
@TABLES
@pytest.mark.parametrize("batch", range(len(PARTITIONS)))
def test_no_neighbour_exceeds_the_claim_on_random_tables(
    batch: int, tables: int, site: Range, tmp_path: Path
) -> None:
    site = parted(site, PARTITIONS[batch])
    chance = np.random.default_rng(batch)
    for case in range(tables):
        groups = GROUPS[case % len(GROUPS)]
        where = FILTERS[(case // len(GROUPS)) % len(FILTERS)]
        priced = priced_plan(site.schema, groups, where)
        no_neighbour_exceeds_the_claim(site, priced, random_rows(chance), tmp_path)


@pytest.mark.slow
def test_no_neighbour_exceeds_the_claim_on_moments(site: Range, tmp_path: Path) -> None:
    chance = np.random.default_rng(6)
    for case in range(TABLES_OF_MOMENTS):
        where = FILTERS[case % len(FILTERS)]
        priced = priced_plan(site.schema, GROUPS[case % len(GROUPS)], where, MOMENTS)
        no_neighbour_exceeds_the_claim(site, priced, random_rows(chance), tmp_path)


def no_neighbour_exceeds_the_claim(
    site: Range, priced: PricedPlan, rows: Rows, folder: Path
) -> None:
    whole = site.sums(rows, priced, folder)
    for person in {row[0] for row in rows}:
        less = site.sums(without(rows, person), priced, folder)
        for part, bound in zip(priced.parts, priced.sensitivities, strict=True):
            l1, l2_squared = distance(whole[part], less[part])
            assert l1 <= bound.l1, (part, rows, person)
            assert l2_squared <= bound.l2_squared, (part, rows, person)


PEOPLE = PeopleForm(
    (
        MeasureMessage("sum", "pay", "total"),
        MeasureMessage("count", None, "visits"),
        MeasureMessage("min", "age", "youngest"),
        MeasureMessage("distinct", "site", "sites"),
        MeasureMessage("only", "sex", "sex"),
    ),
    ("age >= 1 OR pay > 0",),
)
ABOUT_PEOPLE = (
    *(MeasureMessage("count"), MeasureMessage("people"), MeasureMessage("mean", "total")),
    *(MeasureMessage("sum", "visits"), MeasureMessage("mean", "youngest")),
)


@pytest.mark.slow
def test_no_neighbour_exceeds_the_claim_where_rows_become_people_first(
    site: Range, tmp_path: Path
) -> None:
    chance = np.random.default_rng(7)
    reached: set[PartKind] = set()
    for case in range(30):
        asked = Question(
            dataset="a/b",
            people=PEOPLE,
            group_by=((), ("sex",), ("visits", "sites"))[case % 3],
            where=((), ("total > 3 * visits",))[case % 2],
            measures=ABOUT_PEOPLE,
        )
        plan = compile_question(asked, site.schema)
        paid = offer(Accounting.ZCDP, Fraction(1, 10**9), epsilon="1", rho=None)
        priced = price(plan, site.schema, parts_of(plan, plan.table(site.schema)), paid)
        rows = random_rows(chance)
        whole = site.sums(rows, priced, tmp_path)
        for person in {row[0] for row in rows}:
            less = site.sums(without(rows, person), priced, tmp_path)
            for part, bound in zip(priced.parts, priced.sensitivities, strict=True):
                l1, l2_squared = distance(whole[part], less[part])
                assert l1 <= bound.l1, (part, rows, person)
                assert l2_squared <= bound.l2_squared, (part, rows, person)
                reached |= {part.kind} if l1 == bound.l1 else set()
    assert {PartKind.ROWS, PartKind.PEOPLE, PartKind.PRESENT} <= reached


@pytest.mark.slow
@pytest.mark.parametrize("most", [1, 2])
def test_nobody_moves_questions_about_more_parts_than_one_person_is_in(
    most: int, site: Range, tmp_path: Path
) -> None:
    site = parted(site, Partition(SITE, most))
    chance = np.random.default_rng(most)
    questions = {key: priced_plan(site.schema, (), (f"site = '{key}'",)) for key in "abc"}
    assert all(parts_touched(one.plan, site.schema) == (key,) for key, one in questions.items())
    moved = set()
    for _ in range(15):
        rows = random_rows(chance)
        whole = {key: site.sums(rows, one, tmp_path) for key, one in questions.items()}
        for person in {row[0] for row in rows}:
            rest = without(rows, person)
            less = {key: site.sums(rest, one, tmp_path) for key, one in questions.items()}
            moved.add(sum(whole[key] != less[key] for key in questions))
    assert max(moved) == most


@pytest.mark.slow
def test_nobody_moves_a_question_about_parts_that_they_are_not_in(
    site: Range, tmp_path: Path
) -> None:
    site = parted(site, Partition(SITE, 2))
    chance = np.random.default_rng(0)
    where = ("site != 'b'", "age < 7 OR pay > 0")
    priced = priced_plan(site.schema, ("sex",), where)
    assert parts_touched(priced.plan, site.schema) == ("a", "c")
    stayed = 0
    for _ in range(50):
        rows = random_rows(chance)
        whole = site.sums(rows, priced, tmp_path)
        outside = {row[0] for row in rows} - {row[0] for row in rows if row[1] in {"a", "c"}}
        for person in outside:
            assert site.sums(without(rows, person), priced, tmp_path) == whole
        stayed += len(outside)
    assert stayed > 0


WORST: dict[str, tuple[Rows, PartKind, int, str | None]] = {
    "all rows in one group": ([("w", "a", "f", "9", "50")] * 9, PartKind.ROWS, 0, None),
    "all values present": ([("w", "a", "f", "9", "50")] * 9, PartKind.PRESENT, 0, "pay"),
    "a group for each row": (
        [("w", "a", "f", "9", "50"), ("w", "b", "f", "9", "50"), ("w", "c", "f", "9", "50")],
        PartKind.PEOPLE,
        0,
        None,
    ),
    "all values at the far bound": ([("w", "a", "f", "1e9", "5")] * 9, PartKind.SUM, 0, "age"),
    "all squares at the bounds": (
        [("w", "a", "f", "9", "1e9")] * 9,
        PartKind.SUM,
        612,
        '@MOMENT("pay", "pay" OVER "pay")',
    ),
    "all products in a corner": (
        [("w", "a", "f", "1e9", "1e9")] * 9,
        PartKind.SUM,
        0,
        '@MOMENT("age", "pay" OVER "age", "pay")',
    ),
    "all values far from the middle": ([("w", "a", "f", "9", "1e9")] * 9, PartKind.SUM, 15, "pay"),
}


@pytest.mark.parametrize("name", WORST)
def test_the_claim_is_reached_so_it_cannot_be_lowered(
    name: str, site: Range, tmp_path: Path
) -> None:
    rows, kind, centre, column = WORST[name]
    others: Rows = [("q", "a", "m", "1", "3"), ("r", "b", "m", "2", "")]
    priced = priced_plan(site.schema, ("site",), (), MEASURES + MOMENTS)
    part = Part(kind, None if column is None else ColumnName(column), centre)
    bound = priced.sensitivities[priced.parts.index(part)]
    whole = site.sums(rows + others, priced, tmp_path)[part]
    less = site.sums(others, priced, tmp_path)[part]
    assert distance(whole, less) == (bound.l1, bound.l2_squared)
