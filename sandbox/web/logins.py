"""Accounts of the site's own over HTTP, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.enrol import accounts, close_account, open_account, reset_password
from sandbox.model.login import Login
from sandbox.web.body import JsonBody
from sandbox.web.gate import TheGate
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire_identity import AccountForm, LoginCard, PasswordForm

router = APIRouter(prefix="/accounts", tags=["accounts"])

Form = Annotated[AccountForm, Depends(JsonBody(AccountForm))]
Password = Annotated[PasswordForm, Depends(JsonBody(PasswordForm))]


@router.get("")
def list_accounts(caller: Caller, site: TheSite, asked: Paged) -> list[LoginCard]:
    """List the accounts that sign in with a password."""
    found = accounts(site, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return [login_card(each) for each in found.values]


@router.post("", status_code=201, openapi_extra=takes(AccountForm))
def add_account(caller: Caller, form: Form, site: TheSite, gate: TheGate) -> LoginCard:
    """Open an account with a first password, which its holder should change."""
    gate.require_local(form.name)
    return login_card(open_account(site, caller, form.name, form.role, form.password))


@router.post("/{name}/password", openapi_extra=takes(PasswordForm))
def set_password(caller: Caller, name: str, form: Password, site: TheSite) -> LoginCard:
    """Give an account another password; it opens again if it was closed."""
    return login_card(reset_password(site, caller, name, form.password))


@router.delete("/{name}")
def shut_account(caller: Caller, name: str, site: TheSite) -> LoginCard:
    """Close an account; all of its holder's tokens and sessions end now."""
    return login_card(close_account(site, caller, name))


def login_card(login: Login) -> LoginCard:
    """Write an account; nothing of its password is in it."""
    return LoginCard(
        name=login.name,
        role=login.role.value,
        created=login.created.isoformat(),
        created_by=login.created_by,
        changed=login.changed.isoformat(),
        closed=None if login.closed is None else login.closed.isoformat(),
    )
