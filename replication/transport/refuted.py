"""Wrong formulas that circulate about GANs, each with the counter-example that refutes it, computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.special import expit

from replication.transport import divergences, objectives, plans
from replication.transport.divergences import Floats


@dataclass(frozen=True)
class Case:
    """A statement, a counter-example, the number that the statement leads to there, and the true one."""

    key: str
    statement: str
    example: str
    said: float
    true: float


def batch_kernel(f: ArrayLike, c: float = 0.0, sd: float = 1.0) -> Floats:
    """The wrong exp(-|f - c|^2 / 2 sd^2) / sum_j exp(+|f_j - c|^2 / 2 sd^2) of a batch f [n]."""
    half = (np.asarray(f, float) - c) ** 2 / (2 * sd**2)
    return np.exp(-half) / np.exp(half).sum()


def flat_density(variance: float, half_width: float) -> float:
    """Integral over [-half_width, half_width] of the wrong 1 / (sqrt(2 pi) det C), which lacks its exponential."""
    return 2 * half_width / (np.sqrt(2 * np.pi) * variance)


def half_shifted(d_real: ArrayLike, d_fake: ArrayLike) -> float:
    """The wrong W = E_real[D - 1/2] + E_fake[-(D + 1/2)], for values of D on both samples."""
    return float(np.mean(np.asarray(d_real) - 0.5) - np.mean(np.asarray(d_fake) + 0.5))


def soft_sign(c: ArrayLike, p: ArrayLike, t: float, r: float = 0.0) -> Floats:
    """The wrong generator loss (c - p) / sqrt((c - p)^2 + 1 / t) + r."""
    gap = np.asarray(c, float) - np.asarray(p, float)
    return gap / np.sqrt(gap**2 + 1 / t) + r


def penalty(slopes: ArrayLike, one_sided: bool = False) -> float:
    """The gradient penalty E (|slope| - 1)^2, or E max(0, |slope| - 1)^2 (Gulrajani et al. 2017, Eq. 3)."""
    above = np.abs(np.asarray(slopes, float)) - 1
    return float((np.maximum(above, 0) ** 2 if one_sided else above**2).mean())


def best_bounded_critic(distance: float) -> float:
    """max f(0) - f(distance) over 1-Lipschitz f with values in [0, 1], by linear programming."""
    pair = np.array([[1.0, -1.0], [-1.0, 1.0]])
    solved = linprog([-1.0, 1.0], A_ub=pair, b_ub=[distance, distance], bounds=(0, 1))
    return float(-solved.fun)


def clipped_slope(widths: tuple[int, ...], clip: float) -> float:
    """Slope at a positive input of the ReLU net whose weights all are `clip`: a net that clipping allows."""
    rows = np.ones((1, widths[-1]))
    for n_in, n_out in zip(widths[-2::-1], widths[:0:-1], strict=True):
        rows = rows @ np.full((n_out, n_in), clip)
    return float(np.linalg.norm(rows))


def rounds_of_play(rounds: int, generator_moves: bool, rate: float = 0.01) -> float:
    """W of a generator at 1 from data at 0 after so many rounds against the best critic, f(x) = -x."""
    place = 1.0
    for _ in range(rounds):
        place = max(0.0, place - rate) if generator_moves else place
    return plans.wasserstein([1.0], [1.0], plans.distances([0.0], [place]))


def cases() -> list[Case]:
    """Every statement with its counter-example."""
    return [*_discriminators(), *_penalties(), *_distances(), *_training()]


def _discriminators() -> list[Case]:
    one = batch_kernel([0.0, 1.0, 2.0])
    kernel = "D(x_i) = exp(−|f_i − c|²/2σ²) / Σ_j exp(+|f_j − c|²/2σ²)"
    even = np.array([0.5, 0.5])
    one_sided = objectives.best_by_search(np.array([0.0]), np.array([1.0]), 0.9, 0.0)
    return [
        Case("kernel_sum", f"{kernel} is a probability over the batch",
             "f = (0, 1, 2), c = 0, σ = 1: the sum over the batch", 1.0, float(one.sum())),
        Case("kernel_batch", "… and says something of the sample x_1 alone",
             "f_1 = 0: D(x_1) with two others at 0, less D(x_1) with others at 1 and 2",
             0.0, float(batch_kernel([0.0, 0.0, 0.0])[0] - one[0])),
        Case("kernel_sigmoid", "… and is also D(x) = sigmoid(f + b)",
             "f = c = b = 0, alone in its batch: the first form less the second",
             0.0, float(batch_kernel([0.0])[0] - expit(0.0))),
        Case("one_and_zero", "A good D returns exactly 1 for real and 0 for generated samples",
             "p = q: the best D at a real sample", 1.0, float(objectives.best_by_search(even, even)[0])),
        Case("smoothing", "One-sided label smoothing replaces 1 and 0 by 0.9 and 0.1",
             "a place with generated samples and no data: the best D there", 0.1, float(one_sided[0])),
        Case("classifier", "A WGAN's critic is a classifier with values in [0, 1]",
             "two points 10 apart: the largest E_P f − E_Q f of a 1-Lipschitz critic",
             best_bounded_critic(10.0), plans.wasserstein([1.0], [1.0], plans.distances([0.0], [10.0]))),
    ]  # fmt: skip


def _penalties() -> list[Case]:
    # Slope 1 in the outer quarters of the segment from a real to a generated sample, 10 in between.
    along = (np.arange(1000) + 0.5) / 1000
    slopes = np.where(np.abs(along - 0.5) < 0.25, 10.0, 1.0)
    return [
        Case("by_weights", "The gradient penalty is on the gradient by the weights θ",
             "f(x) = θx, θ = 1, so of slope 1 as wanted, at x = ±3: the penalty",
             penalty([3.0, -3.0]), penalty([1.0, 1.0])),
        Case("square_outside", "It is (E|slope| − 1)², with the square outside the mean",
             "slopes 0 and 2 at two points: the penalty", (float(np.mean([0.0, 2.0])) - 1) ** 2, penalty([0.0, 2.0])),
        Case("at_samples", "It is taken at the samples, not between them",
             "slope 1 at a real and at a generated sample, 10 half-way: the penalty",
             penalty(slopes[[0, -1]]), penalty(slopes)),
        Case("two_sided", "E(|slope| − 1)² punishes only slopes above 1",
             "slope ½ everywhere: the penalty", penalty([0.5], one_sided=True), penalty([0.5])),
        Case("clipping", "Clipping the weights to ±0.01 makes the critic 1-Lipschitz",
             "784-512-512-512-1 ReLU net with all weights 0.01: its slope",
             1.0, clipped_slope((784, 512, 512, 512, 1), 0.01)),
    ]  # fmt: skip


def _distances() -> list[Case]:
    x = divergences.line()
    shifted, wide = divergences.masses(x, -1.0), divergences.masses(x, 0.0, 2.0)
    values, side = [0.1, 0.8, 0.4], np.linspace(-100, 100, 20_001)
    return [
        Case("half_shifted", "W = E_real[D − ½] + E_fake[−(D + ½)], with any D",
             "P = Q: the distance of P from itself", half_shifted(values, values), 0.0),
        Case("measure", "μ = E[z + ε] is a measure of the Gaussian noise",
             "z = −1, ε from N(0, 1): the measure of the whole line", float((x * shifted).sum()), float(shifted.sum())),
        Case("density", "The density of N(0, C) is 1 / ((2π)^(n/2) det C)",
             "n = 1, C = 4: its integral from −10 to 10",
             flat_density(4.0, 10.0), float(wide[np.abs(x) <= 10].sum())),
        Case("js_bound", "JS with natural logarithms lies between 0 and 1",
             "disjoint supports, the worst case: JS", 1.0, divergences.js([1.0, 0.0], [0.0, 1.0])),
        Case("smooth", "A function with continuous derivatives everywhere is Lipschitz",
             "x², of slope at most 2 in [−1, 1]: its largest slope in [−100, 100]",
             2.0, float(np.abs(np.diff(side**2) / np.diff(side)).max())),
    ]  # fmt: skip


def _training() -> list[Case]:
    near, far = (divergences.parallel_lines(theta)[1:] for theta in (0.1, 1.0))
    binary, p = (0.0, 1.0, 1.0), np.linspace(-10, 10, 2001)
    fall = rounds_of_play(0, True) - rounds_of_play(90, True)
    return [
        Case("least_squares", "Least squares is a Wasserstein loss of the generator",
             "parallel lines move from 1 to 0.1 apart: how much the generator's cost falls",
             fall, objectives.lsgan_cost(*far, binary) - objectives.lsgan_cost(*near, binary)),
        Case("keeps_log", "A WGAN's critic keeps its logarithms",
             "the same lines: how much the best critic's value falls",
             fall, objectives.generator_cost(*far) - objectives.generator_cost(*near)),
        Case("stop", "Training is done when the discriminator's loss stands still",
             "the same lines, best D, loss 0 all the way: W that is left", 0.0, rounds_of_play(90, True)),
        Case("soft_sign", "(c − p)/√((c − p)² + 1/T) + r is least where p = c",
             "c = 0, T = 100: the best p in [−10, 10]", 0.0, float(p[soft_sign(0.0, p, 100.0).argmin()])),
        Case("no_generator", "Four steps train a WGAN (and none of them moves the generator)",
             "two points 1 apart, 100 rounds: W at the end", rounds_of_play(100, True), rounds_of_play(100, False)),
    ]  # fmt: skip
