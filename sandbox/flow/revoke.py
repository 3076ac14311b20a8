"""Tokens and their end: issued for a time, listed without their secret, revoked at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sandbox.errors import BadInput, Conflict, NotFound, Place
from sandbox.flow.authorise import demand, may, of_agreement, of_token
from sandbox.flow.over import is_over, last_moment
from sandbox.flow.permit import hand_out
from sandbox.flow.site import Site
from sandbox.flow.versions import latest
from sandbox.model.label import whose
from sandbox.model.names import AgreementId, PrincipalName, TokenId, principal_name
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal, Role
from sandbox.model.token import Token, TokenState, lifetime, token_label
from sandbox.model.verb import Verb
from sandbox.ports import Page


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token with its secret, which is shown once."""

    token: Token
    secret: str

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"Issued({self.token.id!r})"


def issue(site: Site, caller: Principal, days: int | None, label: str) -> Issued:
    """Give the caller a further token of their own role.

    Raises:
        BadInput: `token.days` or `token.label`.
    """
    demand(caller, Verb.ISSUE_TOKEN)
    span, label = lifetime(days), token_label(label)
    with site.books.write() as page:
        secret, token = hand_out(
            site, page, caller.name, caller.role, span=span, label=label, issued_by=caller.name
        )
    return Issued(token, secret)


def issue_under(
    site: Site,
    caller: Principal,
    id: str,  # noqa: A002  (the field's name)
    days: int | None,
    label: str,
) -> Issued:
    """Give a researcher a token that serves one agreement of theirs, and ends with it.

    Raises:
        BadInput: `token.days` or `token.label`.
        NotFound: code `agreement.unknown`; there is none, or it is another's.
        Conflict: code `agreement.not_in_force`.
    """
    demand(caller, Verb.ISSUE_TOKEN)
    span, label = lifetime(days), token_label(label)
    with site.books.write() as page:
        agreement, now = page.agreements.find(AgreementId(id)), site.clock.now()
        if agreement is None or not may(caller, Verb.READ_AGREEMENT, of_agreement(page, agreement)):
            raise NotFound("You have no such agreement", code="agreement.unknown")
        agreement = latest(page, agreement)
        if is_over(page, agreement, now) or not may(
            caller, Verb.ASK, of_agreement(page, agreement)
        ):
            raise Conflict("This agreement is not in force", code="agreement.not_in_force")
        secret, token = hand_out(
            site,
            page,
            caller.name,
            caller.role,
            span=min(span, last_moment(agreement) - now),
            label=label,
            issued_by=caller.name,
            agreement=agreement.root,
        )
    return Issued(token, secret)


def issue_for(
    site: Site, caller: Principal, name: str, role: str, days: int | None, label: str
) -> Issued:
    """Give somebody a token, as an administrator; a name has one role here.

    Raises:
        NotPermitted: not an administrator.
        BadInput: `name.principal`, `role.unknown`, `token.days` or `token.label`.
        Conflict: `role.second`, the name works in another role already; `account.exists`, its
            holder has a password and issues tokens themselves: nobody else can in their name.
    """
    demand(caller, Verb.ISSUE_TOKEN_FOR)
    person, span, label = principal_name(name), lifetime(days), token_label(label)
    wanted = read_role(role)
    with site.books.write() as page:
        require_one_role(page, person, wanted)
        if page.logins.find(person) is not None:
            raise Conflict("This person issues their own tokens", code="account.exists")
        secret, token = hand_out(
            site, page, person, wanted, span=span, label=label, issued_by=caller.name
        )
    return Issued(token, secret)


def tokens_of(
    site: Site, caller: Principal, after: Mark | None = None, limit: int = USUAL_PAGE
) -> Stretch[Token]:
    """List one's own tokens; everybody's for an administrator."""
    demand(caller, Verb.LIST_TOKENS)
    named = None if caller.role is Role.ADMINISTRATOR else whose(caller.name)
    with site.books.read() as page:
        found = page.tokens.stretch(after, limit, label=named)
    return found.only(lambda each: may(caller, Verb.READ_TOKEN, of_token(each)))


def own_tokens(site: Site, caller: Principal) -> list[Token]:
    """List one's own tokens, all of them."""
    demand(caller, Verb.LIST_TOKENS)
    with site.books.read() as page:
        return list(page.tokens.labelled(whose(caller.name)))


def revoke(site: Site, caller: Principal, id: str) -> Token:  # noqa: A002  (the field's name)
    """Shut a token out from the next request on; also a second time.

    Raises:
        NotFound: code `token.none`; there is none, or it is another's.
    """
    demand(caller, Verb.LIST_TOKENS)
    with site.books.write() as page:
        token = page.tokens.find(TokenId(id))
        if token is None or not may(caller, Verb.REVOKE_TOKEN, of_token(token)):
            raise NotFound("You have no such token", code="token.none")
        return shut(site, page, token, caller.name)


def shut(site: Site, page: Page, token: Token, by: PrincipalName | None) -> Token:
    """Put a token's end in the books; by nobody where it ends with its agreement."""
    if token.state(site.clock.now()) is TokenState.REVOKED:
        return token
    ended = replace(token, revoked=site.clock.now(), revoked_by=by)
    page.tokens.replace(token.id, ended)
    return ended


def shut_all(
    site: Site, page: Page, name: PrincipalName, by: PrincipalName, but: Iterable[TokenId] = ()
) -> int:
    """Shut all of somebody's tokens out; say how many still opened the door."""
    now, spared = site.clock.now(), frozenset(but)
    open_ones = [
        each
        for each in page.tokens.labelled(whose(name))
        if each.id not in spared and each.state(now) is TokenState.VALID
    ]
    for each in open_ones:
        shut(site, page, each, by)
    return len(open_ones)


def read_role(text: str) -> Role:
    """Read a role's name.

    Raises:
        BadInput: code `role.unknown`.
    """
    try:
        return Role(text)
    except ValueError:
        names = ", ".join(role.value for role in Role)
        raise BadInput(
            f"A role is one of {names}", code="role.unknown", place=Place(clause="role")
        ) from None


def require_one_role(page: Page, name: PrincipalName, role: Role) -> None:
    """Keep a name to one role: who administers, decides and audits under one name checks nobody.

    Raises:
        Conflict: code `role.second`.
    """
    login = page.logins.find(name)
    held = {each.role for each in page.tokens.labelled(whose(name))}
    if login is not None:
        held.add(login.role)
    if held - {role}:
        raise Conflict("This name works in another role already", code="role.second")
