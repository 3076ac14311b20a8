"""Co-signatures of witnesses under a log's head (c2sp.org/tlog-cosignature, `cosignature/v1`).

A co-signature says: at this time, this head was the largest that the witness had seen of this log,
and it extends every earlier one. Whoever demands co-signatures of witnesses whom the site does not
own cannot be shown another history than the rest of the world.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import NotVerified
from sandbox.ledger.keys import COSIGNATURE, VerifierKey, named_key
from sandbox.ledger.note import parts, read_signature_line, signature_line, signatures_by

MAX_TIME = 2**63 - 1
"""Largest time of the specification, in POSIX seconds."""

_TIME = 8
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A co-signature that was checked against its head."""

    witness: str
    """Name of the witness's key."""
    time: int
    """When the witness says that it signed, in POSIX seconds."""
    line: str
    """The line that a checkpoint carries, without its newline."""


def witness_key(name: str, public: bytes) -> str:
    """Write a witness's verifier key, of type 0x04.

    Raises:
        BadInput: code `key.malformed`.
    """
    return str(named_key(name, COSIGNATURE, public))


def cosign(
    body: str, name: str, public: bytes, sign: Callable[[bytes], bytes], time: int
) -> Cosignature:
    """Co-sign a checkpoint's text, which ends in a newline, at a time in POSIX seconds.

    Whoever calls has checked the log's own signature and the head's consistency.

    Raises:
        BadInput: code `key.malformed`.
    """
    key = named_key(name, COSIGNATURE, public)
    signed = time.to_bytes(_TIME, "big") + sign(_message(body, time))
    return Cosignature(name, time, signature_line(key, signed))


def read_cosignature(line: str, body: str, vkey: str) -> Cosignature:
    """Read one line as a witness's co-signature under a checkpoint's text.

    Raises:
        NotVerified: code `witness.missing` (by another key) or `witness.signature` (of another
            head or time, or forged).
        BadInput: code `checkpoint.malformed` (no signature line) or `key.malformed`.
    """
    return _only_good(body, [read_signature_line(line)], VerifierKey.read(vkey, COSIGNATURE))


def find_cosignature(checkpoint: str, vkey: str) -> Cosignature:
    """Give a witness's co-signature under a checkpoint; of several, the latest.

    Raises:
        NotVerified: code `witness.missing` or, if one line by this witness fails,
            `witness.signature`.
        BadInput: code `checkpoint.malformed` or `key.malformed`.
    """
    body, signatures = parts(checkpoint)
    return _only_good(body, signatures, VerifierKey.read(vkey, COSIGNATURE))


def _only_good(body: str, signatures: list[tuple[str, bytes]], key: VerifierKey) -> Cosignature:
    ours = signatures_by(key, signatures)
    if not ours:
        raise NotVerified(f"The head is not co-signed by {key.name}", code="witness.missing")
    for signed in ours:
        if len(signed) != _TIME + _SIGNATURE or not _holds(key, signed, body):
            raise NotVerified(
                f"The co-signature by {key.name} is not of this head", code="witness.signature"
            )
    latest = max(ours)  # the time comes first, in big-endian order
    return Cosignature(key.name, _time(latest), signature_line(key, latest))


def _holds(key: VerifierKey, signed: bytes, body: str) -> bool:
    time = _time(signed)
    return time <= MAX_TIME and key.holds(signed[_TIME:], _message(body, time))


def _time(signed: bytes) -> int:
    return int.from_bytes(signed[:_TIME], "big")


def _message(body: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{body}".encode()
