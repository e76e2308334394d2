"""Damage by degrees, and what scores must say of it."""

import numpy as np
import pandas as pd
import pytest

from replication.experiments import _damage, disturbances
from replication.figures import ladders
from replication.plan import registry
from replication.plan.config import Experiments
from replication.plan.paths import Paths

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(-1, 1, (6, 2, 12, 12)).astype(np.float32)


@pytest.mark.parametrize("kind", _damage.KINDS)
def test_damage_keeps_shape_and_range_and_is_none_at_strength_nought(kind: str) -> None:
    damage, strengths = _damage.KINDS[kind]
    assert np.allclose(damage(IMAGES, 0.0, np.random.default_rng(1)), IMAGES, atol=1e-6)
    for strength in strengths:
        damaged = damage(IMAGES, strength, np.random.default_rng(1))
        assert damaged.shape == IMAGES.shape
        assert damaged.dtype == np.float32
        assert np.abs(damaged).max() <= 1
        assert not np.allclose(damaged, IMAGES)
        again = damage(IMAGES, strength, np.random.default_rng(1))
        np.testing.assert_array_equal(damaged, again)


def test_salt_and_pepper_hits_that_share_of_pixels_all_channels_alike() -> None:
    grey = np.zeros((40, 3, 20, 20), np.float32)
    hit = _damage.salt_and_pepper(grey, 0.3, RNG) != 0
    assert hit.mean() == pytest.approx(0.3, abs=0.02)
    assert (hit == hit[:, :1]).all()


def test_a_swirl_turns_by_its_formula() -> None:
    """Of an image whose value is the height, k pixels beside the middle: k sin(strength exp(-k / R))."""
    height = np.arange(-20, 21, dtype=np.float32) / 20
    image = np.broadcast_to(height[:, None], (1, 1, 41, 41)).copy()
    row = _damage.swirl(image, 1.2, RNG)[0, 0, 20, 20:]
    k = np.arange(21)
    expected = k * np.sin(1.2 * np.exp(-k / (41 / 4))) / 20
    np.testing.assert_allclose(row, expected, atol=1e-6)


def test_foreign_images_are_whole_and_turned() -> None:
    mixed = _damage.foreign(IMAGES, 0.5, np.random.default_rng(3))
    turned = np.rot90(IMAGES, axes=(2, 3))
    for got, own, other in zip(mixed, IMAGES, turned, strict=True):
        assert np.array_equal(got, own) or np.array_equal(got, other)


def test_the_ladders_of_the_lab(digits: Paths) -> None:
    """Every rung by every metric; FID calls the worst noise worse than none; plain images open every ladder."""
    table = disturbances.measure(Experiments(seeds=1, effort=0.2), digits)
    whole = ladders.scores(table)
    rungs = whole.groupby("ladder")["strength"].nunique()
    assert set(rungs.index) == set(ladders.UNITS)
    assert (rungs >= 4).all()
    needs = {m: registry.metadata("metrics", m)["NEEDS"] for m in registry.ids("metrics")}
    assert set(whole["stem"]) == {
        m for m in needs if needs[m] in ("features", "images") and m != "independent_critic"
    }
    fid = whole[(whole["stem"] == "fid") & (whole["ladder"] == "noise")]
    assert ladders.strictly_worse(fid)
    classes = whole[(whole["stem"] == "recall") & (whole["ladder"] == ladders.DROPPED)]
    assert ladders.following(classes) > 0.5


def test_order_is_read_by_the_direction_of_the_metric() -> None:
    own = pd.DataFrame({"strength": [0, 1, 2], "metric": "fid_lenet_x", "value": [1.0, 2.0, 3.0]})
    assert ladders.strictly_worse(own)
    assert ladders.following(own) == pytest.approx(1)
    score = own.assign(metric="inception_score_lenet_x")
    assert not ladders.strictly_worse(score)
    assert ladders.following(score) == pytest.approx(-1)
    assert ladders.following(own.assign(value=7.0)) == 0
    flat = own.assign(value=[1.0, 2.0, 2.0])
    assert not ladders.strictly_worse(flat)
