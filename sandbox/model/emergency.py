"""An emergency opening (突发事件): two officials open a source's tranche for a few days."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.model.names import EmergencyId, PrincipalName, SourceName


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

    def is_open(self, now: datetime) -> bool:
        """Tell whether questions may spend from the tranche now."""
        return self.confirmed is not None and self.confirmed <= now < self.ends
