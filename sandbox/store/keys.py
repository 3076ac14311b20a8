"""The site's keys: made at first use, private to their owner on the disk, never shown.

Left out: passphrases and hardware tokens. Whoever is root on the site can read the keys.
"""

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.errors import Conflict, Unavailable
from sandbox.model.names import Pseudonym
from sandbox.store.new_file import sync
from sandbox.store.secret_file import UNAVAILABLE, load, load_or_create, private_folder

_SITE, _SUCCESSOR = "site.key", "site.next.key"
_PERSON_KEY = b"datarange person key\0"
_PSEUDONYM = b"datarange pseudonym\0"
"""Domains of what is derived from the secret, so that one says nothing of the other."""


class Ed25519Signer:
    """Holds one private key; see `sandbox.ports.Signer`."""

    def __init__(self, seed: bytes) -> None:
        """Take the 32 bytes of the private key."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> bytes:
        """Give the 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature."""
        return self._key.sign(message)


class KeyedPseudonyms:
    """Names people by a keyed digest; see `sandbox.ports.Pseudonyms`."""

    def __init__(self, secret: bytes) -> None:
        """Keep the secret, without which nobody can tell whose a pseudonym is."""
        self._secret = secret

    def of(self, name: str) -> Pseudonym:
        """Digest a name under the secret (HMAC-SHA256, RFC 2104)."""
        digest = hmac.digest(self._secret, _PSEUDONYM + name.encode(), hashlib.sha256)
        return Pseudonym(digest.hex())


class Keys:
    """All that a site keeps secret, one file each in one folder."""

    def __init__(self, folder: Path) -> None:
        """Load the keys, and make those that are missing.

        Raises:
            Unavailable: `keys.unavailable`, `keys.permissions` or `keys.damaged`.
        """
        private_folder(folder)
        self._folder = folder
        self.ledger = load_or_create_signer(folder / "ledger.key")
        """Signs the heads of the log."""
        self.site = load_or_create_signer(folder / _SITE)
        """Signs agreements for the owners."""
        self._secret = load_or_create(folder / "secret.key")
        self.pseudonyms = KeyedPseudonyms(self._secret)
        """Names people in the ledger."""

    @property
    def is_settled(self) -> bool:
        """Tell whether no change of the site's own key was begun."""
        return not (self._folder / _SUCCESSOR).exists()

    def make_successor(self) -> Ed25519Signer:
        """Make the key that is to follow the site's own; it waits beside it, on the disk.

        Raises:
            Unavailable: `keys.unavailable`, `keys.permissions` or `keys.damaged`.
        """
        return load_or_create_signer(self._folder / _SUCCESSOR)

    def settle(self, in_force: bytes) -> None:
        """Sign with the key that the books say is in force, and keep no other.

        A change that was cut short is finished if the books have it, else its key is dropped.

        Raises:
            Conflict: code `site.key`; neither is in force, so that nothing is dropped.
            Unavailable: `keys.unavailable`, `keys.permissions` or `keys.damaged`.
        """
        if self.is_settled and self.site.public == in_force:
            return
        ours, successor = self._folder / _SITE, self._folder / _SUCCESSOR
        try:
            if self.site.public != in_force:
                self.site = _following(successor, in_force)
                successor.replace(ours)
            successor.unlink(missing_ok=True)
            sync(self._folder)
        except OSError as cause:
            raise Unavailable(UNAVAILABLE, code="keys.unavailable") from cause

    def person_key(self, source: str) -> bytes:
        """Derive the 32-byte key that hides the people of one source.

        Sources have keys of their own, so that hashes of the same person cannot be matched
        between them (HMAC-SHA256, RFC 2104).
        """
        return hmac.digest(self._secret, _PERSON_KEY + source.encode(), hashlib.sha256)


def load_or_create_signer(path: Path) -> Ed25519Signer:
    """Load an Ed25519 key from a file of 32 bytes, or make one there.

    Raises:
        Unavailable: `keys.unavailable`, `keys.permissions` or `keys.damaged`.
    """
    return Ed25519Signer(load_or_create(path))


def _following(path: Path, in_force: bytes) -> Ed25519Signer:
    """Load the successor if it is in force.

    Raises:
        Conflict: code `site.key`; there is none, or it is not.
    """
    seed = load(path)
    successor = Ed25519Signer(seed) if seed else None
    if successor is None or successor.public != in_force:
        raise Conflict(
            "The site's key in force, as its books say, is not in its folder; books and keys "
            "belong together, also in a backup",
            code="site.key",
        )
    return successor
