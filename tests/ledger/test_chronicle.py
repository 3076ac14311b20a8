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
from sandbox.ledger.chronicle import MAX_CODES, MAX_SOURCES, OTHER, chronicle, fingerprint
from sandbox.ledger.figures import Chronicle
from sandbox.ledger.replay import replay
from sandbox.model.cost import text
from tests.support.half_a_year import HalfYear
from tests.support.honest_ledger import Entry, Story, told

CHONGQING = timezone(timedelta(hours=8))
HOURS = WorkingHours(CHONGQING)
HALF_YEAR = HalfYear().told()


def tell(story: list[Entry], source: str | None = None) -> Chronicle:
    return chronicle(enumerate(story), HOURS, source)


@pytest.mark.parametrize("story", [told(), HALF_YEAR], ids=["short", "half a year"])
def test_every_account_stands_where_the_replay_leaves_it(story: list[Entry]) -> None:
    figures, balances = tell(story), replay(enumerate(story)).balances
    accounts = {f"source/{name}": one.account for name, one in figures.sources.items()}
    for source in figures.sources.values():
        accounts |= {f"agreement/{one.name}": one.account for one in source.agreements}
    assert accounts == balances


def test_spending_over_time_is_the_running_sum_of_the_debits() -> None:
    figures = tell(HALF_YEAR)
    for name, source in figures.sources.items():
        debits = [one for one in HALF_YEAR if f"source/{name}" in one.get("balances", {})]
        running = [Fraction(one["balances"][f"source/{name}"]) for one in debits]
        shown = [amount for _, amount in source.spent.steps()]
        assert set(shown) <= set(running)
        assert shown == sorted(shown)
        assert shown[-1] == running[-1] == source.account.spent


def test_agreements_add_up_to_their_source_and_so_do_researchers() -> None:
    for source in tell(HALF_YEAR).sources.values():
        by_agreement = sum((one.account.spent for one in source.agreements), Fraction(0))
        by_researcher = sum((one.spent for one in source.researchers.values()), Fraction(0))
        assert by_agreement == by_researcher == source.account.spent


def test_entries_are_counted_once_for_their_source_and_once_for_the_site() -> None:
    figures = tell(HALF_YEAR)
    kinds = Counter(entry["kind"] for entry in HALF_YEAR)
    assert figures.counts == kinds
    added = sum((one.counts for one in figures.sources.values()), Counter[str]())
    assert added + Counter(site=1) == kinds
    refusals = [one for one in HALF_YEAR if one["kind"] == "refusal"]
    assert sum((one.codes for one in figures.sources.values()), Counter[str]()) == Counter(
        code for one in refusals for code in one["codes"]
    )
    assert figures.week.total() == kinds["debit"] + kinds["refusal"]


def test_the_half_year_has_one_of_each_pattern() -> None:
    assert tell(HALF_YEAR).watch.counts == dict.fromkeys(
        ("bursts", "same_price", "after_hours", "failures", "probing"), 1
    )


questions = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "a3", "nobody"]),
        st.sampled_from(["health/hie", "health/costs", "school/marks", "no/such"]),
        st.fractions(Fraction(-1), Fraction(3), max_denominator=60),
        st.sampled_from(["debit", "refusal", "failure", "release", "release of nothing"]),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(questions)
def test_figures_of_any_ledger_honest_or_not_are_those_of_the_replay(
    asked: list[tuple[str, str, Fraction, str]],
) -> None:
    story = Story()
    story.entries = told()
    for number, (agreement, dataset, amount, what) in enumerate(asked):
        _append(story, number, agreement, dataset, amount, what)
    figures, replayed = tell(story.entries), replay(enumerate(story.entries))
    for name, source in figures.sources.items():
        assert source.account == replayed.balances[f"source/{name}"]
        assert source.researchers.keys() == {one.researcher for one in source.agreements}
        for one in source.agreements:
            assert one.account == replayed.balances[f"agreement/{one.name}"]
    assert figures.counts == replayed.counts


def _append(
    story: Story, number: int, agreement: str, dataset: str, amount: Fraction, what: str
) -> None:
    if what == "refusal":
        refusal = {**told()[-3], "agreement": agreement, "dataset": dataset}
        story.add({**refusal, "kind": "refusal", "request": "0" * 64, "codes": ["x"]})
        return
    if what == "release of nothing":
        story.release(f"none {number}", 10**6)
        return
    pure = dataset == "school/marks"
    cost = {
        "rho": text(amount**2 / 2 if pure else amount),
        "delta": "0",
        "epsilon": text(amount) if pure else None,
    }
    debit = story.debit(f"more {number}", agreement, dataset, cost, {})
    if what == "release":
        story.release(f"more {number}", debit)


def test_one_source_can_be_told_of_alone() -> None:
    whole = tell(HALF_YEAR).sources["transport/riders"]
    alone = tell(HALF_YEAR, "transport/riders")
    assert list(alone.sources) == ["transport/riders"]
    one = alone.sources["transport/riders"]
    assert (one.account, one.counts, one.codes) == (whole.account, whole.counts, whole.codes)


def test_what_cannot_be_read_is_counted_and_passed_over() -> None:
    broken: list[Any] = [{}, {"kind": 7}, {"kind": "debit"}, {"kind": "of tomorrow", "index": 3}]
    figures = tell([*told(), *broken])
    assert figures.unread == len(broken)
    assert figures.sources.keys() == tell(told()).sources.keys()


def test_a_ledger_of_a_million_names_fills_neither_memory_nor_page() -> None:
    story = Story()
    for number in range(MAX_SOURCES + 7):
        story.describe(f"owner/set-{number}", f"source-{number}", "zcdp")
    refusal = {**told()[-3], "kind": "refusal", "request": "0" * 64, "agreement": None}
    for number in range(MAX_CODES + 9):
        story.add({**refusal, "dataset": "owner/set-0", "codes": [f"code-{number}"]})
    figures = tell(story.entries)
    assert len(figures.sources) == MAX_SOURCES
    assert len(figures.further_sources) == 7
    codes = figures.sources["source-0"].codes
    assert codes[OTHER] == 9
    assert codes.total() == MAX_CODES + 9


def test_a_changed_cap_is_drawn_from_when_it_was_changed() -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp")
    story.add({**story.entries[0], "cap": "2", "time": "2026-12-01T00:00:00.000000Z"})
    source = tell(story.entries).sources["people"]
    assert [cap for _, cap in source.caps] == [1, 2]
    assert [change.cap for change in source.changes] == [1, None, 2]


def test_a_researcher_is_the_digest_of_the_key_and_no_key_is_not_an_error() -> None:
    assert fingerprint("AAAA") != fingerprint("AAAB")
    assert len(fingerprint("not base64!")) == len(fingerprint("\ud800")) == 64


def test_the_story_is_one_that_the_log_can_hold() -> None:
    assert json.loads(json.dumps(HALF_YEAR)) == HALF_YEAR
