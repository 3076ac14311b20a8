"""Five working days by the State Council's notices of 2025 and 2026, and by weekdays after."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.calendars import ChineseCalendar
from sandbox.model.application import Application, ApplicationState, Pause
from sandbox.model.deadline import ClockStage, deadline_of
from sandbox.model.names import ApplicationId, DatasetName, PrincipalName
from sandbox.model.working_day import WEEKDAYS, Idle, due_day

CHINA = ChineseCalendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")

# As announced by the General Office of the State Council, each November for the year after.
OFF = {
    *(date(2025, 1, 28) + timedelta(days=n) for n in range(8)),
    *(date(2025, 10, 1) + timedelta(days=n) for n in range(8)),
    *(date(2026, 2, 15) + timedelta(days=n) for n in range(9)),
    *(date(2026, 10, 1) + timedelta(days=n) for n in range(7)),
}
WORKED = {
    *(date(2025, 1, 26), date(2025, 2, 8), date(2025, 9, 28), date(2025, 10, 11)),
    *(date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)),
}


def application(received: datetime, **changes: object) -> Application:
    asked = Application(
        id=ApplicationId("a"),
        applicant=PrincipalName("researcher"),
        dataset=DatasetName("town/clinic"),
        purpose="research",
        scenario="s",
        safeguards="s",
        starts=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        public_key="",
        received=received,
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize("day", sorted(OFF))
def test_announced_holidays_are_not_worked(day: date) -> None:
    assert not CHINA.works(day)


@pytest.mark.parametrize("day", sorted(WORKED))
def test_weekends_that_make_up_for_holidays_are_worked(day: date) -> None:
    assert day.weekday() in {5, 6}
    assert CHINA.works(day)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 1, 24), date(2025, 2, 7)),
        (date(2025, 1, 27), date(2025, 2, 10)),
        (date(2025, 9, 26), date(2025, 10, 10)),
        (date(2025, 9, 30), date(2025, 10, 14)),
        (date(2026, 2, 13), date(2026, 2, 27)),
        (date(2026, 2, 14), date(2026, 2, 28)),
        (date(2026, 9, 18), date(2026, 9, 24)),
        (date(2026, 9, 30), date(2026, 10, 13)),
        (date(2026, 11, 20), date(2026, 11, 27)),
    ],
)
def test_five_days_around_spring_festival_and_national_day(received: date, due: date) -> None:
    clock = deadline_of(application(at(received)), CHINA, at(received), SHANGHAI)
    by_hand = [
        day
        for n in range(1, 30)
        if (day := received + timedelta(days=n)) in WORKED or (day.weekday() < 5 and day not in OFF)
    ]
    assert by_hand[4] == due
    assert (clock.due, clock.provisional, clock.used_days) == (due, False, 0)


def test_a_year_without_an_announcement_is_provisional() -> None:
    clock = deadline_of(application(at(date(2027, 2, 5))), CHINA, at(date(2027, 2, 5)), SHANGHAI)
    assert (clock.due, clock.provisional) == (date(2027, 2, 12), True)
    over_new_year = deadline_of(
        application(at(date(2026, 12, 30))), CHINA, at(date(2026, 12, 30)), SHANGHAI
    )
    assert over_new_year.provisional


def test_the_day_is_the_offices_and_not_that_of_utc() -> None:
    # 23:30 UTC on Thursday the 19th is 07:30 on Friday in Shanghai.
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert deadline_of(application(late), CHINA, late, SHANGHAI).due == date(2026, 11, 27)
    assert deadline_of(application(late), CHINA, late, UTC).due == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("today", "used", "stage"),
    [
        (date(2026, 11, 20), 0, ClockStage.RUNNING),
        (date(2026, 11, 22), 0, ClockStage.RUNNING),
        (date(2026, 11, 24), 2, ClockStage.RUNNING),
        (date(2026, 11, 25), 3, ClockStage.DAY_THREE),
        (date(2026, 11, 26), 4, ClockStage.DAY_FOUR),
        (date(2026, 11, 27), 5, ClockStage.DUE_TODAY),
        (date(2026, 11, 28), 5, ClockStage.OVERDUE),
        (date(2026, 12, 1), 7, ClockStage.OVERDUE),
    ],
)
def test_the_clock_warns_at_day_three_and_four(today: date, used: int, stage: ClockStage) -> None:
    clock = deadline_of(application(at(date(2026, 11, 20))), CHINA, at(today), SHANGHAI)
    assert (clock.used_days, clock.stage) == (used, stage)


def test_the_clock_stands_while_a_supplement_is_asked_for() -> None:
    asked = application(at(date(2026, 11, 20)))
    pause = Pause(at(date(2026, 11, 24)), PrincipalName("steward"), "Which paper?")
    waiting = replace(asked, pauses=(pause,), state=ApplicationState.SUPPLEMENT_REQUESTED)
    for later in (date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 24)):
        clock = deadline_of(waiting, CHINA, at(later), SHANGHAI)
        assert (clock.used_days, clock.stage) == (2, ClockStage.PAUSED)
    answered = replace(pause, answered=at(date(2026, 12, 1)))
    back = replace(asked, pauses=(answered,), state=ApplicationState.RESUBMITTED)
    clock = deadline_of(back, CHINA, at(date(2026, 12, 2)), SHANGHAI)
    assert (clock.used_days, clock.due) == (3, date(2026, 12, 4))


def test_asking_for_a_supplement_within_a_day_gains_no_time() -> None:
    day = date(2026, 11, 24)
    pause = Pause(at(day, 9), PrincipalName("steward"), "Which paper?", answered=at(day, 17))
    asked = application(at(date(2026, 11, 20)))
    paused = replace(asked, pauses=(pause,), state=ApplicationState.RESUBMITTED)
    assert deadline_of(paused, CHINA, at(day), SHANGHAI) == deadline_of(
        asked, CHINA, at(day), SHANGHAI
    )


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (ApplicationState.DRAFT, ClockStage.NOT_STARTED),
        (ApplicationState.GRANTED, ClockStage.STOPPED),
        (ApplicationState.REFUSED, ClockStage.STOPPED),
        (ApplicationState.WITHDRAWN, ClockStage.STOPPED),
    ],
)
def test_nobody_is_late_with_what_need_not_be_decided(
    state: ApplicationState, stage: ClockStage
) -> None:
    old = application(at(date(2026, 1, 5)), state=state)
    assert deadline_of(old, CHINA, at(date(2026, 11, 20)), SHANGHAI).stage is stage


@given(
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
)
def test_a_pause_never_brings_a_date_forward_and_a_due_day_is_worked(
    start: date, days: int, pauses: list[tuple[int, int]]
) -> None:
    idle = tuple(
        Idle(start + timedelta(days=first), start + timedelta(days=first + length))
        for first, length in pauses
    )
    for calendar in (CHINA, WEEKDAYS):
        due = due_day(calendar, start, days, idle)
        assert calendar.works(due)
        assert not any(one.covers(due) for one in idle)
        assert due >= due_day(calendar, start, days) > start
        assert due_day(calendar, start, days + 1, idle) > due
