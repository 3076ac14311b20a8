"""What the flow needs from the world: time, books, snapshots, engines, keys.

`sandbox.assembly` chooses who provides them. Every provider of a port passes the port's one
conformance suite in `tests/`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from sandbox.model.account import Account
from sandbox.model.agreement import Agreement
from sandbox.model.algorithm import Algorithm
from sandbox.model.application import Application
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.dataset import Dataset, IngestReport, Snapshot
from sandbox.model.demand import Demand
from sandbox.model.download import Download
from sandbox.model.emergency import Emergency
from sandbox.model.finding import Found, Wanted
from sandbox.model.head import Heads
from sandbox.model.label import Label
from sandbox.model.listing import Proposal, ProposalKey
from sandbox.model.login import Login
from sandbox.model.names import (
    AccountId,
    AgreementId,
    ApplicationId,
    DatasetName,
    DemandId,
    Digest,
    EmergencyId,
    OwnerName,
    PrincipalName,
    Pseudonym,
    SnapshotId,
    SourceName,
    SubmissionId,
    TokenId,
)
from sandbox.model.owner import Owner
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.record import Record, Version
from sandbox.model.rehearsal import Rehearsal
from sandbox.model.schema import Schema
from sandbox.model.site_key import SiteKey
from sandbox.model.source import Source
from sandbox.model.step import Step
from sandbox.model.submission import Priced, PricedAlgorithm, Reservation, Submission
from sandbox.model.token import Token

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""What an entry may hold. Entries use text, integers, lists and maps only: no floats."""

K_contra = TypeVar("K_contra", contravariant=True)
V = TypeVar("V")
P_contra = TypeVar("P_contra", bound=Priced, contravariant=True)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the time in UTC, aware."""
        ...


class Chance(Protocol):
    """Gives unguessable bytes for ids and salts; never for noise."""

    def fresh(self, length: int) -> bytes:
        """Give `length` random bytes."""
        ...


class Pseudonyms(Protocol):
    """Names people in the ledger without naming them."""

    def of(self, name: str) -> Pseudonym:
        """Give a digest of the name that nobody can look up without the site's secret."""
        ...


class Onlooker(Protocol):
    """Is told of each step of an answer; a test cuts the site off there."""

    def passed(self, step: Step) -> None:
        """Take note."""
        ...


class Signer(Protocol):
    """Holds one Ed25519 private key and never shows it."""

    @property
    def public(self) -> bytes:
        """Give the 32 bytes of the public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature."""
        ...


class Workspaces(Protocol):
    """Seals what a site keeps of an agreement's answers: one key an agreement and its versions.

    An agreement goes by the id of its first version. No key is held in memory, so that a destroyed
    one is gone at once.
    """

    def begin(self, agreement: AgreementId) -> Digest:
        """Make the agreement's key, durably, if there is none; give the key's SHA-256.

        Raises `Unavailable` (code `keys.unavailable`, `keys.permissions` or `keys.damaged`).
        """
        ...

    def require(self, agreement: AgreementId) -> None:
        """Make sure that there is a key to seal with.

        Raises `Unavailable` (code `workspace.key_missing`, or as above).
        """
        ...

    def seal(self, agreement: AgreementId, submission: SubmissionId, answer: bytes) -> bytes:
        """Encrypt an answer, bound to its submission; raises as `require` does."""
        ...

    def unseal(self, agreement: AgreementId, submission: SubmissionId, sealed: bytes) -> bytes:
        """Give the answer back.

        Raises `Unavailable`: as `require` does, or code `workspace.damaged`, if it was sealed under
        another key or for another submission, or was changed.
        """
        ...

    def destroy(self, agreement: AgreementId) -> None:
        """Destroy the key, durably, if there is one.

        Raises `Unavailable` (code `keys.unavailable`).
        """
        ...


class Shelf(Protocol[K_contra, V]):
    """Values of one kind in the books, by key, in the order in which they were added."""

    def add(self, key: K_contra, value: V) -> None:
        """Put a new value; raises `Conflict` (code `books.exists`) if the key is taken."""
        ...

    def replace(self, key: K_contra, value: V) -> None:
        """Put a newer value; raises `NotFound` (code `books.unknown`) if there is none yet."""
        ...

    def get(self, key: K_contra) -> V:
        """Give the value; raises `NotFound` (code `books.unknown`) if there is none."""
        ...

    def find(self, key: K_contra) -> V | None:
        """Give the value, or None."""
        ...

    def __iter__(self) -> Iterator[V]:
        """Give all values, oldest first."""
        ...

    def stretch(
        self,
        after: Mark | None = None,
        limit: int = USUAL_PAGE,
        *,
        label: Label | None = None,
        newest: bool = False,
    ) -> Stretch[V]:
        """Give one page of the values, or of those with a label, and read no others.

        In the order in which they were added, of a label by rank; `newest` turns that around.
        """
        ...

    def labelled(self, label: Label) -> Iterator[V]:
        """Give all values with a label, by rank; reads a page at a time."""
        ...


