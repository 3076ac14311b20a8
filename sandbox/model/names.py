"""Kinds of name, kept apart by type, and what a name may look like."""

import re
from typing import NewType

from sandbox.errors import BadInput, Place

DatasetName = NewType("DatasetName", str)
"""`owner/title`, lower case: `health/hie`."""
SourceName = NewType("SourceName", str)
"""The people behind one or more datasets; budgets live here."""
ColumnName = NewType("ColumnName", str)
SnapshotId = NewType("SnapshotId", str)
"""Random, never derived from rows: a digest of small data can be guessed back."""
ApplicationId = NewType("ApplicationId", str)
AgreementId = NewType("AgreementId", str)
SubmissionId = NewType("SubmissionId", str)
"""Digest of agreement, snapshot, plan and cost: equal requests have equal ids."""
AccountId = NewType("AccountId", str)
"""`source/health/hie`, `agreement/<id>`, ...; `sandbox.model.account` names them."""
EmergencyId = NewType("EmergencyId", str)
DemandId = NewType("DemandId", str)
OwnerName = NewType("OwnerName", str)
"""The body that answers for data, as its policies and lists write it."""
PrincipalName = NewType("PrincipalName", str)
"""A person or team that signs in; the ledger never shows it, only their pseudonym."""
Pseudonym = NewType("Pseudonym", str)
"""Keyed digest of a principal's name, 64 lower-case hexadecimal digits: who it is in the ledger."""
TokenId = NewType("TokenId", str)
"""First half of a token's SHA-256, 32 lower-case hexadecimal digits: names it, does not open."""
Digest = NewType("Digest", str)
"""SHA-256, 64 lower-case hexadecimal digits."""

MAX_NAME = 128
"""Characters in any name that people choose."""

_DATASET = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){1,3}")
_PRINCIPAL = re.compile(r"[\w][\w.@-]*")


def dataset_name(text: str) -> DatasetName:
    """Read a dataset's name.

    Raises:
        BadInput: it is not `owner/title` in lower-case ASCII.
    """
    if len(text) > MAX_NAME or not _DATASET.fullmatch(text):
        raise BadInput(
            "A dataset is named owner/title in lower-case letters, digits, '-' and '_'",
            code="name.dataset",
            place=Place(clause="dataset"),
        )
    return DatasetName(text)


def principal_name(text: str) -> PrincipalName:
    """Read the name of somebody who signs in; any script's letters are welcome.

    Raises:
        BadInput: it is empty, long, or holds spaces or control characters.
    """
    if len(text) > MAX_NAME or not _PRINCIPAL.fullmatch(text):
        raise BadInput(
            "A person's name here has letters, digits, '.', '@', '_' and '-' only",
            code="name.principal",
            place=Place(clause="name"),
        )
    return PrincipalName(text)
