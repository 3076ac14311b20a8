"""An emergency opening (突发事件): two officials open a source's tranche for a few days."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sandbox.model.names import EmergencyId, PrincipalName, SourceName
from sandbox.model.working_day import Calendar, due_day, is_provisional, local_day

REVIEW_DAYS = 10
"""Working days after its end within which somebody looks into an emergency."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Declared by one official, in force once another has confirmed it, over by itself."""

    id: EmergencyId
    source: SourceName
    reason: str
    declared: datetime
    declared_by: PrincipalName
    ends: datetime
    """Set when it is declared: confirming late gains no time."""
    confirmed: datetime | None = None
    confirmed_by: PrincipalName | None = None
    entry: int | None = None
    """Index in the ledger, once it was confirmed."""
    reviewed: datetime | None = None
    """When somebody else than the two officials looked into it, after its end."""

    def is_open(self, now: datetime) -> bool:
        """Tell whether questions may spend from the tranche now."""
        return self.confirmed is not None and self.confirmed <= now < self.ends

    def waits_for_review(self, now: datetime) -> bool:
        """Tell whether it was open, is over, and nobody has looked into it."""
        return self.confirmed is not None and self.reviewed is None and now >= self.ends


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """Until when an emergency is to be looked into."""

    day: date
    """Last day, local."""
    provisional: bool
    """Whether a year on the way has no official calendar yet."""
    late: bool


def review_due(
    emergency: Emergency, calendar: Calendar, now: datetime, zone: tzinfo
) -> ReviewDue | None:
    """Say until when an emergency is to be reviewed; None where it never opened."""
    if emergency.confirmed is None:
        return None
    ended = local_day(emergency.ends, zone)
    due = due_day(calendar, ended, REVIEW_DAYS)
    late = emergency.waits_for_review(now) and local_day(now, zone) > due
    return ReviewDue(due, is_provisional(calendar, ended, due), late)
