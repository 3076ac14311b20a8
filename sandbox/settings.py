"""What an operator may choose; read by whoever starts a site, never from the environment here."""

from dataclasses import dataclass, field
from pathlib import Path

MAX_UPLOAD = 16 * 2**30
"""Bytes of one uploaded file, unless an operator says otherwise."""


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
