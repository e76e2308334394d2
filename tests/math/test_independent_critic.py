"""A critic trained from scratch: near the true distance where that is known, blind where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from replication.metrics import independent_critic
from replication.metrics._base import Batch, Protocol

PROTOCOL = Protocol(1000, 1000, 60, 5, 5, 40, 3)
NOTHING = torch.empty(0)


def cloud(shift: float, seed: int) -> Batch:
    """A thousand points of a normal distribution, moved along the first axis, as images of two pixels."""
    points = torch.randn(1000, 1, 1, 2, generator=torch.Generator().manual_seed(seed))
    points[..., 0] += shift
    return Batch(points, NOTHING, NOTHING)


def test_two_clouds_a_known_way_apart() -> None:
    found = independent_critic.compute(cloud(0, 0), cloud(3, 1), PROTOCOL)
    assert found == pytest.approx(3, rel=0.2)


def test_equal_clouds_are_no_way_apart_and_farther_ones_farther() -> None:
    near, middle, far = (
        independent_critic.compute(cloud(0, 0), cloud(shift, 1), PROTOCOL) for shift in (0, 1, 2)
    )
    assert abs(near) < 0.1
    assert (middle, far) == pytest.approx((1, 2), rel=0.2)


def test_the_estimate_is_of_images_that_the_critic_never_saw() -> None:
    real, fake = cloud(0, 0), cloud(0, 1)
    # What the critic learns from lies far apart, and what it is scored on does not.
    odd = fake.images.clone()
    odd[::2, ..., 0] += 3
    found = independent_critic.compute(real, replace(fake, images=odd), PROTOCOL)
    assert abs(found) < 0.2


def test_it_is_a_function_of_its_images_alone() -> None:
    batches = cloud(0, 0), cloud(1, 1)
    torch.manual_seed(0)
    first = independent_critic.compute(*batches, PROTOCOL)
    torch.manual_seed(1)
    assert independent_critic.compute(*batches, PROTOCOL) == first
