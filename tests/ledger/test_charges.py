"""Accounts in the figures stand where the replay and the books' own arithmetic leave them."""

from datetime import UTC
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.ledger.anomalies import WorkingHours
from sandbox.ledger.charges import MAX_PERIODS
from sandbox.ledger.chronicle import chronicle
from sandbox.ledger.figures import SPANS, Chronicle, SourceFigures
from sandbox.ledger.replay import replay
from sandbox.model.cost import text
from tests.support.half_a_year import FLOOD, HalfYear
from tests.support.honest_ledger import (
    DISTRICTS,
    RIDERS,
    TRIPS,
    Entry,
    Story,
    caps,
    honest,
    pseudonym,
    told,
    zcdp,
)

HALF_YEAR = HalfYear().told()


def tell(story: list[Entry], source: str | None = None) -> Chronicle:
    return chronicle(enumerate(story), WorkingHours(UTC), source)


def accounts(told: Chronicle) -> dict[str, Fraction]:
    """Give what was spent at each account, by the names that entries use."""
    found: dict[str, Fraction] = {}
    for name, source in told.sources.items():
        found[f"source/{name}"] = source.spent
        found[f"emergency/{name}"] = source.tranche.spent
        found |= {f"agreement/{one.name}": one.spent for one in source.agreements}
        found |= {f"person/{name}/{who}": one.spent for who, one in source.people.items()}
        for span in SPANS:
            periods = source.periods[span].items()
            found |= {f"period/{name}/{period}": one.spent for period, one in periods}
        for snapshot, parts in source.parts.items():
            found |= {f"part/{snapshot}/{key}": one.spent for key, one in parts.by_key.items()}
    return {account: spent for account, spent in found.items() if spent}


def replayed(story: list[Entry]) -> dict[str, Fraction]:
    balances = replay(enumerate(story)).balances
    return {account: one.spent for account, one in balances.items() if one.spent}


@pytest.mark.parametrize("story", [told(), HALF_YEAR], ids=["short", "half a year"])
def test_every_account_stands_where_the_replay_leaves_it(story: list[Entry]) -> None:
    assert accounts(tell(story)) == replayed(story)


def test_the_half_year_keeps_all_rules() -> None:
    assert replay(enumerate(HALF_YEAR)).found == ()


def test_the_half_year_stands_where_the_books_arithmetic_leaves_it() -> None:
    story = HalfYear()
    figures = tell(story.told())
    assert accounts(figures) == {name: spent for name, spent in story.tree.spent.items() if spent}


@pytest.mark.parametrize("story", [told(), HALF_YEAR], ids=["short", "half a year"])
def test_caps_in_force_are_the_replay_s(story: list[Entry]) -> None:
    balances = replay(enumerate(story)).balances
    for name, source in tell(story).sources.items():
        assert source.account == balances[f"source/{name}"]
        if source.caps.emergency:
            assert source.caps.emergency == balances[f"emergency/{name}"].cap
        for one in source.agreements:
            assert one.cap == balances[f"agreement/{one.name}"].cap


def test_spending_over_time_is_what_the_entries_state() -> None:
    figures = tell(HALF_YEAR)
    for name, source in figures.sources.items():
        debits = [one for one in HALF_YEAR if f"source/{name}" in one.get("balances", {})]
        running = [Fraction(one["balances"][f"source/{name}"]) for one in debits]
        shown = [amount for _, amount in source.curve.steps()]
        assert set(shown) <= set(running)
        assert shown[-1] == running[-1] == source.spent


def test_agreements_add_up_to_researchers_whatever_keys_they_signed_with() -> None:
    residents = tell(HALF_YEAR).sources["health/residents"]
    by_person: dict[str, Fraction] = {}
    for one in residents.agreements:
        by_person[one.researcher] = by_person.get(one.researcher, Fraction(0)) + one.spent
    assert by_person == {name: one.spent for name, one in residents.people.items()}
    clinic = residents.people[pseudonym("clinic")]
    assert clinic.agreements == 2
    keys = [
        one["researcher_key"] for one in HALF_YEAR if one.get("researcher") == clinic.researcher
    ]
    assert len(set(keys)) == 2


def riders(story: Story) -> SourceFigures:
    return tell(story.entries).sources[RIDERS]


def test_the_source_pays_for_the_dearest_parts_that_one_person_can_be_in() -> None:
    parts = riders(honest()).parts[f"snapshot of {TRIPS}"]
    spent = {key: one.spent for key, one in parts.by_key.items()}
    assert spent == {"north": Fraction(1, 10), "south": Fraction(1, 10), "east": Fraction(1, 10)}
    assert parts.loss == Fraction(1, 5)


@pytest.mark.parametrize("named", [["north", "north"], ["nowhere"], [], DISTRICTS["keys"]], ids=str)
def test_parts_that_are_none_are_charged_as_everybody(named: list[str]) -> None:
    story = honest()
    before = riders(story).spent
    story.debit("s10", "a4", TRIPS, zcdp("0.01"), {}, parts=named)
    assert riders(story).spent == before + Fraction(1, 100)


def test_an_emergency_is_paid_from_its_tranche_and_by_no_agreement() -> None:
    figures = tell(HALF_YEAR).sources["health/residents"]
    (flood,) = figures.emergencies
    assert (flood.name, flood.spent, flood.counts["release"]) == (FLOOD, figures.tranche.spent, 3)
    assert figures.reserved == Fraction("0.04") - flood.spent
    paid = sum(
        Fraction(one["cost"]["rho"])
        for one in HALF_YEAR
        if one["kind"] == "debit" and one["agreement"] == "4b1e90c27d35" and not one["emergency"]
    )
    clinic = next(one for one in figures.agreements if one.name == "4b1e90c27d35")
    given_back = [
        Fraction(HALF_YEAR[one["debit"]]["cost"]["rho"])
        for one in HALF_YEAR
        if one["kind"] == "cancellation" and HALF_YEAR[one["debit"]]["agreement"] == "4b1e90c27d35"
    ]
    assert clinic.spent == paid - sum(given_back)


