"""Who was given a file of unconditional data; for the site's own books, not for the ledger.

Such a download spends no budget, and the ledger holds nobody's name: so it is audited here.
"""

from dataclasses import dataclass
from datetime import datetime

from sandbox.model.names import DatasetName, PrincipalName, SnapshotId


@dataclass(frozen=True, slots=True)
class Download:
    """One file that was handed out."""

    record: DatasetName
    snapshot: SnapshotId
    form: str
    """`csv` or `parquet`."""
    by: PrincipalName
    at: datetime
