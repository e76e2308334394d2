"""Pairs of distributions with a known W1: a minimum of cones, and mass moved along its steepest lines.

u(x) = min_n |x - a_n| + b_n is 1-Lipschitz. Between a tip a_n and a point x whose minimum is at n it falls
with slope 1 all the way, since |x - y| is the most that it can fall. Let Q be any distribution and let P be Q
with every point moved along its own line towards its tip. Then u(x) - u(y) = |x - y| for every pair, so
f = -u attains E_P f - E_Q f = E|x - y|, no 1-Lipschitz function can do better and no plan can cost less
(Kantorovich-Rubinstein): W1(P, Q) is the mean length of the moves, and the optimal critic's gradient points
from x to the tip. The construction of Korotin et al. 2022, section 4; Q is uniform in a box, as there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from replication.transport.divergences import Floats

#: Half the side of the box, and how far a move goes: the share t of a line becomes t to this power.
HALF, POWER = 2.5, 8


class Cones(NamedTuple):
    """Tips a [N, d], and heights b [N] of the tips."""

    tips: Floats
    heights: Floats


def random_cones(rng: np.random.Generator, n: int, d: int) -> Cones:
    """n cones in d dimensions: tips uniform in the box, heights N(0, 0.1^2)."""
    return Cones(rng.uniform(-HALF, HALF, (n, d)), 0.1 * rng.standard_normal(n))


def box(rng: np.random.Generator, n: int, d: int) -> Floats:
    """n points of Q, [n, d]: uniform in [-2.5, 2.5]^d."""
    return rng.uniform(-HALF, HALF, (n, d))


def u(x: Floats, cones: Cones) -> Floats:
    """Heights [n] of the lower envelope of the cones at points x [n, d]."""
    lowest: Floats = (cdist(x, cones.tips) + cones.heights).min(1)
    return lowest


def owner(x: Floats, cones: Cones) -> np.ndarray:
    """Which cone is lowest at each of the points x [n, d]: [n]."""
    return (cdist(x, cones.tips) + cones.heights).argmin(1)


def gradient(x: Floats, cones: Cones) -> Floats:
    """Gradient [n, d] of the optimal critic f = -u at points x [n, d]: unit vectors towards their tips.

    It is the same at every point of a line, so that of Q's points is also that of P's.
    """
    towards = cones.tips[owner(x, cones)] - x
    return towards / np.linalg.norm(towards, axis=1, keepdims=True)


def line_lengths(x: Floats, cones: Cones) -> Floats:
    """Length [n] of the lines of points x [n, d] of the box: from their tips to where they end.

    A line ends at the box or where another cone becomes as low. With v its direction, c = a_n - a_m and
    e = b_n - b_m, the latter is at the s of |s v + c| = s + e, so s = (|c|^2 - e^2) / (2 (e - v c)) where the
    denominator is positive, and nowhere else.
    """
    n, v = owner(x, cones), -gradient(x, cones)
    tips, heights = cones
    along = v @ tips.T
    e = heights[n, None] - heights
    gain = e - (np.take_along_axis(along, n[:, None], 1) - along)
    with np.errstate(divide="ignore", invalid="ignore"):
        other = np.where(gain > 0, (cdist(tips, tips)[n] ** 2 - e**2) / (2 * gain), np.inf)
        wall = np.where(v != 0, (HALF * np.sign(v) - tips[n]) / v, np.inf)
    other[np.arange(len(x)), n] = np.inf
    lengths: Floats = np.minimum(other.min(1), wall.min(1))
    return lengths


def moved(x: Floats, cones: Cones) -> Floats:
    """The points of P [n, d] that belong to points x [n, d] of Q: at t^8 of the line instead of at t."""
    tips = cones.tips[owner(x, cones)]
    t = np.linalg.norm(x - tips, axis=1) / line_lengths(x, cones)
    return tips + (x - tips) * (t ** (POWER - 1))[:, None]