class DeletableShelf(Shelf[K_contra, V], Protocol):
    """A shelf that things are taken from again."""

    def remove(self, key: K_contra) -> None:
        """Delete the value; raises `NotFound` (code `books.unknown`) if there is none."""
        ...


class Records(Shelf[DatasetName, Record], Protocol):
    """The catalogue: records by name, and by what stands in them."""

    def search(self, wanted: Wanted) -> Found:
        """Give one page of what is listed and fits; of what is hidden only if that is wanted.

        Those with all words in title or name come first, then those that have them elsewhere;
        the oldest first among these.
        """
        ...


class Accounts(Protocol):
    """The budget tree."""

    def open(self, account: Account) -> None:
        """Put a new account; raises `Conflict` (code `books.exists`) if it stands already."""
        ...

    def get(self, account: AccountId) -> Account:
        """Give an account; raises `NotFound` (code `books.unknown`)."""
        ...

    def find(self, account: AccountId) -> Account | None:
        """Give an account, or None."""
        ...

    def below(self, parent: AccountId) -> tuple[Account, ...]:
        """Give the accounts right below another, by name."""
        ...

    def move(self, before: Sequence[Account], after: Sequence[Account]) -> None:
        """Put each account of `after` in the place of the one in `before`, caps included.

        The arithmetic is `sandbox.model.path`'s. Raises `Conflict` (code `books.moved_on`) if an
        account is not, or no longer, what `before` says: the transaction must then be undone.
        """
        ...


class Log(Protocol):
    """The transparency log: append-only entries under one Merkle tree (RFC 6962)."""

    def append(self, entry: Mapping[str, Json]) -> int:
        """Write the entry's canonical JSON as the next leaf and give its index.

        The log itself sets `index` in the entry, so that a removed entry leaves a gap.
        """
        ...

    def size(self) -> int:
        """Give the number of entries."""
        ...

    def entry(self, index: int) -> bytes:
        """Give an entry's canonical bytes; raises `NotFound` (code `books.unknown`)."""
        ...

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Give entries in order."""
        ...

    def root(self, size: int) -> bytes:
        """Give the root of the first `size` entries."""
        ...

    def subtrees(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Give the hashes of the complete subtrees of `2**level` entries at these places."""
        ...

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Give the audit path of an entry in the tree of `size` entries, leaf side first."""
        ...


class Page(Protocol):
    """One transaction's view of the books."""

    @property
    def datasets(self) -> Shelf[DatasetName, Dataset]: ...  # noqa: D102  (the type says it)
    @property
    def applications(self) -> Shelf[ApplicationId, Application]: ...  # noqa: D102
    @property
    def agreements(self) -> Shelf[AgreementId, Agreement]: ...  # noqa: D102
    @property
    def submissions(self) -> Shelf[SubmissionId, Submission]: ...  # noqa: D102
    @property
    def tokens(self) -> DeletableShelf[TokenId, Token]:
        """What people sign in with; of the secret itself the books know a digest only."""
        ...

    @property
    def logins(self) -> Shelf[PrincipalName, Login]:
        """Who may sign in with a password."""
        ...

    @property
    def sources(self) -> Shelf[SourceName, Source]: ...  # noqa: D102
    @property
    def emergencies(self) -> Shelf[EmergencyId, Emergency]: ...  # noqa: D102
    @property
    def openings(self) -> DeletableShelf[Digest, bytes]:
        """What salted commitments in the log open to (salt and payload); deletable."""
        ...

    @property
    def heads(self) -> Shelf[str, Heads]:
        """What witnesses have co-signed, by the ledger's origin."""
        ...

    @property
    def records(self) -> Records: ...  # noqa: D102
    @property
    def owners(self) -> Shelf[OwnerName, Owner]: ...  # noqa: D102
    @property
    def proposals(self) -> DeletableShelf[ProposalKey, Proposal]:
        """What bodies want listed and nobody has compiled yet."""
        ...

    @property
    def demands(self) -> Shelf[DemandId, Demand]: ...  # noqa: D102
    @property
    def downloads(self) -> Shelf[str, Download]: ...  # noqa: D102
    @property
    def site_keys(self) -> Shelf[str, SiteKey]:
        """The site's own key, once it has changed: one value."""
        ...

    @property
    def accounts(self) -> Accounts: ...  # noqa: D102
    @property
    def log(self) -> Log: ...  # noqa: D102


