"""An open-data use agreement (开放利用协议): seven clauses, one digest, two signatures.

The agreement is the account: who may ask, of what, why, until when and for how much all follow
from it and from nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from sandbox.model.cost import Accounting
from sandbox.model.names import (
    AgreementId,
    ApplicationId,
    DatasetName,
    Digest,
    PrincipalName,
    SourceName,
)

MARK = "."
"""Between an agreement's id and the number of a later version; no fresh id has it."""
FEEDBACK_DAYS = 30
"""After the end, until which feedback on use is to be filed (clause 7)."""


class AgreementState(StrEnum):
    """An agreement binds once both have signed."""

    OFFERED = "offered"
    """Signed by the site for the owner; the researcher has yet to sign."""
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    """A later version is in force in its place; what ran under this one stays as it was."""
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
class Grant:
    """What clause 1 opens: by which lanes, and how much privacy may be spent in all.

    It is the strictest of all policies at the offer, and stays what it was when one is changed.
    """

    source: SourceName
    """The people whom all datasets of the agreement are about."""
    lanes: tuple[str, ...]
    """Lanes 利用通道, by their names in the policy."""
    accounting: Accounting
    cap: Fraction
    """Budget 隐私预算 of the agreement's account: rho under `zcdp`, epsilon under `pure`; exact."""
    epsilon: Fraction
    """The cap as people read it, at `delta`."""
    delta: Fraction


NOTHING_GRANTED = Grant(SourceName(""), (), Accounting.ZCDP, Fraction(0), Fraction(0), Fraction(0))
"""What agreements grant that were offered before agreements said it."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a researcher has said about their use of the results (利用情况反馈)."""

    filed: datetime
    commitment: Digest
    """To the statement, which can be deleted."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of the clauses with what makes them binding.

    The first version is named by an id of its own, `X`; later ones are `X.2`, `X.3`.
    """

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
    """Of the document, as `sandbox.ledger.signing.agreement_digest` has it: what both sign."""
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
    amends: AgreementId | None = None
    """The version that this one takes the place of; None for the first."""
    feedback: tuple[Feedback, ...] = ()
    """Filed while this version was the last one that was signed."""
    grant: Grant = NOTHING_GRANTED

    @property
    def root(self) -> AgreementId:
        """Give the id of the first version, which the account and the key go by."""
        return root_of(self.id)

    @property
    def version(self) -> int:
        """Count the versions from 1."""
        _, _, number = self.id.partition(MARK)
        return int(number) if number else 1


def root_of(version: AgreementId) -> AgreementId:
    """Name the first version of an agreement by the id of any."""
    return AgreementId(version.partition(MARK)[0])


def version_id(root: AgreementId, version: int) -> AgreementId:
    """Name a version."""
    return root if version == 1 else AgreementId(f"{root}{MARK}{version}")
