"""Changes a site's own key and dies before a line; a life for each line, until one survives.

Usage: rekey_program.py FOLDER. Prints for each life, as JSON, where it died and what the next start
found.
"""

import json
import os
import signal
import sys
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

from sandbox.assembly import open_site, rekey, sole_user
from sandbox.flow.rekey_site import key_in_force
from sandbox.flow.seal import public_text
from sandbox.settings import Settings

WATCHED = ("assembly.py", "rekey_site.py", "keys.py", "new_file.py", "group_commit.py")
"""Modules that order what is written to the folder of keys and to the books."""


class Death:
    """Kills this process before the watched line with a number."""

    def __init__(self, number: int, last_words: int) -> None:
        self._left = number
        self._last_words = last_words

    def watch(self, frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401  (a trace function)
        """Follow the watched modules line by line."""
        file = Path(frame.f_code.co_filename)
        if file.name not in WATCHED or "sandbox" not in file.parts:
            return None
        if event == "line":
            self._left -= 1
            if not self._left:
                os.write(self._last_words, f"{file.name}:{frame.f_lineno}".encode())
                os.kill(os.getpid(), signal.SIGKILL)
        return self.watch


def live(data: Path, number: int) -> str:
    """Change the key in a fork that dies before a line; say which, or nothing if it survived."""
    heard, said = os.pipe()
    if not (child := os.fork()):
        with sole_user(data):
            sys.settrace(Death(number, said).watch)
            rekey(Settings(data))
            sys.settrace(None)
        os._exit(0)
    os.close(said)
    _, status = os.waitpid(child, 0)
    with os.fdopen(heard, encoding="utf-8") as words:
        where = words.read()
    if not where and status:
        raise ChildProcessError(status)
    return where


def found(data: Path) -> dict[str, object]:
    """Start the site as the next day would; say by which key it signs, and what its books say."""
    site = open_site(Settings(data))
    with closing(site.books), site.books.read() as page:
        key = key_in_force(page)
        assert key is not None
        return {
            "signs_with": public_text(site.site_signer),
            "in_force": key.public,
            "changes": key.changes,
            "entries": page.log.size(),
            "files": sorted(file.name for file in (data / "keys").iterdir()),
        }


def main() -> None:
    """Live and die."""
    data, number, where = Path(sys.argv[1]), 0, "before"
    while where:
        number += 1
        where = live(data, number)
        sys.stdout.write(json.dumps({"died": where, **found(data)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
