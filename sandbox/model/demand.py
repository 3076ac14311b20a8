"""The demand list (需求清单): data that somebody misses, and what their owner answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sandbox.model.names import DatasetName, DemandId, OwnerName, PrincipalName


class DemandState(StrEnum):
    """Where a demand stands; it never ends without an answer."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    OPEN = "open"
    """The catalogue lists the data already."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What was asked of an owner, and the answer; public but for who asked."""

    id: DemandId
    asker: PrincipalName
    owner: OwnerName
    data: str
    """Which data are missed, in the asker's words."""
    use: str
    """What they would be used for."""
    asked: datetime
    state: DemandState = DemandState.ASKED
    reason: str = ""
    """The owner's answer; a refusal has one."""
    record: DatasetName | None = None
    """Where the data are, if they are open already."""
    answered: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse an answer without what belongs to it.

        Raises:
            ValueError: a refusal lacks its reason, `open` its record, or an answer its time.
        """
        if self.state is DemandState.REFUSED and not self.reason:
            raise ValueError("a refusal has a reason")
        if (self.state is DemandState.OPEN) != (self.record is not None):
            raise ValueError("a record is named if and only if the data are open already")
        if (self.state is DemandState.ASKED) != (self.answered is None):
            raise ValueError("an answer has a time")
