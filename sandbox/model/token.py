"""What somebody signs in with: a token that programs hold, or the session of a browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sandbox.errors import BadInput, Place
from sandbox.model.names import AgreementId, PrincipalName, TokenId
from sandbox.model.principal import Principal, Role

DEFAULT_DAYS = 30
"""Days that a token lasts unless its holder chooses otherwise."""
MAX_DAYS = 366
"""Days that a token may last."""
SESSION = timedelta(hours=12)
"""How long a browser stays signed in (NIST SP 800-63B-4, section 2.2.3: at most 24 hours)."""
MAX_LABEL = 100
"""Characters of what a holder calls a token."""


class Means(StrEnum):
    """How a secret comes back to the site."""

    TOKEN = "token"  # noqa: S105  (the word, not one)
    """In the Authorization header of a program."""
    SESSION = "session"
    """In a browser's cookie."""


class TokenState(StrEnum):
    """Whether a token still opens the door."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Token:
    """A secret as the books know it: by the first half of its SHA-256, never by itself."""

    id: TokenId
    name: PrincipalName
    role: Role
    created: datetime
    expires: datetime | None = None
    """None only for tokens of a time when they had no end."""
    means: Means = Means.TOKEN
    label: str = ""
    issued_by: PrincipalName | None = None
    used: datetime | None = None
    """To the hour: a time for each request would be a diary of its holder."""
    revoked: datetime | None = None
    revoked_by: PrincipalName | None = None
    """None where it ended with its agreement."""
    agreement: AgreementId | None = None
    """The first version of the agreement that it is for, with which it ends."""

    def state(self, now: datetime) -> TokenState:
        """Say whether it opens the door now; its last moment is outside."""
        if self.revoked is not None:
            return TokenState.REVOKED
        if self.expires is not None and now >= self.expires:
            return TokenState.EXPIRED
        return TokenState.VALID

    def principal(self) -> Principal:
        """Give whom it stands for."""
        return Principal(self.name, self.role, self.created, self.id, self.agreement)


def lifetime(days: int | None) -> timedelta:
    """Read how long a token shall last.

    Raises:
        BadInput: code `token.days`.
    """
    days = DEFAULT_DAYS if days is None else days
    if not 1 <= days <= MAX_DAYS:
        raise BadInput(
            f"A token lasts 1 to {MAX_DAYS} days", code="token.days", place=Place(clause="days")
        )
    return timedelta(days=days)


def token_label(text: str) -> str:
    """Read what a holder calls a token.

    Raises:
        BadInput: code `token.label`.
    """
    if len(text) > MAX_LABEL or not (text.isprintable() or not text):
        raise BadInput(
            f"A label has at most {MAX_LABEL} characters on one line",
            code="token.label",
            place=Place(clause="label"),
        )
    return text
