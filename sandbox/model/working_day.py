"""Working days: which days an office works, and how they are counted.

Pure: the calendar is handed in. `sandbox.calendars` has the one of China, with its holidays and
the weekends that are worked in exchange (调休).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import count, islice
from typing import Protocol

_SATURDAY = 5
_DAY = timedelta(days=1)


class Calendar(Protocol):
    """Knows which days are worked; a port, which stands here since these functions need it."""

    def works(self, day: date) -> bool:
        """Tell whether the office works on a day."""
        ...

    def is_published(self, year: int) -> bool:
        """Tell whether the official calendar of a year is known; if not, its days are a guess."""
        ...


class Weekdays:
    """Works from Monday to Friday; knows of no official year, so that every date is provisional.

    Holidays only put a day off. Whoever goes by weekdays alone is never late by the real calendar,
    unless a worked weekend is announced.
    """

    def works(self, day: date) -> bool:
        """Tell whether it is no weekend."""
        return day.weekday() < _SATURDAY

    def is_published(self, year: int) -> bool:  # noqa: ARG002  (the Calendar's signature)
        """Know of no year."""
        return False


WEEKDAYS = Weekdays()


@dataclass(frozen=True, slots=True)
class Idle:
    """Days on which the clock stood: after the first, up to and including the last."""

    after: date
    last: date

    def covers(self, day: date) -> bool:
        """Tell whether a day is not counted."""
        return self.after < day <= self.last


def local_day(moment: datetime, zone: tzinfo) -> date:
    """Give the day that an office's wall calendar shows at a moment."""
    return moment.astimezone(zone).date()


def counted_days(calendar: Calendar, start: date, idle: Sequence[Idle] = ()) -> Iterator[date]:
    """Give the working days after `start`, one by one, without those on which the clock stood."""
    days = (start + number * _DAY for number in count(1))
    return (day for day in days if calendar.works(day) and not any(one.covers(day) for one in idle))


def due_day(calendar: Calendar, start: date, days: int, idle: Sequence[Idle] = ()) -> date:
    """Give the last of so many working days after `start`; at least one."""
    return next(islice(counted_days(calendar, start, idle), days - 1, None))


def is_provisional(calendar: Calendar, first: date, last: date) -> bool:
    """Tell whether one of these days is of a year whose calendar is not published yet."""
    return not all(calendar.is_published(year) for year in range(first.year, last.year + 1))
