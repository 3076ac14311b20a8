"""Variances, correlations, regressions and ratios are what textbooks say, and honest if unknown."""

import json
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.model.names import ColumnName
from sandbox.model.plan import Plan
from sandbox.model.schema import MAX_STEPS, Schema
from sandbox.model.submission import Measurement, Noise, NoiseKind, PricedPlan
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.estimate import estimate, forecast
from sandbox.query.parts import parts_of
from sandbox.query.show import as_sql
from sandbox.wire import MeasureMessage, PeopleForm, Question
from tests.support.moments import (
    CORRELATIONS,
    MATRIX,
    RATIO,
    REGRESSION,
    SCHEMA,
    SLOPE,
    STDDEV,
    VARIANCE,
    exact_sums,
    in_units,
    number,
    priced,
    released,
    table,
)

ALL = (VARIANCE, STDDEV, MATRIX, CORRELATIONS, REGRESSION, SLOPE, RATIO)


def noiseless(measure: MeasureMessage, frame: pl.DataFrame) -> dict[str, tuple[object, ...]]:
    """Answer as if the noise were of no size; the estimators think that it is tiny."""
    one = priced(measure, epsilon="100")
    tiny = tuple(Noise(NoiseKind.GAUSSIAN, 1e-9) for _ in one.parts)
    quiet = PricedPlan(
        plan=one.plan,
        schema=one.schema,
        accounting=one.accounting,
        parts=one.parts,
        sensitivities=one.sensitivities,
        noises=tiny,
        cost=one.cost,
        epsilon=one.epsilon,
        delta=one.delta,
    )
    sums = tuple(tuple(vector) for vector in exact_sums(one, frame))
    columns = estimate(quiet, Measurement(one.parts, tiny, sums))
    return {column.name: column.values for column in columns}


def test_without_noise_spreads_are_numpys_over_the_rows_that_have_every_column() -> None:
    frame = table(400, 1, nulls=True)
    columns = in_units(frame)
    stacked = np.stack([columns[name] for name in "xyw"])
    exact = {"covariance": np.cov(stacked), "correlation": np.corrcoef(stacked)}
    for measure in (MATRIX, CORRELATIONS):
        answer = noiseless(measure, frame)
        for name, values in answer.items():
            if name.endswith("_half_width"):
                assert values[0] == pytest.approx(0, abs=1e-6)
                continue
            one, other = name.split("_")[-2:]
            wanted = exact[measure.kind]["xyw".index(one), "xyw".index(other)]
            assert values == (pytest.approx(wanted, rel=1e-9),)


def test_without_noise_a_variance_is_over_the_rows_that_have_the_column() -> None:
    frame = table(400, 2, nulls=True)
    values = frame["x"].drop_nulls().to_numpy() / 10
    assert noiseless(VARIANCE, frame)["variance_x"] == (pytest.approx(values.var(ddof=1)),)
    assert noiseless(STDDEV, frame)["stddev_x"] == (pytest.approx(values.std(ddof=1)),)


def test_without_noise_a_regression_has_the_errors_of_statsmodels() -> None:
    frame = table(400, 3, nulls=True)
    columns = in_units(frame)
    fit = sm.OLS(columns["y"], sm.add_constant(np.stack([columns["x"], columns["w"]], 1))).fit()
    answer = noiseless(REGRESSION, frame)
    for place, name in enumerate(("intercept", "x", "w")):
        head = f"regression_y_x_w_{name}"
        assert answer[head] == (pytest.approx(fit.params[place], rel=1e-7),)
        error = pytest.approx(fit.bse[place], rel=1e-6)
        assert answer[f"{head}_standard_error"] == (error,)
        assert answer[f"{head}_half_width"] == (pytest.approx(1.959964 * fit.bse[place], rel=1e-6),)


def test_without_noise_a_ratio_divides_sums_over_the_rows_of_each() -> None:
    frame = table(400, 4, nulls=True)
    wanted = (frame["y"].sum() / 100) / (frame["x"].sum() / 10)
    assert noiseless(RATIO, frame)["ratio_y_x"] == (pytest.approx(wanted),)


def test_measures_of_the_same_columns_share_their_parts() -> None:
    mean, total = MeasureMessage("mean", "x"), MeasureMessage("sum", "x")
    assert len(priced(mean, total, VARIANCE, STDDEV).parts) == len(priced(VARIANCE).parts) == 3
    assert len(priced(VARIANCE, total).parts) == 3
    assert len(priced(MATRIX, CORRELATIONS, REGRESSION).parts) == 10
    turned = MeasureMessage("correlation", "y", "turned", ("x",))
    assert len(priced(SLOPE, MeasureMessage("correlation", "x", None, ("y",)), turned).parts) == 6


