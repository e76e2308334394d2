"""Gradient play in two numbers, against closed forms and values found by another program."""

from __future__ import annotations

import numpy as np
import pytest

from replication.papers.salimans2016 import historical_averaging, xy_game
from replication.papers.ttur2017 import toy
from replication.transport import games


def test_at_once_the_distance_grows_by_the_same_factor():
    path = games.saddle((1, 1), 0.1, 100)
    distance = np.hypot(*path.T)
    assert distance[100] == pytest.approx(2.3259, abs=5e-5)
    np.testing.assert_allclose(distance, np.sqrt(2) * 1.01 ** (np.arange(101) / 2), rtol=1e-12)
    # The step is a turn by arctan(eta) and a stretch: a complex number to the power of the step.
    turned = (1 + 1j) * (1 + 0.1j) ** np.arange(101)
    np.testing.assert_allclose(path @ [1, 1j], turned, rtol=1e-12)


def test_in_turns_the_path_stays_on_its_ellipse():
    x, y = games.saddle((1, 1), 0.1, 5000, alternating=True).T
    np.testing.assert_allclose(x**2 + y**2 - 0.1 * x * y, 1.9, rtol=1e-10)
    assert np.hypot(x, y).max() == pytest.approx(np.sqrt(2), abs=5e-3)


def test_evidence_of_the_product_game():
    found = xy_game.evidence(xy_game.data())
    assert found["IT16-C1a"][0] <= 1e-12
    assert found["IT16-C1b"][0] <= 1e-12


def test_historical_averaging_from_one_start():
    start = np.array([[0.5, 0.5]])
    _, averaged = games.historical(start, 0.01, 20_000, 1.0, every=20_000)
    assert averaged[-1, 0] == pytest.approx([0.991, 1.032], abs=1e-3)
    _, plain = games.historical(start, 0.01, 20_000, 0.0, every=20_000)
    assert plain[-1, 0] == pytest.approx([0.0, 0.71], abs=5e-3)


def test_one_step_of_historical_averaging_by_hand():
    # From (2, 0): f = 4, f' = 4; the first step has no past but itself, so the term is 0.
    _, path = games.historical(np.array([[2.0, 0.0]]), 0.1, 2, 0.5, every=1)
    assert path[1, 0] == pytest.approx([2 - 0.1 * 4 * -1, 0.1 * 3])
    x, y = path[1, 0]
    expected = [
        x - 0.1 * (2 * x * (y - 1) + (x - (2 + x) / 2)),
        y + 0.1 * ((x**2 - 1) - (y - (0 + y) / 2)),
    ]
    assert path[2, 0] == pytest.approx(expected, abs=1e-12)


def test_the_equilibrium_is_a_fixed_point_and_starts_do_not_disturb_each_other():
    starts = np.array([[1.0, 1.0], [0.3, -0.4], [-1.0, 2.0]])
    steps, together = games.historical(starts, 0.01, 200, 1.0, every=50)
    assert steps.tolist() == [0, 50, 100, 150, 200]
    assert (together[:, 0] == 1).all()
    _, alone = games.historical(starts[1:2], 0.01, 200, 1.0, every=50)
    np.testing.assert_array_equal(together[:, 1], alone[:, 0])


def test_evidence_of_historical_averaging():
    table = historical_averaging.data()
    found = historical_averaging.evidence(table)
    assert {len(values) for values in found.values()} == {20}
    assert sum(found["IT16-C2b"]) == 0
    assert found["IT16-C2c"] == found["IT16-C2a"]
    # With averaging no start is further away at the end than at 20,000 steps: it is slow, not stuck.
    averaged = table[(table["arm"] == "with") & (table["start"] > 0)]
    by_step = averaged.pivot(index="start", columns="step", values="distance")
    assert (by_step[historical_averaging.STEPS] < by_step[historical_averaging.DECIDED]).all()


def test_two_rates_without_noise_shrink_each_side_by_its_own_factor():
    path = games.two_rates((0.001, 0.002), np.zeros((50, 1, 2)), start=(1e-4, -1e-4))
    np.testing.assert_allclose(path[:, 0, 0], 1e-4 * 0.8 ** np.arange(51), rtol=1e-6)
    np.testing.assert_allclose(path[:, 0, 1], -1e-4 * 0.996 ** np.arange(51), rtol=1e-6)


def test_noise_enters_both_gradients():
    noise = np.array([[[1.0, 2.0]]])
    path = games.two_rates((0.1, 0.1), noise, start=(0.0, 0.0))
    assert path[1, 0] == pytest.approx([-0.1, 0.2])


def test_pattern_of_two_rates():
    table = toy.data()
    found = toy.evidence(table)
    assert len(found["TT17-C1a"]) == len(found["TT17-C1b/sooner"]) == 20
    assert np.mean(found["TT17-C1a"]) >= 0.95
    assert np.mean(found["TT17-C1b/sooner"]) >= 0.95
    assert np.mean(found["TT17-C1c"]) >= 0.95
    first = table.groupby(["row", "seed"])["first_near"].first()
    assert first["both slow"].median() == pytest.approx(700, rel=0.15)
    assert first["x slow, y fast"].median() == pytest.approx(100, rel=0.25)
    # Read back with the six digits of the csv file, the verdict is the same.
    rounded = table.assign(tail=table["tail"].map(lambda v: float(f"{v:.6g}")))
    assert toy.evidence(rounded)["TT17-C1b/sooner"] == found["TT17-C1b/sooner"]
