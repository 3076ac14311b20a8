"""A site whose ledger is a long export: `python -m benchmarks.long_site EXPORT FOLDER`.

Prints a token of an auditor; `datarange up --data FOLDER` serves it. It is made once.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from benchmarks.long_ledger import LEDGER, SITE
from sandbox.assembly import open_site, sole_user
from sandbox.flow.permit import admit
from sandbox.ledger.tiles import read_export
from sandbox.model.principal import Role
from sandbox.ports import Books
from sandbox.settings import Settings
from sandbox.store.place import open_books
from sandbox.store.secret_file import private_folder

BATCH = 10_000
"""Entries in one transaction."""


def make(export: Path, folder: Path) -> str:
    """Make the site if it is missing, and give a token."""
    keys = folder / "keys"
    if not keys.exists():
        private_folder(keys)
        for name, key in (("ledger.key", LEDGER), ("site.key", SITE)):
            (keys / name).touch(mode=0o600)
            (keys / name).write_bytes(key.private_bytes_raw())
        with closing(open_books(folder, None)) as books:
            _fill(books, read_export(export).entries())
    with sole_user(folder):
        site = open_site(Settings(folder))
        with closing(site.books), site.books.write() as page:
            return admit(site, page, "auditor", Role.AUDITOR)


def _fill(books: Books, entries: Iterator[bytes]) -> None:
    while batch := list(islice(entries, BATCH)):
        with books.write() as page:
            for entry in batch:
                page.log.append(json.loads(entry))


if __name__ == "__main__":
    sys.stdout.write(make(Path(sys.argv[1]), Path(sys.argv[2])))
