"""Timelines lose nothing, however long and however hostile the ledger is."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from sandbox.ledger.timeline import Timeline

times = st.datetimes(timezones=st.just(UTC))
near = st.datetimes(datetime(2026, 3, 1), datetime(2026, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(times, max_size=60), st.integers(2, 10))
def test_every_event_is_counted_in_bounded_steps(events: list[datetime], limit: int) -> None:
    timeline: Timeline[int] = Timeline(add, limit)
    for event in events:
        timeline.put(event, 1)
    steps = timeline.steps()
    assert len(steps) <= limit
    assert sum(count for _, count in steps) == len(events)
    assert [start for start, _ in steps] == sorted({start for start, _ in steps})


@given(st.lists(near, min_size=1, max_size=80), st.integers(2, 60))
def test_a_step_holds_exactly_the_events_between_its_start_and_the_next(
    events: list[datetime], most: int
) -> None:
    timeline: Timeline[int] = Timeline(add)
    for event in events:
        timeline.put(event, 1)
    shortened = timeline.spanned(most)
    width = timedelta(hours=shortened.hours)
    filled = shortened.filled(0)
    assert len(filled) <= most
    for start, count in filled:
        assert count == sum(start <= event < start + width for event in events)
    assert sum(count for _, count in filled) == len(events)


@given(st.lists(near, min_size=1, max_size=50))
def test_the_later_of_two_values_stands(events: list[datetime]) -> None:
    timeline: Timeline[int] = Timeline(lambda _older, newer: newer, limit=3)
    ordered = sorted(events)
    for number, event in enumerate(ordered):
        timeline.put(event, number)
    assert timeline.steps()[-1][1] == len(ordered) - 1
    values = [value for _, value in timeline.steps()]
    assert values == sorted(values)


def test_weeks_begin_on_mondays_and_days_at_midnight() -> None:
    timeline: Timeline[Counter[str]] = Timeline(add)
    for day in range(40):
        timeline.put(datetime(2026, 3, 4, 15, tzinfo=UTC) + timedelta(days=day), Counter(x=1))
    weeks = timeline.spanned(10)
    assert weeks.hours == 168
    assert all(start.weekday() == 0 and start.hour == 0 for start, _ in weeks.steps())
    assert timeline.spanned(60).hours == 24


def test_all_of_time_fits() -> None:
    timeline: Timeline[int] = Timeline(add)
    timeline.put(datetime.min.replace(tzinfo=UTC), 1)
    timeline.put(datetime.max.replace(tzinfo=UTC), 1)
    assert sum(count for _, count in timeline.spanned(2).filled(0)) == 2
