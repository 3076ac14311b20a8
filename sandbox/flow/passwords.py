"""Passwords: what one must be like, and how it is checked without ever being kept.

Argon2id with the parameters of OWASP's Password Storage Cheat Sheet (2025: 19 MiB, two passes, one
lane). A verifier made with other parameters is made anew at the next sign-in.
"""

import threading
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from sandbox.errors import BadInput, Place
from sandbox.ports import Chance

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
HASH_BYTES = 32
SALT_BYTES = 16
MIN_PASSWORD = 15
"""Characters of a password that nothing else backs (NIST SP 800-63B-4, section 3.1.1.2)."""
MAX_PASSWORD = 256
"""Characters; far more than people type, far less than would keep us busy."""
MIN_DIFFERENT = 5
"""Different characters: `aaaaaaaaaaaaaaa` is long and no secret."""
AT_ONCE = 4
"""Passwords checked at the same time; each takes the memory above."""

_HASHER = PasswordHasher(
    time_cost=PASSES,
    memory_cost=MEMORY_KIB,
    parallelism=LANES,
    hash_len=HASH_BYTES,
    salt_len=SALT_BYTES,
    type=Type.ID,
)
_PLACES = threading.BoundedSemaphore(AT_ONCE)


def verifier_of(password: str, name: str, chance: Chance) -> str:
    """Read a new password and give what the books keep of it.

    Raises:
        BadInput: code `password.weak`.
    """
    written = _normal(password)
    _require_strong(written, name)
    with _PLACES:
        return _HASHER.hash(written, salt=chance.fresh(SALT_BYTES))


def matches(verifier: str, password: str) -> bool:
    """Check a password; a broken verifier matches nothing."""
    written = _normal(password)[: MAX_PASSWORD + 1]
    with _PLACES:
        try:
            return _HASHER.verify(verifier, written)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(verifier: str) -> bool:
    """Say whether a verifier was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(verifier)


def renewed(password: str, chance: Chance) -> str:
    """Give today's verifier of a password that was just found right."""
    with _PLACES:
        return _HASHER.hash(_normal(password), salt=chance.fresh(SALT_BYTES))


NOBODYS = _HASHER.hash("nobody", salt=bytes(SALT_BYTES))
"""Checked where there is no account, so that its absence takes as long as a wrong password."""


def _normal(password: str) -> str:
    """Write a password in one way, however a keyboard composed it (NFKC, as NIST asks)."""
    sound = password.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", sound)


def _require_strong(password: str, name: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise _weak(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
    if len(set(password)) < MIN_DIFFERENT or name.casefold() in password.casefold():
        raise _weak("A password is neither one's name nor a few characters over and over")


def _weak(message: str) -> BadInput:
    return BadInput(message, code="password.weak", place=Place(clause="password"))
