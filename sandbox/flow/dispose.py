"""Dispose: a researcher declares that an agreement's data are disposed of (期满处置); it ends."""

from contextlib import suppress
from dataclasses import replace

from sandbox.errors import Conflict, NotFound, Unavailable
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.end import end
from sandbox.flow.papers import require_text
from sandbox.flow.site import Site
from sandbox.flow.versions import latest
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb


def dispose(site: Site, researcher: Principal, id: str, statement: str) -> Agreement:  # noqa: A002  (the field's name)
    """End an agreement in force, at its end or before; nothing can be asked under it again.

    Whichever version is named, all of them end.

    Raises:
        BadInput: code `disposal.statement`.
        NotFound: code `agreement.unknown`; there is none, or it is another's.
        NotPermitted: not a researcher.
        Conflict: code `agreement.not_in_force`; it was never signed, or has ended already.
    """
    demand(researcher, Verb.DISPOSE)
    written = require_text(statement, "disposal.statement")
    with site.books.write() as page:
        agreement = page.agreements.find(AgreementId(id))
        if agreement is None or not may(researcher, Verb.DISPOSE, of_agreement(page, agreement)):
            raise NotFound("You have no such agreement", code="agreement.unknown")
        agreement = latest(page, agreement)
        if agreement.state is not AgreementState.IN_FORCE:
            raise Conflict("This agreement is not in force", code="agreement.not_in_force")
        now = site.clock.now()
        ended = replace(agreement, state=AgreementState.ENDED, disposed=now)
        page.agreements.replace(ended.id, ended)
        page.log.append(
            entries.disposal(
                now,
                agreement=ended.id,
                by=site.pseudonyms.of(researcher.name),
                commitment=site.commit_to(page, written.encode()),
            )
        )
    with suppress(Unavailable):  # The next round closes it; from now on nothing comes out.
        end(site, ended.root)
    with site.books.read() as page:
        return page.agreements.get(ended.id)
