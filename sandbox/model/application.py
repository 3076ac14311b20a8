"""A researcher's application for conditional-open data (开放申请)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sandbox.model.applicant import Applicant
from sandbox.model.assessment import Assessment, Consent
from sandbox.model.names import (
    AgreementId,
    ApplicationId,
    DatasetName,
    EmergencyId,
    PrincipalName,
)


class ApplicationState(StrEnum):
    """Where an application stands; nothing is ever granted by silence.

    The books say how far it came by decisions. From a grant on its agreements say how far it is:
    `sandbox.model.course.stage_of` reads the last five states from them.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    """The clock stands until the applicant resubmits."""
    RESUBMITTED = "resubmitted"
    ASSESSED = "assessed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OFFERED = "offered"
    """The site has signed the agreements; the applicant has signed none."""
    SIGNED = "signed"
    """Both have signed; the period has not begun."""
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    """A later version of the agreement is in force in its place."""
    ENDED = "ended"
    """The period is over, or the applicant has disposed of what they got."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A supplement that was asked for, during which the clock stands."""

    asked: datetime
    asked_by: PrincipalName
    reason: str
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """What was asked, by whom, and what became of it."""

    id: ApplicationId
    applicant: PrincipalName
    dataset: DatasetName
    """The first one; its owner leads where there are several."""
    purpose: str
    """One of each policy's purposes."""
    scenario: str
    """Where and how the results will be used, in the applicant's words."""
    safeguards: str
    starts: date | None
    """Only a draft may lack it."""
    ends: date | None
    """Last day on which questions may be asked, inclusive, UTC."""
    public_key: str
    """The applicant's Ed25519 key, base64 of 32 bytes; it will sign the agreement."""
    received: datetime
    """When it was submitted, which starts the clock; of a draft, when it was begun."""
    state: ApplicationState = ApplicationState.SUBMITTED
    decided_by: PrincipalName | None = None
    decision: str | None = None
    """The steward's reason, given for a grant and for a refusal."""
    agreement: AgreementId | None = None
    """The first one that was offered."""
    further: tuple[DatasetName, ...] = ()
    """Datasets besides the first."""
    proof: Applicant | None = None
    """Personal data. None in books of before there were proofs, and where it was erased."""
    pauses: tuple[Pause, ...] = ()
    assessment: Assessment | None = None
    consents: tuple[Consent, ...] = ()
    """The last answer of each owner for each dataset."""
    further_agreements: tuple[AgreementId, ...] = ()
    """Where the datasets are of several sources: one agreement, and account, a source."""
    emergency: EmergencyId | None = None
    """One that was open when this was received: then it is answered within hours, not days."""
    amends: AgreementId | None = None
    """The version of an agreement that a grant would change."""
    renews: AgreementId | None = None
    """The agreement that a fresh one is to follow."""
    private: bool = False
    """Never submitted, a draft or a withdrawn one: nobody but its applicant sees it."""

    @property
    def datasets(self) -> tuple[DatasetName, ...]:
        """All that is asked for, the leading one first."""
        return (self.dataset, *self.further)

    @property
    def revision(self) -> int:
        """Count how often it was resubmitted: what somebody read may not be what stands now."""
        return sum(one.answered is not None for one in self.pauses)

    @property
    def agreements(self) -> tuple[AgreementId, ...]:
        """All that were offered."""
        return () if self.agreement is None else (self.agreement, *self.further_agreements)

    @property
    def consented(self) -> tuple[DatasetName, ...]:
        """Datasets whose owners have said yes."""
        return tuple(one.dataset for one in self.consents if one.given)

    @property
    def unanswered(self) -> tuple[DatasetName, ...]:
        """Datasets whose owners have said nothing yet."""
        answered = {one.dataset for one in self.consents}
        return tuple(name for name in self.datasets if name not in answered)
