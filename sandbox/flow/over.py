"""Over: whether an agreement still lets anything out; judged again after the debit."""

from datetime import datetime

from sandbox.errors import Conflict
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.submission import Reservation
from sandbox.ports import Page

CODE = "agreement.over"
SAID = "This agreement ended before the answer was out; nothing is released under it"


def is_over(agreement: Agreement, now: datetime) -> bool:
    """Tell whether its last day is over, or its researcher has disposed of what it gave."""
    return agreement.state is not AgreementState.IN_FORCE or now.date() > agreement.clauses.ends


def stop_if_over(site: Site, reservation: Reservation) -> None:
    """Stop what an agreement paid for before it ended; the debit stands.

    Raises:
        Conflict: code `agreement.over`; recorded as a failure.
    """
    now = site.clock.now()
    with site.books.read() as page:
        if not is_over(page.agreements.get(reservation.agreement), now):
            return
    with site.books.write() as page:
        record_end(page, reservation, now)
    raise Conflict(SAID, code=CODE)


def hold_back_if_over(site: Site, reservation: Reservation) -> None:
    """Keep an answer that waited for its tick from a researcher whose agreement ended meanwhile.

    Its release stands in the ledger, for it fell within the agreement.

    Raises:
        Conflict: code `agreement.over`.
    """
    with site.books.read() as page:
        agreement = page.agreements.get(reservation.agreement)
    if is_over(agreement, site.clock.now()):
        raise Conflict(SAID, code=CODE)


def record_end(page: Page, reservation: Reservation, now: datetime) -> None:
    """Write down that a debit came to nothing, for its agreement is over."""
    page.log.append(
        entries.failure(now, submission=reservation.submission, debit=reservation.debit, code=CODE)
    )
