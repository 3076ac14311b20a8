"""Every way in which Data Range says no, as one small family of exceptions.

A stable `code` is for programs, `message` is for people, `place` says where to look.
Messages are outputs: they may name columns, clauses and numbers of the request, never a value
that was read from rows.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong; every part is optional, lines and columns count from 1."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    clause: str | None = None
    """A policy clause or request field, dotted: `columns.age.bounds`, `measures.0.column`."""
    row: int | None = None
    """A data row, counted from 1 without the header."""

    def __str__(self) -> str:
        """Write the known parts the way compilers do, `file:line:column`, then the rest."""
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        rest = [f"row {self.row}" if self.row else "", self.clause or ""]
        return ", ".join(part for part in (spot, *rest) if part)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a refusal, for both languages of the product."""

    code: str
    clause: str
    """The clause that refuses: `privacy.budget`, `columns.name.use`, `purposes`."""
    message: str
    message_zh: str
    column: str | None = None
    owner: str | None = None


class DataRangeError(Exception):
    """Something that a person must be told; never carries a data value."""

    status: ClassVar[int] = 500
    """HTTP status code."""
    exit_code: ClassVar[int] = 1
    """Exit status of the command line; documented in the README."""

    def __init__(self, message: str, *, code: str, place: Place | None = None) -> None:
        """Keep a one-sentence message, a stable dotted code, and the place if there is one."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.place = place


class BadInput(DataRangeError):
    """The request, file or policy is wrong in itself; correct it and try again."""

    status = 422
    exit_code = 3


class NotSignedIn(DataRangeError):
    """No token, or one that is unknown, expired or revoked; or a wrong name or password."""

    status = 401
    exit_code = 4


class NotPermitted(DataRangeError):
    """The caller's role, or the state of the thing, does not allow this.

    `reasons` quotes the rules of `policies/authorisation.cedar` that decided, if they did.
    """

    status = 403
    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        code: str,
        place: Place | None = None,
        reasons: tuple[Reason, ...] = (),
    ) -> None:
        """Keep the message, the code, and the rules that decided."""
        super().__init__(message, code=code, place=place)
        self.reasons = reasons


class NotFound(DataRangeError):
    """There is no such thing, or it is not the caller's to see; both read the same."""

    status = 404
    exit_code = 5


class Conflict(DataRangeError):
    """Somebody was first, or the thing has moved on."""

    status = 409
    exit_code = 6


class Refused(DataRangeError):
    """The policy says no; `reasons` lists every clause that does. Costs nothing."""

    status = 403
    exit_code = 7

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        """Keep all reasons; the message joins them for a reader of one line."""
        super().__init__("; ".join(reason.message for reason in reasons), code="refused")
        self.reasons = reasons


class NotVerified(DataRangeError):
    """A signature, proof or replay does not hold."""

    status = 409
    exit_code = 8


class TooMany(DataRangeError):
    """Too many requests, or too many failed sign-ins; `wait` says when to come back."""

    status = 429
    exit_code = 9

    def __init__(self, message: str, *, code: str, wait: int) -> None:
        """Keep the seconds after which the next try is taken."""
        super().__init__(message, code=code)
        self.wait = wait


class Unavailable(DataRangeError):
    """The site cannot do this now (full disk, locked books, old schema); nothing was released."""

    status = 503
    exit_code = 9
