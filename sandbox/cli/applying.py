"""`datarange application`: the moves in an application's course, one command each."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome
from sandbox.wire import ApplicantForm, ApplicationForm, AssessmentForm, FindingMessage

Id = Annotated[str, typer.Argument(help="An application.")]
Dataset = Annotated[str, typer.Argument(help="A dataset, as owner/title.")]
Also = Annotated[list[str] | None, typer.Option("--also", help="A further dataset; repeatable.")]
Purpose = Annotated[str, typer.Option("--purpose", help="One of the policies' purposes.")]
Scenario = Annotated[str, typer.Option("--scenario", help="Where and how results will be used.")]
Safeguards = Annotated[str, typer.Option("--safeguards", help="How you will keep them safe.")]
Starts = Annotated[str, typer.Option("--starts", help="First day, as 2026-11-30.")]
Ends = Annotated[str, typer.Option("--ends", help="Last day, inclusive.")]
Key = Annotated[Path | None, typer.Option("--key", help="Your Ed25519 key; made if missing.")]
Kind = Annotated[
    str | None,
    typer.Option("--applicant", help="natural_person, legal_person or organisation."),
]
Name = Annotated[str, typer.Option("--name", help="Your name, or the registered one.")]
Number = Annotated[
    str,
    typer.Option("--number", help="Document, unified social credit code, or registration number."),
]
Responsible = Annotated[
    str, typer.Option("--responsible", help="Legal representative or responsible person.")
]
Emergency = Annotated[
    str, typer.Option("--emergency", help="An open one over these data: answered within 24 hours.")
]
Amends = Annotated[str, typer.Option("--amends", help="An agreement that this is to change.")]
Renews = Annotated[str, typer.Option("--renews", help="An agreement that a new one follows.")]
Either = Annotated[
    str,
    typer.Argument(help="A dataset, as owner/title; may be left out where an agreement is named."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the application.")]
Consents = Annotated[bool, typer.Option("--consent/--decline", help="The owner's answer.")]
Origin = Annotated[
    str,
    typer.Option("--origin-consent", help="The document in which the data's region consents."),
]
Revision = Annotated[
    int | None,
    typer.Option("--revision", help="The one that you read: a newer one is not answered."),
]
Unmet = Annotated[list[str] | None, typer.Option("--unmet", help="An item that is not met.")]
Project = Annotated[str, typer.Option("--project", help="Is this an appropriate use?")]
People = Annotated[str, typer.Option("--people", help="Can the applicant be trusted?")]
Setting = Annotated[str, typer.Option("--setting", help="Do the safeguards suffice?")]
Data = Annotated[str, typer.Option("--data", help="Are the data needed, and no more?")]
Outputs = Annotated[str, typer.Option("--outputs", help="Will results disclose nobody?")]


def register(app: typer.Typer) -> None:
    """Give these commands to an app, under their functions' names."""
    steps = (apply, draft, submit, supplement, resubmit, assess, consent, withdraw)
    for step in steps:
        command(app, step.__name__)(step)


