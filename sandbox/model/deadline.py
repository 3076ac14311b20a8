"""The five working days within which an application is decided.

They are counted in the office's local days from the day after receipt. The clock stands while a
supplement is asked for: the day it is asked for counts, the days after it up to and including the
day of the answer do not. When they are over nothing happens by itself: nothing is granted by
silence, but everybody can see that somebody is late.

Where the application names an emergency it is 24 hours by the wall clock, holidays or not; they
stand from the moment at which a supplement is asked for to the one at which it is answered.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import takewhile

from sandbox.model.application import Application, ApplicationState
from sandbox.model.working_day import (
    Calendar,
    Idle,
    counted_days,
    due_day,
    is_provisional,
    local_day,
)

WORKING_DAYS = 5
"""Within which an application is answered (重庆市公共数据开放管理暂行办法)."""

EMERGENCY_SPAN = timedelta(hours=24)
"""Within which an application is answered that names an emergency."""


class ClockStage(StrEnum):
    """What the clock shows."""

    NOT_STARTED = "not_started"
    """A draft: nobody has to answer."""
    RUNNING = "running"
    DAY_THREE = "day_three"
    DAY_FOUR = "day_four"
    HALF_TIME = "half_time"
    """In an emergency: half of the hours are over."""
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    PAUSED = "paused"
    STOPPED = "stopped"
    """Decided, or withdrawn."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an application is due, and how far its clock has come."""

    due: date
    """Last day, local; while the clock stands, what it would be if it went on from today."""
    provisional: bool
    """Whether a year on the way has no official calendar yet."""
    used_days: int
    """Working days used up, today included; in an emergency they are not counted."""
    stage: ClockStage
    until: datetime | None = None
    """In an emergency, the last moment, local."""
    used_hours: int | None = None
    """In an emergency, the whole hours used up."""


_STAGES = {3: ClockStage.DAY_THREE, 4: ClockStage.DAY_FOUR}
_STOPPED = frozenset(
    (ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
)


def deadline_of(
    application: Application, calendar: Calendar, now: datetime, zone: tzinfo
) -> Deadline:
    """Read an application's clock."""
    if application.emergency is not None:
        return _urgent(application, now, zone)
    today = local_day(now, zone)
    received = today if _is_draft(application) else local_day(application.received, zone)
    idle = tuple(
        Idle(local_day(one.asked, zone), local_day(one.answered or now, zone))
        for one in application.pauses
    )
    due = due_day(calendar, received, WORKING_DAYS, idle)
    used = sum(1 for _ in takewhile(today.__ge__, counted_days(calendar, received, idle)))
    return Deadline(
        due=due,
        provisional=is_provisional(calendar, received, due),
        used_days=used,
        stage=_standing(application) or _stage(used, due, today),
    )


def _urgent(application: Application, now: datetime, zone: tzinfo) -> Deadline:
    received = now if _is_draft(application) else application.received
    stood = sum(((one.answered or now) - one.asked for one in application.pauses), timedelta())
    used = max(now - received - stood, timedelta())
    until = received + EMERGENCY_SPAN + stood
    return Deadline(
        due=local_day(until, zone),
        provisional=False,
        used_days=0,
        stage=_standing(application) or _stage_of_hours(used),
        until=until.astimezone(zone),
        used_hours=used // timedelta(hours=1),
    )


def _is_draft(application: Application) -> bool:
    return application.state is ApplicationState.DRAFT


def _standing(application: Application) -> ClockStage | None:
    """Say why a clock does not run, if it does not."""
    if _is_draft(application):
        return ClockStage.NOT_STARTED
    if application.state in _STOPPED:
        return ClockStage.STOPPED
    if application.state is ApplicationState.SUPPLEMENT_REQUESTED:
        return ClockStage.PAUSED
    return None


def _stage(used: int, due: date, today: date) -> ClockStage:
    if used >= WORKING_DAYS:
        return ClockStage.OVERDUE if today > due else ClockStage.DUE_TODAY
    return _STAGES.get(used, ClockStage.RUNNING)


def _stage_of_hours(used: timedelta) -> ClockStage:
    if used > EMERGENCY_SPAN:
        return ClockStage.OVERDUE
    return ClockStage.HALF_TIME if 2 * used >= EMERGENCY_SPAN else ClockStage.RUNNING
