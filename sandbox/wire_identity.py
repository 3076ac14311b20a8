"""The messages about tokens and accounts; see `sandbox.wire` for the rules of all messages."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SignInForm:
    """A name and a password, for a token."""

    name: str
    password: str = field(repr=False)
    days: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class TokenForm:
    """A further token of one's own role, or (administrators) one for somebody."""

    days: int | None = None
    label: str = ""
    name: str | None = None
    role: str | None = None
    agreement: str | None = None
    """Of researchers' own: the one agreement that it shall serve, and end with."""


@dataclass(frozen=True, slots=True)
class TokenCard:
    """A token as its holder may see it again: without the secret."""

    id: str
    name: str
    role: str
    means: str
    """`token` or `session`."""
    label: str
    state: str
    """`valid`, `expired` or `revoked`."""
    created: str
    expires: str | None
    """None only for tokens of a time when they had no end."""
    used: str | None
    """To the hour."""
    issued_by: str | None
    revoked: str | None
    revoked_by: str | None
    """None where it ended with its agreement."""
    agreement: str | None = None
    """The one agreement that it serves."""


@dataclass(frozen=True, slots=True)
class TokenIssued:
    """A new token; `secret` is shown this once."""

    card: TokenCard
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountForm:
    """Somebody who shall sign in with a name and a password."""

    name: str
    role: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """Another password for an account."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnPasswordForm:
    """Another password of one's own."""

    present: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginCard:
    """An account, as administrators see it."""

    name: str
    role: str
    created: str
    created_by: str
    changed: str
    """When its password was last set."""
    closed: str | None
