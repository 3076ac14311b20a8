"""A listed dataset and the frozen version of its rows that questions are asked of."""

from dataclasses import dataclass
from datetime import datetime

from policies.schema import Policy
from sandbox.model.names import DatasetName, Digest, PrincipalName, SnapshotId, SourceName


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One immutable, bounded, partitioned copy of a dataset's open columns."""

    id: SnapshotId
    created: datetime
    commitment: Digest
    """Salted digest of the manifest; the ledger names it, and it says nothing without the salt."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A catalogue record: policy, owner and current snapshot."""

    name: DatasetName
    source: SourceName
    owner: PrincipalName
    policy: Policy
    policy_digest: Digest
    """SHA-256 of the policy document's bytes as the owner sent them."""
    policy_text: str
    snapshot: Snapshot
    version: int = 0
    """Counts the dataset's policies, as their owner signs them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that ingest did to rows, in numbers; for the owner's eyes only."""

    code: str
    """`clamped`, `dropped_rows`, `null_keys`, `null_numbers`, `closed_column`, ..."""
    count: int
    message: str
    message_zh: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the owner's file; exact counts, so it never leaves the owner's side."""

    rows_read: int
    rows_kept: int
    people: int
    changes: tuple[Change, ...]
