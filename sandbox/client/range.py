"""A site as its users see it; what each role may do is the site's to say."""

import os
from datetime import date
from pathlib import Path

from sandbox.client.answer import Answer
from sandbox.client.connection import Connection, segment
from sandbox.client.dataset import Dataset
from sandbox.client.session import Session
from sandbox.errors import BadInput, Place
from sandbox.wire import (
    AgreementCard,
    ApplicationCard,
    ApplicationForm,
    DatasetAdded,
    DatasetCard,
    DatasetForm,
    Decision,
    Me,
    SiteCard,
    Upload,
)

DEFAULT_URL = "http://127.0.0.1:8360"
"""Where `datarange up` listens."""


def connect(
    url: str | None = None, token: str | None = None, ledger_key: str | None = None
) -> "Range":
    """Meet a site, by default the one that DATARANGE_URL and DATARANGE_TOKEN name.

    Without `ledger_key` (a C2SP verifier key) the site's own word for it is taken.

    Raises:
        BadInput: the address is none, or would carry the token unencrypted.
        Unavailable: no site answers there.
    """
    connection = Connection(
        url or os.environ.get("DATARANGE_URL") or DEFAULT_URL,
        token or os.environ.get("DATARANGE_TOKEN") or None,
    )
    return Range(connection, connection.get(SiteCard, "/site"), ledger_key)


class Range:
    """One site, seen with one token."""

    def __init__(self, connection: Connection, site: SiteCard, ledger_key: str | None) -> None:
        """Remember the ledger's key for later proofs."""
        self._connection = connection
        self._session = Session(connection, ledger_key or site.ledger_key)
        self.site = site

    def __repr__(self) -> str:
        """Show whose ledger and which address."""
        return f"<Range {self.site.name} at {self._connection.url}>"

    @property
    def me(self) -> Me:
        """Who the token belongs to.

        Raises:
            NotSignedIn: nobody.
        """
        return self._connection.get(Me, "/me")

    def datasets(self, search: str | None = None) -> list[DatasetCard]:
        """List the catalogue, or what a word is found in."""
        query = {"q": search} if search else {}
        return list(self._connection.get(tuple[DatasetCard, ...], "/datasets", **query))

    def dataset(self, name: str) -> Dataset:
        """Pick a dataset by its name, `owner/title`.

        Raises:
            NotFound: the catalogue lists no such dataset.
        """
        card = self._connection.get(DatasetCard, f"/datasets/{segment(name)}")
        return Dataset(self._session, card)

    def add_dataset(self, file: Path, policy_file: Path) -> DatasetAdded:
        """Hand in a CSV or Parquet file with its release policy; for owners.

        Raises:
            BadInput: file or policy is wrong; the place says where.
        """
        policy, form = _text(policy_file), _form(file)
        upload = self._connection.upload(Upload, "/uploads", file)
        message = DatasetForm(policy=policy, upload=upload.id, form=form)
        return self._connection.post(DatasetAdded, "/datasets", message)

    def apply(  # noqa: PLR0913, PLR0917  (an application lists its fields)
        self,
        dataset: str,
        purpose: str,
        scenario: str,
        safeguards: str,
        starts: date | str,
        ends: date | str,
        key: Path | None = None,
    ) -> ApplicationCard:
        """Apply for a dataset; for researchers.

        `key` is the file of the Ed25519 key that will sign the agreement, made if it is not there
        (mode 0600). Left out: DATARANGE_KEY, or `~/.config/datarange/researcher.key`.

        Raises:
            BadInput: a field is wrong; the place names it.
        """
        from sandbox.client import researcher_key  # noqa: PLC0415  (loads cryptography)

        form = ApplicationForm(
            dataset=dataset,
            purpose=purpose,
            scenario=scenario,
            safeguards=safeguards,
            starts=str(starts),
            ends=str(ends),
            public_key=researcher_key.public_key(key or researcher_key.default_path()),
        )
        return self._connection.post(ApplicationCard, "/applications", form)

    def applications(self) -> list[ApplicationCard]:
        """List one's own applications; all of them for a steward."""
        return list(self._connection.get(tuple[ApplicationCard, ...], "/applications"))

    def application(self, id: str) -> ApplicationCard:  # noqa: A002
        """Read an application: what is asked, why, and under which safeguards.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._connection.get(ApplicationCard, f"/applications/{segment(id)}")

    def decide(self, id: str, grant: bool, reason: str) -> ApplicationCard:  # noqa: A002, FBT001  (the message's own names)
        """Answer an application; for stewards.

        Raises:
            Conflict: it is decided already.
        """
        path = f"/applications/{segment(id)}/decision"
        return self._connection.post(ApplicationCard, path, Decision(grant=grant, reason=reason))

    def agreements(self) -> list[AgreementCard]:
        """List one's own agreements; all of them for everybody but researchers."""
        return list(self._connection.get(tuple[AgreementCard, ...], "/agreements"))

    def agreement(self, id: str) -> AgreementCard:  # noqa: A002
        """Read an agreement: its text, signatures and account.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._connection.get(AgreementCard, f"/agreements/{segment(id)}")

    def sign(self, id: str, key: Path | None = None) -> AgreementCard:  # noqa: A002
        """Sign an agreement, after a look at the site's own signature under it.

        Raises:
            NotVerified: code `signature.invalid`; the site did not sign this digest. Nothing was
                signed.
            Conflict: it is in force already.
        """
        from sandbox.client.signing import signature  # noqa: PLC0415  (loads cryptography)

        signed = signature(self.agreement(id), key)
        return self._connection.post(AgreementCard, f"/agreements/{segment(id)}/signature", signed)

    def answer(self, submission_id: str) -> Answer:
        """Collect an answer that was paid for before; costs nothing.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._session.released(submission_id)

    def export_ledger(self, folder: Path, *, witnessed: bool = False) -> Path:
        """Download the ledger for `datarange audit verify`; for auditors, owners and stewards.

        `witnessed` asks for the ledger up to the newest head that enough witnesses have co-signed.

        Raises:
            Conflict: the folder is not empty.
            NotFound: code `ledger.no_witnessed_head`.
        """
        from sandbox.client.export import export  # noqa: PLC0415  (loads cryptography)

        export(self._connection, folder, witnessed=witnessed)
        return folder


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
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "There is no policy to be read", code="file.unreadable", place=Place(file=str(file))
        ) from None
