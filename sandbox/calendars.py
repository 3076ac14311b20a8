"""Calendars: what the State Council announces for each year, as a kept library has it.

A year that the library does not have yet goes by weekdays: a date that falls in it is provisional.
"""

from datetime import date

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays

from sandbox.model.working_day import WEEKDAYS

_PUBLISHED = frozenset(day.year for day in holidays)


class ChineseCalendar:
    """Public holidays and make-up days (调休) of mainland China; a `Calendar`."""

    def works(self, day: date) -> bool:
        """Tell whether offices work: on announced days as announced, else from Monday to Friday."""
        return bool(is_workday(day)) if self.is_published(day.year) else WEEKDAYS.works(day)

    def is_published(self, year: int) -> bool:
        """Tell whether the library has the year's announcement."""
        return year in _PUBLISHED
