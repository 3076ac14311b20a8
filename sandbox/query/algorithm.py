"""Turns what left the door into an algorithm's answer: post-processing, so it costs no privacy.

A mean is left as measured, beyond its range too. Its interval then holds in exactly 95 of 100
answers wherever the mean lies, where moving it to the end of the range would make that up to 97.5
beside the ends, and the errors of several answers cancel out instead of piling up there. Whoever
wants one best guess may move it themselves: no true mean lies outside. A median is a place in its
range. How far off it may lie depends on how far apart the blocks' values are, which nobody may know
beforehand, so it is told in blocks: the share of them by which more than half may lie on one side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from sys import float_info

from sandbox.model.algorithm import Algorithm
from sandbox.model.output import PLACES, STEPS, Output, Statistic, step_of
from sandbox.model.submission import Measurement, Noise, PricedAlgorithm
from sandbox.privacy.noise import half_width, shortfall
from sandbox.wire import AnswerColumn, ProgramForecast


@dataclass(frozen=True, slots=True)
class _Estimate:
    """One value of the answer, in its output's unit."""

    value: float
    half_width: float | None


def estimate_algorithm(
    priced: PricedAlgorithm, measurement: Measurement
) -> tuple[AnswerColumn, ...]:
    """Give one row a value: its output, its place there, its estimate and 95 % half-width.

    The place is empty for a number, and else the indices from 0 of each dimension ("0,3"), in
    row-major order. Every estimate is finite. A median has no half-width.
    """
    algorithm = priced.algorithm
    keys = list(_keys(algorithm))
    found = _estimates(algorithm, measurement)
    rows = [found[index] for index in range(len(keys))]
    return (
        AnswerColumn("output", "key", tuple(name for name, _ in keys)),
        AnswerColumn("place", "key", tuple(place for _, place in keys)),
        AnswerColumn("estimate", "estimate", tuple(row.value for row in rows)),
        AnswerColumn("half_width", "half_width", tuple(row.half_width for row in rows)),
    )


def forecast_algorithm(priced: PricedAlgorithm) -> tuple[ProgramForecast, ...]:
    """Say, output by output, what noise will do to each of its values; no row is read."""
    blocks = priced.algorithm.blocks
    noises = {noise.kind.selects: noise for noise in priced.noises}
    return tuple(
        _of_median(output, noises[True], blocks)
        if output.statistic is Statistic.MEDIAN
        else _of_mean(output, noises[False], blocks)
        for output in priced.algorithm.program.outputs
    )


def _keys(algorithm: Algorithm) -> Iterator[tuple[str, str]]:
    for output in algorithm.program.outputs:
        for place in product(*map(range, output.shape)):
            yield output.name, ",".join(map(str, place))


def _estimates(algorithm: Algorithm, measurement: Measurement) -> Mapping[int, _Estimate]:
    """Give the estimate of each value by its index."""
    outputs = algorithm.values
    found: dict[int, _Estimate] = {}
    measured = zip(measurement.parts, measurement.noises, measurement.values, strict=True)
    for part, noise, values in measured:
        if part.value is not None:
            (place,) = values
            found[part.value] = _Estimate(outputs[part.value].value(step_of(place)), None)
            continue
        for index, total in zip(algorithm.means, values, strict=True):
            output = outputs[index]
            value = _finite(output.value(total / algorithm.blocks))
            found[index] = _Estimate(value, _width(output, noise, algorithm.blocks))
    return found


def _of_mean(output: Output, noise: Noise, blocks: int) -> ProgramForecast:
    return ProgramForecast(
        name=output.name,
        statistic=output.statistic.value,
        half_width=_width(output, noise, blocks),
        rank_error=None,
        relative=_share(noise, blocks),
    )


def _of_median(output: Output, noise: Noise, blocks: int) -> ProgramForecast:
    """Tell how far more than half of the blocks may lie on one side of the place.

    The best place has at most half of them, rounded down, on either side; all is the most.
    """
    most = blocks - blocks // 2
    return ProgramForecast(
        name=output.name,
        statistic=output.statistic.value,
        half_width=None,
        rank_error=shortfall(noise, PLACES, most) / blocks,
        relative=None,
    )


def _width(output: Output, noise: Noise, blocks: int) -> float:
    return _finite(_share(noise, blocks) * (output.high - output.low))


def _share(noise: Noise, blocks: int) -> float:
    """Give the 95 % half-width of a mean as a share of its range."""
    return half_width(noise) / STEPS / blocks


def _finite(value: float) -> float:
    """Move what a range near the largest float made infinite back to it: JSON knows no infinity."""
    return min(max(value, -float_info.max), float_info.max)
