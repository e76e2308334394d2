"""Points drawn from a formula: the 2-D benchmarks. Equal on every machine that draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from replication.data._checks import Array, Part

Draw = Callable[[np.random.Generator, int], tuple[Array, Array | None]]

#: Points of the two parts; what is held out is as good as a fresh draw.
TRAIN, HELDOUT = 100_000, 20_000


def parts(draw: Draw, seed: int) -> tuple[Part, Part]:
    """The train and the held-out part of a formula, from independent streams."""
    train, heldout = (
        np.random.Generator(np.random.Philox(key=seed, counter=c << 192)) for c in (0, 1)
    )
    return Part(*draw(train, TRAIN)), Part(*draw(heldout, HELDOUT))


def mixture(
    rng: np.random.Generator, n: int, centres: Sequence[Sequence[float]], sd: float
) -> tuple[Array, Array]:
    """n points float32 [n, d] of an even mixture of Gaussians, and which of them each belongs to [n]."""
    modes = rng.integers(len(centres), size=n)
    noise = rng.standard_normal((n, len(centres[0])))
    return (np.asarray(centres)[modes] + sd * noise).astype(np.float32), modes.astype(np.int64)


def ring(radius: float, modes: int = 8) -> list[list[float]]:
    """Centres on a circle, the first at (radius, 0)."""
    angles = 2 * np.pi * np.arange(modes) / modes
    centres: list[list[float]] = (radius * np.stack([np.cos(angles), np.sin(angles)], 1)).tolist()
    return centres


def grid(step: float, side: int = 5) -> list[list[float]]:
    """Centres on a square grid about 0."""
    places = step * (np.arange(side) - (side - 1) / 2)
    centres: list[list[float]] = np.stack(np.meshgrid(places, places), -1).reshape(-1, 2).tolist()
    return centres