def apply(  # noqa: PLR0913  (an application lists its fields)
    *,
    dataset: Dataset,
    purpose: Purpose,
    scenario: Scenario,
    safeguards: Safeguards,
    starts: Starts,
    ends: Ends,
    also: Also = None,
    applicant: Kind = None,
    name: Name = "",
    number: Number = "",
    responsible: Responsible = "",
    emergency: Emergency = "",
    amends: Amends = "",
    renews: Renews = "",
    key: Key = None,
) -> Outcome:
    """Apply for data at once, without a draft (researchers)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    return application(
        connect().apply(
            dataset,
            purpose,
            scenario,
            safeguards,
            starts,
            ends,
            key=key,
            further=also or (),
            applicant=_applicant(applicant, name, number, responsible),
            emergency=emergency,
            amends=amends,
            renews=renews,
        )
    )


def draft(  # noqa: PLR0913
    *,
    dataset: Either = "",
    purpose: Purpose = "",
    scenario: Scenario = "",
    safeguards: Safeguards = "",
    starts: Starts = "",
    ends: Ends = "",
    also: Also = None,
    applicant: Kind = None,
    name: Name = "",
    number: Number = "",
    responsible: Responsible = "",
    emergency: Emergency = "",
    amends: Amends = "",
    renews: Renews = "",
    key: Key = None,
    id: Annotated[str | None, typer.Option("--id", help="A draft to put this in place of.")] = None,  # noqa: A002
) -> Outcome:
    """Begin a draft, or put another version in its place; nobody else sees it (researchers).

    One that changes or renews an agreement takes from it what you leave out.
    """
    from sandbox.cli.application_view import application
    from sandbox.client import connect
    from sandbox.client.applying import application_form

    form = application_form(
        dataset,
        purpose,
        scenario,
        safeguards,
        starts,
        ends,
        key,
        further=also or (),
        applicant=_applicant(applicant, name, number, responsible),
        emergency=emergency,
        amends=amends,
        renews=renews,
    )
    range_ = connect()
    form = range_.fill_in(form)
    return application(range_.edit(id, form) if id else range_.draft(form))


def submit(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Submit a draft: the clock of five working days starts (researchers)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    return application(connect().submit(id))


def supplement(id: Id, *, reason: Reason) -> Outcome:  # noqa: A002
    """Ask the applicant for more: the clock stands until they resubmit (stewards)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    return application(connect().ask_for_supplement(id, reason))


def resubmit(  # noqa: PLR0913
    id: Id,  # noqa: A002
    *,
    scenario: Scenario = "",
    safeguards: Safeguards = "",
    purpose: Purpose = "",
    starts: Starts = "",
    ends: Ends = "",
    applicant: Kind = None,
    name: Name = "",
    number: Number = "",
    responsible: Responsible = "",
    key: Key = None,
) -> Outcome:
    """Answer a supplement; what you leave out stays as it was (researchers)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect
    from sandbox.client.applying import application_form

    range_ = connect()
    known = range_.application(id)
    form: ApplicationForm = application_form(
        known.dataset,
        purpose or known.purpose,
        scenario or known.scenario,
        safeguards or known.safeguards,
        starts or known.starts,
        ends or known.ends,
        key,
        further=known.further,
        applicant=_applicant(applicant, name, number, responsible),
    )
    return application(range_.resubmit(id, form))


def assess(  # noqa: PLR0913
    id: Id,  # noqa: A002
    *,
    project: Project,
    people: People,
    setting: Setting,
    data: Data,
    outputs: Outputs,
    unmet: Unmet = None,
    revision: Revision = None,
) -> Outcome:
    """Answer the five questions, each with a remark; name those not met (stewards)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    remarks = {
        "project": project,
        "people": people,
        "setting": setting,
        "data": data,
        "outputs": outputs,
    }
    unknown = set(unmet or ()) - set(remarks)
    if unknown:
        raise typer.BadParameter(f"the items are {', '.join(remarks)}", param_hint="--unmet")
    found = {
        item: FindingMessage(item not in (unmet or ()), remark) for item, remark in remarks.items()
    }
    form = AssessmentForm(
        project=found["project"],
        people=found["people"],
        setting=found["setting"],
        data=found["data"],
        outputs=found["outputs"],
        revision=revision,
    )
    return application(connect().assess(id, form))


def consent(
    id: Id,  # noqa: A002
    dataset: Dataset,
    *,
    reason: Reason,
    given: Consents = True,
    origin_consent: Origin = "",
    revision: Revision = None,
) -> Outcome:
    """Consent to opening your dataset, or decline (owners)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    return application(
        connect().consent(
            id, dataset, reason, given=given, origin_consent=origin_consent, revision=revision
        )
    )


def withdraw(id: Id) -> Outcome:  # noqa: A002
    """Take an application back before it is decided (researchers)."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    return application(connect().withdraw(id))


def _applicant(kind: str | None, name: str, number: str, responsible: str) -> ApplicantForm | None:
    if kind is None and (name or number or responsible):
        raise typer.BadParameter("say which kind of applicant this is", param_hint="--applicant")
    return None if kind is None else ApplicantForm(kind, name, number, responsible)
