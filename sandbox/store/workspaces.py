"""Workspaces on the disk: one key file an agreement, in a private folder beside the site's keys.

AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce each time; a key seals far fewer than the
2**32 answers that random nonces allow. Left out: what a disk or a backup still holds of a deleted
file.
"""

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sandbox.errors import Unavailable
from sandbox.ledger.canonical import sha256
from sandbox.model.names import AgreementId, Digest, SubmissionId
from sandbox.store.secret_file import destroy, load, load_or_create, private_folder

NONCE = 12
"""Bytes before each sealed answer."""


class DiskWorkspaces:
    """Keys of agreements, one file each; see `sandbox.ports.Workspaces`."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made if it is not there.

        Raises:
            Unavailable: code `keys.unavailable`.
        """
        private_folder(folder)
        self._folder = folder

    def begin(self, agreement: AgreementId) -> Digest:
        """Make the agreement's key if there is none; give its SHA-256.

        Raises:
            Unavailable: `keys.unavailable`, `keys.permissions` or `keys.damaged`.
        """
        return Digest(sha256(load_or_create(self._path(agreement))))

    def require(self, agreement: AgreementId) -> None:
        """Make sure that there is a key to seal with.

        Raises:
            Unavailable: `workspace.key_missing`, or as above.
        """
        self._key(agreement)

    def seal(self, agreement: AgreementId, submission: SubmissionId, answer: bytes) -> bytes:
        """Encrypt an answer; the submission's id is authenticated with it.

        Raises:
            Unavailable: as above.
        """
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self._key(agreement)).encrypt(nonce, answer, submission.encode())

    def unseal(self, agreement: AgreementId, submission: SubmissionId, sealed: bytes) -> bytes:
        """Give the answer back.

        Raises:
            Unavailable: as above, or `workspace.damaged`.
        """
        cipher = AESGCM(self._key(agreement))
        try:
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], submission.encode())
        except (InvalidTag, ValueError):
            raise Unavailable(
                "A kept answer does not open under its agreement's key", code="workspace.damaged"
            ) from None

    def destroy(self, agreement: AgreementId) -> None:
        """Destroy the key if there is one; its name is off the disk when this returns.

        Raises:
            Unavailable: code `keys.unavailable`.
        """
        destroy(self._path(agreement))

    def _key(self, agreement: AgreementId) -> bytes:
        key = load(self._path(agreement))
        if key is None:
            raise Unavailable(
                "The key of this agreement's workspace is missing; "
                "its operator has to bring it back from a backup",
                code="workspace.key_missing",
            )
        return key

    def _path(self, agreement: AgreementId) -> Path:
        return self._folder / f"{agreement}.key"
