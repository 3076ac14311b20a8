"""A researcher's application for a conditional-open dataset (开放申请)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sandbox.model.names import (
    AgreementId,
    ApplicationId,
    DatasetName,
    PrincipalName,
)


class ApplicationState(StrEnum):
    """Where an application stands; nothing is ever granted by silence."""

    SUBMITTED = "submitted"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Application:
    """What was asked, by whom, and what became of it."""

    id: ApplicationId
    applicant: PrincipalName
    dataset: DatasetName
    purpose: str
    """One of the policy's purposes."""
    scenario: str
    """Where and how the results will be used, in the applicant's words."""
    safeguards: str
    starts: date
    ends: date
    """Last day on which questions may be asked, inclusive, UTC."""
    public_key: str
    """The applicant's Ed25519 key, base64 of 32 bytes; it will sign the agreement."""
    received: datetime
    state: ApplicationState = ApplicationState.SUBMITTED
    decided_by: PrincipalName | None = None
    decision: str | None = None
    """The steward's reason, given for a grant and for a refusal."""
    agreement: AgreementId | None = None
