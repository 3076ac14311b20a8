"""What fails before a row is read is given back by an entry; what fails after it never is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest

from sandbox.errors import Conflict, Unavailable
from sandbox.flow.ask import ask, pay, run
from sandbox.flow.execute import execute
from sandbox.model.account import source_account
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.names import SourceName
from sandbox.model.principal import Role
from sandbox.model.submission import PricedPlan, Reservation
from sandbox.ports import Engine
from tests.flow.test_budget_tree import PARTITIONED, ROWS, asking, with_privacy
from tests.support.town import Town

SOURCE = source_account(SourceName("town/clinic"))


@dataclass
class BusyEngine:
    """The town's engine, with no place free while it is busy."""

    engine: Engine[PricedPlan]
    busy: bool = True
    read: list[str] = field(default_factory=list)

    @contextmanager
    def place(self) -> Iterator[None]:
        if self.busy:
            raise Unavailable("The queue is full", code="engine.busy")
        with self.engine.place():
            yield

    def add_up(self, reservation: Reservation, priced: PricedPlan) -> BoundedSum:
        self.read.append(reservation.submission)
        return self.engine.add_up(reservation, priced)


@pytest.fixture
def engine(town: Town) -> BusyEngine:
    engine = BusyEngine(town.site.engine)
    town.site = replace(town.site, engine=engine)
    town.describe("pure")
    town.agree()
    return engine


def test_a_full_queue_costs_nothing_and_says_so_in_the_ledger(
    town: Town, engine: BusyEngine
) -> None:
    researcher = town.people[Role.RESEARCHER]
    with pytest.raises(Unavailable) as busy:
        ask(town.site, researcher, asking(1, "0.5"))
    assert busy.value.code == "engine.busy"
    assert engine.read == []
    assert town.account(SOURCE).spent == 0
    assert [entry["kind"] for entry in town.entries()][-2:] == ["debit", "cancellation"]
    engine.busy = False
    ask(town.site, researcher, asking(1, "0.5"))
    assert town.account(SOURCE).spent == Fraction(1, 2)
    assert town.audit()[SOURCE].spent == Fraction(1, 2)
    assert len(town.entries("debit")) == 2
    assert len(town.entries("release")) == 1


def test_an_equal_request_that_has_begun_keeps_the_debit(town: Town, engine: BusyEngine) -> None:
    researcher = town.people[Role.RESEARCHER]
    submitted, first = pay(town.site, researcher, asking(1, "0.5"))
    _, second = pay(town.site, researcher, asking(1, "0.5"))
    assert isinstance(first, Reservation)
    assert isinstance(second, Reservation)
    assert isinstance(submitted.priced, PricedPlan)
    engine.busy = False
    execute(town.site, engine, first, submitted.priced)
    engine.busy = True
    with pytest.raises(Unavailable):
        execute(town.site, engine, second, submitted.priced)
    assert town.entries("cancellation") == []
    assert town.account(SOURCE).spent == Fraction(1, 2)
    town.audit()


def test_nothing_is_read_under_a_debit_that_was_given_back(town: Town, engine: BusyEngine) -> None:
    researcher = town.people[Role.RESEARCHER]
    submitted, first = pay(town.site, researcher, asking(1, "0.5"))
    _, second = pay(town.site, researcher, asking(1, "0.5"))
    assert isinstance(first, Reservation)
    assert isinstance(second, Reservation)
    with pytest.raises(Unavailable):
        run(town.site, submitted, first)
    with pytest.raises(Unavailable):
        run(town.site, submitted, second)
    engine.busy = False
    with pytest.raises(Conflict) as cancelled:
        run(town.site, submitted, second)
    assert cancelled.value.code == "submission.cancelled"
    _, third = pay(town.site, researcher, asking(1, "0.5"))
    assert isinstance(third, Reservation)
    with pytest.raises(Conflict):
        run(town.site, submitted, first)
    run(town.site, submitted, third)
    assert len(engine.read) == 1
    assert len(town.entries("cancellation")) == 1
    assert town.audit()[SOURCE].spent == Fraction(1, 2)


def test_parts_and_periods_are_given_back_too(town: Town) -> None:
    engine = BusyEngine(town.site.engine, busy=False)
    town.site = replace(town.site, engine=engine)
    policy = with_privacy("per_period: {day: 1}", PARTITIONED)
    town.describe(policy=policy, csv=ROWS)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.25", "north"))
    engine.busy = True
    with pytest.raises(Unavailable):
        ask(town.site, researcher, asking(1, "0.5", "south"))
    assert town.account(SOURCE).spent == Fraction(1, 4)
    engine.busy = False
    ask(town.site, researcher, asking(1, "0.5", "south"))
    balances = town.audit()
    assert balances[SOURCE].spent == town.account(SOURCE).spent == Fraction(1, 2)
    assert balances["period/town/clinic/2026-11-23"].spent == Fraction(3, 4)
