"""One transaction's view of the books, the same over every store."""

from functools import partial
from typing import Final

from sandbox.model.agreement import Agreement
from sandbox.model.application import Application
from sandbox.model.dataset import Dataset
from sandbox.model.demand import Demand
from sandbox.model.download import Download
from sandbox.model.emergency import Emergency
from sandbox.model.head import Heads
from sandbox.model.listing import Proposal, ProposalKey
from sandbox.model.login import Login
from sandbox.model.names import (
    AgreementId,
    ApplicationId,
    DatasetName,
    DemandId,
    Digest,
    EmergencyId,
    OwnerName,
    PrincipalName,
    SourceName,
    SubmissionId,
    TokenId,
)
from sandbox.model.owner import Owner
from sandbox.model.site_key import SiteKey
from sandbox.model.source import Source
from sandbox.model.submission import Submission
from sandbox.model.token import Token
from sandbox.store import labels
from sandbox.store.accounts import BudgetTree
from sandbox.store.documents import DatasetCodec, JsonCodec
from sandbox.store.log import MerkleLog
from sandbox.store.records import RecordShelf
from sandbox.store.shelves import DeletableDocumentShelf, DocumentShelf
from sandbox.store.tables import Reader, Writer

SHELVES: Final = (
    "dataset",
    "application",
    "agreement",
    "submission",
    "token",
    "login",
    "source",
    "emergency",
    "opening",
    "head",
    "record",
    "owner",
    "proposal",
    "demand",
    "download",
    "site_key",
)
"""Tables that hold documents."""

_DATASETS = DatasetCodec()
_APPLICATIONS = JsonCodec(Application)
_AGREEMENTS = JsonCodec(Agreement)
_SUBMISSIONS = JsonCodec(Submission)
_TOKENS = JsonCodec(Token)
_LOGINS = JsonCodec(Login)
_SOURCES = JsonCodec(Source)
_EMERGENCIES = JsonCodec(Emergency)
_OPENINGS = JsonCodec(bytes)
_HEADS = JsonCodec(Heads)
_OWNERS = JsonCodec(Owner)
_PROPOSALS = JsonCodec(Proposal)
_DEMANDS = JsonCodec(Demand)
_DOWNLOADS = JsonCodec(Download)
_SITE_KEYS = JsonCodec(SiteKey)


class BooksPage:
    """Shelves, budget tree and log over one transaction's tables; see `sandbox.ports.Page`."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        """Lay the books out; nothing is read yet."""
        self._tables = reader, writer
        self.accounts = BudgetTree(reader, writer)
        self.log = MerkleLog(reader, writer)

    @property
    def datasets(self) -> DocumentShelf[DatasetName, Dataset]:
        """What is listed."""
        return DocumentShelf("dataset", _DATASETS, *self._tables, labels.of_dataset)

    @property
    def applications(self) -> DocumentShelf[ApplicationId, Application]:
        """What was asked for."""
        labelling = partial(labels.of_application, owner_of=self._owner_of)
        return DocumentShelf("application", _APPLICATIONS, *self._tables, labelling)

    @property
    def agreements(self) -> DocumentShelf[AgreementId, Agreement]:
        """What was agreed."""
        labelling = partial(labels.of_agreement, owner_of=self._owner_of)
        return DocumentShelf("agreement", _AGREEMENTS, *self._tables, labelling)

    @property
    def submissions(self) -> DocumentShelf[SubmissionId, Submission]:
        """What was paid for."""
        return DocumentShelf("submission", _SUBMISSIONS, *self._tables)

    @property
    def tokens(self) -> DeletableDocumentShelf[TokenId, Token]:
        """What people sign in with."""
        return DeletableDocumentShelf("token", _TOKENS, *self._tables, labels.of_token)

    @property
    def logins(self) -> DocumentShelf[PrincipalName, Login]:
        """Who may sign in with a password."""
        return DocumentShelf("login", _LOGINS, *self._tables)

    @property
    def sources(self) -> DocumentShelf[SourceName, Source]:
        """Whose people the datasets are about, and who answers for them."""
        return DocumentShelf("source", _SOURCES, *self._tables, labels.of_source)

    @property
    def emergencies(self) -> DocumentShelf[EmergencyId, Emergency]:
        """What was declared, open or not."""
        return DocumentShelf("emergency", _EMERGENCIES, *self._tables, labels.of_emergency)

    @property
    def openings(self) -> DeletableDocumentShelf[Digest, bytes]:
        """What salted commitments in the log open to."""
        return DeletableDocumentShelf("opening", _OPENINGS, *self._tables)

    @property
    def heads(self) -> DocumentShelf[str, Heads]:
        """What witnesses have co-signed, by the ledger's origin."""
        return DocumentShelf("head", _HEADS, *self._tables)

    @property
    def records(self) -> RecordShelf:
        """What is listed, with data or without; and what its owner hides."""
        return RecordShelf(*self._tables)

    @property
    def owners(self) -> DocumentShelf[OwnerName, Owner]:
        """The bodies that answer for data."""
        return DocumentShelf("owner", _OWNERS, *self._tables, labels.of_owner)

    @property
    def proposals(self) -> DeletableDocumentShelf[ProposalKey, Proposal]:
        """What bodies want listed and nobody has compiled yet."""
        return DeletableDocumentShelf("proposal", _PROPOSALS, *self._tables)

    @property
    def demands(self) -> DocumentShelf[DemandId, Demand]:
        """The data that somebody misses."""
        return DocumentShelf("demand", _DEMANDS, *self._tables, labels.of_demand)

    @property
    def downloads(self) -> DocumentShelf[str, Download]:
        """What unconditional data was handed to whom."""
        return DocumentShelf("download", _DOWNLOADS, *self._tables)

    @property
    def site_keys(self) -> DocumentShelf[str, SiteKey]:
        """The site's own key, once it has changed."""
        return DocumentShelf("site_key", _SITE_KEYS, *self._tables)

    def label_all(self) -> None:
        """Write every label anew, for books of before there were any."""
        self.datasets.label_all(lambda one: one.name)
        self.sources.label_all(lambda one: one.name)
        self.owners.label_all(lambda one: one.name)
        self.demands.label_all(lambda one: one.id)
        self.emergencies.label_all(lambda one: one.id)
        self.applications.label_all(lambda one: one.id)
        self.agreements.label_all(lambda one: one.id)
        self.tokens.label_all(lambda one: one.id)

    def _owner_of(self, name: DatasetName) -> PrincipalName | None:
        """Say whose a dataset is; the policy in it is not read for that."""
        document = self._tables[0].document("dataset", name)
        return None if document is None else _DATASETS.owner(document)
