"""Supports: when finite samples separate perfectly, and how seldom low-dimensional sets meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.stats import binom

from replication.transport.divergences import Floats


def separable(points: Floats, labels: NDArray[np.bool_]) -> bool:
    """Whether one hyperplane has all points [n, d] of one label on one side and the rest on the other.

    Exact: a linear program that asks for (w, b) with sign (w x + b) >= 1 at every point.
    """
    sign = np.where(labels, 1.0, -1.0)[:, None]
    rows = -sign * np.hstack([points, np.ones((len(points), 1))])
    free = np.zeros(rows.shape[1])
    solved = linprog(free, A_ub=rows, b_ub=-np.ones(len(points)), bounds=(None, None))
    return bool(solved.status == 0)


def cover_probability(n: int, d: int) -> float:
    """Probability that n points of any density in d dimensions, labelled by coin tosses, are separable.

    Cover 1965: of the 2^n labellings, 2 sum_{k <= d} C(n - 1, k) can be cut by a hyperplane, which is a
    statement about n - 1 coin tosses: at most d heads.
    """
    return float(binom.cdf(d, n - 1, 0.5))


def gap_of_lines(a: Floats, u: Floats, b: Floats, v: Floats) -> float:
    """Least distance in space between the lines a + s u and b + t v (vectors [3], not parallel)."""
    normal = np.cross(u, v)
    return float(abs((b - a) @ normal) / np.linalg.norm(normal))


def nearest_on_lines(a: Floats, u: Floats, b: Floats, v: Floats) -> tuple[float, float]:
    """(s, t) where a + s u and b + t v are nearest to each other."""
    (s, t), *_ = np.linalg.lstsq(np.column_stack([u, -v]), b - a)
    return float(s), float(t)


def share_near(x: Floats, y: Floats, eps: Floats) -> Floats:
    """Share of the points of graph x that lie within each eps of graph y.

    Args:
        x: heights of one surface over a grid of the plane.
        y: heights of the other over the same grid; nearness is measured along the height.
        eps: [k].

    Returns:
        [k].
    """
    near: Floats = (np.abs(x - y).ravel()[None] <= eps[:, None]).mean(1)
    return near
