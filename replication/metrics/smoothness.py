"""How evenly images change between two points of a generator's latent space: its largest step over its mean step."""

from __future__ import annotations

from replication.metrics._base import Batch, Protocol

LABEL = "Largest step of a walk"
DIRECTION = "lower"
UNIT = "mean steps"
LEAST = 1.0
NEEDS = "walks"
PROTOCOL = "{walks:,} walks of {walk_steps} steps through z"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Mean over walks of (largest distance between neighbours) / (mean distance), in features; 1 to `walk_steps`.

    A generator that passes smoothly from image to image gives little more than 1; one that has learnt images
    by heart leaps from one to the next (Radford et al. 2016, section 6.1, look for such leaps by eye). A walk
    that stands still counts as even. A uniform z is walked in a straight line, a normal one along the sphere,
    so that every point is as likely as a sample.
    """
    assert fake.walks is not None
    steps = fake.walks.diff(dim=1).norm(dim=2)
    mean = steps.mean(1)
    return float((steps.amax(1) / mean).where(mean != 0, 1.0).mean())
