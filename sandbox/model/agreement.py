"""An open-data use agreement (开放利用协议): seven clauses, one digest, two signatures.

The agreement is the account: who may ask, of what, why, until when and for how much all follow
from it and from nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sandbox.model.names import (
    AgreementId,
    ApplicationId,
    DatasetName,
    Digest,
    PrincipalName,
)


class AgreementState(StrEnum):
    """An agreement binds once both have signed."""

    OFFERED = "offered"
    """Signed by the site for the owner; the researcher has yet to sign."""
    IN_FORCE = "in_force"
    ENDED = "ended"
    """The researcher has disposed of what it gave them."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """The seven clauses that Chongqing's rules ask for, in their order."""

    datasets: tuple[DatasetName, ...]
    """1. List of data 开放数据清单."""
    purpose: str
    """2. Purpose 利用目的."""
    scenario: str
    """3. Scenario 应用场景."""
    safeguards: str
    """4. Safeguards 安全保障措施."""
    starts: date
    """5. Period 使用期限, first day."""
    ends: date
    """5. Period, last day, inclusive, UTC."""
    disposal: str
    """6. Disposal at the end 期满处置."""
    feedback: str
    """7. Feedback on use 利用情况反馈."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The clauses with what makes them binding."""

    id: AgreementId
    application: ApplicationId
    researcher: PrincipalName
    researcher_key: str
    """Ed25519, base64 of 32 bytes."""
    steward: PrincipalName
    site_key: str
    """Ed25519, base64 of 32 bytes; signs for the owner."""
    clauses: Clauses
    digest: Digest
    """SHA-256 of the canonical JSON of id, parties, keys, clauses: what both sides sign."""
    site_signature: str
    """Ed25519 over the digest's 64 ASCII digits behind the label in `sandbox.ledger.signing`."""
    offered: datetime
    researcher_signature: str | None = None
    signed: datetime | None = None
    disposed: datetime | None = None
    state: AgreementState = AgreementState.OFFERED
    workspace: Digest | None = None
    """SHA-256 of the key that seals its answers, from the first version's signature on."""
    closed: datetime | None = None
    """When its end was carried out: keys destroyed, tokens revoked, certificate in the ledger."""

    @property
    def root(self) -> AgreementId:
        """Give the id of the first version, which the account and the key go by."""
        return root_of(self.id)


def root_of(version: AgreementId) -> AgreementId:
    """Name the first version of an agreement by the id of any."""
    return version
