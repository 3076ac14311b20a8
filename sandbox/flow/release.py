"""Release: noise is added at the door, and the answer is written down as it will be shown."""

from dataclasses import asdict

from sandbox.flow.submit import Submitted
from sandbox.ledger.canonical import canonical
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.cost import Accounting, text
from sandbox.model.plan import Part
from sandbox.model.submission import (
    Measurement,
    Priced,
    PricedAlgorithm,
    PricedPlan,
    Reservation,
)
from sandbox.privacy.door import measure
from sandbox.query.algorithm import estimate_algorithm
from sandbox.query.digest import digest_of
from sandbox.query.estimate import estimate
from sandbox.wire import Answer, AnswerColumn, CostMessage


def release(
    submitted: Submitted, priced: Priced, reservation: Reservation, total: BoundedSum
) -> bytes:
    """Give the answer's canonical JSON: the bytes that every later request gets too.

    Raises:
        DoorClosed: sum, price and debit do not belong together.
    """
    measurement = measure(total, priced, reservation)
    answer = Answer(
        submission=reservation.submission,
        dataset=submitted.dataset.name,
        snapshot=reservation.snapshot,
        agreement=reservation.agreement,
        plan_digest=digest_of(priced),
        cost=cost_message(priced),
        columns=_columns(priced, measurement),
        noise=_noise_in_words(measurement),
        recipient=submitted.researcher.name,
    )
    return canonical(asdict(answer))


def cost_message(priced: Priced) -> CostMessage:
    """Write a price in all its columns."""
    return CostMessage(
        epsilon=text(priced.epsilon),
        delta=text(priced.delta),
        rho=text(priced.cost.rho),
        accounting=priced.accounting.value,
        charged=text(priced.cost.spent_under(Accounting(priced.accounting))),
    )


def _columns(priced: Priced, measurement: Measurement) -> tuple[AnswerColumn, ...]:
    match priced:
        case PricedPlan():
            return estimate(priced, measurement)
        case PricedAlgorithm():
            return estimate_algorithm(priced, measurement)
        case _:
            raise TypeError("nobody knows what was asked")


def _noise_in_words(measurement: Measurement) -> tuple[str, ...]:
    return tuple(
        f"{_name(part)}: {noise.kind.value}, scale {noise.scale:.6g} "
        f"{'blocks' if noise.kind.selects else 'steps'}"
        for part, noise in zip(measurement.parts, measurement.noises, strict=True)
    )


def _name(part: Part) -> str:
    if part.value is not None:
        return f"{part.kind.value}({part.value})"
    return f"{part.kind.value}({part.column})" if part.column else part.kind.value
