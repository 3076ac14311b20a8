"""Authorise: ask the decision point, and turn a no into a refusal that explains itself.

A step is asked for twice: as such (`SITE`), before anything is looked up, and about the thing it is
to be taken with. Who may not have a thing is answered as if it were not there (`may`), by whoever
looked for it, so that ids of others and ids of nothing read the same.
"""

from collections.abc import Iterable
from datetime import datetime

from policies.authorise import Rule, Ruling, Thing, authorise
from sandbox.errors import NotPermitted, Reason
from sandbox.model.agreement import Agreement, root_of
from sandbox.model.application import Application
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency
from sandbox.model.names import DatasetName
from sandbox.model.owner import Owner, upwards
from sandbox.model.principal import Principal
from sandbox.model.record import Record
from sandbox.model.source import Source
from sandbox.model.submission import Submission
from sandbox.model.token import Token
from sandbox.model.verb import Verb
from sandbox.ports import Page

SITE = Thing("Site")
"""A step as such."""

_SAID = "As {role} you may not do this ({verb}). {rules}"
_NO_RULE = "No rule permits it."


def may(principal: Principal, verb: Verb, thing: Thing = SITE) -> bool:
    """Say whether somebody may take a step; a thing that they may not have is not shown."""
    return _ruling(principal, verb, thing).permitted


def demand(principal: Principal, verb: Verb, thing: Thing = SITE) -> None:
    """Go on only if the rules permit the step.

    Raises:
        NotPermitted: `role.missing`, no rule permits it; `rule.forbids`, a rule forbids it. The
            reasons quote the rules, which name nobody.
    """
    ruling = _ruling(principal, verb, thing)
    if ruling.permitted:
        return
    of_thing = thing.kind != SITE.kind or principal.agreement is not None
    code = "rule.forbids" if ruling.forbidden and of_thing else "role.missing"
    said = " ".join(rule.says for rule in ruling.grounds) or _NO_RULE
    raise NotPermitted(
        _SAID.format(role=principal.role.value, verb=verb.value, rules=said),
        code=code,
        reasons=tuple(_reason(rule) for rule in ruling.grounds),
    )


def _ruling(principal: Principal, verb: Verb, thing: Thing) -> Ruling:
    name, role, agreement = principal.name, principal.role.value, principal.agreement or ""
    return authorise(name, role, verb.value, thing, agreement)


def of_application(page: Page, application: Application) -> Thing:
    """Say what the rules look at: whose it is, for whose datasets, and whether it was sent."""
    return Thing(
        "Application",
        {
            "applicant": application.applicant,
            "owners": _owners(page, application.datasets),
            "state": application.state.value,
            "private": application.private,
        },
    )


def of_agreement(page: Page, agreement: Agreement) -> Thing:
    """Say what the rules look at: whose it is, over whose datasets, and whether it binds."""
    return Thing(
        "Agreement",
        {
            "researcher": agreement.researcher,
            "owners": _owners(page, agreement.clauses.datasets),
            "state": agreement.state.value,
            "agreement": agreement.root,
        },
    )


def of_submission(submission: Submission) -> Thing:
    """Say what the rules look at."""
    under = root_of(submission.agreement)
    return Thing("Submission", {"researcher": submission.researcher, "agreement": under})


def of_dataset(dataset: Dataset) -> Thing:
    """Say what the rules look at."""
    return Thing("Dataset", {"owner": dataset.owner})


def of_source(source: Source) -> Thing:
    """Say what the rules look at."""
    return Thing("Source", {"owner": source.owner})


def of_body(page: Page, body: Owner) -> Thing:
    """Say what the rules look at: who signs in for a body, and for those above it."""
    line = upwards(body, page.owners.find)
    return Thing("Body", {"keepers": tuple(each.keeper for each in line)})


def of_record(record: Record) -> Thing:
    """Say what the rules look at."""
    return Thing("Record", {"openness": record.openness.value})


def of_emergency(page: Page, emergency: Emergency, now: datetime) -> Thing:
    """Say what the rules look at; an emergency is declared, then open, then over."""
    owner = page.sources.get(emergency.source).owner
    return Thing(
        "Emergency",
        {
            "owner": owner,
            "declared_by": emergency.declared_by,
            "confirmed_by": emergency.confirmed_by or "",
            "state": emergency_state(emergency, now),
        },
    )


def emergency_state(emergency: Emergency, now: datetime) -> str:
    """Name where an emergency stands."""
    if now >= emergency.ends:
        return "over"
    return "declared" if emergency.confirmed is None else "open"


def of_token(token: Token) -> Thing:
    """Say what the rules look at."""
    return Thing("Token", {"holder": token.name})


def _owners(page: Page, datasets: Iterable[DatasetName]) -> tuple[str, ...]:
    found = (page.datasets.find(name) for name in datasets)
    return tuple(sorted({each.owner for each in found if each is not None}))


def _reason(rule: Rule) -> Reason:
    return Reason(
        code=f"rule.{rule.effect}",
        clause=f"authorisation/{rule.id}",
        message=rule.says,
        message_zh=rule.says_zh,
    )
