"""Sign in: a name and a password become a token or a browser's session.

Whether a name exists is told by nothing: the same words, the same work, the same limits.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sandbox.errors import NotSignedIn
from sandbox.flow.passwords import NOBODYS, is_outdated, matches, renewed
from sandbox.flow.permit import hand_out
from sandbox.flow.revoke import Issued
from sandbox.flow.site import Site
from sandbox.model.label import whose
from sandbox.model.login import Login
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role
from sandbox.model.token import SESSION, Means, TokenState, lifetime, token_label
from sandbox.ports import Page


def sign_in(
    site: Site, name: str, password: str, *, days: int | None = None, label: str = ""
) -> Issued:
    """Give a program a token for a name and a password.

    Raises:
        NotSignedIn: code `account.wrong`.
        BadInput: `token.days` or `token.label`.
    """
    span, label = lifetime(days), token_label(label)
    return _entered(site, _checked(site, name, password), span, Means.TOKEN, label)


def sign_in_browser(site: Site, name: str, password: str) -> Issued:
    """Give a browser a session for a name and a password.

    Raises:
        NotSignedIn: code `account.wrong`.
    """
    return _entered(site, _checked(site, name, password), SESSION, Means.SESSION, "")


def begin_session(site: Site, name: PrincipalName, role: Role) -> Issued:
    """Give a browser a session for somebody whom an identity provider vouches for.

    Their role is what the provider says today; a token that they issue keeps it until it ends.
    """
    with site.books.write() as page:
        _sweep(site, page, name)
        secret, token = hand_out(site, page, name, role, span=SESSION, means=Means.SESSION)
    return Issued(token, secret)


@dataclass(frozen=True, slots=True)
class _Checked:
    """An account whose password was right, and what the books shall keep of it from now on."""

    login: Login
    verifier: str


def _checked(site: Site, name: str, password: str) -> _Checked:
    """Find whose password it is; one verifier is checked whatever the books hold."""
    with site.books.read() as page:
        login = page.logins.find(PrincipalName(name))
    right = matches(login.verifier if login else NOBODYS, password)
    if login is None or login.closed is not None or not right:
        raise _wrong()
    outdated = is_outdated(login.verifier)
    return _Checked(login, renewed(password, site.chance) if outdated else login.verifier)


def _entered(site: Site, checked: _Checked, span: timedelta, means: Means, label: str) -> Issued:
    """Hand the token out, unless the account was closed or its password changed meanwhile."""
    login = checked.login
    with site.books.write() as page:
        if page.logins.find(login.name) != login:
            raise _wrong()
        if checked.verifier != login.verifier:
            page.logins.replace(login.name, replace(login, verifier=checked.verifier))
        _sweep(site, page, login.name)
        secret, token = hand_out(
            site, page, login.name, login.role, span=span, means=means, label=label
        )
    return Issued(token, secret)


def _wrong() -> NotSignedIn:
    return NotSignedIn("Name or password is not right", code="account.wrong")


def _sweep(site: Site, page: Page, name: PrincipalName) -> None:
    """Forget somebody's sessions that are over; a token's end stays on record."""
    now = site.clock.now()
    for each in list(page.tokens.labelled(whose(name))):
        over = each.state(now) is not TokenState.VALID
        if each.means is Means.SESSION and over:
            page.tokens.remove(each.id)
