"""The one door: nothing that was computed from rows leaves except through `measure`.

The door trusts nobody: it takes the noise from the priced plan, asks OpenDP what that noise costs
for the sensitivities in hand, and opens only if the total is within what was debited. Two things
pass: sums with noise, and the index of a score that is greatest or nearly so.
"""

from collections.abc import Sequence
from fractions import Fraction

from sandbox.errors import DataRangeError
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.submission import Measurement, Noise, Priced, Reservation
from sandbox.privacy.mechanisms import add_noise, loss, noisy_max


class DoorClosed(DataRangeError):
    """The sum, its price and its debit do not belong together; a fault of ours, never of data."""


def measure(total: BoundedSum, priced: Priced, reservation: Reservation) -> Measurement:
    """Turn a secret sum into noisy integers and selected indices that may be shown to anybody.

    Raises:
        DoorClosed: the debit does not cover the loss, or parts were exchanged on the way.
        ValueError: a selection among numbers whose single changes nobody has bounded.
    """
    if reservation.cost != priced.cost or total.parts != priced.parts:
        raise DoorClosed("The debit was for another question", code="door.mismatch")
    if total.sensitivities != priced.sensitivities:
        raise DoorClosed("The sum was bounded differently than priced", code="door.mismatch")
    if any(noise.kind.accounting is not priced.accounting for noise in priced.noises):
        raise DoorClosed("The noise is counted otherwise than the debit", code="door.mismatch")
    if _total_loss(priced) > reservation.cost.spent_under(priced.accounting):
        raise DoorClosed("The debit does not cover the loss", code="door.underpaid")
    return Measurement(
        parts=total.parts,
        noises=priced.noises,
        values=tuple(
            _drawn(noise, vector) for noise, vector in zip(priced.noises, total.values, strict=True)
        ),
    )


def _drawn(noise: Noise, vector: Sequence[int]) -> tuple[int, ...]:
    return (noisy_max(noise, vector),) if noise.kind.selects else add_noise(noise, vector)


def _total_loss(priced: Priced) -> Fraction:
    pairs = zip(priced.noises, priced.sensitivities, strict=True)
    return sum((loss(noise, sensitivity) for noise, sensitivity in pairs), Fraction(0))
