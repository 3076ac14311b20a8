"""Brackets are Fieller's for ratios, and as wide as sums of Laplace noise need."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.model.schema import Lattice
from sandbox.model.submission import Noise, NoiseKind
from sandbox.query.bracket import bracket, deviation, reach
from sandbox.query.mean import NoisyMean
from sandbox.query.smooth import OfMoments, correlation, covariance, term, variance_along

GAUSSIAN, LAPLACE = NoiseKind.GAUSSIAN, NoiseKind.LAPLACE


@given(over=st.integers(-50_000, 50_000), under=st.integers(120, 1000))
def test_a_bracket_of_a_ratio_is_fiellers(over: int, under: int) -> None:
    noises = Noise(GAUSSIAN, 900.0), Noise(GAUSSIAN, 20.0)

    def ratio(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value = sums[:, 0] / sums[:, 1]
        return value, np.stack([1 / sums[:, 1], -value / sums[:, 1]], 1)

    deviations = np.array([deviation(noise) for noise in noises])
    low, high = bracket(GAUSSIAN, np.array([[over, under]], dtype=float), deviations, ratio)
    mean = NoisyMean.of(Lattice(-(2**30), 2**30, 1), *noises)  # type: ignore[arg-type]
    exact = mean._interval(over, under)  # noqa: SLF001  (the closed form, of which this is the check)
    assert (low[0], high[0]) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize(
    "weights", [(1,), (1, 0.2), (1, 0.5), (1, 1), (1, 1, 1), (3, 1, 1, 1, 1, 1), (1,) * 10]
)
def test_sums_of_laplace_noise_lie_within_reach_in_95_of_100_draws(
    weights: tuple[float, ...],
) -> None:
    chance = np.random.default_rng(4)
    sums = sum(weight * chance.laplace(size=400_000) for weight in weights)
    deviations = np.sqrt(2) * np.array([weights])
    within = reach(LAPLACE, deviations)[0] * np.sqrt((deviations**2).sum())
    assert 0.949 <= (np.abs(sums) <= within).mean() <= 0.954


STATISTICS = {
    "variance": covariance(1, 1),
    "covariance": covariance(1, 2),
    "correlation": correlation(1, 2),
    "coefficient": term((0.3, 1.0)),
    "direction": variance_along(np.array([[0.6, -0.8]])),
}


@pytest.mark.parametrize("name", STATISTICS)
def test_gradients_are_what_small_steps_find(name: str) -> None:
    statistic: OfMoments = STATISTICS[name]
    matrix = np.array([[50.0, 5.0, -8.0], [5.0, 12.0, 4.0], [-8.0, 4.0, 15.0]])
    _, gradient = statistic(matrix[None])
    for i in range(3):
        for j in range(i, 3):
            step = np.zeros((3, 3))
            step[i, j] = step[j, i] = 1e-5
            up, down = (statistic((matrix + sign * step)[None])[0][0] for sign in (1, -1))
            assert gradient[0, i, j] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-9)
