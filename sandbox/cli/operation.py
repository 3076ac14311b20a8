"""`datarange up`, `upgrade` and `token`: what whoever runs a site does on its machine."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.command import command
from sandbox.cli.doctor import Bwrap, Runsc, SharedKernel
from sandbox.cli.key_text import key_text
from sandbox.cli.language import Language
from sandbox.cli.terminal import Outcome, Terminal, printable
from sandbox.settings import MAX_WAITING, Identity, Settings

tokens = typer.Typer(help="Let further people in.", no_args_is_help=True)

DATA = Path("datarange-data")
LAG_ENTRIES, LAG_MINUTES = 1000, 60
"""Defaults of `sandbox.settings.Witnessing`."""


class RoleName(StrEnum):
    """What somebody may work as; `sandbox.model.principal.Role`, without its imports."""

    OWNER = "owner"
    STEWARD = "steward"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


Data = Annotated[Path, typer.Option("--data", help="Folder of everything that the site keeps.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")]
Books = Annotated[
    str | None,
    typer.Option(
        "--books",
        envvar="DATARANGE_BOOKS",
        metavar="URL",
        help="PostgreSQL database for the books, instead of a file in the folder. An address with "
        "a password belongs in the variable, where other users do not see it.",
    ),
]
Site = Annotated[
    Path, typer.Option("--data", exists=True, file_okay=False, help="Folder of a site's data.")
]
Witness = Annotated[
    list[str] | None,
    typer.Option(
        "--witness", help="Verifier key of a witness of the ledger, or its file; repeatable."
    ),
]
WitnessesRequired = Annotated[
    int,
    typer.Option(
        "--witnesses-required", min=0, help="Release nothing unless so many co-sign the ledger."
    ),
]
LagEntries = Annotated[
    int,
    typer.Option("--witness-lag-entries", min=0, help="Entries that the witnesses may be behind."),
]
LagMinutes = Annotated[
    int,
    typer.Option("--witness-lag-minutes", min=1, help="Age that their co-signatures may have."),
]
MaxRunning = Annotated[
    int | None,
    typer.Option("--max-running", min=1, help="Questions computed at once; else one a processor."),
]
Zone = Annotated[
    str, typer.Option("--zone", help="Time zone of the office, whose working days are counted.")
]
MaxWaiting = Annotated[
    int,
    typer.Option("--max-waiting", min=0, help="Questions that may wait for their turn."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, help="Blocks of an algorithm run at once; else one a processor."
    ),
]
Ray = Annotated[
    str | None,
    typer.Option("--ray", help="Ray cluster for these blocks: host and port, or: local."),
]
Programs = Annotated[
    bool,
    typer.Option("--programs/--no-programs", help="Whether researchers' programs are run here."),
]
IdentityFile = Annotated[
    Path | None,
    typer.Option("--identity", help="YAML file: sign-in limits, public address, OIDC provider."),
]
Role = Annotated[RoleName, typer.Option("--role", help="What they may do.")]
Name = Annotated[str, typer.Option("--name", help="Who; the ledger has a pseudonym only.")]
Days = Annotated[
    int | None, typer.Option("--days", min=1, max=366, help="How long the token lasts; else 30.")
]


def up(  # noqa: PLR0913  (an operator's choices)
    terminal: Terminal,
    *,
    data: Data = DATA,
    host: Host = "127.0.0.1",
    port: Port = 8360,
    books: Books = None,
    witness: Witness = None,
    witnesses_required: WitnessesRequired = 0,
    witness_lag_entries: LagEntries = LAG_ENTRIES,
    witness_lag_minutes: LagMinutes = LAG_MINUTES,
    max_running: MaxRunning = None,
    max_waiting: MaxWaiting = MAX_WAITING,
    identity: IdentityFile = None,
    zone: Zone = "Asia/Shanghai",
    programs: Programs = True,
    workers: Workers = None,
    ray: Ray = None,
    runsc: Runsc = None,
    bwrap: Bwrap = None,
    shared_kernel: SharedKernel = False,
) -> Outcome:
    """Start the embedded site; Ctrl-C stops it. The first start prints the first tokens."""
    from sandbox.settings import LOCAL, PROCESSORS, Isolation, Witnessing

    witnessing = Witnessing(
        keys=tuple(map(key_text, witness or ())),
        required=witnesses_required,
        max_entries=witness_lag_entries,
        max_age=timedelta(minutes=witness_lag_minutes),
    )
    settings = Settings(
        data,
        host,
        port,
        books=books,
        witnessing=witnessing,
        max_running=max_running or PROCESSORS,
        max_waiting=max_waiting,
        identity=LOCAL if identity is None else _identity(identity),
        zone=zone,
        isolation=Isolation(runsc, bwrap, shared_kernel=shared_kernel) if programs else None,
        workers=workers or PROCESSORS,
        ray=ray,
    )
    _serve(terminal, settings)
    return Outcome({"stopped": True}, lambda lang: Text(texts.STOPPED(lang)))


def _serve(terminal: Terminal, settings: Settings) -> None:
    """Serve until Ctrl-C, and say when there is something to see."""
    from sandbox.assembly import serve
    from sandbox.model import principal

    starting, data = ExitStack(), settings.data

    def ready(url: str, first: Mapping[principal.Role, str], lane: str | None) -> None:
        starting.close()
        tokens = {role.value: token for role, token in first.items()}
        if terminal.json:
            terminal.show_json({"url": url, "data": str(data), "tokens": tokens, "lane": lane})
            return
        _welcome(terminal, url, data, tokens)
        held = _held(terminal.language, lane, programs=settings.isolation is not None)
        terminal.people.print(held, soft_wrap=True)

    with suppress(KeyboardInterrupt), starting:
        starting.enter_context(terminal.waiting(texts.STARTING))
        serve(settings, ready)


def upgrade(data: Site, books: Books = None) -> Outcome:
    """Bring a site's books to this version's schema; take a copy of them first."""
    from sandbox.assembly import sole_user
    from sandbox.store.place import upgrade_books

    with sole_user(data):
        upgrade_books(data, books)
    return Outcome(
        {"upgraded": str(data)},
        lambda lang: Text(texts.UPGRADED(lang, folder=printable(str(data)))),
    )


@command(tokens, "add")
def add(data: Site, role: Role, name: Name, books: Books = None, days: Days = None) -> Outcome:
    """Give somebody a role and a token; on the site's machine, while the site is stopped."""
    from sandbox.assembly import open_site, sole_user
    from sandbox.flow.permit import admit
    from sandbox.model import principal

    with sole_user(data):
        site = open_site(Settings(data, books=books))
        with closing(site.books), site.books.write() as page:
            token = admit(site, page, name, principal.Role(role.value), days)

    def view(lang: Language) -> Text:
        heading = texts.TOKEN_ADDED(lang, name=name, role=texts.ROLES[role.value](lang))
        return Text(f"{heading}\n").append(token, "bold")

    return Outcome({"name": name, "role": role.value, "token": token}, view)


