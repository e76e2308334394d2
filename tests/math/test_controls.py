"""Controls of trained arms: what each measures, by hand; and that tests name arms and controls that there are."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from replication.analysis.collect import CONTROL_COLUMNS, controls
from replication.claims import schema
from replication.controls._base import Trained
from replication.plan import registry
from replication.plan.study import Study, matches, planned

KNOWN = {
    arm
    for own in planned(Study(registry.PACKAGE.parent / "params.yaml").config).values()
    for arm in own
}
FID = "fid_lenet_mnist_5k"
CLAIMS = [one for paper in schema.papers().values() for one in paper.claims]
ASKED = [(c.id, one) for c in CLAIMS for test in c.tests for one in c.asked_of(test)]


def arm(real: dict[str, float] | None = None, **courses: dict[int, list[float]]) -> Trained:
    """An arm whose metrics are given by seed, over steps 10, 20, ...; of curves `curves` alone."""
    rows = [
        (seed, 10 * (place + 1), name, value)
        for name, by_seed in courses.items()
        for seed, course in by_seed.items()
        for place, value in enumerate(course)
    ]
    quality = pd.DataFrame(rows, columns=["seed", "step", "metric", "value"])
    return Trained(pd.DataFrame({"seed": [], "step": []}), quality, real or {})


def measured(control: str, trained: Trained) -> dict[int, float]:
    return registry.load("controls", control).measured(trained).to_dict()


def test_the_share_of_the_way_is_that_from_the_highest_score_to_that_of_real_images() -> None:
    trained = arm({FID: 10.0}, **{FID: {0: [50, 110, 30], 1: [10, 20, 20]}})
    assert measured("share_of_the_way", trained) == pytest.approx({0: 0.8, 1: 0.0})


def test_scores_of_held_out_images_are_not_those_of_samples() -> None:
    names = {f"{FID}_heldout": {0: [1.0, 1.0]}, FID: {0: [50.0, 30.0]}}
    assert measured("share_of_the_way", arm({FID: 10.0}, **names)) == pytest.approx({0: 0.5})


def test_points_are_compared_with_fresh_data() -> None:
    trained = arm(
        {"w1": 0.05}, w1={0: [1, 0.15], 1: [1, 0.5]}, high_quality={0: [0, 0.9], 1: [0, 0.1]}
    )
    assert measured("w1_of_fresh_data", trained) == pytest.approx({0: 3.0, 1: 10.0})
    assert measured("near_a_mode", trained) == {0: 0.9, 1: 0.1}


def test_a_lost_mode_of_eight_shows_in_the_reverse_kl() -> None:
    """Uniform on seven of eight modes is the least divergence with one lost."""
    edge = math.log(8 / 7)
    uniform = np.full(7, 1 / 7)
    assert edge == pytest.approx((uniform * np.log(uniform / (1 / 8))).sum())
    trained = arm(
        {"modes": 8.0}, modes={0: [8, 7], 1: [8, 8]}, reverse_kl={0: [0, edge], 1: [0, edge - 1e-6]}
    )
    assert measured("mode_dropped", trained) == {0: 1.0, 1: 0.0}


def test_a_critic_lags_by_what_its_copy_gains() -> None:
    columns = {"seed": [0] * 4 + [1] * 2, "step": [1, 2, 3, 4, 1, 2],
               "estimate_heldout": [0.9, 7.0, 2.0, 1.0, -1.0, 2.0],
               "estimate_heldout_trained_on": [1.0, math.nan, 4.0, 2.0, 1.0, 0.0]}  # fmt: skip
    trained = Trained(pd.DataFrame(columns), pd.DataFrame(), {})
    # Seed 0: .1, .5 and .5, step 2 has no copy; seed 1: 2, and a copy at 0 says nothing.
    assert measured("critic_lag", trained) == pytest.approx({0: 0.5, 1: 2.0})
    assert measured("critic_lag", Trained(pd.DataFrame({"seed": [0]}), pd.DataFrame(), {})) == {}


@pytest.mark.parametrize("control", registry.ids("controls"))
def test_an_arm_without_its_numbers_has_no_control(control: str) -> None:
    assert not any(map(math.isfinite, measured(control, arm(parzen={0: [1.0]})).values()))


def test_the_table_has_the_controls_of_every_arm_that_finished() -> None:
    ring, digits = ("ring", "points", "gan_ns", "decay"), ("mnist_5k", "mlp", "gan_ns", "paper")
    key = ["dataset", "net", "method", "variant", "seed"]
    states = [(*ring, 0, "finished"), (*ring, 1, "diverged"), (*digits, 0, "finished")]
    runs = pd.DataFrame(states, columns=[*key, "state"])
    rows = [
        (*ring, 0, 5, "w1", 2.0),
        (*ring, 1, 5, "w1", 9.0),
        (*digits, 0, 1, FID, 20.0),
        (*digits, 0, 5, FID, 15.0),
    ]
    quality = pd.DataFrame(rows, columns=[*key, "step", "metric", "value"])
    curves = runs.assign(step=5, estimate_heldout=1.0, estimate_heldout_trained_on=2.0)
    table = controls(runs, curves, quality, {"ring": {"w1": 0.5}, "mnist_5k": {FID: 10.0}})
    assert list(table) == CONTROL_COLUMNS
    found = {(row.dataset, row.seed, row.control): row.value for row in table.itertuples()}
    assert {k: v for k, v in found.items() if not math.isnan(v)} == {
        ("ring", 0, "w1_of_fresh_data"): 4.0,
        ("ring", 0, "critic_lag"): 0.5,
        ("mnist_5k", 0, "share_of_the_way"): 0.5,
        ("mnist_5k", 0, "critic_lag"): 0.5,
    }


@pytest.mark.parametrize(
    ("claim", "control"), [pytest.param(*pair, id=f"{pair[0]}-{pair[1].control}") for pair in ASKED]
)
def test_a_control_asks_for_arms_that_a_study_has(claim: str, control: object) -> None:
    for pattern in control.arms:
        assert any(matches(arm, [pattern]) for arm in KNOWN), f"{claim}: no study has {pattern}"
