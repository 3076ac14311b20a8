"""What a plan costs, and which noise that buys; decided before anything is read or paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from sandbox.errors import BadInput, Place
from sandbox.model.algorithm import Algorithm
from sandbox.model.bounded_sum import Sensitivity
from sandbox.model.cost import Accounting, PrivacyCost, fraction
from sandbox.model.plan import Part, PartKind, Plan
from sandbox.model.schema import Schema
from sandbox.model.submission import Noise, NoiseKind, PricedAlgorithm, PricedPlan
from sandbox.privacy.conversion import epsilon_of, rho_of
from sandbox.privacy.mechanisms import noise_within
from sandbox.privacy.sensitivity import (
    sensitivity_of,
    sensitivity_of_blocks,
    sensitivity_of_ranks,
)

LEAST_EPSILON = Fraction(1, 1000)
"""Below this an answer is noise for any dataset that fits on the machine."""
GREATEST_EPSILON = Fraction(100)
"""Above this there is no privacy to speak of; policies stop long before."""
DECIMAL_PLACES = 24
"""Decimal places of a price. Sums of costs then stay short, where thirds and sevenths and other
fractions of an asker's choice would make the books' exact numbers grow with every question."""

_KINDS = {Accounting.ZCDP: NoiseKind.GAUSSIAN, Accounting.PURE: NoiseKind.LAPLACE}
_SELECTIONS = {
    Accounting.ZCDP: NoiseKind.EXPONENTIAL,
    Accounting.PURE: NoiseKind.PERMUTE_AND_FLIP,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What an asker is ready to pay for one answer, in all its readings."""

    accounting: Accounting
    cost: PrivacyCost
    epsilon: Fraction
    """The answer alone is (epsilon, delta)-private; exact as asked, or rounded up from rho."""
    delta: Fraction


def offer(
    accounting: Accounting, delta: Fraction, *, epsilon: str | None, rho: str | None
) -> Offer:
    """Read the price that a request names.

    Raises:
        BadInput: neither or both are given, a number is malformed, absurd or no short decimal, or
            `rho` is offered to a source whose accounting is pure.
    """
    if (epsilon is None) == (rho is None):
        _refuse("Give either epsilon or rho", "epsilon", "cost.missing")
    if epsilon is not None:
        return _from_epsilon(accounting, delta, _decimal(epsilon, "epsilon"))
    if accounting is Accounting.PURE:
        _refuse("This source adds up epsilon; give epsilon instead of rho", "rho", "cost.rho")
    return _from_rho(delta, _decimal(rho or "", "rho"))


def price(plan: Plan, schema: Schema, parts: Sequence[Part], paid: Offer) -> PricedPlan:
    """Share a price evenly over the parts and give each the least noise for its share.

    The parts are measured one after the other on the same people, so their losses add
    (Bun, Steinke 2016, lemma 2.3, for zCDP; Dwork, Roth 2014, theorem 3.14, for pure).
    """
    kind = _KINDS[paid.accounting]
    share = paid.cost.spent_under(paid.accounting) / len(parts)
    table = plan.table(schema)
    sensitivities = tuple(sensitivity_of(part, plan, table) for part in parts)
    return PricedPlan(
        plan=plan,
        schema=schema,
        accounting=paid.accounting,
        parts=tuple(parts),
        sensitivities=sensitivities,
        noises=tuple(noise_within(kind, each, share) for each in sensitivities),
        cost=paid.cost,
        epsilon=paid.epsilon,
        delta=paid.delta,
    )


def price_algorithm(algorithm: Algorithm, schema: Schema, paid: Offer) -> PricedAlgorithm:
    """Share a price evenly over the values, and give each part the least noise for its values'.

    The parts are measured one after the other, so their losses add, as in `price`; the means are
    one part, and have the shares of all means together.
    """
    share = paid.cost.spent_under(paid.accounting) / len(algorithm.values)
    means = len(algorithm.means)
    bought = [_bought(part, means, share, paid.accounting) for part in algorithm.parts]
    return PricedAlgorithm(
        algorithm=algorithm,
        schema=schema,
        accounting=paid.accounting,
        parts=algorithm.parts,
        sensitivities=tuple(sensitivity for sensitivity, _ in bought),
        noises=tuple(noise for _, noise in bought),
        cost=paid.cost,
        epsilon=paid.epsilon,
        delta=paid.delta,
    )


def _bought(
    part: Part, means: int, share: Fraction, accounting: Accounting
) -> tuple[Sensitivity, Noise]:
    """Give a part of an algorithm its bound, and the least noise for a share a value."""
    if part.kind is PartKind.RANKS:
        ranks = sensitivity_of_ranks()
        return ranks, noise_within(_SELECTIONS[accounting], ranks, share)
    sums = sensitivity_of_blocks(means)
    return sums, noise_within(_KINDS[accounting], sums, share * means)


def cap_of(accounting: Accounting, epsilon: Fraction, delta: Fraction) -> Fraction:
    """Turn a policy's (epsilon, delta) into a cap in the unit that the accounting adds up."""
    return rho_of(epsilon, delta) if accounting is Accounting.ZCDP else epsilon


def _from_epsilon(accounting: Accounting, delta: Fraction, epsilon: Fraction) -> Offer:
    _require(epsilon, "epsilon")
    if accounting is Accounting.PURE:
        return Offer(accounting, PrivacyCost.pure(epsilon), epsilon, Fraction(0))
    return Offer(accounting, PrivacyCost(rho_of(epsilon, delta)), epsilon, delta)


def _from_rho(delta: Fraction, rho: Fraction) -> Offer:
    if not 0 < rho <= GREATEST_EPSILON**2:
        _refuse("rho is positive and sensible", "rho", "cost.out_of_range")
    epsilon = epsilon_of(rho, delta)
    _require(epsilon, "rho")
    return Offer(Accounting.ZCDP, PrivacyCost(rho), epsilon, delta)


def _decimal(written: str, clause: str) -> Fraction:
    number = fraction(written, clause)
    if 10**DECIMAL_PLACES % number.denominator:
        _refuse(f"Write a decimal of at most {DECIMAL_PLACES} places", clause, "cost.not_decimal")
    return number


def _require(epsilon: Fraction, clause: str) -> None:
    if not LEAST_EPSILON <= epsilon <= GREATEST_EPSILON:
        _refuse(
            f"epsilon lies between {float(LEAST_EPSILON)} and {int(GREATEST_EPSILON)}",
            clause,
            "cost.out_of_range",
        )


def _refuse(message: str, clause: str, code: str) -> NoReturn:
    raise BadInput(message, code=code, place=Place(clause=clause))
