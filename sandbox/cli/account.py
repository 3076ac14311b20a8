"""`datarange account`: sign in, and who else may."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

import getpass
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli import account_texts as said
from sandbox.cli.account_tables import accounts, issued, tokens, told
from sandbox.cli.command import Most, command
from sandbox.cli.language import Phrase
from sandbox.cli.operation import RoleName
from sandbox.cli.terminal import Outcome, Terminal
from sandbox.cli.texts import READ_SO_FAR, ROLES

app = typer.Typer(help="Sign in, and let others in.", no_args_is_help=True)

Who = Annotated[str, typer.Option("--name", help="The account's name.")]
Somebody = Annotated[str, typer.Argument(help="The account's name.")]
Days = Annotated[
    int | None, typer.Option("--days", min=1, max=366, help="How long the token lasts; else 30.")
]
Label = Annotated[str, typer.Option("--label", help="What the token is for, in a few words.")]
Id = Annotated[str, typer.Argument(help="A token's id; `datarange account tokens` lists them.")]
Role = Annotated[RoleName, typer.Option("--role", help="What they may do.")]
ForWhom = Annotated[
    str | None, typer.Option("--for", help="Somebody else's name; for administrators.")
]
ForAgreement = Annotated[
    str | None,
    typer.Option("--agreement", help="One agreement that it serves, and with which it ends."),
]
OwnKey = Annotated[Path | None, typer.Option("--key", help="The file of the key.")]
AsWhat = Annotated[RoleName | None, typer.Option("--role", help="Their role, with --for.")]


@command(app, "login")
def login(terminal: Terminal, name: Who, days: Days = None, label: Label = "") -> Outcome:
    """Sign in with a password, and keep the token for this site (mode 0600)."""
    from sandbox.client import token_file
    from sandbox.client.identifying import sign_in

    url = _url()
    entered = sign_in(url, name, _secret(terminal, said.PASSWORD), days=days, label=label)
    file, card = token_file.keep(url, entered.secret), entered.card
    data = {"name": card.name, "role": card.role, "expires": card.expires, "file": str(file)}
    return Outcome(
        data,
        lambda lang: Text(
            said.SIGNED_IN(lang, **{**data, "role": ROLES[card.role](lang)}),
        ),
    )


@command(app, "logout")
def logout() -> Outcome:
    """Revoke the token that is kept for this site, and forget it."""
    from sandbox.client import connect, token_file
    from sandbox.errors import NotSignedIn

    url = _url()
    token = token_file.kept(url)
    if token is not None:
        with suppress(NotSignedIn):  # it has ended already
            connect(url, token).revoke_token(token_file.id_of(token))
        token_file.forget(url)
    return Outcome({"signed_out": True}, lambda lang: Text(said.SIGNED_OUT(lang)))


@command(app, "tokens")
def list_tokens(terminal: Terminal, limit: Most = None) -> Outcome:
    """List one's own tokens, without their secrets; everybody's for administrators."""
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told_of:
        return tokens(connect().tokens(limit, told_of))


@command(app, "issue")
def issue(
    days: Days = None,
    label: Label = "",
    name: ForWhom = None,
    role: AsWhat = None,
    agreement: ForAgreement = None,
) -> Outcome:
    """Issue a further token of one's own role; administrators may issue for others."""
    from sandbox.client import connect

    wanted = None if role is None else role.value
    return issued(connect().issue_token(days, label, name, wanted, agreement))


@command(app, "revoke")
def revoke(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Shut a token out from the next request on."""
    from sandbox.client import connect

    card = connect().revoke_token(id)
    return told(card, said.REVOKED, id=card.id, name=card.name)


@command(app, "password")
def password(terminal: Terminal) -> Outcome:
    """Change one's own password; all of one's other tokens end."""
    from sandbox.client import connect

    present = _secret(terminal, said.PRESENT)
    card = connect().change_password(present, _secret(terminal, said.NEW))
    return told(card, said.CHANGED, name=card.name)


@command(app, "key")
def key(key: OwnKey = None) -> Outcome:
    """Show the public half of the key that will sign your agreements; it is made if missing."""
    from sandbox.client import signing_key

    file = signing_key.make_if_missing(key or signing_key.default_path("researcher"))
    public = signing_key.public_key(file)
    return Outcome({"public_key": public}, lambda _: Text(public))


@command(app, "list")
def list_(terminal: Terminal, limit: Most = None) -> Outcome:
    """List the accounts that sign in with a password (administrators)."""
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told_of:
        return accounts(connect().accounts(limit, told_of))


@command(app, "add")
def add(terminal: Terminal, name: Somebody, role: Role) -> Outcome:
    """Open an account with a first password, which its holder should change (administrators)."""
    from sandbox.client import connect

    card = connect().open_account(name, role.value, _secret(terminal, said.NEW))
    return Outcome(
        card, lambda lang: Text(said.OPENED(lang, name=card.name, role=ROLES[card.role](lang)))
    )


@command(app, "close")
def close(name: Somebody) -> Outcome:
    """Close an account; all of its holder's tokens end now (administrators)."""
    from sandbox.client import connect

    card = connect().close_account(name)
    return told(card, said.CLOSED, name=card.name)


@command(app, "reset")
def reset(terminal: Terminal, name: Somebody) -> Outcome:
    """Give an account another password; it opens again if it was closed (administrators)."""
    from sandbox.client import connect

    card = connect().reset_password(name, _secret(terminal, said.NEW))
    return told(card, said.CHANGED, name=card.name)


def _url() -> str:
    from sandbox.client.range import DEFAULT_URL

    return os.environ.get("DATARANGE_URL") or DEFAULT_URL


def _secret(terminal: Terminal, prompt: Phrase) -> str:
    """Ask for a password without showing it; a program writes it on a line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt(terminal.language))
    return sys.stdin.readline().rstrip("\r\n")
