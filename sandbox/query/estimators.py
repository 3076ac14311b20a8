"""Which estimator each kind of measure has."""

from collections.abc import Iterator, Sequence

from sandbox.model.plan import Measure, MeasureKind
from sandbox.model.schema import Schema
from sandbox.model.submission import Noise, PricedPlan
from sandbox.query.estimator import Estimator
from sandbox.query.mean import Averaged, NoisyMean, SummedBeside
from sandbox.query.moments import REGRESSIONS, SPREADS
from sandbox.query.parts import lattice_of, parts_of_measure, parts_of_sum
from sandbox.query.plain import Counted, Summed
from sandbox.query.ratio import Divided
from sandbox.query.regression import Fitted
from sandbox.query.spreads import Spread


def estimators_of(priced: PricedPlan) -> Iterator[tuple[Measure, Estimator]]:
    """Give each measure with its estimator, in the plan's order."""
    for measure in priced.plan.measures:
        yield measure, estimator_of(measure, priced)


def estimator_of(measure: Measure, priced: PricedPlan) -> Estimator:
    """Give a measure's estimator; it has the noise of the measure's parts, in their order."""
    known = dict(zip(priced.parts, priced.noises, strict=True))
    table = priced.table
    noises = [known[part] for part in parts_of_measure(measure, priced.plan, table)]
    if measure.kind in REGRESSIONS:
        return Fitted.of(measure, table, noises)
    if measure.kind in SPREADS:
        return Spread.of(measure, table, noises)
    match measure.kind:
        case MeasureKind.COUNT | MeasureKind.PEOPLE:
            return Counted(noises[0])
        case MeasureKind.RATIO:
            return _ratio(measure, priced)
        case _:
            return _total(measure, table, noises)


def _total(measure: Measure, table: Schema, noises: Sequence[Noise]) -> Estimator:
    """Give the estimator of a sum or a mean."""
    lattice = lattice_of(measure.column, table)
    if len(noises) == 1:
        return Summed(lattice, noises[0])
    mean = NoisyMean.of(lattice, *noises)
    return Averaged(mean) if measure.kind is MeasureKind.MEAN else SummedBeside(mean)


def _ratio(measure: Measure, priced: PricedPlan) -> Divided:
    known = dict(zip(priced.parts, priced.noises, strict=True))
    columns = (measure.column, *measure.others)
    return Divided.of(
        [lattice_of(one, priced.table) for one in columns],
        [[known[part] for part in parts_of_sum(one, priced.plan, priced.table)] for one in columns],
    )
