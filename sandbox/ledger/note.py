"""Signed heads: C2SP checkpoints (c2sp.org/tlog-checkpoint) as C2SP notes (c2sp.org/signed-note).

As the specification asks, lines by unknown keys are ignored, so that witnesses may co-sign
(`sandbox.ledger.cosignature`), and a line by the known key that fails condemns the whole note.
Stricter than the specification: the key's name is the log's origin, there are no extension lines,
and each field has only one spelling.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Never

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import from_base64, to_base64
from sandbox.ledger.keys import KEY_ID, NAME, NOTE, VerifierKey, named_key

MAX_NOTE = 65536
"""Bytes of a note that is read at all."""
MAX_SIGNATURES = 100
"""Signature lines of a note; the specification asks for 16 at least."""
MAX_SIZE = 2**63 - 1
"""Entries of a log; what C2SP implementations hold in a signed 64-bit integer."""

_SIGNATURE_LINE = re.compile(f"— {NAME} " + r"(?P<signature>[A-Za-z0-9+/=]+)")
_NOT_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_BODY = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: whose log, how many entries, which root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The note's text, which is what is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def verifier_key(name: str, public: bytes) -> str:
    """Write a key as verifiers configure it: `name+key id+base64(0x01 || key)`.

    Raises:
        BadInput: code `key.malformed`; the name is empty or has spaces or `+`, or the key has not
            32 bytes.
    """
    return str(named_key(name, NOTE, public))


def key_name(vkey: str) -> str:
    """Give the name in a verifier key, which is its log's origin.

    Raises:
        BadInput: code `key.malformed`.
    """
    return VerifierKey.read(vkey, NOTE).name


def sign_checkpoint(checkpoint: Checkpoint, public: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Sign a head with the log's key, whose name is the origin."""
    return sign_note(checkpoint.body, checkpoint.origin, public, sign)


def open_checkpoint(text: str, vkey: str) -> Checkpoint:
    """Read a head that the key signed.

    Raises:
        NotVerified: code `ledger.checkpoint`; not signed by this key, or of another log.
        BadInput: code `checkpoint.malformed` or `key.malformed`.
    """
    checkpoint = read_checkpoint(open_note(text, vkey))
    if checkpoint.origin != key_name(vkey):
        raise NotVerified("The checkpoint is of another log", code="ledger.checkpoint")
    return checkpoint


def read_checkpoint(body: str) -> Checkpoint:
    """Read a note's text as a head; whoever calls has checked the signature.

    Raises:
        BadInput: code `checkpoint.malformed`; not exactly origin, size and root.
    """
    match = _BODY.fullmatch(body)
    if match is None or int(match["size"]) > MAX_SIZE:
        raise BadInput("Not a log's head in the C2SP format", code="checkpoint.malformed")
    return Checkpoint(match["origin"], int(match["size"]), _root(match["root"]))


def claimed_size(checkpoint: str) -> int:
    """Give the size that a head claims, signed or not; 0 if it is no head."""
    try:
        return read_checkpoint(checkpoint.partition("\n\n")[0] + "\n").size
    except BadInput:
        return 0


def sign_note(body: str, name: str, public: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Sign a text that ends in a newline.

    Raises:
        BadInput: code `key.malformed`.
    """
    key = named_key(name, NOTE, public)
    return f"{body}\n{signature_line(key, sign(body.encode()))}\n"


def open_note(text: str, vkey: str) -> str:
    """Give the text of a note that the key signed; its blank line and signatures are cut off.

    Raises:
        NotVerified: code `ledger.checkpoint`; no line by this key, or one that fails.
        BadInput: code `checkpoint.malformed` or `key.malformed`.
    """
    key = VerifierKey.read(vkey, NOTE)
    body, signatures = parts(text)
    ours = signatures_by(key, signatures)
    if not ours:
        raise NotVerified("The checkpoint is not signed by this key", code="ledger.checkpoint")
    if not all(key.holds(signature, body.encode()) for signature in ours):
        raise NotVerified("The checkpoint's signature does not hold", code="ledger.checkpoint")
    return body


def parts(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note at its last empty line into text and (name, key id || signature) lines.

    Raises:
        BadInput: code `checkpoint.malformed`.
    """
    body, blank, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    if len(text) > MAX_NOTE or _NOT_TEXT.search(text) or not blank or lines.pop() or not lines:
        _refuse()
    if len(lines) > MAX_SIGNATURES:
        _refuse()
    return body + "\n", [read_signature_line(line) for line in lines]


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """Write a note's signature line, without its newline."""
    return f"— {key.name} {to_base64(key.id + signature)}"


def read_signature_line(line: str) -> tuple[str, bytes]:
    """Read a signature line as name and key id || signature.

    Raises:
        BadInput: code `checkpoint.malformed`.
    """
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        _refuse()
    try:
        signed = from_base64(match["signature"])
    except BadInput:
        _refuse()
    if len(signed) <= KEY_ID:
        _refuse()
    return match["name"], signed


def signatures_by(key: VerifierKey, signatures: list[tuple[str, bytes]]) -> list[bytes]:
    """Pick what claims to be signed by a key; whether it holds is for the caller to check."""
    return [
        signed[KEY_ID:]
        for name, signed in signatures
        if (name, signed[:KEY_ID]) == (key.name, key.id)
    ]


def _root(text: str) -> bytes:
    try:
        return from_base64(text)
    except BadInput:
        _refuse()


def _refuse() -> Never:
    raise BadInput("Not a checkpoint in the C2SP format", code="checkpoint.malformed")
