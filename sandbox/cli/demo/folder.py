"""The demo's folder: fresh each time, and everything that the demo writes stands in it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import Conflict, Place, Unavailable

MARKER = ".datarange-demo"
"""Stands in a folder that a demo made; without it nothing is ever removed."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where each thing of the demo stands."""

    root: Path

    @property
    def data(self) -> Path:
        """The owner's file."""
        return self.root / "hie.parquet"

    @property
    def site(self) -> Path:
        """The site's own folder."""
        return self.root / "site"

    @property
    def log(self) -> Path:
        """What the site says while it runs."""
        return self.root / "site.log"

    @property
    def owner_key(self) -> Path:
        """The owner's private key; outside of a demo it stands in the home folder."""
        return self.root / "owner.key"

    @property
    def researcher_key(self) -> Path:
        """The researcher's private key; likewise."""
        return self.root / "researcher.key"

    @property
    def ledger_key(self) -> Path:
        """The ledger's public key, as the auditor got it when the site was founded."""
        return self.root / "ledger.vkey"

    @property
    def temporary(self) -> Path:
        """What child processes use as /tmp."""
        return self.root / "tmp"

    def export(self, name: str) -> Path:
        """A copy of the ledger."""
        return self.root / name


def fresh(root: Path) -> Folder:
    """Make the folder anew; remove it first if an earlier demo made it.

    Raises:
        Conflict: code `demo.foreign_folder`; it holds something else.
        Unavailable: code `demo.unwritable`.
    """
    place = Place(file=str(root))
    try:
        if (root / MARKER).is_file() and not root.is_symlink():
            shutil.rmtree(root)
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise Conflict(
                "The demo writes into a new folder or an earlier demo's; this one has other things",
                code="demo.foreign_folder",
                place=place,
            )
        root.mkdir(parents=True, exist_ok=True)
        (root / MARKER).touch()
        Folder(root).temporary.mkdir()
    except OSError as cause:
        raise Unavailable(
            "The demo's folder cannot be made", code="demo.unwritable", place=place
        ) from cause
    return Folder(root.resolve())
