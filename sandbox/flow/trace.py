"""Trace: whoever answers for data learns from which agreement a leaked answer came."""

from sandbox.errors import NotFound
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.site import Site
from sandbox.ledger import trace as ledger
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb


def trace(site: Site, caller: Principal, digest: str) -> ledger.Trace:
    """Find where an answer came from; owners only answers from their own data.

    Raises:
        NotPermitted: a researcher's or an administrator's wish; it is not theirs to read the log.
        NotFound: code `release.unknown`; nothing like this was released, or it is another's.
    """
    demand(caller, Verb.READ_LOG)
    with site.books.read() as page:
        traced = ledger.trace(page.log, digest)
        agreement = page.agreements.get(AgreementId(traced.agreement))
        if not may(caller, Verb.READ_AGREEMENT, of_agreement(page, agreement)):
            raise NotFound("No answer like this was released here", code="release.unknown")
    return traced