def test_a_sum_beside_a_variance_is_put_back_together() -> None:
    frame = table(50, 6)
    one = priced(VARIANCE, MeasureMessage("sum", "x"), MeasureMessage("ratio", "y", None, ("x",)))
    sums = tuple(tuple(vector) for vector in exact_sums(one, frame))
    columns = estimate(one, Measurement(one.parts, one.noises, sums))
    answer = {column.name: column.values[0] for column in columns}
    assert answer["sum_x"] == pytest.approx(frame["x"].sum() / 10)
    assert "ratio_y_x" in answer


def test_groups_have_a_regression_each() -> None:
    frame = table(60_000, 7)
    one = priced(REGRESSION, group_by=("site",), epsilon="50")
    sums = tuple(tuple(vector) for vector in exact_sums(one, frame))
    columns = estimate(one, Measurement(one.parts, one.noises, sums))
    answer = {column.name: column.values for column in columns}
    assert answer["site"] == ("a", "b")
    for place, value in enumerate(answer["regression_y_x_w_x"]):
        columns_of_site = in_units(frame.filter(pl.col("site") == place))
        design = np.stack([np.ones_like(columns_of_site["x"]), *(columns_of_site[n] for n in "xw")])
        wanted = np.linalg.lstsq(design.T, columns_of_site["y"], rcond=None)[0][1]
        assert value == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("measure", ALL, ids=[one.kind for one in ALL])
@given(data=st.data())
def test_any_noise_gives_numbers_that_can_be(measure: MeasureMessage, data: st.DataObject) -> None:
    one = priced(measure)
    cell = st.integers(-(2**62), 2**62) | st.integers(-1000, 1000)
    rows = tuple(tuple(data.draw(st.lists(cell, min_size=3, max_size=3))) for _ in one.parts)
    columns = estimate(one, Measurement(one.parts, one.noises, rows))
    answer = {column.name: column.values for column in columns}
    json.dumps(answer, allow_nan=False)
    for name, values in answer.items():
        if name.endswith(("_half_width", "_standard_error")):
            assert all(value is None or value >= 0 for value in values)  # type: ignore[operator]
        elif measure.kind == "correlation":
            assert all(-1 - 1e-12 <= value <= 1 + 1e-12 for value in values)  # type: ignore[operator]
        elif measure.kind == "variance":
            assert all(0 <= value <= 2 * 50**2 for value in values)  # type: ignore[operator]


@pytest.mark.parametrize("measure", ALL, ids=[one.kind for one in ALL])
def test_an_empty_table_is_known_to_be_unknown(measure: MeasureMessage) -> None:
    one = priced(measure, epsilon="0.1")
    answer = released(one, tuple((0,) for _ in one.parts), 50, seed=1)
    for name, values in answer.items():
        if name == "correlation_x_y_w_x_y_half_width":
            assert all(value is not None and value >= 1 for value in values)
        if name.startswith(("regression", "slope", "ratio")):
            assert sum(value is None for value in values) >= 45


def test_columns_that_depend_on_each_other_have_no_coefficients() -> None:
    frame = table(5000, 8).with_columns(w=pl.lit(20, dtype=pl.Int64))
    one = priced(REGRESSION, epsilon="10")
    sums = tuple(tuple(vector) for vector in exact_sums(one, frame))
    columns = estimate(one, Measurement(one.parts, one.noises, sums))
    assert {column.values for column in columns} == {(None,)}


def test_a_matrix_is_one_that_rows_could_have() -> None:
    one = priced(CORRELATIONS, epsilon="0.5")
    answer = released(one, exact_sums(one, table(3000, 9)), 200, seed=2)
    found = (answer[f"correlation_x_y_w_{two}"] for two in ("x_y", "x_w", "y_w"))
    for xy, xw, yw in zip(*found, strict=True):
        matrix = np.array([[1, xy, xw], [xy, 1, yw], [xw, yw, 1]], dtype=float)
        assert np.linalg.eigvalsh(matrix)[0] >= -1e-9


@pytest.mark.parametrize("measure", ALL, ids=[one.kind for one in ALL])
def test_every_number_is_foretold_and_says_what_it_assumes(measure: MeasureMessage) -> None:
    for rows in (1, 1000, 10**6):
        outputs = forecast(priced(measure), rows)
        json.dumps([one.half_width for one in outputs], allow_nan=False)
        assert all(one.half_width > 0 and one.assumes for one in outputs)
        assert "lower half" in str(outputs[0].assumes) or measure is RATIO


