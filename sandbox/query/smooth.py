"""What is made of moments, with its gradient: covariance, correlation, a regression's terms.

Moments are matrices `m`, one a cell, with `m[0, 0]` the count, `m[0, i]` the sum of column i and
`m[i, j]` the sum of products; gradients are with respect to their upper triangles.
"""

from collections.abc import Callable, Sequence

import numpy as np

from sandbox.query.bracket import Array

OfMoments = Callable[[Array], tuple[Array, Array]]
"""Takes matrices, gives a number for each and its gradient's matrix."""


def covariance(i: int, j: int) -> OfMoments:
    """Give the mean product about the means (divided by the count)."""

    def of(m: Array) -> tuple[Array, Array]:
        n, s, t, p = m[:, 0, 0], m[:, 0, i], m[:, 0, j], m[:, i, j]
        gradient = np.zeros_like(m)
        gradient[:, 0, 0] = (2 * s * t / n - p) / n**2
        gradient[:, 0, i] -= t / n**2
        gradient[:, 0, j] -= s / n**2
        gradient[:, i, j] = 1 / n
        return (p - s * t / n) / n, gradient

    return of


def correlation(i: int, j: int) -> OfMoments:
    """Give Pearson's r; NaN where a variance is not positive."""

    def of(m: Array) -> tuple[Array, Array]:
        (both, d_both), (one, d_one), (other, d_other) = (
            covariance(*pair)(m) for pair in ((i, j), (i, i), (j, j))
        )
        product = np.where((one > 0) & (other > 0), one * other, np.nan)
        r = both / np.sqrt(product)
        shrink = d_one / _cells(one) + d_other / _cells(other)
        return r, d_both / _cells(np.sqrt(product)) - _cells(r / 2) * shrink

    return of


def variance_along(direction: Array) -> OfMoments:
    """Give the variance of a weighted sum of the columns, one row of weights a cell."""

    def of(m: Array) -> tuple[Array, Array]:
        weights = np.concatenate([np.zeros((len(m), 1)), direction], axis=1)
        n = m[:, 0, 0]
        total = (weights * m[:, 0, :]).sum(axis=1)
        square = np.einsum("ci,cij,cj->c", weights, m, weights)
        gradient = _upper(weights[:, :, None] * weights[:, None, :]) / _cells(n)
        gradient[:, 0, :] -= 2 * weights * (total / n**2)[:, None]
        gradient[:, 0, 0] = (2 * total**2 / n - square) / n**2
        return (square - total**2 / n) / n, gradient

    return of


def term(weights: Sequence[float]) -> OfMoments:
    """Give a weighted sum of least-squares coefficients; the last column is explained.

    With normal equations A b = v and A a = weights, `weights . b` moves by `a . (dv - dA b)`.
    """

    def of(m: Array) -> tuple[Array, Array]:
        known, last = m[:, :-1, :-1], m[:, :-1, -1]
        chosen = np.broadcast_to(np.asarray(weights, dtype=float), last.shape)
        coefficients, influence = (_solved(known, right) for right in (last, chosen))
        gradient = np.zeros_like(m)
        moved = influence[:, :, None] * coefficients[:, None, :]
        gradient[:, :-1, :-1] = -_upper(moved)
        gradient[:, :-1, -1] = influence
        return (chosen * coefficients).sum(axis=1), gradient

    return of


def residual(m: Array) -> Array:
    """Give the mean square about the fit, divided by the degrees of freedom; never negative."""
    terms = m.shape[1] - 1
    explained = (_solved(m[:, :-1, :-1], m[:, :-1, -1]) * m[:, :-1, -1]).sum(axis=1)
    squares: Array = np.maximum(m[:, -1, -1] - explained, 0)
    freedom: Array = np.maximum(m[:, 0, 0] - terms, 1)
    return squares / freedom


def sampling(m: Array, weights: Sequence[float]) -> Array:
    """Give the variance of a weighted sum of coefficients over samples, errors being alike."""
    known = m[:, :-1, :-1]
    chosen = np.broadcast_to(np.asarray(weights, dtype=float), m[:, :-1, -1].shape)
    shape: Array = np.maximum((chosen * _solved(known, chosen)).sum(axis=1), 0)
    return shape * residual(m)


def narrowest(m: Array) -> Array:
    """Give the direction in which the explaining columns vary least, one row a cell."""
    n = m[:, 0, 0][:, None, None]
    means = m[:, 0, 1:-1]
    within = m[:, 1:-1, 1:-1] / n - means[:, :, None] * means[:, None, :] / n**2
    finite = np.where(np.isfinite(within), within, 0)
    direction: Array = np.linalg.eigh(finite)[1][:, :, 0]
    return np.concatenate([direction, np.zeros((len(m), 1))], axis=1)


def _solved(matrices: Array, right: Array) -> Array:
    """Solve for each cell; NaN where a matrix is singular."""
    width = matrices.shape[1]
    finite = np.where(np.isfinite(matrices).all(axis=(1, 2), keepdims=True), matrices, 0)
    sizes: Array = np.linalg.svd(finite, compute_uv=False)
    singular = sizes[:, -1:] <= sizes[:, :1] * width * np.finfo(float).eps
    safe = np.where(singular[:, :, None], np.eye(width), finite)
    solved = np.linalg.solve(safe, right[:, :, None])[:, :, 0]
    return np.where(singular, np.nan, solved)


def _upper(square: Array) -> Array:
    """Add what stands below the diagonal to what stands above it."""
    return np.triu(square) + np.triu(np.swapaxes(square, 1, 2), 1)


def _cells(values: Array) -> Array:
    return values[:, None, None]