def test_beside_a_period_stands_what_the_whole_life_had_cost_by_then() -> None:
    figures = tell(HALF_YEAR).sources["health/residents"]
    for month in figures.periods["month"].values():
        stated = [
            Fraction(one["balances"]["source/health/residents"])
            for one in HALF_YEAR
            if one["time"].startswith(month.name)
            and "source/health/residents" in one.get("balances", {})
        ]
        assert month.lifetime == stated[-1]
    assert not figures.periods["day"]


def test_what_was_given_back_is_told_of_with_its_reason() -> None:
    source = riders(honest())
    assert source.given_back == Fraction(1, 20)
    (one,) = source.cancelled
    assert (one.code, one.amount) == ("engine.queue_full", source.given_back)
    assert honest().entries[one.debit]["submission"] == "s6"


@pytest.mark.parametrize("end", ["failure", "release", "another's cancellation"])
def test_nothing_is_given_back_that_was_used(end: str) -> None:
    story = honest()
    debit = story.debit("s10", "a4", TRIPS, zcdp("0.01"), {})
    spent = riders(story).spent
    if end == "failure":
        story.fail("s10", debit)
    if end == "release":
        story.release("s10", debit)
    story.cancel("s11" if end.startswith("another") else "s10", debit, {})
    assert riders(story).spent == spent
    assert replayed(story.entries)[f"source/{RIDERS}"] == spent


WHO_AND_WHAT = [
    ("a1", "health/hie"),
    ("a1", "health/costs"),
    ("a2", "health/hie"),
    ("a3", "school/marks"),
    ("a4", TRIPS),
    ("nobody", TRIPS),
    ("nobody", "school/marks"),
]
questions = st.lists(
    st.tuples(
        st.sampled_from(WHO_AND_WHAT),
        st.fractions(Fraction(-1), Fraction(3), max_denominator=60),
        st.sampled_from(["debit", "refusal", "failure", "release", "cancel", "release of nothing"]),
        st.sampled_from([None, ("north",), ("south", "east"), ("north", "nowhere")]),
        st.sampled_from([None, None, "e1", "e2"]),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(questions)
def test_figures_of_any_ledger_honest_or_not_are_those_of_the_replay(
    asked: list[tuple[tuple[str, str], Fraction, str, tuple[str, ...] | None, str | None]],
) -> None:
    story = honest()
    for number, one in enumerate(asked):
        _append(story, number, *one)
    figures = tell(story.entries)
    assert accounts(figures) == replayed(story.entries)
    assert figures.counts == replay(enumerate(story.entries)).counts


def _append(  # noqa: PLR0913, PLR0917  (what Hypothesis draws)
    story: Story,
    number: int,
    who_and_what: tuple[str, str],
    amount: Fraction,
    what: str,
    parts: tuple[str, ...] | None,
    emergency: str | None,
) -> None:
    (agreement, dataset), name = who_and_what, f"more {number}"
    if what == "refusal":
        story.add(_refusal(dataset, ["x"]))
        return
    if what == "release of nothing":
        story.release(name, 10**6)
        return
    pure = dataset == "school/marks"
    cost = zcdp(text(amount**2 / 2 if pure else amount), text(amount) if pure else None)
    debit = story.debit(name, agreement, dataset, cost, {}, parts=parts, emergency=emergency)
    if what == "failure":
        story.fail(name, debit)
    if what == "cancel":
        story.cancel(name, debit, {})
    if what == "release":
        story.release(name, debit)


def _refusal(dataset: str, codes: list[str]) -> Entry:
    refusal = next(one for one in told() if one["kind"] == "refusal")
    return {**refusal, "dataset": dataset, "codes": codes}


def test_a_ledger_of_a_thousand_years_of_days_does_not_fill_the_memory() -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp", limits=caps(day="1"))
    for number in range(MAX_PERIODS + 20):
        debit = story.debit(f"s{number}", "nobody", "owner/set", zcdp("0.01"), {})
        day = f"{1000 + number}-01-01T00:00:00.000000Z"
        story.entries[debit]["time"] = day
    source = tell(story.entries).sources["people"]
    assert len(source.periods["day"]) == MAX_PERIODS
    assert source.spent == Fraction(MAX_PERIODS + 20, 100)


def test_a_source_that_is_told_of_alone_has_the_same_accounts() -> None:
    alone, whole = tell(HALF_YEAR, "transport/riders"), tell(HALF_YEAR)
    assert set(whole.sources) > set(alone.sources) == {"transport/riders"}
    assert accounts(alone).items() <= accounts(whole).items()


@pytest.mark.parametrize(
    "partition",
    [
        {**DISTRICTS, "most": 4},
        {**DISTRICTS, "most": 0},
        {**DISTRICTS, "keys": ["north", "north"]},
        {**DISTRICTS, "keys": ["north", *(str(number) for number in range(100))]},
    ],
)
def test_a_partition_that_divides_nobody_discounts_nothing(partition: dict[str, Any]) -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp", partition=partition)
    for number in range(2):
        story.debit(f"s{number}", "nobody", "owner/set", zcdp("0.1"), {}, parts=["north"])
    (source,) = tell(story.entries).sources.values()
    assert source.spent == Fraction(1, 5)
    assert not source.parts
