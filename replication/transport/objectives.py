"""What each game's best discriminator is, what it costs, and how steep each generator's loss is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.special import expit, log_expit, xlogy

from replication.transport.divergences import Floats, gaussian, kl

#: Loss of a generated sample by the score s that the critic gives it (a logit of D in the two GANs; for
#: EBGAN s is minus the energy), and the derivative of the loss by s. By method of the benchmark.
GENERATOR_LOSSES: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "gan_minimax": (lambda s: log_expit(-s), lambda s: -expit(s)),
    "gan_ns": (lambda s: -log_expit(s), lambda s: -expit(-s)),
    "lsgan": (lambda s: (s - 1) ** 2 / 2, lambda s: s - 1),
    "wgan_clip": (lambda s: -s, lambda s: -np.ones_like(s)),
}


def best_discriminator(
    p: ArrayLike, q: ArrayLike, real: float = 1.0, fake: float = 0.0
) -> NDArray[np.float64]:
    """The best D by place, (real p + fake q) / (p + q), for targets `real` and `fake`; NaN without mass.

    Goodfellow et al. 2014, Proposition 1, for targets 1 and 0; Salimans et al. 2016, section 3.4, for soft
    targets; Mao et al. 2017 for the codes b and a of least squares.
    """
    a, b = np.asarray(p, float), np.asarray(q, float)
    with np.errstate(invalid="ignore"):
        return (real * a + fake * b) / (a + b)


def gan_value(p: Floats, q: Floats, d: Floats, real: float = 1.0, fake: float = 0.0) -> Floats:
    """What each place adds to the discriminator's value at D = d (cross-entropy to the targets, negated)."""
    up, down = real * p + fake * q, (1 - real) * p + (1 - fake) * q
    return np.asarray(xlogy(up, d) + xlogy(down, 1 - d))


def best_by_search(
    p: Floats, q: Floats, real: float = 1.0, fake: float = 0.0, steps: int = 120
) -> Floats:
    """The D that maximises `gan_value` place by place, by golden-section search: knows no formula for it."""
    low, high = np.zeros_like(p), np.ones_like(p)
    keep = (np.sqrt(5) - 1) / 2
    for _ in range(steps):
        left, right = high - keep * (high - low), low + keep * (high - low)
        rises = gan_value(p, q, left, real, fake) < gan_value(p, q, right, real, fake)
        low, high = np.where(rises, left, low), np.where(rises, high, right)
    return (low + high) / 2


def generator_cost(p: Floats, q: Floats) -> float:
    """C(G) = max_D V(G, D) = KL(p‖(p+q)) + KL(q‖(p+q)), Goodfellow et al. 2014, Eq. 5."""
    return kl(p, p + q) + kl(q, p + q)


def lsgan_cost(p: Floats, q: Floats, coding: tuple[float, float, float]) -> float:
    """C(G) = (E_p (D* - c)^2 + E_q (D* - c)^2) / 2 for the coding (a, b, c) = (fake, real, wanted).

    Mao et al. 2017, Eqs. 2 and 6. With b - c = 1 and b - a = 2, 2 C = Pearson's chi-square of 2q from p + q.
    """
    fake, real, wanted = coding
    some = p + q > 0
    d = best_discriminator(p[some], q[some], real, fake)
    return float(((p + q)[some] * (d - wanted) ** 2).sum() / 2)


def ebgan_program(p: Floats, q: Floats, margin: float) -> tuple[float, Floats]:
    """min over energies D >= 0 of E_p D + E_q max(0, m - D), by scipy's linear programming.

    Zhao et al. 2017, Eq. 1. The hinge becomes a variable h >= m - D, h >= 0. In closed form the least value
    is m (1 - TV).

    Returns:
        The value and the energies [places].
    """
    n = len(p)
    solved = linprog(
        np.r_[p, q],
        A_ub=-np.hstack([np.eye(n), np.eye(n)]),
        b_ub=np.full(n, -margin),
        bounds=[(0, margin)] * n + [(0, None)] * n,
    )
    return float(solved.fun), np.asarray(solved.x[:n], float)


def pull_of_optimal_discriminator(x: Floats, mean: float, sd: float) -> float:
    """E_z[-d/dmean log D*(G(z))] for P_r = N(0, 1), G(z) = mean + sd z, the discriminator held fixed.

    Arjovsky and Bottou 2017, Theorem 2.5, left side. x: evenly spaced places.
    """
    p, q = gaussian(x), gaussian(x, mean, sd)
    slope_p, slope_q = -x, -(x - mean) / sd**2  # d/dx log p and log q
    with np.errstate(invalid="ignore"):
        share = np.where(p + q > 0, p / (p + q), 0.0)
    # log D* = log p - log(p + q), and d/dmean G = 1.
    slope = slope_p - share * slope_p - (1 - share) * slope_q
    return float(-(q * slope).sum() * (x[-1] - x[0]) / (len(x) - 1))
