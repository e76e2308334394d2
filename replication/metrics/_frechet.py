"""Moments of features, gathered batch by batch, and the Fréchet distance of Gaussians that have them.

`fid` scores with torch-fidelity. This form takes the matrix root by symmetric eigenvalues, so singular
covariances do no harm, and the root of one side serves for many others.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Moments:
    """Mean and covariance of the rows seen so far, in float64 (Chan et al. 1983).

    The memory is that of one covariance. The order and the size of the batches change the result by
    rounding only: sums of squares are taken about the mean, which no large offset can spoil.

    Attributes:
        count: rows seen.
        mean: ``[D]``.
        scatter: ``[D, D]``, the sum over rows of the outer square of ``row - mean``.
    """

    def __init__(self, width: int) -> None:
        self.count = 0
        self.mean = torch.zeros(width, dtype=torch.float64)
        self.scatter = torch.zeros(width, width, dtype=torch.float64)

    def add(self, rows: Tensor) -> Moments:
        """Take in a batch ``[N, D]``, which may be empty; returns itself."""
        if len(rows) == 0:
            return self
        rows = rows.double()
        total = self.count + len(rows)
        own = rows.mean(0)
        centred, step = rows - own, own - self.mean
        weight = self.count * len(rows) / total
        self.scatter += centred.T @ centred + weight * torch.outer(step, step)
        self.mean = self.mean + step * (len(rows) / total)
        self.count = total
        return self

    @property
    def covariance(self) -> Tensor:
        """The unbiased covariance ``[D, D]``; NaN from fewer than two rows."""
        if self.count < 2:
            return torch.full_like(self.scatter, torch.nan)
        return self.scatter / (self.count - 1)


class Gaussian:
    """One side of the distance: a mean ``[D]`` and the root of a covariance ``[D, D]``, taken once."""

    def __init__(self, mean: Tensor, covariance: Tensor) -> None:
        self.mean = mean.double()
        self.trace = float(covariance.trace())
        self.finite = bool(torch.isfinite(covariance).all() and torch.isfinite(mean).all())
        self.root = root(covariance.double()) if self.finite else covariance

    def distance(self, mean: Tensor, covariance: Tensor) -> float:
        """|m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2) to another Gaussian, squared.

        Dowson and Landau 1982; NaN where a moment is not finite.
        """
        if not (self.finite and torch.isfinite(covariance).all() and torch.isfinite(mean).all()):
            return float("nan")
        between = _symmetric(self.root @ covariance.double() @ self.root)
        shared = positive(torch.linalg.eigvalsh(between)).sqrt().sum()
        apart = (self.mean - mean).square().sum()
        return float(apart + covariance.trace() - 2 * shared) + self.trace


def frechet(first: Moments, second: Moments) -> float:
    """The squared distance of two sets of rows as Gaussians: 0 for equal moments, to rounding."""
    return Gaussian(first.mean, first.covariance).distance(second.mean, second.covariance)


def root(covariance: Tensor) -> Tensor:
    """The symmetric root ``[D, D]`` of a covariance of any rank."""
    values, vectors = torch.linalg.eigh(_symmetric(covariance))
    return (vectors * positive(values).sqrt()) @ vectors.T


def positive(values: Tensor) -> Tensor:
    """Eigenvalues ``[D]`` of a covariance, without those that are rounding.

    A zero eigenvalue comes out as 1e-16 times the largest, of either sign. Its root would be 1e-8, far
    above rounding.
    """
    noise = values.abs().max() * len(values) * torch.finfo(values.dtype).eps
    return torch.where(values > noise, values, 0.0)


def _symmetric(matrix: Tensor) -> Tensor:
    return (matrix + matrix.T) / 2
