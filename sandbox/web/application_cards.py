"""From an application to what is said of it: its course, its clock, and what comes next."""

from datetime import UTC

from sandbox.flow.authorise import may, of_application
from sandbox.flow.deadline import clock_of
from sandbox.flow.feedback import due_by, is_filed
from sandbox.flow.guide import Situation, guide
from sandbox.flow.site import Site
from sandbox.flow.strictest import is_still_granted
from sandbox.flow.versions import has_ended, latest
from sandbox.model.agreement import AgreementState
from sandbox.model.applicant import Applicant
from sandbox.model.application import Application
from sandbox.model.assessment import Assessment, Consent
from sandbox.model.course import stage_of
from sandbox.model.deadline import Deadline
from sandbox.model.names import DatasetName, PrincipalName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import (
    ApplicantForm,
    ApplicationCard,
    AssessmentForm,
    ConsentMessage,
    DeadlineMessage,
    FindingMessage,
    OverdueCard,
    PauseMessage,
)


def application_card(
    site: Site, page: Page, caller: Principal, application: Application
) -> ApplicationCard:
    """Say where an application stands; proof and assessment to stewards alone."""
    now = _situation(site, page, application)
    official = may(caller, Verb.READ_PROOF, of_application(page, application))
    return ApplicationCard(
        id=application.id,
        applicant=application.applicant,
        dataset=application.dataset,
        purpose=application.purpose,
        scenario=application.scenario,
        safeguards=application.safeguards,
        starts=application.starts.isoformat() if application.starts else "",
        ends=application.ends.isoformat() if application.ends else "",
        received=application.received.isoformat(),
        state=now.stage.value,
        decision=application.decision,
        agreement=application.agreement,
        further=tuple(application.further),
        agreements=tuple(application.agreements),
        deadline=_deadline(now.deadline),
        next=guide(now),
        emergency=application.emergency,
        amends=application.amends,
        renews=application.renews,
        revision=application.revision,
        pauses=tuple(
            PauseMessage(
                one.asked.isoformat(),
                one.reason,
                one.answered.isoformat() if one.answered else None,
            )
            for one in application.pauses
        ),
        consents=tuple(_consent(application, now, name) for name in application.datasets),
        assessment=_assessment(application.assessment) if official else None,
        proof=_proof(application.proof) if official else None,
    )


def overdue_card(application: Application, deadline: Deadline) -> OverdueCard:
    """Say that somebody is late, and with what."""
    return OverdueCard(
        id=application.id,
        dataset=application.dataset,
        received=application.received.isoformat(),
        state=application.state.value,
        deadline=_deadline(deadline),
    )


def _situation(site: Site, page: Page, application: Application) -> Situation:
    agreements = [page.agreements.get(name) for name in application.agreements]
    unsigned = [one for one in agreements if one.state is AgreementState.OFFERED]
    today = site.clock.now().date()
    last = [latest(page, one) for one in agreements]
    over = [one for one in last if has_ended(one, today)]
    return Situation(
        application=application,
        stage=stage_of(application, agreements, today),
        deadline=clock_of(site, application),
        owners=_owners(page, application),
        unsigned=tuple(one.id for one in unsigned),
        outdated=tuple(one.id for one in unsigned if not is_still_granted(page, one)),
        later=tuple(one.id for one in last if one not in (*agreements, *over)),
        undisposed=tuple(one.id for one in over if one.state is not AgreementState.ENDED),
        unreported={one.id: due_by(one) for one in over if not is_filed(page, one)},
        over=tuple(one.id for one in over),
    )


def _owners(page: Page, application: Application) -> dict[DatasetName, PrincipalName]:
    found = (page.datasets.find(name) for name in application.datasets)
    return {dataset.name: dataset.owner for dataset in found if dataset is not None}


def _deadline(clock: Deadline) -> DeadlineMessage:
    return DeadlineMessage(
        clock.due.isoformat(),
        clock.provisional,
        clock.used_days,
        clock.stage.value,
        until=clock.until.astimezone(UTC).isoformat() if clock.until else None,
        used_hours=clock.used_hours,
    )


def _consent(application: Application, now: Situation, name: DatasetName) -> ConsentMessage:
    answers: dict[DatasetName, Consent] = {one.dataset: one for one in application.consents}
    owner = now.owners.get(name, PrincipalName(""))
    if name not in answers:
        return ConsentMessage(name, owner, given=None)
    said = answers[name]
    return ConsentMessage(name, said.by, said.given, said.reason, said.origin_consent)


def _assessment(made: Assessment | None) -> AssessmentForm | None:
    if made is None:
        return None
    answers = (made.project, made.people, made.setting, made.data, made.outputs)
    project, people, setting, data, outputs = (
        FindingMessage(one.met, one.remark) for one in answers
    )
    return AssessmentForm(project, people, setting, data, outputs)


def _proof(proof: Applicant | None) -> ApplicantForm | None:
    if proof is None:
        return None
    return ApplicantForm(proof.kind.value, proof.name, proof.number, proof.responsible)
