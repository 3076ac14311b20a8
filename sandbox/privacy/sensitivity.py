"""How far one person can move each exact sum.

Neighbours: a snapshot and the same snapshot without one person, that is without all of their rows.
A snapshot holds at most `m = max_rows` rows a person and each row falls into at most one group, so
one person's rows form a multiset of at most m (group, value) pairs, chosen by the adversary.

| part | one person adds | l1 | l2 squared |
|---|---|---|---|
| rows, present | 1 for each row, to its group | m | m**2, all rows in one group |
| people | 1 to each group where they have a row | k = min(m, groups) | k, all in different groups |
| sum | value - centre c for each row, at most B | m * B | (m * B)**2 |

Here B = max(abs(low - c), abs(high - c)) for the column's bounds in lattice steps.

Proof sketch: let c[g] be the person's rows in group g, so sum(c) <= m. Then l1 = sum(c) <= m and
l2**2 = sum(c**2) <= sum(c)**2 <= m**2, with equality where one group has all. People counts
replace c[g] by min(c[g], 1), of which at most min(m, groups) are 1; a sum moves by at most
B * c[g] in group g. A filter or a null only removes rows, so each bound holds behind any filter.
Each bound is reached, so none can be lowered without knowing more about the data.

Where a plan makes rows into people first, its table has one row a person, made of that person's
rows alone, and all of the above holds of it with m = 1: taking a person away takes that row away
and changes no other (Wilson et al. 2020, section 3: per-user aggregation before the outer one). A
column of people lies within bounds that follow from m and the bounds of what it is made of
(`sandbox.query.people`), and the engine holds it to them. This is the stability of a group-by that
is followed by one aggregate a group: McSherry 2009, "Privacy Integrated Queries", section 3.1.

Moments of two orders are such sums too, of columns that are derived for each row (theorem above,
with B of the derived column). For x - c in [-h, h] a square lies in [0, h**2], so about the middle
of that range B is h**2 / 2, rounded up, and a product of two columns lies within h * h' of zero.
A row without one of a measure's columns adds 0 to all of its moments, which is less than a bound
allows. With squares centred so, a row at a corner of the box has all moments at their bounds at
once: measured as one vector they would cost what they cost one by one, for the worst row is the
same.

An algorithm's values are added up over blocks of people instead of over rows. Each person is in one
block, drawn independently of everybody else's, so taking one person away changes the rows of that
block alone, and what is given for it moves each value by at most the `STEPS` of its range:

| part | one person changes | l1 | l2 squared |
|---|---|---|---|
| blocks | one block's d values, each within STEPS | d * STEPS | d * STEPS**2 |

This holds for every outcome of the draw, and mixing over the draw keeps it (both divergences are
quasi-convex). Source: sample and aggregate, Nissim, Raskhodnikova, Smith 2007, "Smooth Sensitivity
and Sampling in Private Data Analysis", section 4; Mohan et al. 2012, "GUPT", section 3.

For a median each block's value is put on the nearest of `PLACES` places, and place t scores
-max(below, above), the numbers of blocks whose values lie below and above it. Replace one block's
value by another. Below and above then change by at most 1 each at every place; max is 1-Lipschitz
in the larger of two changes, so every score changes by at most 1, up at some places and down at
others. Two blocks reach all: (low end, low end) to (low end, high end) moves each place by 1.

| part | one person changes | l1 | l2 squared | linf |
|---|---|---|---|---|
| ranks | one block's value, anywhere | PLACES | PLACES | 1 |

A value at a median has at most half of the blocks on either side of it, every other more than half
on one, so the best scores are at medians, whatever values are equal; where many are, their place
stands out. Source: the exponential mechanism, McSherry, Talwar 2007, "Mechanism Design via
Differential Privacy", theorem 6; report noisy max, Dwork, Roth 2014, section 3.3; ranks as scores,
Smith 2011, "Privacy-Preserving Statistical Estimation with Optimal Convergence Rates"; McKenna,
Sheldon 2020, "Permute-and-Flip: A New Mechanism for Differentially Private Selection".

Source: sensitivity of counting queries and sums, Dwork, Roth 2014, section 3.3; user-level
contribution bounding, Wilson et al. 2020, "Differentially Private SQL with Bounded User
Contribution", section 3. OpenDP's Polars planner uses the same bounds (`tests/statistics`).
"""

from math import prod

from sandbox.model.bounded_sum import Sensitivity
from sandbox.model.output import PLACES, STEPS
from sandbox.model.plan import Part, PartKind, Plan
from sandbox.model.schema import Column, Lattice, Schema


def sensitivity_of(part: Part, plan: Plan, schema: Schema) -> Sensitivity:
    """Bound one person's influence on a part, over all groups of the plan together.

    Raises:
        ValueError: a sum names a column that is not a number of the schema.
    """
    rows = schema.max_rows
    if part.kind is PartKind.PEOPLE:
        groups = prod(_column(schema, name).cells for name in plan.group_by)
        touched = min(rows, groups)
        return Sensitivity(l1=touched, l2_squared=touched)
    if part.kind is PartKind.SUM:
        reach = rows * _largest_step(_lattice(schema, part), part.centre)
        return Sensitivity(l1=reach, l2_squared=reach**2)
    return Sensitivity(l1=rows, l2_squared=rows**2)


def sensitivity_of_blocks(values: int) -> Sensitivity:
    """Bound one person's influence on the sums of an algorithm with so many means."""
    return Sensitivity(l1=values * STEPS, l2_squared=values * STEPS**2)


def sensitivity_of_ranks() -> Sensitivity:
    """Bound one person's influence on the scores of a median's places."""
    return Sensitivity(l1=PLACES, l2_squared=PLACES, linf=1)


def _largest_step(lattice: Lattice, centre: int) -> int:
    return max(abs(lattice.low - centre), abs(lattice.high - centre))


def _lattice(schema: Schema, part: Part) -> Lattice:
    lattice = _column(schema, part.column or "").lattice
    if lattice is None:
        raise ValueError("only numbers on a lattice can be added up")
    return lattice


def _column(schema: Schema, name: str) -> Column:
    column = schema.find(name)
    if column is None:
        raise ValueError(f"{name} is not an open column")
    return column
