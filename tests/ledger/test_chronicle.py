"""The figures agree with the replay, and with sums that are made here from the entries."""

import json
from collections import Counter
from datetime import timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.ledger.anomalies import WorkingHours
from sandbox.ledger.asked import MAX_CODES, OTHER
from sandbox.ledger.charges import MAX_PERIODS, MAX_SNAPSHOTS
from sandbox.ledger.chronicle import MAX_SOURCES, chronicle
from sandbox.ledger.figures import SPANS, Chronicle, SourceFigures
from sandbox.ledger.oversight import MAX_LISTED, fingerprint
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

CHONGQING = timezone(timedelta(hours=8))
HOURS = WorkingHours(CHONGQING)
HALF_YEAR = HalfYear().told()


def tell(story: list[Entry], source: str | None = None) -> Chronicle:
    return chronicle(enumerate(story), HOURS, source)


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


def test_changes_of_caps_and_keys_are_told_of_apart_from_policies() -> None:
    figures = tell(HALF_YEAR)
    residents = figures.sources["health/residents"]
    caps_of = [(step.before.source, step.after.source) for step in residents.cap_steps]
    assert caps_of == [
        (Fraction("0.4"), Fraction("0.5")),
        (Fraction("0.5"), Fraction("0.47")),
    ]
    assert [cap for _, cap in residents.cap_curve] == [
        Fraction("0.4"),
        Fraction("0.5"),
        Fraction("0.47"),
    ]
    first, second = (step.key for step in residents.cap_steps)
    (rekeyed,) = residents.key_steps
    assert (rekeyed.old, rekeyed.new) == (first, second)
    assert residents.owner_key == second
    assert len(figures.key_steps) == 1
    assert not any(change.departs for change in residents.changes)


def test_a_policy_that_departs_from_the_caps_in_force_changes_none() -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp")
    story.describe("owner/set", "people", "zcdp", limits=caps(day="0.1"))
    source = tell(story.entries).sources["people"]
    assert [change.departs for change in source.changes if change.kind == "policy"] == [False, True]
    assert source.caps.day is None


def test_those_who_look_after_a_site_are_told_of() -> None:
    figures = tell(HALF_YEAR)
    residents, trips = figures.sources["health/residents"], figures.sources["transport/riders"]
    assert [one.subject for one in figures.deeds] == ["ledger"]
    assert [one.kind for one in residents.deeds] == ["review", "disposal", "erasure", "review"]
    assert [(one.kind, one.outcome) for one in trips.deeds] == [
        ("review", "objection"),
        ("erasure", ""),
    ]
    insurer = next(one for one in residents.agreements if one.disposed)
    assert insurer.researcher == residents.deeds[1].by == pseudonym("insurer")
    assert [len(one.witnesses) for one in figures.anchors] == [2] * 12


def test_entries_are_counted_once_for_their_source_and_once_for_the_site() -> None:
    figures = tell(HALF_YEAR)
    kinds = Counter(entry["kind"] for entry in HALF_YEAR)
    assert figures.counts == kinds
    added = sum((one.counts for one in figures.sources.values()), Counter[str]())
    of_the_site = Counter(site=1, anchor=kinds["anchor"], key_change=1, review=1)
    assert added + of_the_site == kinds
    refusals = [one for one in HALF_YEAR if one["kind"] == "refusal"]
    assert sum((one.codes for one in figures.sources.values()), Counter[str]()) == Counter(
        code for one in refusals for code in one["codes"]
    )
    assert figures.week.total() == kinds["debit"] + kinds["refusal"]


def test_the_half_year_has_one_of_each_pattern() -> None:
    assert tell(HALF_YEAR).watch.counts == dict.fromkeys(
        ("bursts", "same_price", "after_hours", "failures", "given_back", "probing"), 1
    )


questions = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "a3", "a4", "nobody"]),
        st.sampled_from(["health/hie", "health/costs", "school/marks", TRIPS]),
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
    asked: list[tuple[str, str, Fraction, str, tuple[str, ...] | None, str | None]],
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
    agreement: str,
    dataset: str,
    amount: Fraction,
    what: str,
    parts: tuple[str, ...] | None,
    emergency: str | None,
) -> None:
    name = f"more {number}"
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


def test_one_source_can_be_told_of_alone() -> None:
    whole = tell(HALF_YEAR).sources["transport/riders"]
    alone = tell(HALF_YEAR, "transport/riders")
    assert list(alone.sources) == ["transport/riders"]
    one = alone.sources["transport/riders"]
    assert (one.account, one.counts, one.codes) == (whole.account, whole.counts, whole.codes)
    assert accounts(alone).items() <= accounts(tell(HALF_YEAR)).items()


def test_what_cannot_be_read_is_counted_and_passed_over() -> None:
    broken: list[Any] = [{}, {"kind": 7}, {"kind": "debit"}, {"kind": "of tomorrow", "index": 3}]
    figures = tell([*told(), *broken])
    assert figures.unread == len(broken)
    assert figures.sources.keys() == tell(told()).sources.keys()


def test_a_ledger_of_a_million_names_fills_neither_memory_nor_page() -> None:
    story = Story()
    for number in range(MAX_SOURCES + 7):
        story.describe(f"owner/set-{number}", f"source-{number}", "zcdp")
    for number in range(MAX_CODES + 9):
        story.add(_refusal("owner/set-0", [f"code-{number}"]))
    figures = tell(story.entries)
    assert len(figures.sources) == MAX_SOURCES
    assert len(figures.further_sources) == 7
    codes = figures.sources["source-0"].codes
    assert codes[OTHER] == 9
    assert codes.total() == MAX_CODES + 9


def test_lists_of_what_owners_and_officials_did_are_bounded_and_counted() -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp", limits=caps(day="1"), partition=DISTRICTS)
    story.agree("a", ["owner/set"], "people", "zcdp")
    before = caps(day="1")
    for number in range(MAX_LISTED + 5):
        after = caps(day=str(number + 2))
        story.recap("people", "zcdp", before, after, change=number + 1)
        before = after
        story.declare(f"e{number}", "people")
        story.snapshots["owner/set"] = f"snapshot {number}"
        story.add({**story.entries[1], "snapshot": f"snapshot {number}"})
        story.debit(f"s{number}", "a", "owner/set", zcdp("0"), {}, parts=["north"])
        story.cancel(f"s{number}", len(story.entries) - 1, {})
    source = tell(story.entries).sources["people"]
    assert len(source.cap_steps) == len(source.emergencies) == len(source.cancelled) == MAX_LISTED
    assert len(source.parts) == MAX_SNAPSHOTS
    assert source.counts["cap_change"] == source.counts["cancellation"] == MAX_LISTED + 5
    assert source.caps.day == MAX_LISTED + 6


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


def test_a_key_is_known_by_its_digest_and_no_key_is_not_an_error() -> None:
    assert fingerprint("AAAA") != fingerprint("AAAB")
    assert len(fingerprint("not base64!")) == len(fingerprint("\ud800")) == 64


def test_the_story_is_one_that_the_log_can_hold() -> None:
    assert json.loads(json.dumps(HALF_YEAR)) == HALF_YEAR
