"""The composition root: the only place that names concrete classes, and where a server runs.

What loads slowly (the flow, with OpenDP behind it) is imported when it is needed: commands that
only open a site stay quick.
"""

# ruff: noqa: PLC0415  (see above)

import base64
import fcntl
import json
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import FastAPI

from sandbox.calendars import ChineseCalendar
from sandbox.engines.local import LocalEngine
from sandbox.engines.showcase import DiskShowcase
from sandbox.engines.snapshots import DiskVault
from sandbox.engines.workers import Workers
from sandbox.errors import BadInput, Conflict, Place, Unavailable
from sandbox.flow.publish import check_witnesses
from sandbox.flow.rekey_site import Rekeyed, key_in_force, rekey_site
from sandbox.flow.site import Site
from sandbox.isolation.plan import BackEnd
from sandbox.ledger.note import verifier_key
from sandbox.model.principal import Role
from sandbox.ports import Blocks, Books, Chance, Clock
from sandbox.settings import Settings
from sandbox.store.keys import Keys
from sandbox.store.place import open_books
from sandbox.store.workspaces import DiskWorkspaces
from sandbox.web.server import address, allow_many_files, http_server, listening

_PRIVATE_FOLDER = 0o700
_KEYS = "keys"


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Tells the machine's time."""

    def now(self) -> datetime:
        """Give the time in UTC, aware."""
        return datetime.now(UTC)  # noqa: TID251  (this is the Clock port's provider)


@dataclass(frozen=True, slots=True)
class SystemChance:
    """Gives the operating system's random bytes."""

    def fresh(self, length: int) -> bytes:
        """Give `length` random bytes."""
        return secrets.token_bytes(length)


def open_site(settings: Settings, clock: Clock | None = None) -> Site:
    """Open the site in a folder, or begin one; whoever calls is its `sole_user`.

    Without a clock it goes by the machine's.

    Raises:
        Unavailable: books, keys or folder cannot be used; the code says which.
        Conflict: code `site.origin` or `site.key`; the ledger was begun under another name or key,
            or the site's key in force is not in the folder.
        BadInput: `key.malformed`, `witness.rules`, `site.zone`, `books.url` or `books.place`.
    """
    check_witnesses(settings.witnessing)
    zone = _zone(settings.zone)
    _make_private(settings.data)
    keys = Keys(settings.data / _KEYS)
    books = open_books(settings.data, settings.books)
    clock, chance = clock or SystemClock(), SystemChance()
    snapshots = settings.data / "snapshots"
    with ExitStack() as undoing:
        undoing.callback(books.close)
        _settle(keys, books)
        site = Site(
            origin=_origin(settings, books, keys.ledger.public),
            books=books,
            clock=clock,
            chance=chance,
            vault=DiskVault(snapshots, keys.person_key, clock),
            showcase=DiskShowcase(settings.data / "showcase", clock),
            engine=LocalEngine(
                snapshots, running=settings.max_running, waiting=settings.max_waiting
            ),
            blocks=_blocks(settings, snapshots, chance),
            ledger_signer=keys.ledger,
            site_signer=keys.site,
            pseudonyms=keys.pseudonyms,
            workspaces=DiskWorkspaces(settings.data / "workspaces"),
            calendar=ChineseCalendar(),
            zone=zone,
            witnessing=settings.witnessing,
        )
        undoing.pop_all()
    return site


def _blocks(settings: Settings, snapshots: Path, chance: Chance) -> Blocks | None:
    """Choose how strangers' programs are held; None where nothing passes its self-test."""
    if settings.isolation is None:
        return None
    from sandbox.engines.blocks import BlockEngine
    from sandbox.isolation.chosen import choose

    chosen = choose(settings.isolation).chosen
    if chosen is None:
        return None
    return BlockEngine(snapshots, _workers(settings, chosen), chosen, chance)


def _workers(settings: Settings, back_end: BackEnd) -> Workers:
    """Choose where blocks run: in this process, or on a cluster, which takes seconds to start."""
    if settings.ray is None:
        from sandbox.engines.local_workers import LocalWorkers

        return LocalWorkers(back_end, settings.workers)
    from sandbox.engines.ray_workers import RayWorkers

    return RayWorkers(back_end, settings.ray, settings.workers)


def rekey(settings: Settings, clock: Clock | None = None) -> Rekeyed:
    """Give the site in a folder a new key of its own; whoever calls is its `sole_user`.

    The new key is on the disk before the books name it, and is used once they do. Whatever happens
    between, the next start goes by the books.

    Raises:
        Conflict: `site.not_founded`, or as `open_site` says.
        Unavailable: books, keys or folder cannot be used; the code says which.
    """
    site = open_site(settings, clock)
    with closing(site.books):
        keys = Keys(settings.data / _KEYS)
        done = rekey_site(site, keys.make_successor())
        _settle(keys, site.books)
    return done


