"""What owners do: sign policies, hand data in, and keep caps and keys of their sources."""

from pathlib import Path

from sandbox.client import known_site
from sandbox.client.connection import segment
from sandbox.client.seat import Seat
from sandbox.errors import BadInput, Conflict, Place
from sandbox.wire import (
    CapForm,
    DatasetAdded,
    DatasetForm,
    PolicyForm,
    PolicyTerms,
    SourceCard,
    Upload,
)


class Owning(Seat):
    """A site as owners use it.

    `key` is always the file of the owner's Ed25519 key; left out: DATARANGE_KEY, or
    `~/.config/datarange/owner.key`.
    """

    def terms(self, policy_file: Path, key: Path | None = None) -> PolicyTerms:
        """Ask what one would sign to put a policy in force; signs nothing.

        Raises:
            BadInput: the policy is wrong, and the place says where; or `key.unreadable`.
            NotPermitted: dataset or source are another owner's, or another key's.
            NotVerified: code `terms.foreign`; the site speaks of another site, policy or key. Or
                `site.changed`; another site was at this address before.
        """
        from sandbox.client import owner_signing, signing_key  # noqa: PLC0415  (loads cryptography)

        policy, own = _text(policy_file), key or signing_key.default_path("owner")
        form = PolicyForm(policy=policy, owner_key=signing_key.public_key(own))
        origin = self._origin(own)
        terms = self._connection.post(PolicyTerms, "/policies/terms", form)
        owner_signing.policy_document(terms, policy, own, origin)
        if terms.cap_change is not None:
            owner_signing.cap_document(terms, policy, own, origin)
        return terms

    def add_dataset(
        self,
        file: Path,
        policy_file: Path,
        key: Path | None = None,
        shown: PolicyTerms | None = None,
    ) -> DatasetAdded:
        """Sign a release policy and hand it in with its CSV or Parquet file.

        The key of the first policy is from then on the only one that changes the source's caps; it
        is made if it is not there (mode 0600). Keep a copy: nobody can replace a lost one.

        `shown` are terms that somebody has looked at: these are signed and no newer ones.

        Raises:
            BadInput: file or policy is wrong; the place says where.
            Conflict: code `budget.cap_fixed`; the policy would change the source's caps, which
                `change_caps` does. Nothing was sent.
            NotVerified: code `terms.foreign` or `site.changed`; nothing was signed.
        """
        from sandbox.client import owner_signing, signing_key  # noqa: PLC0415

        form = _form(file)
        own = signing_key.make_if_missing(key or signing_key.default_path("owner"))
        terms, policy = shown or self.terms(policy_file, own), _text(policy_file)
        owner_signing.require_same_caps(terms, policy_file)
        signature = owner_signing.policy_signature(terms, policy, own, self._origin(own))
        upload = self._connection.upload(Upload, "/uploads", file)
        message = DatasetForm(
            policy=policy,
            upload=upload.id,
            form=form,
            owner_key=signing_key.public_key(own),
            signature=signature,
        )
        return self._connection.post(DatasetAdded, "/datasets", message)

    def change_caps(
        self, policy_file: Path, key: Path | None = None, shown: PolicyTerms | None = None
    ) -> SourceCard:
        """Sign the change of a source's caps to those of a policy; the policy waits its turn.

        `shown` are terms that somebody has looked at: these are signed and no newer ones.

        Raises:
            BadInput: the policy is wrong, or there is no such key.
            Conflict: `budget.unchanged`, `budget.cap_below_spent` or `budget.accounting_fixed`.
            NotPermitted: the source is another owner's, or another key's.
            NotVerified: code `terms.foreign` or `site.changed`; nothing was signed.
        """
        from sandbox.client import owner_signing, signing_key  # noqa: PLC0415

        own = key or signing_key.default_path("owner")
        public, policy = signing_key.public_key(own), _text(policy_file)
        terms = shown or self.terms(policy_file, own)
        if terms.cap_change is None:
            raise Conflict("These are the source's caps already", code="budget.unchanged")
        signature = owner_signing.caps_signature(terms, policy, own, self._origin(own))
        form = CapForm(policy=policy, owner_key=public, signature=signature)
        return self._connection.post(SourceCard, f"/sources/{segment(terms.source)}/caps", form)

    def change_key(self, source: str, new_key: Path, key: Path | None = None) -> SourceCard:
        """Put a source in the care of a new key, made if it is missing; both keys sign.

        Raises:
            NotPermitted: code `owner.key`; the source is in the care of another key than `key`.
            BadInput: code `key.unreadable` or `key.unchanged`.
            NotVerified: code `site.changed`; nothing was signed.
        """
        from sandbox.client import owner_signing, signing_key  # noqa: PLC0415

        own = key or signing_key.default_path("owner")
        path = f"/sources/{segment(source)}"
        card = self._connection.get(SourceCard, path)
        signing_key.public_key(own)  # Nothing is kept of sites that a missing key knows.
        origin, new = self._origin(own), signing_key.make_if_missing(new_key)
        self._origin(new)
        form = owner_signing.key_form(card, new, own, origin)
        return self._connection.post(SourceCard, f"{path}/key", form)

    def _origin(self, key: Path) -> str:
        """Name the ledger that is signed for: the one that this key has known at this address.

        Raises:
            NotVerified: code `site.changed`.
            BadInput: code `site.file`, or `key.malformed`; the site's ledger key is none.
        """
        from sandbox.ledger.note import key_name  # noqa: PLC0415  (loads cryptography)

        origin = key_name(self._session.ledger_key)
        known_site.require_same_site(key, self._connection.url, origin)
        return origin


def _form(file: Path) -> str:
    form = file.suffix.lower().removeprefix(".")
    if form not in {"csv", "parquet"}:
        raise BadInput(
            "A dataset's file is named *.csv or *.parquet",
            code="upload.form",
            place=Place(file=str(file)),
        )
    return form


def _text(file: Path) -> str:
    try:
        # As bytes: what is signed is the digest of the file as it is, line ends included.
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "There is no policy to be read", code="file.unreadable", place=Place(file=str(file))
        ) from None
