"""Axes have marks that people name, and plots are of the numbers that they show."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cli.language import Language
from sandbox.cli.report.axes import count_marks, time_marks
from sandbox.cli.report.bars import Bar, bars
from sandbox.cli.report.burn_down import burn_down
from sandbox.cli.report.heat_map import SHADES, shade
from sandbox.cli.report.stacked import Series, stacks
from sandbox.cli.report.wording import Wording, left, share, shown, spent
from sandbox.ledger.anomalies import WorkingHours
from sandbox.ledger.chronicle import chronicle
from sandbox.ledger.timeline import Timeline
from tests.support.half_a_year import HalfYear

times = st.datetimes(timezones=st.just(UTC))
SAY = Wording(Language.ENGLISH)


@given(times, times, st.integers(2, 9), st.sampled_from(Language))
def test_marks_are_few_in_order_and_within_the_span(
    one: datetime, other: datetime, most: int, language: Language
) -> None:
    start, end = sorted((one, other))
    marks = time_marks(start, end, most, language)
    assert len(marks) <= most
    assert all(0 <= place <= 1 for place, _ in marks)
    assert [place for place, _ in marks] == sorted(place for place, _ in marks)
    assert all(name for _, name in marks)


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (0.5, ["00:00", "03:00", "06:00", "09:00", "12:00"]),
        (5, ["2 Mar", "3 Mar", "4 Mar", "5 Mar", "6 Mar", "7 Mar"]),
        (170, ["Apr 2026", "May", "Jun", "Jul", "Aug"]),
        (400, ["May 2026", "Jul", "Sep", "Nov", "Jan 2027", "Mar"]),
        (2000, ["2027", "2028", "2029", "2030", "2031"]),
    ],
)
def test_marks_are_where_people_look_for_them(days: float, names: list[str]) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    marks = time_marks(start, start + timedelta(days=days), 6, Language.ENGLISH)
    assert [name for _, name in marks] == names


@given(st.integers(0, 10**9))
def test_counts_have_round_marks_up_to_the_highest(highest: int) -> None:
    marks = count_marks(highest)
    assert marks[0] == 0
    assert marks[-1] >= highest
    assert 2 <= len(marks) <= 7
    assert re.fullmatch("[125]0*", str(marks[1]))


@given(st.lists(st.tuples(times, st.sampled_from("abc")), min_size=1, max_size=40))
def test_bars_are_as_high_as_their_counts(events: list[tuple[datetime, str]]) -> None:
    timeline: Timeline[Counter[str]] = Timeline(add)
    for time, kind in events:
        timeline.put(time, Counter({kind: 1}))
    series = [Series((kind,), f"s{number}", kind) for number, kind in enumerate("abc")]
    for drawing in stacks(timeline, series, SAY):
        frame = drawing.height - 30 - 12
        marks = [int(one.text) for one in drawing.labels if one.text.isdigit() and one.x < 40]
        unit = frame / max(marks)
        drawn = sum(box.height for box in drawing.boxes)
        assert abs(drawn - unit * len(events)) <= 0.11 * len(drawing.boxes)


def test_the_burn_down_ends_at_what_was_spent() -> None:
    told = chronicle(enumerate(HalfYear().told()), WorkingHours(UTC))
    for source in told.sources.values():
        plot = burn_down(source, SAY, "id")
        last = plot.table.rows[-1]
        assert last[1] == spent(source.account.spent)
        assert last[2] == left(source.account.remaining)
        wide = plot.drawings[0]
        stair = next(path.d for path in wide.paths if path.css == "spent")
        cap = next(path.d for path in wide.paths if path.css == "cap")
        floor, top, end = wide.height - 30, _height(cap), _height(stair)
        used = float(source.account.spent / source.account.cap)
        assert abs((floor - end) / (floor - top) - used) < 0.002


def _height(path: str) -> float:
    """Read the last y of a path."""
    return float(path.rsplit(" ", 1)[1])


def test_a_bar_beyond_its_mark_is_marked() -> None:
    wide, _ = bars([Bar("within", "", 0.4, 0.5), Bar("beyond", "", 0.6, 0.5)])
    assert [box.css for box in wide.boxes if box.css != "track"] == ["s0", "s0 over"]


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_an_hour_with_requests_never_looks_empty(count: int, highest: int) -> None:
    low, high = sorted((count, highest))
    assert 0 <= shade(low, high) <= SHADES
    assert (shade(low, high) == 0) == (low == 0)


@given(st.fractions(0, 10**6), st.fractions(0, 10**6))
def test_amounts_are_rounded_against_whoever_spends(amount: Fraction, cap: Fraction) -> None:
    assert Fraction(spent(amount)) >= amount
    assert Fraction(left(amount)) <= amount
    percent = Wording(Language.CHINESE).percent(amount, cap)
    if percent != "> 1000%":
        assert Fraction(percent.removesuffix("%")) / 100 >= share(amount, cap)


@given(st.text())
def test_names_are_short_and_move_nothing(name: str) -> None:
    safe = shown(name, 40)
    assert len(safe) <= 41
    safe.encode()
    assert not any(sign in safe for sign in "\x00\x1b\u200b\u202e\u2066\u2028")
