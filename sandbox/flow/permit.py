"""Who may take a step: a token's owner, and the role that the step needs."""

from sandbox.errors import NotPermitted, NotSignedIn
from sandbox.flow.site import Site
from sandbox.ledger.canonical import sha256
from sandbox.model.names import Digest, PrincipalName, principal_name
from sandbox.model.principal import Principal, Role
from sandbox.ports import Page

TOKEN_BYTES = 32


def identify(page: Page, token: str) -> Principal:
    """Find who a token belongs to; the books know only its digest.

    Raises:
        NotSignedIn: nobody has this token.
    """
    principal = page.principals.find(_key(token))
    if principal is None:
        raise NotSignedIn("Sign in with a token of this site", code="token.unknown")
    return principal


def require(principal: Principal, *roles: Role) -> None:
    """Stop everybody but these roles.

    Raises:
        NotPermitted: the principal has another role.
    """
    if principal.role not in roles:
        wanted = " or ".join(role.value for role in roles)
        raise NotPermitted(
            f"This needs the role {wanted}; you are signed in as {principal.role.value}",
            code="role.missing",
        )


def admit(site: Site, page: Page, name: str, role: Role) -> str:
    """Give somebody a role and a new token; the token is shown once and kept nowhere.

    Raises:
        BadInput: the name is not one.
    """
    token = f"dr-{role.value}-{site.chance.fresh(TOKEN_BYTES).hex()}"
    newcomer = Principal(PrincipalName(principal_name(name)), role, site.clock.now())
    page.principals.add(_key(token), newcomer)
    return token


def _key(token: str) -> Digest:
    return Digest(sha256(token.encode("utf-8", "surrogatepass")))
