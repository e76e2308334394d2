"""The interval of a mean holds the true mean about as often as it says, also for few and skewed values."""

import numpy as np
import pytest

from replication.analysis import coverage
from replication.analysis.coverage import COLUMNS, NOISES, RULES

REPETITIONS = 2000

#: The least coverage of a 95 % interval: 6 to 20 values, three standard errors off the simulation's.
LEAST = {
    "normal": 0.93,
    "Laplace": 0.905,
    "exponential": 0.91,
    "log-normal": 0.88,
    "mode counts": 0.925,
}


@pytest.fixture(scope="module")
def shares():
    """Coverage by rule, noise and size."""
    table = coverage.table(sizes=(6, 10, 20), repetitions=REPETITIONS)
    return table.set_index(["rule", "noise", "n"])["coverage"]


@pytest.mark.parametrize("noise", NOISES)
def test_the_interval_covers_for_few_and_skewed_values(shares, noise):
    ours, students, percentile = (shares[rule][noise] for rule in RULES)
    assert (ours >= LEAST[noise]).all()
    assert (percentile < LEAST[noise]).any()
    assert ours.min() > percentile.min() + 0.04
    if noise not in ("normal", "Laplace"):
        assert ours.min() > students.min() + 0.03


def test_no_interval_is_wider_than_it_must_be(shares):
    assert (shares["t, corrected for skewness"]["normal"] <= 0.965).all()


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_one_sided_misses_of_normal_values_are_near_their_level(level):
    ours = {"ours": coverage.interval}
    found = coverage.table(ours, sizes=(6, 10), repetitions=10_000, level=level)
    assert list(found) == COLUMNS
    normal = found[found["noise"] == "normal"]
    for misses in ("misses_below", "misses_above"):
        assert normal[misses].to_numpy() == pytest.approx((1 - level) / 2, abs=0.006)


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_the_true_means_are_those_of_the_draws(noise):
    values = noise.draw(np.random.default_rng(0), (1000, 1000))
    assert values.mean() == pytest.approx(noise.mean, abs=0.01)


def test_a_table_repeats():
    again = [coverage.table(RULES, (6,), 50) for _ in range(2)]
    assert again[0].equals(again[1])


def test_students_t_has_its_level_for_normal_values(shares):
    assert shares["Student's t"]["normal"].to_numpy() == pytest.approx(0.95, abs=0.015)
