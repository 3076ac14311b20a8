"""One value, one byte string: canonical JSON, strict base64, digests and salted commitments.

Everything that is hashed or signed in this product is made of bytes from here, so that two honest
programs never disagree about what was signed. Readers are strict: what does not come back byte for
byte when written again is refused.
"""

import base64
import binascii
import hashlib
import json
from typing import Any, NamedTuple, Never

import rfc8785

from sandbox.errors import BadInput

SALT = 32
"""Bytes of a commitment's salt: as long as the digest, so that it cannot be searched."""
_COMMITMENT = b"datarange/v1 commitment\n"


def canonical(value: Any) -> bytes:  # noqa: ANN401  (JSON has no narrower type)
    """Write JSON by RFC 8785 (sorted keys, no spaces, one form for each number and string).

    Raises:
        BadInput: no JSON, an integer that is no double, NaN, infinity, a lone surrogate, or a depth
            that nobody needs.
    """
    try:
        return _written(value)
    except (ValueError, OverflowError, RecursionError) as cause:
        raise BadInput(
            "No canonical JSON: use text, safe integers, finite numbers, lists and maps",
            code="json.not_canonical",
        ) from cause


def _written(value: Any) -> bytes:  # noqa: ANN401
    """Write plain values with Python's own writer, which is twenty times faster.

    For text, safe integers, lists, and maps with ASCII keys it gives what RFC 8785 asks for: such
    keys sort alike by code point and by UTF-16 unit, and text needs the same escapes.
    """
    if _is_plain(value):
        return _PLAIN_ENCODER.encode(value).encode()
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        return rfc8785.dumps(_with_doubles(value))


def _is_plain(value: Any) -> bool:  # noqa: ANN401
    kind = type(value)  # and not its subclasses, which may write themselves in other ways
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(map(_is_plain_key, value)) and all(map(_is_plain, value.values()))
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return kind is int and bool(-_MAX_SAFE <= value <= _MAX_SAFE)


def _is_plain_key(key: object) -> bool:
    return type(key) is str and key.isascii()


def _with_doubles(value: Any) -> Any:  # noqa: ANN401
    """Turn integers past 2**53 - 1 back into the doubles that they were written from.

    RFC 8785 writes 2.0**53 as `9007199254740992`, which Python's reader takes for an integer: an
    answer with such an estimate would not come back byte for byte from its own JSON.
    """
    if isinstance(value, dict):
        return {key: _with_doubles(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_doubles(item) for item in value]
    if isinstance(value, int) and rfc8785.dumps(float(value)) == str(value).encode():
        return float(value)
    return value


def parse(data: bytes) -> Any:  # noqa: ANN401
    """Read JSON; whether it was canonical shows when `canonical` writes it again.

    Raises:
        BadInput: not UTF-8, not JSON, NaN or infinity, or too deep.
    """
    try:
        return _DECODER.decode(data.decode())
    except (ValueError, RecursionError) as cause:
        raise BadInput("Not well-formed JSON in UTF-8", code="json.malformed") from cause


class Read(NamedTuple):
    """What some bytes say, and whether they are the one way to write it."""

    value: Any
    is_canonical: bool


def read(data: bytes) -> Read:
    """Read JSON and tell whether it was in canonical form.

    Nearly all entries are ASCII without fractions, where Python's own writer, which is twenty
    times faster, gives what RFC 8785 asks for: keys sort alike by code point and by UTF-16 unit,
    and text needs the same escapes. Everything else goes the long way.

    Raises:
        BadInput: as `parse` and `canonical`.
    """
    try:
        text = data.decode("ascii")
        value = _PLAIN_DECODER.decode(text)
        if _PLAIN_ENCODER.encode(value) == text:
            return Read(value, is_canonical=True)
    except (ValueError, RecursionError):
        # Not plain, or no JSON at all: the long way says which.
        pass
    value = parse(data)
    return Read(value, canonical(value) == data)


def _refuse(_number: str) -> Never:
    """Refuse NaN and infinity, which Python reads and JSON does not have."""
    raise ValueError("no such number here")


def _safe_integer(text: str) -> int:
    """Read an integer that RFC 8785 writes as it is: one that every double can hold.

    Raises:
        ValueError: it is larger.
    """
    value = int(text) if len(text) <= _SAFE_DIGITS else _MAX_SAFE + 1
    if not -_MAX_SAFE <= value <= _MAX_SAFE:
        raise ValueError("no safe integer")
    return value


_MAX_SAFE = 2**53 - 1
"""The largest integer that every JSON reader keeps (RFC 8785, section 3.2.2.3)."""
_SAFE_DIGITS = len(str(-_MAX_SAFE))
_DECODER = json.JSONDecoder(parse_constant=_refuse)
_PLAIN_DECODER = json.JSONDecoder(
    parse_constant=_refuse, parse_float=_refuse, parse_int=_safe_integer
)
_PLAIN_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """Give the digest as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def opening(payload: bytes, salt: bytes) -> bytes:
    """Give what a commitment opens to, salt first; whoever deletes it makes the payload forgotten.

    Raises:
        ValueError: the salt has not 32 bytes, so that where it ends would be open to argument.
    """
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes")
    return salt + payload


def commitment(payload: bytes, salt: bytes) -> str:
    """Bind a payload without showing it: SHA-256 of a domain label, the salt and the payload.

    Raises:
        ValueError: the salt has not 32 bytes.
    """
    return sha256(_COMMITMENT + opening(payload, salt))


def to_base64(data: bytes) -> str:
    """Write standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Read standard base64 and nothing that only looks like it (spaces, loose padding bits).

    Raises:
        BadInput: writing the bytes again does not give this text.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise BadInput("Not base64", code="base64.malformed") from cause
    if to_base64(data) != text:
        raise BadInput("Not base64 in its one form", code="base64.malformed")
    return data
