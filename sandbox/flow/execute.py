"""Execute: have the exact sum computed; whatever happens now, the debit stands."""

from sandbox.errors import Unavailable
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.submission import PricedPlan, Reservation


def execute(site: Site, reservation: Reservation, priced: PricedPlan) -> BoundedSum:
    """Add up over the reserved snapshot.

    Raises:
        Unavailable: the engine failed; recorded, paid, and the same request may try again. The
            message is fixed: what went wrong inside may depend on rows.
    """
    try:
        return site.engine.add_up(reservation, priced)
    except Exception as fault:
        with site.books.write() as page:
            page.log.append(
                entries.failure(
                    site.clock.now(),
                    submission=reservation.submission,
                    debit=reservation.debit,
                    code="engine.failed",
                )
            )
        raise Unavailable(
            "The site could not compute this; ask the same again, it is paid for",
            code="engine.failed",
        ) from fault
