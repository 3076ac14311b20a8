"""Who signs in, and as what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sandbox.model.names import PrincipalName


class Role(StrEnum):
    """What somebody may do; one role a token."""

    OWNER = "owner"
    STEWARD = "steward"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person or team."""

    name: PrincipalName
    role: Role
    created: datetime
