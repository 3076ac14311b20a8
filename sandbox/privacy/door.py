"""The one door: nothing that was computed from rows leaves except through `measure`.

The door trusts nobody: it takes the noise from the priced plan, asks OpenDP what that noise costs
for the sensitivities in hand, and opens only if the total is within what was debited.
"""

from fractions import Fraction

from sandbox.errors import DataRangeError
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.submission import Measurement, PricedPlan, Reservation
from sandbox.privacy.mechanisms import add_noise, loss


class DoorClosed(DataRangeError):
    """The sum, its price and its debit do not belong together; a fault of ours, never of data."""


def measure(total: BoundedSum, priced: PricedPlan, reservation: Reservation) -> Measurement:
    """Turn a secret sum into noisy integers that may be shown to anybody.

    Raises:
        DoorClosed: the debit does not cover the loss, or parts were exchanged on the way.
    """
    if reservation.cost != priced.cost or total.parts != priced.parts:
        raise DoorClosed("The debit was for another question", code="door.mismatch")
    if total.sensitivities != priced.sensitivities:
        raise DoorClosed("The sum was bounded differently than priced", code="door.mismatch")
    if _total_loss(priced) > reservation.cost.spent_under(priced.accounting):
        raise DoorClosed("The debit does not cover the loss", code="door.underpaid")
    return Measurement(
        parts=total.parts,
        noises=priced.noises,
        values=tuple(
            add_noise(noise, vector)
            for noise, vector in zip(priced.noises, total.values, strict=True)
        ),
    )


def _total_loss(priced: PricedPlan) -> Fraction:
    pairs = zip(priced.noises, priced.sensitivities, strict=True)
    return sum((loss(noise, sensitivity) for noise, sensitivity in pairs), Fraction(0))
