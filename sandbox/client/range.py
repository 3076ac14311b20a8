"""A site as its users see it; what each role may do is the site's to say."""

import os
from pathlib import Path

from sandbox.client import token_file
from sandbox.client.applying import Applying
from sandbox.client.certificate import Certificate
from sandbox.client.connection import Connection, Progress, segment
from sandbox.client.dataset import Dataset
from sandbox.client.identifying import Identifying
from sandbox.client.listing import Listing
from sandbox.client.owning import Owning
from sandbox.client.researching import Researching
from sandbox.client.supervising import Supervising
from sandbox.wire import (
    AccountCard,
    AgreementCard,
    ApplicationCard,
    ApprovedCard,
    DatasetCard,
    DisposalCertificate,
    EmergencyCard,
    FeedbackCard,
    Me,
    SiteCard,
    SourceCard,
)

DEFAULT_URL = "http://127.0.0.1:8360"
"""Where `datarange up` listens."""


def connect(
    url: str | None = None, token: str | None = None, ledger_key: str | None = None
) -> "Range":
    """Meet a site, by default the one that DATARANGE_URL and DATARANGE_TOKEN name.

    Where neither names a token, the one is taken that `datarange account login` has kept.
    Without `ledger_key` (a C2SP verifier key) the site's own word for it is taken.

    Raises:
        BadInput: the address is none, or would carry the token unencrypted.
        Unavailable: no site answers there.
    """
    address = url or os.environ.get("DATARANGE_URL") or DEFAULT_URL
    given = token or os.environ.get("DATARANGE_TOKEN")
    connection = Connection(address, given or token_file.kept(address))
    return Range(connection, connection.get(SiteCard, "/site"), ledger_key)


class Range(Listing, Owning, Researching, Applying, Supervising, Identifying):
    """One site, seen with one token; what it lets whom do is the site's to say."""

    @property
    def me(self) -> Me:
        """Who the token belongs to.

        Raises:
            NotSignedIn: nobody.
        """
        return self._connection.get(Me, "/me")

    def datasets(
        self, search: str | None = None, limit: int | None = None, told: Progress | None = None
    ) -> list[DatasetCard]:
        """List the datasets that can be asked of, or those that words are found in.

        All of them, page after page, or the first `limit`; `told` hears how many so far.
        """
        query = {"q": search} if search else {}
        return self._connection.all(DatasetCard, "/datasets", limit, told, **query)

    def dataset(self, name: str) -> Dataset:
        """Pick a dataset by its name, `owner/title`.

        Raises:
            NotFound: the catalogue lists no such dataset.
        """
        card = self._connection.get(DatasetCard, f"/datasets/{segment(name)}")
        return Dataset(self._session, card)

    def applications(
        self, limit: int | None = None, told: Progress | None = None
    ) -> list[ApplicationCard]:
        """List one's own applications; an owner's, those for their data; a steward's, all."""
        return self._connection.all(ApplicationCard, "/applications", limit, told)

    def application(self, id: str) -> ApplicationCard:  # noqa: A002
        """Read an application: what is asked, why, and under which safeguards.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._connection.get(ApplicationCard, f"/applications/{segment(id)}")

    def agreements(
        self, limit: int | None = None, told: Progress | None = None
    ) -> list[AgreementCard]:
        """List a researcher's or an owner's own agreements; all for stewards and auditors."""
        return self._connection.all(AgreementCard, "/agreements", limit, told)

    def agreement(self, id: str) -> AgreementCard:  # noqa: A002
        """Read an agreement: its text, signatures and account.

        Raises:
            NotFound: there is none, or it is another's.
        """
        return self._connection.get(AgreementCard, f"/agreements/{segment(id)}")

    def certificate(self, agreement: str) -> Certificate:
        """Get the disposal certificate of an agreement that has ended.

        Raises:
            NotFound: there is no such agreement, or it is another's.
            Conflict: code `agreement.not_closed`.
        """
        path = f"/agreements/{segment(agreement)}/certificate"
        message = self._connection.get(DisposalCertificate, path)
        return Certificate(message, self._session.ledger_key)

    def feedback(self, agreement: str) -> list[FeedbackCard]:
        """Read the feedback on an agreement; for its researcher, its owners and stewards.

        Raises:
            NotFound: there is no such agreement, or one has nothing to do with it.
        """
        path = f"/agreements/{segment(agreement)}/feedback"
        return list(self._connection.get(tuple[FeedbackCard, ...], path))

    def agreement_accounts(self, id: str) -> list[AccountCard]:  # noqa: A002
        """Read every account that a question under an agreement is charged to below its source.

        The agreement's own, the researcher's over all of their agreements, and those of today.

        Raises:
            NotFound: there is no such agreement, or it is another's.
        """
        path = f"/agreements/{segment(id)}/accounts"
        return list(self._connection.get(tuple[AccountCard, ...], path))

    def sources(self, limit: int | None = None, told: Progress | None = None) -> list[SourceCard]:
        """List one's own sources with their accounts; all of them for stewards and auditors."""
        return self._connection.all(SourceCard, "/sources", limit, told)

    def source(self, name: str) -> SourceCard:
        """Read a source: its owner's key, its caps, and what each account has spent.

        Raises:
            NotFound: there is none, or it is another owner's.
        """
        return self._connection.get(SourceCard, f"/sources/{segment(name)}")

    def emergencies(
        self, limit: int | None = None, told: Progress | None = None
    ) -> list[EmergencyCard]:
        """List emergencies; only open ones for researchers, those of their sources for owners."""
        return self._connection.all(EmergencyCard, "/emergencies", limit, told)

    def emergency_questions(self, id: str) -> list[ApprovedCard]:  # noqa: A002
        """List what an emergency opens: the questions that its source's owner approved.

        Raises:
            NotFound: there is no such emergency, or for researchers none that is open.
        """
        path = f"/emergencies/{segment(id)}/questions"
        return list(self._connection.get(tuple[ApprovedCard, ...], path))

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