def create_app(settings: Settings, site: Site) -> FastAPI:
    """Build the web application over a site; uploads of an earlier run are gone."""
    from sandbox.web.app import build
    from sandbox.web.uploads import sweep

    uploads = settings.data / "uploads"
    sweep(uploads)
    return build(site, uploads, max_upload=settings.max_upload, identity=settings.identity)


def serve(
    settings: Settings,
    on_ready: Callable[[str, dict[Role, str], str | None], None],
    clock: Clock | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; requests under way are finished first.

    `on_ready` gets the address, with the port that was taken, on a new site the first tokens, and
    what strangers' programs are held by, if anything; when connections are taken.

    Raises:
        Unavailable: code `site.running` or `site.address`, or as `open_site` says.
    """
    from sandbox.flow.found import found
    from sandbox.web.logs import log_to_stderr
    from sandbox.web.rounds import making_rounds

    allow_many_files()
    with sole_user(settings.data), listening(settings) as listener:
        site = open_site(settings, clock)
        with closing(site.books):
            tokens = found(site)
            _tidy(site)
            url = address(settings, listener)
            lane = site.blocks.back_end if site.blocks else None
            server = http_server(create_app(settings, site), lambda: on_ready(url, tokens, lane))
            log_to_stderr()
            # Uvicorn raises the signal again when it has stopped; either way we end as after
            # Ctrl-C.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with suppress(KeyboardInterrupt), making_rounds(site):
                server.run(sockets=[listener])


def _tidy(site: Site) -> None:
    """List what is not in the catalogue yet, and remove rows that no question can reach any more.

    These are of earlier versions, or what a kill left.
    """
    from sandbox.flow.download import opened_snapshots
    from sandbox.flow.list_record import list_unlisted
    from sandbox.flow.workspace import begin_workspaces

    with site.books.write() as page:
        list_unlisted(page)
        current = {dataset.snapshot.id for dataset in page.datasets}
    site.vault.sweep(current)
    site.showcase.sweep(opened_snapshots(site))
    begin_workspaces(site)


@contextmanager
def sole_user(data: Path) -> Iterator[None]:
    """Hold a site's folder; the lock goes when this process does, however it ends.

    Raises:
        Unavailable: code `site.running`; another process holds it.
    """
    _make_private(data)
    with ExitStack() as held:
        with _usable(data):
            lock = held.enter_context((data / "lock").open("ab"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                "A site is already running over this folder",
                code="site.running",
                place=Place(file=str(data)),
            ) from None
        yield


def _make_private(data: Path) -> None:
    with _usable(data):
        data.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)


@contextmanager
def _usable(data: Path) -> Iterator[None]:
    """Say of a folder that will not do which one it is.

    Raises:
        Unavailable: code `site.folder`; the disk may be read-only.
    """
    try:
        yield
    except OSError as cause:
        raise Unavailable(
            "The site's folder cannot be made or used",
            code="site.folder",
            place=Place(file=str(data)),
        ) from cause


def _settle(keys: Keys, books: Books) -> None:
    """Let the site sign with the key that is in force.

    Where a change was cut short, whoever may still be writing it down is waited for.

    Raises:
        Conflict: code `site.key`; the key in force is not here.
        Unavailable: the keys or the books cannot be used.
    """
    with books.read() if keys.is_settled else books.write() as page:
        key = key_in_force(page)
    if key is not None:
        keys.settle(base64.b64decode(key.public))


def _zone(name: str) -> ZoneInfo:
    """Find a time zone.

    Raises:
        BadInput: code `site.zone`.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise BadInput(
            "A time zone is named as in the IANA database: Asia/Shanghai", code="site.zone"
        ) from None


def _origin(settings: Settings, books: Books, ledger_key: bytes) -> str:
    """Give the name that the ledger was begun under, or will be.

    Raises:
        Conflict: another name or key is asked for now; checkpoints of both would contradict each
            other. Books on a server are not in the folder that has the keys.
    """
    with books.read() as page:
        first = json.loads(page.log.entry(0)) if page.log.size() else {}
    derived = f"datarange.local/{sha256(ledger_key).hexdigest()[:8]}"
    origin = str(first.get("origin") or settings.origin or derived)
    if settings.origin not in {None, origin}:
        raise Conflict(f"This site's ledger is named {origin}", code="site.origin")
    if first and first.get("ledger_key") != verifier_key(origin, ledger_key):
        raise Conflict("These books were begun under another site's key", code="site.key")
    return origin
