"""Two-player games in two numbers, played by gradient steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replication.transport.divergences import Floats


def saddle(start: tuple[float, float], eta: float, steps: int, alternating: bool = False) -> Floats:
    """f = xy: x descends, y ascends; both at once, or y after x has moved.

    At once, every step multiplies the distance from the equilibrium (0, 0) by sqrt(1 + eta^2). In turns,
    x^2 + y^2 - eta x y never changes.

    Returns:
        [steps + 1, 2], the start first.
    """
    path = np.empty((steps + 1, 2))
    path[0] = start
    for t in range(steps):
        x, y = path[t]
        moved = x - eta * y
        path[t + 1] = moved, y + eta * (moved if alternating else x)
    return path


def piecewise(x: Floats) -> tuple[Floats, Floats]:
    """f(x) = x below zero and x^2 above, with its derivative (Salimans et al. 2016, section 3.3)."""
    return np.where(x < 0, x, x * x), np.where(x < 0, 1.0, 2 * x)


def historical(
    starts: Floats, eta: float, steps: int, weight: float | Floats, every: int = 100
) -> tuple[NDArray[np.int64], Floats]:
    """Value (f(x) - 1)(y - 1): x descends, y ascends, each drawn to the mean of its own past.

    Salimans et al. 2016, section 3.3: each player's cost has the term weight |theta - mean of its past|^2.
    The equilibrium is (1, 1). weight 0 is plain gradient descent.

    Args:
        starts: [n, 2], played side by side.
        eta: the step.
        steps: how many.
        weight: of the historical term, one for all paths or one each [n].
        every: a point of each path is kept every so many steps.

    Returns:
        The steps kept [k + 1] and the paths [k + 1, n, 2]; a path that overflows ends in NaN or infinity.
    """
    x, y = starts.T.astype(float)
    sum_x, sum_y = x.copy(), y.copy()
    kept = [starts.astype(float)]
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, steps + 1):
            f, slope = piecewise(x)
            down = slope * (y - 1) + 2 * weight * (x - sum_x / t)
            up = (f - 1) - 2 * weight * (y - sum_y / t)
            x, y = x - eta * down, y + eta * up
            sum_x, sum_y = sum_x + x, sum_y + y
            if t % every == 0:
                kept.append(np.stack([x, y], 1))
    return np.arange(len(kept)) * every, np.array(kept)


def two_rates(rates: tuple[float, float], noise: Floats, start: ArrayLike = (0.5, -0.4)) -> Floats:
    """f = (1 + x^2)(100 - y^2): x descends at rates[0], y ascends at rates[1], on noisy gradients.

    Heusel et al. 2017, example in two variables. The equilibrium is (0, 0).

    Args:
        rates: steps of x and y.
        noise: added to both gradients, [steps, n, 2] for n games.
        start: the first point.

    Returns:
        [steps + 1, n, 2].
    """
    path = np.empty((len(noise) + 1, *noise.shape[1:]))
    path[0] = start
    for t, error in enumerate(noise):
        x, y = path[t, :, 0], path[t, :, 1]
        gradient = np.stack([2 * x * (100 - y**2), -2 * y * (1 + x**2)], 1) + error
        path[t + 1] = path[t] + gradient * [-rates[0], rates[1]]
    return path