class Books(Protocol):
    """All records of a site. Whoever writes writes alone; what was committed is on the disk."""

    def write(self) -> AbstractContextManager[Page]:
        """Open a serialised transaction: durable when the block ends, undone if it raises.

        Raises `Unavailable` (code `books.unavailable`) if the disk is full or read-only, or the
        lock cannot be had; then nothing was written. Only if a server goes away between COMMIT and
        its reply is that not known; the message says so, and whoever comes back finds out.
        """
        ...

    def transact(self, block: Callable[[Page], V]) -> V:
        """Give what a block gives in a transaction as above; raise what it raises.

        Whoever writes at the moment may run it in their thread, which saves waking this one for
        its turn. So it is quick and waits for nothing but these books: others wait for it.
        """
        ...

    def read(self) -> AbstractContextManager[Page]:
        """Open a consistent view; writing through it is an error."""
        ...

    def close(self) -> None:
        """Let go of what idle transactions left open; whoever opened a site does so at its end."""
        ...


class Vault(Protocol):
    """Where snapshots lie. Turning an owner's file into one is the only way in."""

    def ingest(
        self,
        file: Path,
        form: str,
        schema: Schema,
        source: SourceName,
        told: Callable[[int, int], None] = ...,
    ) -> tuple[Snapshot, IngestReport, bytes]:
        """Validate, bound, partition and store; give the snapshot, a report, and the opening.

        `form` is `csv` or `parquet`; the file may be larger than memory. `told` hears now and then
        how many rows were read, and how many of these are in their place. The opening is the salted
        manifest that the snapshot's commitment is the SHA-256 of. Raises `BadInput` with a place;
        then nothing is left behind.
        """
        ...

    def discard(self, snapshot: SnapshotId) -> None:
        """Remove a snapshot that was never recorded."""
        ...

    def sweep(self, known: Collection[SnapshotId]) -> None:
        """Remove the snapshots of before this vault was opened that are not among the known ones.

        For the site's start: a kill may leave a snapshot that the books never heard of. Known are
        those that a dataset has now: a question is only ever asked of these.
        """
        ...


class Showcase(Protocol):
    """Where files of unconditional data lie, for whoever signs in."""

    def put(
        self, file: Path, form: str, columns: Sequence[str], closed: Collection[str]
    ) -> Version:
        """Take the open columns of an owner's file; columns neither open nor closed are refused.

        Raises `BadInput` with a place; then nothing is left behind.
        """
        ...

    def file(self, snapshot: SnapshotId, form: str) -> Path:
        """Say where the file is, as `csv` or `parquet`; raises `Unavailable` if it is gone."""
        ...

    def keep(self, snapshot: SnapshotId) -> None:
        """Say that a file is on record now; until then it waits, and can be read already."""
        ...

    def discard(self, snapshot: SnapshotId) -> None:
        """Remove a file that was never recorded."""
        ...

    def sweep(self, known: Collection[SnapshotId]) -> None:
        """Remove what a kill left of files that were never recorded; as the vault does."""
        ...


class Engine(Protocol[P_contra]):
    """Computes exact sums over a snapshot for one lane; the only code that reads rows."""

    def place(self) -> AbstractContextManager[None]:
        """Hold a place to compute in, waiting in the queue if need be; reads no row.

        Raises `Unavailable` (code `engine.busy`) if the queue is full, before anything was read.
        """
        ...

    def add_up(self, reservation: Reservation, priced: P_contra) -> BoundedSum:
        """Give each part as priced. Never raises because of what a row holds."""
        ...


class Blocks(Engine[PricedAlgorithm], Protocol):
    """Runs strangers' programs over blocks of people, and over invented ones."""

    @property
    def workers(self) -> int:
        """Number of blocks that run at once; public."""
        ...

    @property
    def back_end(self) -> str:
        """What the programs are held by."""
        ...

    @property
    def packages(self) -> Mapping[str, str]:
        """Versions of what programs may import, by name."""
        ...

    def rehearse(
        self, algorithm: Algorithm, schema: Schema, rows: Mapping[str, Sequence[Json]]
    ) -> Sequence[Rehearsal]:
        """Run a program over blocks of invented rows, and tell all that it said.

        Raises `Unavailable` as `place`.
        """
        ...
