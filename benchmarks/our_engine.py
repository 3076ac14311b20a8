"""The questions as the product asks them: exact sums from the local engine, noise not included."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.town import COST, REGION, SCHEMA, VAULT
from sandbox.engines.local import LocalEngine
from sandbox.model.cost import NO_COST, Accounting
from sandbox.model.names import AgreementId, DatasetName, SnapshotId, SubmissionId
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.submission import PricedPlan, Reservation
from sandbox.privacy.sensitivity import sensitivity_of

CENTRE = 1_000_000
COUNT = (Part(PartKind.ROWS),)
MEAN = (Part(PartKind.SUM, COST, CENTRE), Part(PartKind.PRESENT, COST))
PARTS = {
    "count": COUNT,
    "mean": MEAN,
    "count and mean": COUNT + MEAN,
    "people": (Part(PartKind.PEOPLE),),
}


def asked(question: str, snapshot: str) -> Callable[[], list[float]]:
    """Give a call that answers for each region in order, one aggregate after the other."""
    engine = LocalEngine(VAULT)
    priced = _priced(PARTS[question])
    reservation = Reservation(
        SubmissionId("bench"), AgreementId("bench"), SnapshotId(snapshot), NO_COST, 0
    )

    def answer() -> list[float]:
        values = engine.add_up(reservation, priced).values
        if "mean" not in question:
            return list(values[0])
        *counts, sums, present = values
        means = [total / rows + CENTRE for total, rows in zip(sums, present, strict=True)]
        return [*(count for vector in counts for count in vector), *means]

    return answer


def _priced(parts: tuple[Part, ...]) -> PricedPlan:
    """Wrap the parts the way the flow does; engines look at plan, schema and parts alone."""
    plan = Plan(DatasetName("bench/town"), None, (REGION,), (Measure("answer", MeasureKind.COUNT),))
    return PricedPlan(
        plan=plan,
        schema=SCHEMA,
        accounting=Accounting.ZCDP,
        parts=parts,
        sensitivities=tuple(sensitivity_of(part, plan, SCHEMA) for part in parts),
        noises=(),
        cost=NO_COST,
        epsilon=Fraction(0),
        delta=Fraction(0),
    )
