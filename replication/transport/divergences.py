"""Divergences between two distributions on one list of places, in nats; densities become masses on a grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import rel_entr

Floats = NDArray[np.float64]

LOG2 = float(np.log(2))


def kl(p: ArrayLike, q: ArrayLike) -> float:
    """KL(P‖Q) = sum p log(p/q); infinite where P has mass and Q has none."""
    return float(rel_entr(p, q).sum())


def js(p: ArrayLike, q: ArrayLike) -> float:
    """Jensen-Shannon divergence, half the KL of each to their mean; at most log 2."""
    middle = (np.asarray(p, float) + np.asarray(q, float)) / 2
    return (kl(p, middle) + kl(q, middle)) / 2


def tv(p: ArrayLike, q: ArrayLike) -> float:
    """Total variation: half the sum of |p - q|, in [0, 1]."""
    return float(np.abs(np.asarray(p, float) - np.asarray(q, float)).sum() / 2)


def pearson(p: ArrayLike, q: ArrayLike) -> float:
    """Pearson's chi-square of P from Q, sum (q - p)^2 / p, over the places where either has mass."""
    a, b = np.asarray(p, float), np.asarray(q, float)
    some = (a > 0) | (b > 0)
    with np.errstate(divide="ignore"):
        return float(((b - a)[some] ** 2 / a[some]).sum())


def line(half_width: float = 30.0, places: int = 60_001) -> Floats:
    """Evenly spaced places from -half_width to half_width.

    For Gaussian densities a plain sum on such a grid is exact to rounding: the trapezoid rule converges
    faster than any power of the step where all derivatives vanish at both ends. Wider than about 35 standard
    deviations a density would underflow to 0 and its KL turn infinite.
    """
    return np.linspace(-half_width, half_width, places)


def gaussian(x: Floats, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """Density of N(mean, sd^2) at x."""
    z = (x - mean) / sd
    return np.exp(-z * z / 2) / (sd * np.sqrt(2 * np.pi))


def masses(x: Floats, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """N(mean, sd^2) as masses on the evenly spaced places x; they sum to 1 where x reaches far enough."""
    return gaussian(x, mean, sd) * ((x[-1] - x[0]) / (len(x) - 1))


def kl_gaussians(mean_p: float, sd_p: float, mean_q: float, sd_q: float) -> float:
    """KL(N(mean_p, sd_p^2) ‖ N(mean_q, sd_q^2)) in closed form."""
    ratio = (sd_p / sd_q) ** 2
    return (ratio - 1 - np.log(ratio) + ((mean_p - mean_q) / sd_q) ** 2) / 2


def on_common_places(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Two equal-weight samples [n, d] and [m, d] as masses p, q on the places [k, d] that occur in either."""
    places, index = np.unique(np.vstack([x, y]), axis=0, return_inverse=True)
    where = index.ravel()
    p = np.bincount(where[: len(x)], minlength=len(places)) / len(x)
    q = np.bincount(where[len(x) :], minlength=len(places)) / len(y)
    return places, p, q


def parallel_lines(theta: float, atoms: int = 21) -> tuple[Floats, Floats, Floats]:
    """P uniform on x = 0 and Q on x = theta, 0 <= y <= 1, as atoms: places, p, q.

    Arjovsky et al. 2017, Example 1. Every divergence here has the same value for the lines and the atoms.
    """
    y = np.linspace(0, 1, atoms)
    return on_common_places(
        np.column_stack([np.zeros(atoms), y]), np.column_stack([np.full(atoms, theta), y])
    )
