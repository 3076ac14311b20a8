"""Write until a limit on file sizes stops it; print how many blocks ended well, and the code.

`full_disk_program.py BOOKS BYTES`.
"""

import resource
import sys
from pathlib import Path

from sandbox.errors import Unavailable
from sandbox.store.sqlite import SqliteBooks


def main(path: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    books = SqliteBooks(path)
    written = 0
    try:
        while True:
            with books.write() as page:
                page.log.append({"text": "x" * 20_000})
            written += 1
    except Unavailable as refusal:
        sys.stdout.write(f"{written} {refusal.code}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
