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
    witnessing: Witnessing = UNWITNESSED
    max_running: int = PROCESSORS
    """Computations at once; each streams through a snapshot with memory for one shard."""
    max_waiting: int = MAX_WAITING
    """Computations that may wait for one of these to end; the next one is told to come back."""
