"""Moving plans: the earth mover's distance by enumeration, by linear programming, by POT and by duality.

A plan is a matrix [n, m] of masses: entry (i, j) moves from place i of P to place j of Q. Its row sums are P,
its column sums Q; its work is the sum of mass times distance; W is the least work over all plans.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import ot
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]


def distances(x: ArrayLike, y: ArrayLike) -> Floats:
    """Euclidean distances [n, m] between points x [n, d] and y [m, d]; numbers [n] are points of a line."""
    a, b = (np.asarray(v, float) for v in (x, y))
    a, b = (v[:, None] if v.ndim == 1 else v for v in (a, b))
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(2))


def work(plan: ArrayLike, cost: Floats) -> float:
    """Sum of mass times cost: the average distance of a plan where the masses sum to 1."""
    return float((np.asarray(plan, float) * cost).sum())


def best_plan(p: ArrayLike, q: ArrayLike, cost: Floats) -> Floats:
    """A plan [n, m] of least work, by POT's network simplex.

    Raises:
        ValueError: P and Q do not carry the same mass.
    """
    plan: Floats = ot.emd(*_masses(p, q), cost, numItermax=1_000_000)
    return plan


def wasserstein(p: ArrayLike, q: ArrayLike, cost: Floats) -> float:
    """W1 of masses p [n] and q [m]: the work of the best plan."""
    return work(best_plan(p, q, cost), cost)


def linear_program(p: ArrayLike, q: ArrayLike, cost: Floats) -> Floats:
    """A plan of least work from scipy's solver: min <plan, cost> with fixed row and column sums."""
    a, b = _masses(p, q)
    n, m = cost.shape
    rows = np.kron(np.eye(n), np.ones(m))
    columns = np.kron(np.ones(n), np.eye(m))
    # One equation follows from the others (both sides carry the same mass): the last is left out.
    solved = linprog(cost.ravel(), A_eq=np.vstack([rows, columns])[:-1], b_eq=np.r_[a, b][:-1])
    return np.asarray(solved.x, float).reshape(n, m)


def every_plan(p: Sequence[int], q: Sequence[int]) -> Iterator[NDArray[np.int64]]:
    """All plans between piles of whole shovelfuls, by brute force.

    The best of them is a best plan of all: a linear program over plans has a corner as its optimum, and the
    corners are whole where the piles are whole.
    """
    if not p:
        if not any(q):
            yield np.zeros((0, len(q)), np.int64)
        return
    for row in itertools.product(*(range(min(p[0], room) + 1) for room in q)):
        if sum(row) == p[0]:
            left = [room - moved for room, moved in zip(q, row, strict=True)]
            for rest in every_plan(p[1:], left):
                yield np.vstack([np.array(row, np.int64)[None], rest])


def carried(p: ArrayLike, q: ArrayLike) -> Floats:
    """What crosses from each pile to the next, [n + 1], starting with 0: d_{i+1} = d_i + P_i - Q_i.

    On a line of piles one step apart, W is the sum of its absolute values.
    """
    return np.r_[0.0, np.cumsum(np.asarray(p, float) - np.asarray(q, float))]


def wasserstein_on_line(x: ArrayLike, p: ArrayLike, q: ArrayLike) -> float:
    """W1 of masses p and q on the same sorted places x of a line: the area between the two cumulatives."""
    return float((np.abs(carried(p, q)[1:-1]) * np.diff(np.asarray(x, float))).sum())


def anchors(p: ArrayLike, q: ArrayLike, cost: Floats) -> Floats:
    """Optimal dual variables [m] of the places of Q (cost of a metric, every mass positive), from POT."""
    _, log = ot.emd(*_masses(p, q), cost, numItermax=1_000_000, log=True)
    return np.asarray(log["v"], float)


def potential(cost: Floats, duals: Floats) -> Floats:
    """The critic f(x) = min_j |x - y_j| - v_j at points with distances `cost` [n, m] to the places of Q.

    A minimum of functions of slope 1, so f is 1-Lipschitz wherever it is evaluated; with the `anchors` v of
    the best plan, E_P f - E_Q f = W (Kantorovich-Rubinstein; Arjovsky et al. 2017, Eq. 2).
    """
    lowest: Floats = (cost - duals[None]).min(1)
    return lowest


def steepest(f: Floats, cost: Floats) -> float:
    """The steepest slope of f [n] between any two points with distances `cost` [n, n]."""
    apart = cost > 0
    return float((np.abs(f[:, None] - f[None])[apart] / cost[apart]).max())


def _masses(p: ArrayLike, q: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.asarray(p, float), np.asarray(q, float)
    if not np.isclose(a.sum(), b.sum(), rtol=1e-9):
        raise ValueError(f"a plan needs equal masses: P carries {a.sum():g}, Q {b.sum():g}")
    return a, b * (a.sum() / b.sum())
