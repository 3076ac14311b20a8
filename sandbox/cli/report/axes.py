"""Where an axis has its marks: at times that people name, at counts that are round."""

from collections.abc import Callable, Iterator
from datetime import MAXYEAR, UTC, datetime, timedelta
from itertools import takewhile

from sandbox.cli.language import Language

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOURS = (1, 2, 3, 6, 12)
_DAYS = (1, 2, 7, 14)
_STEPS_OF_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 300, 600, 1200, 6000, 24000, 120000)
"""Months between marks; the last ones are for ledgers that say absurd things."""
_YEAR = 12


_Name = Callable[[datetime], str]


def time_marks(
    start: datetime, end: datetime, most: int, language: Language
) -> list[tuple[float, str]]:
    """Give at most `most` marks, each with its place from 0 (start) to 1 (end) and its name."""
    if end.year == MAXYEAR:  # Marks are counted past the end, where there is no time.
        return []
    for marks, name in _candidates(start, end, most, language):
        if 0 < len(marks) <= most and end > start:
            return [((mark - start) / (end - start), name(mark)) for mark in marks]
    return [(0.0, _day(start, language))]


def count_marks(highest: int) -> list[int]:
    """Give three to six round numbers from 0 to at least `highest`."""
    step = 1
    while step * 5 < highest:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, -(-max(highest, 1) // step) * step + 1, step))


def _candidates(
    start: datetime, end: datetime, most: int, language: Language
) -> Iterator[tuple[list[datetime], _Name]]:
    """Give ever fewer marks with the way to name them; a list with one too many says no."""
    for hours in _HOURS:
        yield _every(start, end, timedelta(hours=hours), most), "{:%H:%M}".format
    for days in _DAYS:
        yield _every(start, end, timedelta(days=days), most), lambda mark: _day(mark, language)
    for step in _STEPS_OF_MONTHS:
        marks = list(_months(start, end, step, most))
        yield marks, _namer(marks, step, language)


def _every(start: datetime, end: datetime, width: timedelta, most: int) -> list[datetime]:
    """Give all multiples of a width within a span, or one more than `most`."""
    if (end - start) // width > most:
        return [start] * (most + 1)
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    skipped = -(-(start - midnight) // width)
    marks = (midnight + (skipped + number) * width for number in range(most + 2))
    return list(takewhile(lambda mark: mark <= end, marks))


def _months(start: datetime, end: datetime, step: int, most: int) -> Iterator[datetime]:
    """Give firsts of months within a span; years begin steps, and one past `most` is enough."""
    first = start.year * _YEAR + start.month - 1
    last = end.year * _YEAR + end.month - 1
    aligned = -(-first // step) * step
    given = 0
    for number in range(aligned, last + 1, step):
        year, month = divmod(number, _YEAR)
        mark = datetime(year, month + 1, 1, tzinfo=UTC)
        if start <= mark <= end:
            given += 1
            yield mark
        if given > most:
            return


def _namer(marks: list[datetime], months: int, language: Language) -> _Name:
    """Name months; the first mark and each January say the year."""

    def name(mark: datetime) -> str:
        if months % _YEAR == 0:
            return f"{mark.year}年" if language is Language.CHINESE else str(mark.year)
        year = mark == marks[0] or mark.month == 1
        if language is Language.CHINESE:
            return f"{mark.year}年{mark.month}月" if year else f"{mark.month}月"
        return f"{MONTHS[mark.month - 1]} {mark.year}" if year else MONTHS[mark.month - 1]

    return name


def _day(mark: datetime, language: Language) -> str:
    if language is Language.CHINESE:
        return f"{mark.month}月{mark.day}日"
    return f"{mark.day} {MONTHS[mark.month - 1]}"
