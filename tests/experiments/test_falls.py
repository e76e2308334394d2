"""Runs that fall and recover: when they are looked at, what is disturbed, and what their numbers say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from replication.claims.schema import all_claims, papers
from replication.experiments import falls as experiment
from replication.experiments._objectives import OBJECTIVES
from replication.pages.can_i_read_my_loss import _answers, _falls, falls
from replication.plan.config import Experiments


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    torch.set_num_threads(1)
    return experiment.measure(Experiments(seeds=2, effort=0.02))


def test_every_run_is_looked_at_before_and_after(measured: pd.DataFrame) -> None:
    assert set(measured["method"]) == set(OBJECTIVES)
    assert set(measured["kind"]) == set(falls.KINDS)
    for _, own in measured.groupby(["method", "kind", "seed"]):
        assert own["step"].is_unique
        assert (own["step"] < 0).any()
        assert (own["step"] >= 0).any()


def test_both_disturbances_start_from_the_same_run(measured: pd.DataFrame) -> None:
    before = measured[measured["step"] < 0].set_index(["method", "seed", "step"]).sort_index()
    rate, noise = (before[before["kind"] == kind] for kind in ("rate", "noise"))
    pd.testing.assert_frame_equal(rate.drop(columns="kind"), noise.drop(columns="kind"))


def test_noise_makes_samples_worse_at_once(measured: pd.DataFrame) -> None:
    own = measured[(measured["kind"] == "noise") & (measured["method"] == "gan_ns")]
    first = own[own["step"] == 0].set_index("seed")["w1"]
    before = own[own["step"] < 0].groupby("seed")["w1"].mean()
    assert (first / before).mean() != pytest.approx(1.0, abs=0.02)


def run(
    estimate: list[float], w1: list[float], method: str = "wgan_gp", kind: str = "noise"
) -> pd.DataFrame:
    steps = [-20, -10, *range(0, 10 * (len(w1) - 2), 10)]
    return pd.DataFrame(
        {"seed": 0, "method": method, "kind": kind, "step": steps, "w1": w1, "estimate": estimate, "over_k": w1}
    )  # fmt: skip


W1 = [1.0, 1.0, 4.0, 3.0, 2.0, 1.5]


@pytest.mark.parametrize(
    ("estimate", "rho", "rises"),
    [
        (W1, 1.0, 1.0),
        ([-w for w in W1], -1.0, 0.0),
        (
            [6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
            -0.4058,
            0.0,
        ),  # a clock never rises
    ],
)
def test_runs_of_known_worth(estimate: list[float], rho: float, rises: float) -> None:
    table = falls.data(lambda name: run(estimate, W1))
    one = table.iloc[0]
    assert (one["rho"], one["rises"]) == (pytest.approx(rho, abs=1e-3), rises)
    assert one["clock"] == pytest.approx(-0.4058, abs=1e-3)
    assert (one["fall"], one["recovery"]) == (4.0, pytest.approx(1.5 / 4))


def test_a_run_that_did_not_fall_says_nothing() -> None:
    stood = falls.data(lambda name: run(W1, [1.0, 1.1, 1.0, 1.1, 1.0, 1.0]))
    assert not _falls.reached(stood.drop_duplicates("seed"))
    assert list(_answers.falls(stood, "2-D")) == []


def test_the_page_has_the_thresholds_of_the_claims_controls() -> None:
    limits = {
        (one.control, one.threshold)
        for claim in all_claims(papers().values())
        for test in claim.tests
        for one in claim.asked_of(test)
        if test.part.startswith("fall_")
    }
    assert limits == {("fall", _falls.FELL), ("recovery", _falls.CAME_BACK)}


def test_claims_take_the_runs_of_their_method_and_disturbance() -> None:
    parts = [run(W1, W1, "wgan_clip", "rate"), run([-w for w in W1], W1, "gan_ns", "rate")]
    table = falls.data(lambda name: pd.concat(parts))
    found, controls = falls.evidence(table), falls.controls(table)
    assert found["WGAN17-C3/fall_rate"] == pytest.approx([1.0])
    assert found["WGAN17-C4a/fall_rate"] == pytest.approx([-1.0])
    assert found["WGP17-C7b/fall_noise"] == []
    assert controls["WGAN17-C3/fall_rate"] == {"fall": [4.0], "recovery": [np.float64(0.375)]}
