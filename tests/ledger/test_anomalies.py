"""Each rule finds exactly what its words say, against a computation that looks at all pairs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.ledger.anomalies import MAX_ENTRIES, MAX_INCIDENTS, RULES, Event, Watch, WorkingHours

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALWAYS = WorkingHours(UTC, 0, 24)


def watch(hours: WorkingHours = ALWAYS) -> Watch:
    return Watch(hours)


def events(seconds: Sequence[int]) -> list[Event]:
    """Make events from the pauses before each."""
    time, made = MONDAY, []
    for position, pause in enumerate(seconds):
        time += timedelta(seconds=pause)
        made.append(Event(position, time))
    return made


def marked(made: Sequence[Event], least: int, within: timedelta) -> set[int]:
    """Find all events that are in some window with enough events, the slow way."""
    found: set[int] = set()
    for last in made:
        window = [
            one for one in made if one.position <= last.position and last.time - one.time <= within
        ]
        if len(window) >= least:
            found |= {one.position for one in window}
    return found


@given(st.lists(st.integers(0, 90), max_size=70))
def test_bursts_are_all_windows_that_are_full(pauses: list[int]) -> None:
    seen, made = watch(), events(pauses)
    for event in made:
        seen.request(event, "s", "a")
    expected = marked(made, RULES["bursts"].least, RULES["bursts"].within)
    assert sum(incident.count for incident in seen.incidents["bursts"]) == len(expected)
    for incident in seen.incidents["bursts"]:
        assert set(incident.entries) <= expected
        assert len(incident.entries) == min(incident.count, MAX_ENTRIES)


@given(st.lists(st.integers(0, 3000), max_size=40))
def test_failures_are_all_windows_that_are_full(pauses: list[int]) -> None:
    seen, made = watch(), events(pauses)
    for event in made:
        seen.failure(event, "s")
    expected = marked(made, RULES["failures"].least, RULES["failures"].within)
    assert sum(incident.count for incident in seen.incidents["failures"]) == len(expected)


@given(st.lists(st.integers(0, 3000), max_size=40))
def test_debits_given_back_are_all_windows_that_are_full(pauses: list[int]) -> None:
    seen, made = watch(), events(pauses)
    for event in made:
        seen.cancellation(event, "s")
    expected = marked(made, RULES["given_back"].least, RULES["given_back"].within)
    assert sum(incident.count for incident in seen.incidents["given_back"]) == len(expected)


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=50))
def test_probing_counts_the_refusals_since_the_last_release(
    steps: list[tuple[int, bool]],
) -> None:
    seen, made = watch(), events([pause for pause, _ in steps])
    rule, expected, since = RULES["probing"], 0, list[Event]()
    for event, (_, released) in zip(made, steps, strict=True):
        if not released:
            seen.refusal(event, "s", "a")
            since.append(event)
            continue
        seen.release(event, "s", "a")
        recent = [one for one in since if event.time - one.time <= rule.within]
        expected += len(recent) >= rule.least
        since = []
    assert seen.counts["probing"] == expected


def test_only_like_prices_of_one_agreement_and_dataset_are_alike() -> None:
    seen = watch()
    for event in events([60] * 40):
        price = Fraction(event.position % 4 + 1)
        seen.debit(event, "s", "a", "d", price)
    assert seen.counts["same_price"] == 4
    other = watch()
    for event in events([60] * 40):
        other.debit(event, "s", f"a{event.position % 5}", "d", Fraction(1))
    assert seen.counts["same_price"] == 4
    assert not other.counts["same_price"]


def test_prices_are_alike_by_their_first_two_digits() -> None:
    seen = watch()
    for event in events([60] * 10):
        seen.debit(event, "s", "a", "d", Fraction(1230 + event.position, 10**6))
    assert seen.counts["same_price"] == 1


@pytest.mark.parametrize(
    ("time", "works"),
    [
        ("2026-03-02T00:00", True),  # Monday, eight in Shanghai
        ("2026-03-01T23:59", False),
        ("2026-03-02T11:59", True),
        ("2026-03-02T12:00", False),
        ("2026-03-07T04:00", False),  # Saturday noon
    ],
)
def test_working_hours_are_those_of_the_stated_zone(time: str, works: bool) -> None:  # noqa: FBT001
    hours = WorkingHours(ZoneInfo("Asia/Shanghai"))
    assert hours.cover(hours.local(datetime.fromisoformat(time).replace(tzinfo=UTC))) is works


def test_requests_at_night_are_found_and_those_by_day_are_not() -> None:
    seen = watch(WorkingHours(UTC))
    for event in events([60] * 5):
        seen.request(event, "s", "a")
    assert not seen.counts["after_hours"]
    for event in events([0]):
        for later in range(3):
            night = Event(later, event.time + timedelta(hours=10, minutes=later))
            seen.request(night, "s", "a")
    assert [incident.count for incident in seen.incidents["after_hours"]] == [3]


def test_a_clock_that_jumps_does_not_make_a_burst() -> None:
    seen = watch()
    for position in range(60):
        back = MONDAY - timedelta(days=position)
        seen.request(Event(position, back), "s", "a")
    assert not seen.counts["bursts"]


def test_what_is_listed_is_bounded_and_what_is_not_is_counted() -> None:
    seen = watch()
    for position in range(3 * (MAX_INCIDENTS + 25)):
        quiet = timedelta(days=position // 3)
        seen.failure(Event(position, MONDAY + quiet), "s")
    assert seen.counts["failures"] == MAX_INCIDENTS + 25
    assert len(seen.incidents["failures"]) == MAX_INCIDENTS


def test_the_end_of_time_has_no_zone_and_is_no_error() -> None:
    hours = WorkingHours(ZoneInfo("Asia/Shanghai"))
    end = datetime.max.replace(tzinfo=UTC)
    assert hours.local(end) == end
