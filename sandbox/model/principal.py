"""Who signs in, and as what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sandbox.model.names import AgreementId, PrincipalName, TokenId


class Role(StrEnum):
    """What somebody may do; one role a token."""

    OWNER = "owner"
    STEWARD = "steward"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    """Lets people in and out; can neither read data, nor decide, nor audit."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person or team."""

    name: PrincipalName
    role: Role
    created: datetime
    token: TokenId | None = None
    """What they signed in with."""
    agreement: AgreementId | None = None
    """The agreement that this is for and no other thing, by its first version."""
