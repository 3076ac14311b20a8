"""Tokens over HTTP: given for a password, listed without their secret, revoked at once."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from sandbox.flow.enrol import change_password
from sandbox.flow.revoke import Issued, issue, issue_for, issue_under, revoke, tokens_of
from sandbox.flow.sign_in import sign_in
from sandbox.model.token import Token
from sandbox.web.body import JsonBody
from sandbox.web.gate import TheGate
from sandbox.web.logins import login_card
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire_identity import (
    LoginCard,
    OwnPasswordForm,
    SignInForm,
    TokenCard,
    TokenForm,
    TokenIssued,
)

router = APIRouter(tags=["tokens"])

SignIn = Annotated[SignInForm, Depends(JsonBody(SignInForm))]
Form = Annotated[TokenForm, Depends(JsonBody(TokenForm))]
OwnPassword = Annotated[OwnPasswordForm, Depends(JsonBody(OwnPasswordForm))]


@router.post("/sign-in", status_code=201, openapi_extra=takes(SignInForm))
def sign_in_program(request: Request, form: SignIn, site: TheSite, gate: TheGate) -> TokenIssued:
    """Give a token for the name and password of an account of this site."""
    with gate.trying(request, form.name):
        issued = sign_in(site, form.name, form.password, days=form.days, label=form.label)
    return token_issued(issued, site.clock.now())


@router.get("/tokens")
def list_tokens(caller: Caller, site: TheSite, asked: Paged) -> list[TokenCard]:
    """List one's own tokens and sessions; everybody's for administrators."""
    now = site.clock.now()
    found = tokens_of(site, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return [token_card(each, now) for each in found.values]


@router.post("/tokens", status_code=201, openapi_extra=takes(TokenForm))
def issue_token(caller: Caller, form: Form, site: TheSite, gate: TheGate) -> TokenIssued:
    """Issue a further token of one's own, or for one agreement; administrators name somebody."""
    if form.agreement is not None:
        issued = issue_under(site, caller, form.agreement, form.days, form.label)
    elif form.name is None and form.role is None:
        issued = issue(site, caller, form.days, form.label)
    else:
        name, role = form.name or "", form.role or ""
        gate.require_local(name)
        issued = issue_for(site, caller, name, role, form.days, form.label)
    return token_issued(issued, site.clock.now())


@router.delete("/tokens/{id}")
def revoke_token(caller: Caller, id: str, site: TheSite) -> TokenCard:  # noqa: A002  (the field's name)
    """Shut a token out from the next request on."""
    return token_card(revoke(site, caller, id), site.clock.now())


@router.post("/me/password", openapi_extra=takes(OwnPasswordForm))
def change_own_password(
    request: Request, caller: Caller, form: OwnPassword, site: TheSite, gate: TheGate
) -> LoginCard:
    """Change one's own password; all of one's other tokens and sessions end."""
    with gate.trying(request, caller.name):
        return login_card(change_password(site, caller, form.present, form.password))


def token_card(token: Token, now: datetime) -> TokenCard:
    """Write a token for its holder; the books have no secret that could slip in."""
    return TokenCard(
        id=token.id,
        name=token.name,
        role=token.role.value,
        means=token.means.value,
        label=token.label,
        state=token.state(now).value,
        created=token.created.isoformat(),
        expires=_when(token.expires),
        used=_when(token.used),
        issued_by=token.issued_by,
        revoked=_when(token.revoked),
        revoked_by=token.revoked_by,
        agreement=token.agreement,
    )


def token_issued(issued: Issued, now: datetime) -> TokenIssued:
    """Write a new token, with its secret this once."""
    return TokenIssued(token_card(issued.token, now), issued.secret)


def _when(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
