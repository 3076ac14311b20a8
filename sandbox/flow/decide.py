"""Decide: a steward answers an application; a grant offers agreements, signed by the site.

One agreement, and with it one account, for each source: so each owner's ledger is debited when
their own data are asked of, and each agreement says who vouches for what.
"""

from dataclasses import replace

from sandbox.errors import Conflict
from sandbox.flow.amend import require_open_way
from sandbox.flow.authorise import demand
from sandbox.flow.clauses import clauses_of
from sandbox.flow.course import find_application, move, require_revision
from sandbox.flow.papers import require_text
from sandbox.flow.seal import sealed
from sandbox.flow.site import Site
from sandbox.flow.strictest import grant_over, granted_beside
from sandbox.flow.versions import next_id
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement, root_of
from sandbox.model.application import Application
from sandbox.model.course import Actor, Move, after
from sandbox.model.names import AgreementId, DatasetName, Digest, SourceName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page


def decide(
    site: Site,
    steward: Principal,
    id: str,  # noqa: A002  (the field's name)
    *,
    grant: bool,
    reason: str,
    revision: int | None = None,
) -> Application:
    """Answer an application once, with a reason either way; `revision` is the one that was read.

    Raises:
        BadInput: there is no reason, or it is too long.
        NotFound: there is no such application.
        Conflict: somebody has decided already, or it was resubmitted since it was read; or for a
            grant, it is not assessed, an item is not met, an owner has not answered, or the
            policies open no lane in common.
        NotPermitted: not a steward.
    """
    demand(steward, Verb.DECIDE)
    written = require_text(reason, "decision.reason")
    with site.books.write() as page:
        known = find_application(page, steward, id, Verb.DECIDE)
        require_revision(known, revision)
        made = Move.GRANT if grant else Move.REFUSE
        decided = move(page, known, made, Actor.STEWARD, decided_by=steward.name, decision=written)
        page.log.append(
            entries.decision(
                site.clock.now(),
                application=decided.id,
                granted=grant,
                by=site.pseudonyms.of(steward.name),
                commitment=site.commit_to(page, written.encode()),
            )
        )
        return _offered(site, page, steward, decided) if grant else decided


def _offered(site: Site, page: Page, steward: Principal, granted: Application) -> Application:
    """Offer an agreement for each source; a grant without what it rests on is undone."""
    _require_assent(granted)
    require_open_way(site, page, granted, site.clock.now())
    after(granted.state, Move.OFFER, Actor.SITE)
    sources = _by_source(page, granted)
    first, *further = [
        _offer(site, page, steward, granted, datasets) for datasets in sources.values()
    ]
    offered = replace(granted, agreement=first, further_agreements=tuple(further))
    page.applications.replace(offered.id, offered)
    return offered


def _require_assent(application: Application) -> None:
    """Make sure that the assessment and the owners speak for a grant.

    Raises:
        Conflict: `decision.unmet`, `decision.no_answer` or `decision.no_consent`.
    """
    unmet = application.assessment.unmet if application.assessment else ()
    if unmet:
        items = ", ".join(unmet)
        raise Conflict(f"The assessment speaks against a grant: {items}", code="decision.unmet")
    if application.unanswered:
        names = ", ".join(application.unanswered)
        raise Conflict(f"Their owners have not answered yet: {names}", code="decision.no_answer")
    if not application.consented:
        raise Conflict("No owner has consented; refuse it", code="decision.no_consent")


def _by_source(page: Page, application: Application) -> dict[SourceName, tuple[DatasetName, ...]]:
    """Sort what was consented to by source, in the application's order."""
    sources: dict[SourceName, tuple[DatasetName, ...]] = {}
    for name in application.datasets:
        if name in application.consented:
            source = page.datasets.get(name).source
            sources[source] = (*sources.get(source, ()), name)
    return sources


def _offer(
    site: Site,
    page: Page,
    steward: Principal,
    application: Application,
    datasets: tuple[DatasetName, ...],
) -> AgreementId:
    before, root = application.amends, application.amends and root_of(application.amends)
    others = tuple(name for name in application.consented if name not in datasets)
    beside = granted_beside(page, root) if root else others
    draft = Agreement(
        id=next_id(page, root) if root else AgreementId(site.fresh_id()),
        amends=before,
        application=application.id,
        researcher=application.applicant,
        researcher_key=application.public_key,
        steward=steward.name,
        site_key="",
        clauses=clauses_of(application, datasets),
        digest=Digest(""),
        site_signature="",
        offered=site.clock.now(),
        grant=grant_over(page, datasets, beside, root),
    )
    offered = sealed(draft, site.site_signer)
    page.agreements.add(offered.id, offered)
    return offered.id
