"""Calendar periods that a budget may be rationed by, in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime

_MONTHS = 3
"""In a quarter."""


def periods_at(moment: datetime) -> Mapping[str, str]:
    """Name the day, month and quarter that a moment lies in.

    >>> dict(periods_at(datetime(2026, 11, 22, tzinfo=UTC)))
    {'day': '2026-11-22', 'month': '2026-11', 'quarter': '2026-Q4'}
    """
    here = moment.astimezone(UTC)
    return {
        "day": f"{here:%Y-%m-%d}",
        "month": f"{here:%Y-%m}",
        "quarter": f"{here:%Y}-Q{(here.month - 1) // _MONTHS + 1}",
    }
