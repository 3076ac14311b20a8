"""Enrol: administrators open and close this site's own accounts; passwords are their holders'."""

from dataclasses import replace

from sandbox.errors import Conflict, NotFound, NotSignedIn
from sandbox.flow.authorise import demand
from sandbox.flow.passwords import NOBODYS, matches, verifier_of
from sandbox.flow.revoke import read_role, require_one_role, shut_all
from sandbox.flow.site import Site
from sandbox.model.login import Login
from sandbox.model.names import PrincipalName, principal_name
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page


def open_account(site: Site, caller: Principal, name: str, role: str, password: str) -> Login:
    """Let somebody sign in with a name and a first password.

    Raises:
        NotPermitted: not an administrator.
        BadInput: `name.principal`, `role.unknown` or `password.weak`.
        Conflict: `account.exists`, or `role.second`: the name works in another role already.
    """
    demand(caller, Verb.OPEN_ACCOUNT)
    person, wanted = principal_name(name), read_role(role)
    verifier = verifier_of(password, person, site.chance)
    with site.books.write() as page:
        if page.logins.find(person) is not None:
            raise Conflict("There is an account of this name", code="account.exists")
        require_one_role(page, person, wanted)
        now = site.clock.now()
        login = Login(person, wanted, verifier, now, caller.name, now)
        page.logins.add(person, login)
    return login


def accounts(
    site: Site, caller: Principal, after: Mark | None = None, limit: int = USUAL_PAGE
) -> Stretch[Login]:
    """List accounts, for administrators.

    Raises:
        NotPermitted: not an administrator.
    """
    demand(caller, Verb.LIST_ACCOUNTS)
    with site.books.read() as page:
        return page.logins.stretch(after, limit)


def close_account(site: Site, caller: Principal, name: str) -> Login:
    """Shut somebody out: the account is closed, and all of their tokens and sessions end now.

    Raises:
        NotPermitted: not an administrator.
        NotFound: code `account.none`.
    """
    demand(caller, Verb.CLOSE_ACCOUNT)
    with site.books.write() as page:
        login = _find(page, name)
        closed = login if login.closed else replace(login, closed=site.clock.now())
        page.logins.replace(closed.name, closed)
        shut_all(site, page, closed.name, caller.name)
    return closed


def reset_password(site: Site, caller: Principal, name: str, password: str) -> Login:
    """Give an account another password; whoever signed in with the old one is signed out.

    A closed account opens again.

    Raises:
        NotPermitted: not an administrator.
        NotFound: code `account.none`.
        BadInput: code `password.weak`.
    """
    demand(caller, Verb.RESET_PASSWORD)
    verifier = verifier_of(password, name, site.chance)
    with site.books.write() as page:
        login = _find(page, name)
        shut_all(site, page, login.name, caller.name)
        return _changed(site, page, replace(login, closed=None), verifier)


def change_password(site: Site, caller: Principal, old: str, new: str) -> Login:
    """Change one's own password; all of one's other tokens and sessions end.

    Raises:
        NotSignedIn: code `account.wrong`; the old password is not right, or there is no account.
        BadInput: code `password.weak`.
        Conflict: code `account.changed`.
    """
    demand(caller, Verb.CHANGE_PASSWORD)
    verifier = verifier_of(new, caller.name, site.chance)
    with site.books.read() as page:
        login = page.logins.find(caller.name)
    right = matches(login.verifier if login else NOBODYS, old)
    if login is None or login.closed or not right:
        raise NotSignedIn("The present password is not right", code="account.wrong")
    with site.books.write() as page:
        if page.logins.find(login.name) != login:
            raise Conflict("The account was changed meanwhile", code="account.changed")
        spared = () if caller.token is None else (caller.token,)
        shut_all(site, page, login.name, caller.name, but=spared)
        return _changed(site, page, login, verifier)


def _find(page: Page, name: str) -> Login:
    login = page.logins.find(PrincipalName(name))
    if login is None:
        raise NotFound("There is no such account", code="account.none")
    return login


def _changed(site: Site, page: Page, login: Login, verifier: str) -> Login:
    changed = replace(login, verifier=verifier, changed=site.clock.now())
    page.logins.replace(changed.name, changed)
    return changed
