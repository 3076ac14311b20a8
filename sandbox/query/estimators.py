"""Which estimator each kind of measure has."""

from collections.abc import Iterator

from sandbox.model.plan import Measure, MeasureKind
from sandbox.model.submission import PricedPlan
from sandbox.query.estimator import Estimator
from sandbox.query.mean import Averaged, NoisyMean, SummedBeside
from sandbox.query.parts import lattice_of, parts_of_measure
from sandbox.query.plain import Counted, Summed


def estimators_of(priced: PricedPlan) -> Iterator[tuple[Measure, Estimator]]:
    """Give each measure with its estimator, in the plan's order."""
    for measure in priced.plan.measures:
        yield measure, estimator_of(measure, priced)


def estimator_of(measure: Measure, priced: PricedPlan) -> Estimator:
    """Give a measure's estimator; it has the noise of the measure's parts, in their order."""
    known = dict(zip(priced.parts, priced.noises, strict=True))
    table = priced.table
    noises = [known[part] for part in parts_of_measure(measure, priced.plan, table)]
    match measure.kind:
        case MeasureKind.COUNT | MeasureKind.PEOPLE:
            return Counted(noises[0])
        case MeasureKind.SUM if len(noises) == 1:
            return Summed(lattice_of(measure, table), noises[0])
        case MeasureKind.SUM:
            return SummedBeside(NoisyMean.of(lattice_of(measure, table), *noises))
        case MeasureKind.MEAN:
            return Averaged(NoisyMean.of(lattice_of(measure, table), *noises))
