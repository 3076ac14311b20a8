"""Who comes in: a token's holder, with the role that it was handed out for."""

from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.errors import NotSignedIn, Unavailable
from sandbox.flow.site import Site
from sandbox.ledger.canonical import sha256
from sandbox.model.names import AgreementId, PrincipalName, TokenId, principal_name
from sandbox.model.principal import Principal, Role
from sandbox.model.token import Means, Token, TokenState, lifetime
from sandbox.ports import Page

TOKEN_BYTES = 32
ID_DIGITS = 32
"""Of a token's SHA-256, in hexadecimal: half of it, which nobody finds a second token for."""
UNKNOWN = "Sign in with a token of this site"
DIARY = timedelta(hours=1)
"""How exactly the last use of a token is noted, and how often that is written at most."""


def identify(page: Page, token: str) -> Principal:
    """Find who a token belongs to, whether or not it still opens the door.

    Raises:
        NotSignedIn: code `token.unknown`; nobody has this token.
    """
    return _known(page, token).principal()


def admit_caller(site: Site, token: str, means: Means = Means.TOKEN) -> Principal:
    """Find who signs in with a token that opens the door now.

    Raises:
        NotSignedIn: `token.unknown`, `token.expired` or `token.revoked`.
    """
    now = site.clock.now()
    with site.books.read() as page:
        found = _known(page, token)
    if found.means is not means:
        raise NotSignedIn(UNKNOWN, code="token.unknown")
    state = found.state(now)
    if state is not TokenState.VALID:
        raise NotSignedIn(f"This token is {state.value}; sign in anew", code=f"token.{state.value}")
    _note_use(site, found, now)
    return found.principal()


def admit(site: Site, page: Page, name: str, role: Role, days: int | None = None) -> str:
    """Give somebody a role and a new token; the token is shown once and kept nowhere.

    Raises:
        BadInput: the name is not one, or `token.days`.
    """
    person = PrincipalName(principal_name(name))
    secret, _ = hand_out(site, page, person, role, span=lifetime(days))
    return secret


def hand_out(  # noqa: PLR0913  (what a token says of itself)
    site: Site,
    page: Page,
    name: PrincipalName,
    role: Role,
    *,
    span: timedelta,
    means: Means = Means.TOKEN,
    label: str = "",
    issued_by: PrincipalName | None = None,
    agreement: AgreementId | None = None,
) -> tuple[str, Token]:
    """Make a secret and put its digest in the books; for one agreement, by its first version."""
    kind = role.value if means is Means.TOKEN else means.value
    secret = f"dr-{kind}-{site.chance.fresh(TOKEN_BYTES).hex()}"
    now = site.clock.now()
    token = Token(
        id=token_id(secret),
        name=name,
        role=role,
        created=now,
        expires=now + span,
        means=means,
        label=label,
        issued_by=issued_by,
        agreement=agreement,
    )
    page.tokens.add(token.id, token)
    return secret, token


def token_id(secret: str) -> TokenId:
    """Name a token without giving it away."""
    return TokenId(sha256(secret.encode("utf-8", "surrogatepass"))[:ID_DIGITS])


def _known(page: Page, secret: str) -> Token:
    found = page.tokens.find(token_id(secret))
    if found is None:
        raise NotSignedIn(UNKNOWN, code="token.unknown")
    return found


def _note_use(site: Site, token: Token, now: datetime) -> None:
    """Write down that a token is in use; a site that cannot write still answers readers."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if token.used is not None and hour - token.used < DIARY:
        return
    try:
        with site.books.write() as page:
            current = page.tokens.find(token.id)
            if current is not None:
                page.tokens.replace(token.id, replace(current, used=hour))
    except Unavailable:
        return
