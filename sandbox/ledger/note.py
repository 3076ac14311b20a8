"""Signed heads: C2SP checkpoints (c2sp.org/tlog-checkpoint) as C2SP notes (c2sp.org/signed-note).

One signature type, Ed25519 (0x01). As the specification asks, lines by unknown keys are ignored, so
that witnesses may co-sign, and a line by the known key that fails condemns the whole note. Stricter
than the specification: the key's name is the log's origin, there are no extension lines, and each
field has only one spelling.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import from_base64, to_base64

MAX_NOTE = 65536
"""Bytes of a note that is read at all."""
MAX_SIGNATURES = 100
"""Signature lines of a note; the specification asks for 16 at least."""
MAX_SIZE = 2**63 - 1
"""Entries of a log; what C2SP implementations hold in a signed 64-bit integer."""

_ED25519 = b"\x01"
_KEY_ID = 4
_NAME = r"(?P<name>[^\s+\ud800-\udfff]+)"
_KEY_LINE = re.compile(_NAME + r"\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")
_SIGNATURE_LINE = re.compile(f"— {_NAME} " + r"(?P<signature>[A-Za-z0-9+/=]+)")
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
    text = f"{name}+{_key_id(name, public).hex()}+{to_base64(_ED25519 + public)}"
    _read_key(text)
    return text


def key_name(vkey: str) -> str:
    """Give the name in a verifier key, which is its log's origin.

    Raises:
        BadInput: code `key.malformed`.
    """
    name, _, _ = _read_key(vkey)
    return name


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


def sign_note(body: str, name: str, public: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Sign a text that ends in a newline.

    Raises:
        BadInput: code `key.malformed`.
    """
    verifier_key(name, public)
    signature = to_base64(_key_id(name, public) + sign(body.encode()))
    return f"{body}\n— {name} {signature}\n"


def open_note(text: str, vkey: str) -> str:
    """Give the text of a note that the key signed; its blank line and signatures are cut off.

    Raises:
        NotVerified: code `ledger.checkpoint`; no line by this key, or one that fails.
        BadInput: code `checkpoint.malformed` or `key.malformed`.
    """
    name, key_id, key = _read_key(vkey)
    body, signatures = _parts(text)
    ours = [signed for signer, signed in signatures if (signer, signed[:_KEY_ID]) == (name, key_id)]
    if not ours:
        raise NotVerified("The checkpoint is not signed by this key", code="ledger.checkpoint")
    for signed in ours:
        try:
            key.verify(signed[_KEY_ID:], body.encode())
        except InvalidSignature as cause:
            raise NotVerified(
                "The checkpoint's signature does not hold", code="ledger.checkpoint"
            ) from cause
    return body


def _root(text: str) -> bytes:
    try:
        return from_base64(text)
    except BadInput as cause:
        raise _malformed() from cause


def _parts(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note at its last empty line into text and (name, key id || signature) lines."""
    body, blank, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    if len(text) > MAX_NOTE or _NOT_TEXT.search(text) or not blank or lines.pop() or not lines:
        raise _malformed()
    if len(lines) > MAX_SIGNATURES:
        raise _malformed()
    return body + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise _malformed()
    try:
        signed = from_base64(match["signature"])
    except BadInput as cause:
        raise _malformed() from cause
    if len(signed) <= _KEY_ID:
        raise _malformed()
    return match["name"], signed


def _read_key(vkey: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """Split a verifier key into name, key id and key, and check that they belong together."""
    match = _KEY_LINE.fullmatch(vkey)
    if match is None:
        raise _bad_key()
    try:
        typed = from_base64(match["key"])
        key = Ed25519PublicKey.from_public_bytes(typed[1:])
    except (BadInput, ValueError) as cause:
        raise _bad_key() from cause
    key_id = bytes.fromhex(match["id"])
    if typed[:1] != _ED25519 or _key_id(match["name"], typed[1:]) != key_id:
        raise _bad_key()
    return match["name"], key_id, key


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_ID]


def _malformed() -> BadInput:
    return BadInput("Not a checkpoint in the C2SP format", code="checkpoint.malformed")


def _bad_key() -> BadInput:
    return BadInput("Not an Ed25519 verifier key in the C2SP format", code="key.malformed")
