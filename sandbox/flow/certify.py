"""Certify: who has to do with an agreement gets its disposal certificate once it has ended."""

import json
from collections.abc import Iterator

from sandbox.errors import Conflict, NotFound
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.record import head
from sandbox.flow.site import Site
from sandbox.ledger import records
from sandbox.ledger.canonical import canonical
from sandbox.ledger.certificate import Ended, proven
from sandbox.model.agreement import Agreement
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import DisposalCertificate, read


def certificate_of(site: Site, caller: Principal, id: str) -> DisposalCertificate:  # noqa: A002  (the field's name)
    """Give an ended agreement's certificate, with the proofs that let anybody check it offline.

    Raises:
        NotFound: code `agreement.unknown`; there is none, or it is not the caller's to see.
        Conflict: code `agreement.not_closed`; it has not ended, or its end is not carried out yet.
    """
    demand(caller, Verb.READ_AGREEMENT)
    with site.books.read() as page:
        agreement = page.agreements.find(AgreementId(id))
        if agreement is None or not may(caller, Verb.READ_AGREEMENT, of_agreement(page, agreement)):
            raise NotFound("You have no such agreement", code="agreement.unknown")
        if agreement.closed is None:
            raise Conflict(
                "This agreement has not ended, or the site has not carried out its end yet",
                code="agreement.not_closed",
            )
        return _certificate(site, page, agreement)


def _certificate(site: Site, page: Page, agreement: Agreement) -> DisposalCertificate:
    """Put the entries and their proofs together."""
    ended = _entries_of(page, agreement.root)
    size = page.log.size()
    text, text_zh = ended.texts(site.origin)
    return read(
        DisposalCertificate,
        {
            "text": text,
            "text_zh": text_zh,
            "agreement": _proven(page, ended.agreement, size),
            "disposal": ended.disposal and _proven(page, ended.disposal, size),
            "certificate": _proven(page, ended.certificate, size),
            "size": size,
            "checkpoint": head(site, size, page.log.root(size)),
        },
    )


def _proven(page: Page, record: records.Record, size: int) -> dict[str, object]:
    entry = page.log.entry(record.index)
    return proven(entry, record.index, page.log.inclusion(record.index, size))


def _entries_of(page: Page, root: AgreementId) -> Ended:
    """Find what the ledger says of an agreement that was closed.

    A disposal that was declared after the end is no cause of it.

    Raises:
        NotFound: code `books.unknown`; books and ledger contradict each other.
    """
    agreement, disposal = None, None
    for record in _about(page, root):
        match record:
            case records.Agreement():
                agreement = record
            case records.Disposal():
                disposal = record
            case records.Certificate() if agreement is not None:
                return Ended(agreement, disposal, record)
            case _:
                pass
    raise NotFound("The ledger has no certificate of this agreement", code="books.unknown")


def _about(page: Page, root: AgreementId) -> Iterator[records.Record | None]:
    """Read the entries that name a version; only those whose bytes hold its name are parsed."""
    needle = canonical({"agreement": root})[1:-2]
    found = (json.loads(raw) for raw in page.log.entries() if needle in raw)
    return (records.read(one) for one in found if records.first_version(one["agreement"]) == root)