def _identity(file: Path) -> Identity:
    """Read how people sign in; the parser is loaded by sites that have such a file only."""
    from sandbox.cli.identity_file import read_identity

    return read_identity(file)


def register(app: typer.Typer) -> None:
    """Put the commands that have no group into the app."""
    command(app, "up")(up)
    command(app, "upgrade")(upgrade)


def _held(lang: Language, lane: str | None, *, programs: bool) -> Text:
    """Say what researchers' programs are held by, or why there are none."""
    if lane is not None:
        return Text(texts.PROGRAMS_HELD(lang, name=lane))
    if programs:
        return Text(texts.PROGRAMS_NOT_HELD(lang), style="yellow")
    return Text(texts.PROGRAMS_OFF(lang))


def _welcome(terminal: Terminal, url: str, data: Path, first: Mapping[str, str]) -> None:
    """Say where the site is; tokens stand in lines that a terminal wraps, so they can be copied."""
    lang = terminal.language
    lines = [
        Text(texts.SERVING(lang, url=url), style="bold green"),
        Text(texts.DATA_IN(lang, folder=printable(str(data)))),
    ]
    if first:
        lines.append(Text("\n" + texts.TOKENS(lang), style="bold"))
        lines += [Text(f"  {texts.ROLES[role](lang)}: {token}") for role, token in first.items()]
        lines.append(Text("\n" + texts.USE_TOKEN(lang)))
        lines.append(Text(f"  export DATARANGE_URL={url}", style="cyan"))
        lines.append(Text(f"  export DATARANGE_TOKEN={first['owner']}", style="cyan"))
    for line in lines:
        terminal.people.print(line, soft_wrap=True)
