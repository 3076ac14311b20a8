"""What an auditor may choose about a report, read strictly."""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.cli.language import Language
from sandbox.errors import BadInput, Place
from sandbox.ledger.anomalies import WorkingHours

_HOURS = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_DAY = 24


@dataclass(frozen=True, slots=True)
class Choices:
    """What the auditor asked for."""

    language: Language
    vkey: str
    zone: str
    """Name of the time zone of working hours."""
    source: str | None = None


def working_hours(zone: str, hours: str) -> WorkingHours:
    """Read a time zone's name and hours such as `8-20`.

    Raises:
        BadInput: code `report.timezone` or `report.hours`.
    """
    match = _HOURS.fullmatch(hours)
    opens, closes = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 0 <= opens < closes <= _DAY:
        raise BadInput(
            "Working hours are two full hours of one day, as in 8-20",
            code="report.hours",
            place=Place(clause="--hours"),
        )
    return WorkingHours(_zone(zone), opens, closes)


def _zone(name: str) -> tzinfo:
    """Find a time zone; UTC needs no database."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise BadInput(
            "No such time zone here; name one of the IANA database, as in Asia/Shanghai",
            code="report.timezone",
            place=Place(clause="--timezone"),
        ) from cause
