"""Opens data at a site, and dies when their files lie there and before they are recorded.

Usage: dying_opening_program.py SITE FILE POLICY TOKEN
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from sandbox.assembly import open_site
from sandbox.flow.download import open_up
from sandbox.flow.permit import identify
from sandbox.model.names import Pseudonym
from sandbox.settings import Settings


class Deadly:
    """Pseudonyms of a site that dies when it writes an entry of somebody."""

    def of(self, name: str) -> Pseudonym:
        """Die."""
        os.kill(os.getpid(), signal.SIGKILL)
        return Pseudonym(name)


def main(folder: str, file: str, policy: str, token: str) -> None:
    """Open the data."""
    site = open_site(Settings(Path(folder), port=0))
    with site.books.read() as page:
        owner = identify(page, token)
    open_up(replace(site, pseudonyms=Deadly()), owner, Path(policy).read_text(), Path(file), "csv")


if __name__ == "__main__":
    main(*sys.argv[1:])
