"""The legal floor: the least protection that a grade of data must have.

These figures are the product's defaults, not the text of a law. Chinese rules grade data by the
harm that a leak could do and leave the measure of anonymity to the authority, which adapts this
table. It stands in code, not in a policy, so that an owner cannot lower it by mistake.

Why these epsilons: one is the customary limit of strong protection and ten of reasonable protection
(Ponomareva et al. 2023, "How to DP-fy ML", section 5.2); twenty is about what the 2020 census of
the United States used for public tables (19.61); six keeps people's health, money and whereabouts
clearly inside the reasonable range. The contributor thresholds run from official statistics'
common rule of three to ACRO's default of ten.
"""

from dataclasses import dataclass
from fractions import Fraction

from policies.classes import Grade
from policies.clause import Clause, Fault, Path
from policies.lanes import Lanes
from policies.privacy import Privacy


@dataclass(frozen=True, slots=True)
class Floor:
    """What a policy of one grade may ask for at most, or must ask for at least."""

    epsilon: Fraction
    """Most that a source may lose in its whole life."""
    delta: Fraction
    """Highest chance that the promise fails outright."""
    contributors: int
    """Fewest people behind a reviewed cell."""


FLOORS = {
    Grade.L1: Floor(Fraction(20), Fraction(1, 10**5), 3),
    Grade.L2: Floor(Fraction(10), Fraction(1, 10**5), 5),
    Grade.L3: Floor(Fraction(6), Fraction(1, 10**6), 10),
    Grade.L4: Floor(Fraction(1), Fraction(1, 10**9), 10),
}


def below_floor(grade: Grade, clause: Clause) -> dict[Path, Fault]:
    """Find what in a privacy or lanes clause falls below the grade's floor."""
    floor = FLOORS[grade]
    faults: dict[Path, Fault] = {}
    if isinstance(clause, Privacy) and clause.budget.epsilon > floor.epsilon:
        message = f"Data of grade {grade} may have a budget of epsilon {floor.epsilon} at most"
        faults["budget", "epsilon"] = Fault("policy.floor", message)
    if isinstance(clause, Privacy) and clause.budget.delta > floor.delta:
        message = f"Data of grade {grade} need a delta of {float(floor.delta):g} at most"
        faults["budget", "delta"] = Fault("policy.floor", message)
    reviewed = clause.reviewed if isinstance(clause, Lanes) else None
    if reviewed and reviewed.min_contributors < floor.contributors:
        message = f"Data of grade {grade} need {floor.contributors} contributors at least"
        faults["reviewed", "min_contributors"] = Fault("policy.floor", message)
    return faults