def test_every_kind_reads_back_from_its_own_sql() -> None:
    plan = compile_question(Question("a/b", measures=ALL), SCHEMA)
    again = compile_question(Question("a/b", sql=as_sql(plan, SCHEMA)), SCHEMA)
    assert again == plan


@pytest.mark.parametrize(
    ("sql", "kind", "columns"),
    [
        ("VAR_SAMP(x)", "variance", ("x",)),
        ("VARIANCE(x)", "variance", ("x",)),
        ("STDDEV(x)", "stddev", ("x",)),
        ("STDDEV_SAMP(x)", "stddev", ("x",)),
        ("COVAR_SAMP(x, y)", "covariance", ("x", "y")),
        ("CORR(x, y)", "correlation", ("x", "y")),
        ("REGR_SLOPE(y, x)", "slope", ("y", "x")),
        ("REGR_INTERCEPT(y, x)", "intercept", ("y", "x")),
        ("REGRESSION(y, x, w)", "regression", ("y", "x", "w")),
        ("SUM(y) / SUM(x)", "ratio", ("y", "x")),
    ],
)
def test_standard_sql_has_them_too(sql: str, kind: str, columns: tuple[str, ...]) -> None:
    asked = Question("a/b", sql=f"SELECT {sql} AS out FROM b")  # noqa: S608  (no database)
    (measure,) = compile_question(asked, SCHEMA).measures
    assert (measure.kind, (measure.column, *measure.others)) == (kind, columns)
    assert columns_used(asked, SCHEMA) == tuple((name, "measure") for name in columns)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("VAR_POP(x)", "sql.population"),
        ("COVAR_POP(x, y)", "sql.population"),
        ("CORR(x, x)", "measure.repeats"),
        ("CORRELATION(x)", "measure.columns"),
        ("CORR(x, y, w)", "sql.unsupported"),
        ("CORR(x, site)", "measure.not_numeric"),
        ("SUM(x) / AVG(y)", "sql.arithmetic"),
        ("SUM(x) / SUM(x)", "measure.repeats"),
        ("VARIANCE(DISTINCT x)", "sql.distinct"),
        ("REGRESSION(y, x) AS a, SUM(x) AS a_intercept", "plan.duplicate_name"),
    ],
)
def test_what_is_no_measure_is_refused(sql: str, code: str) -> None:
    asked = Question("a/b", sql=f"SELECT {sql} FROM b")  # noqa: S608  (no database)
    with pytest.raises(BadInput) as caught:
        compile_question(asked, SCHEMA)
    assert caught.value.code == code


def test_the_widest_columns_have_moments_that_cannot_overflow() -> None:
    wide = Schema(
        ColumnName("person"),
        1,
        (
            number("a", -MAX_STEPS, MAX_STEPS, Fraction(1)),
            number("b", -MAX_STEPS, MAX_STEPS, Fraction(1)),
        ),
    )
    asked = Question("a/b", measures=(MeasureMessage("correlation", "a", None, ("b",)),))
    plan = compile_question(asked, wide)
    for part in parts_of(plan, plan.table(wide)):
        column = plan.table(wide).find(part.column or "")
        assert column is not None
        assert column.lattice is not None
        assert max(abs(column.lattice.low), column.lattice.high) <= MAX_STEPS


def test_a_square_moves_its_sum_by_half_of_its_range(compiled: Callable[[str], Plan]) -> None:
    assert compiled("SELECT VAR_SAMP(meddol) FROM hie").measures
    one = priced(VARIANCE)
    square = one.sensitivities[2]
    assert square.l1 == 2 * 500**2 // 2


def test_a_persons_value_has_no_further_columns_that_would_be_dropped() -> None:
    form = PeopleForm(columns=(MeasureMessage("sum", "x", "total", ("y",)),))
    with pytest.raises(BadInput) as caught:
        compile_question(Question("a/b", people=form, measures=(VARIANCE,)), SCHEMA)
    assert caught.value.code == "measure.columns"


def test_further_columns_count_towards_the_length_of_a_question() -> None:
    long = MeasureMessage("regression", "y", None, ("x + 1" * 1000,) * 8)
    with pytest.raises(BadInput) as caught:
        compile_question(Question("a/b", measures=(long,)), SCHEMA)
    assert caught.value.code == "sql.too_long"
