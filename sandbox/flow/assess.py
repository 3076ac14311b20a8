"""Assess: a steward answers the five questions (Five Safes), each with a verdict and a remark."""

from dataclasses import asdict

from sandbox.errors import BadInput, Place
from sandbox.flow.authorise import demand
from sandbox.flow.course import enter, find_application, move, require_revision
from sandbox.flow.site import Site
from sandbox.ledger.canonical import canonical
from sandbox.model.application import Application
from sandbox.model.assessment import Assessment, Finding, Safe
from sandbox.model.course import Actor, Move
from sandbox.model.principal import Principal
from sandbox.model.prose import fault_of
from sandbox.model.verb import Verb
from sandbox.wire import AssessmentForm


def assess(site: Site, steward: Principal, id: str, form: AssessmentForm) -> Application:  # noqa: A002  (the field's name)
    """Put the assessment on record; a later one takes its place until the decision.

    Raises:
        BadInput: code `assessment.<item>`, or `assessment.incomplete` with every remark at fault.
        NotFound: there is no such application.
        NotPermitted: not a steward.
        Conflict: it waits for its applicant, is decided, or was resubmitted since it was read.
    """
    demand(steward, Verb.ASSESS)
    findings = _findings(form)
    with site.books.write() as page:
        known = find_application(page, steward, id, Verb.ASSESS)
        require_revision(known, form.revision)
        made = Assessment(by=steward.name, made=site.clock.now(), **findings)
        assessed = move(page, known, Move.ASSESS, Actor.STEWARD, assessment=made)
        enter(site, page, assessed, "assess", steward, canonical(asdict(form)))
    return assessed


def _findings(form: AssessmentForm) -> dict[str, Finding]:
    answers = {safe.value: getattr(form, safe.value) for safe in Safe}
    faults = {
        name: fault
        for name, answer in answers.items()
        if (fault := fault_of(answer.remark)) is not None
    }
    if faults:
        first = next(iter(faults))
        raise BadInput(
            "\n".join(f"{name}: {fault}" for name, fault in faults.items()),
            code=f"assessment.{first}" if len(faults) == 1 else "assessment.incomplete",
            place=Place(clause=f"{first}.remark"),
        )
    return {name: Finding(answer.met, answer.remark.strip()) for name, answer in answers.items()}
