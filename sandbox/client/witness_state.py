"""What a witness saw last, in a file that is replaced wholly and durably, or not at all."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Never

from sandbox.errors import BadInput, Conflict, NotVerified, Place, Unavailable
from sandbox.ledger.note import Checkpoint, open_checkpoint

MAX_STATE = 2**17
"""Bytes of a state file that are read at all: a checkpoint and a key."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last head of a log, as the log signed it."""

    log_key: str
    """C2SP verifier key of the log."""
    checkpoint: str

    @property
    def head(self) -> Checkpoint:
        """The head, its signature checked once more."""
        return open_checkpoint(self.checkpoint, self.log_key)


class State:
    """The state file of one witness and one log, held by this process."""

    def __init__(self, path: Path) -> None:
        """Stand on a path; there may be no file yet."""
        self._path = path

    def read(self) -> Seen | None:
        """Read what was seen last; None if nothing was.

        Raises:
            BadInput: code `witness.state`; what stands there is no state. It is never overwritten:
                a witness that starts anew forgets what it saw.
        """
        try:
            with self._path.open("rb") as file:
                seen = Seen(**json.loads(file.read(MAX_STATE)))
            open_checkpoint(seen.checkpoint, seen.log_key)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, AttributeError, NotVerified, BadInput):
            raise BadInput(
                "The witness's state cannot be read", code="witness.state", place=_at(self._path)
            ) from None
        return seen

    def write(self, seen: Seen) -> None:
        """Put a state in the old one's place.

        Raises:
            Unavailable: code `witness.unwritable`; the old one stands.
        """
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            with draft.open("xb") as file:
                file.write(json.dumps(asdict(seen)).encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
            _sync(self._path.parent)
        except OSError:
            draft.unlink(missing_ok=True)
            _refuse(self._path)


@contextmanager
def hold(path: Path) -> Iterator[State]:
    """Let one process at a time use a state file.

    Raises:
        Conflict: code `witness.running`.
        Unavailable: code `witness.unwritable`.
    """
    try:
        lock = path.with_name(f"{path.name}.lock").open("ab")
    except OSError:
        _refuse(path)
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "Another witness is using this state", code="witness.running", place=_at(path)
            ) from None
        yield State(path)


def _sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse(path: Path) -> Never:
    raise Unavailable(
        "The witness's state cannot be written", code="witness.unwritable", place=_at(path)
    ) from None


def _at(path: Path) -> Place:
    return Place(file=str(path))
