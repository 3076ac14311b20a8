"""Tables with known moments, and the exact and noisy sums that a question would take of them."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import polars as pl

from sandbox.engines.local import group_sums, vectors
from sandbox.model.cost import Accounting
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.model.submission import Measurement, NoiseKind, PricedPlan
from sandbox.privacy.price import offer
from sandbox.query.accuracy import price_plan
from sandbox.query.compile import compile_question
from sandbox.query.estimate import estimate
from sandbox.wire import MeasureMessage, Question

RELEASES = 2000
Exact = tuple[Sequence[int], ...]


def number(name: str, low: int, high: int, resolution: Fraction) -> Column:
    use = frozenset({"group", "filter", "measure"})
    return Column(ColumnName(name), use, lattice=Lattice(low, high, resolution))


SCHEMA = Schema(
    unit=ColumnName("person"),
    max_rows=2,
    columns=(
        number("x", 0, 1000, Fraction(1, 10)),
        number("y", -500, 2000, Fraction(1, 100)),
        number("w", 0, 40, Fraction(1)),
        Column(ColumnName("site"), frozenset({"group"}), keys=("a", "b")),
    ),
)
VARIANCE = MeasureMessage("variance", "x")
STDDEV = MeasureMessage("stddev", "x")
COVARIANCE = MeasureMessage("covariance", "x", None, ("y",))
CORRELATION = MeasureMessage("correlation", "x", None, ("y",))
MATRIX = MeasureMessage("covariance", "x", None, ("y", "w"))
CORRELATIONS = MeasureMessage("correlation", "x", None, ("y", "w"))
REGRESSION = MeasureMessage("regression", "y", None, ("x", "w"))
SLOPE = MeasureMessage("slope", "y", None, ("x",))
RATIO = MeasureMessage("ratio", "y", None, ("x",))


def table(rows: int, seed: int, *, nulls: bool = False) -> pl.DataFrame:
    """Draw columns in steps: x and w are normal and Poisson, y is made of both and of chance."""
    chance = np.random.default_rng(seed)
    x = np.clip(chance.normal(400, 180, rows), 0, 1000).round()
    w = np.clip(chance.poisson(12, rows), 0, 40)
    y = np.clip(0.9 * x + 20 * w + chance.normal(-100, 150, rows), -500, 2000).round()
    columns = {"x": x, "y": y, "w": w.astype(float), "site": chance.integers(0, 2, rows)}
    frame = pl.DataFrame(columns).cast(pl.Int64)
    if not nulls:
        return frame
    kept = {name: pl.Series(chance.random(rows) > 0.1) for name in "xyw"}
    return frame.with_columns(pl.when(kept[name]).then(name).alias(name) for name in "xyw")


def priced(
    *measures: MeasureMessage,
    epsilon: str = "1",
    accounting: Accounting = Accounting.ZCDP,
    group_by: tuple[str, ...] = (),
) -> PricedPlan:
    asked = Question("a/b", measures=measures, group_by=group_by)
    paid = offer(accounting, Fraction(1, 10**9), epsilon=epsilon, rho=None)
    return price_plan(compile_question(asked, SCHEMA), SCHEMA, paid)


def exact_sums(one: PricedPlan, frame: pl.DataFrame) -> Exact:
    return vectors(group_sums(frame.lazy(), one).collect(), one)


def released(
    one: PricedPlan, exact: Exact, releases: int, seed: int
) -> dict[str, list[float | None]]:
    """Answer for one cell again and again, each time as a cell of its own, with fresh noise."""
    chance = np.random.default_rng(seed)
    noisy = []
    for noise, vector in zip(one.noises, exact, strict=True):
        draw = chance.normal if noise.kind is NoiseKind.GAUSSIAN else chance.laplace
        drawn = np.rint(draw(0, noise.scale, releases)).astype(int)
        noisy.append(tuple(int(vector[0] + step) for step in drawn))
    answer = estimate(one, Measurement(one.parts, one.noises, tuple(noisy)))
    return {column.name: list(column.values) for column in answer}  # type: ignore[arg-type]


def in_units(frame: pl.DataFrame) -> dict[str, np.ndarray]:
    """Give complete rows in the units of their columns."""
    whole = frame.drop_nulls(["x", "y", "w"])
    scales = {"x": 10, "y": 100, "w": 1}
    return {name: whole[name].to_numpy() / scale for name, scale in scales.items()}
