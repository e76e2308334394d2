"""Many settings at equal steps: every run is there, and orders of known worth get their numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from replication.experiments import many_settings as experiment
from replication.experiments._objectives import OBJECTIVES
from replication.pages.can_i_read_my_loss import _runs
from replication.plan.config import Experiments


def test_every_setting_is_run() -> None:
    torch.set_num_threads(1)
    assert len(OBJECTIVES) * len(experiment.RATES) * len(experiment.NETS) >= 30
    table = experiment._run("wgan_gp", "2 x 16", 1e-2, *drawn())
    assert len(table) == 2
    assert (table["w1_before"] != table["w1"]).all()


def drawn() -> tuple[experiment.Draws, Experiments]:
    return experiment.Draws(range(2)), Experiments(seeds=2, effort=0.02)


def runs(estimate: list[float]) -> pd.DataFrame:
    """Six settings of two seeds each; the last two settings failed."""
    w1 = np.repeat([0.2, 0.3, 0.4, 0.5, 0.9, 1.0], 2) + 0.01 * np.tile([0, 1], 6)
    return pd.DataFrame({"rate": np.repeat(range(6), 2), "net": "a", "w1": w1, "w1_before": 1.0,
                         "estimate": np.repeat(estimate, 2) + 1e-3 * np.tile([0, 1], 6)})  # fmt: skip


def test_orders_of_known_worth() -> None:
    settings = ("net", "rate")
    perfect = _runs.ordered(runs([1, 2, 3, 4, 5, 6]), "estimate", settings)
    assert (perfect.rho, perfect.low, perfect.high) == pytest.approx((1.0, 1.0, 1.0))
    assert (perfect.above_low, perfect.above_high) == (1.0, 1.0)
    assert (perfect.above, perfect.runs, perfect.failed, perfect.diverged) == (1.0, 12, 4, 0)
    wrong = _runs.ordered(runs([6, 5, 4, 3, 2, 1]), "estimate", settings)
    assert wrong.above == 0.0
    assert wrong.rho < -0.9
    # A failed run whose estimate is low: the flat loss of a dead critic.
    blind = _runs.ordered(runs([2, 3, 4, 5, 0, 0]), "estimate", settings)
    assert blind.above == 0.0
    assert blind.low < 0 < blind.high
    # One failed setting above two of the four learned ones, and one above all: three quarters of the pairs.
    mixed = _runs.ordered(runs([1, 2, 3, 4, 2.5, 6]), "estimate", settings)
    assert mixed.above == pytest.approx(0.75)
    assert 0 < mixed.above_low < 0.75 < mixed.above_high == 1.0
    sound = _runs.ordered(runs([1, 2, 3, 4, 5, 6])[:8], "estimate", settings)
    assert np.isnan([sound.above, sound.above_low, sound.above_high]).all()


def test_seeds_of_a_setting_stay_together_in_the_bootstrap() -> None:
    # Two settings: a resample with both has rho 1, one with one of them twice has its seeds' own order.
    two = runs([1, 2, 3, 4, 5, 6])[:4]
    found = _runs.ordered(two, "estimate", ("net", "rate"))
    assert found.low == pytest.approx(1.0)
    alone = _runs.ordered(two.assign(estimate=[2, 1, 4, 3]), "estimate", ("net", "rate"))
    assert alone.low == pytest.approx(-1.0)


def test_diverged_runs_have_no_place_in_an_order() -> None:
    own = runs([1, 2, 3, 4, 5, 6])
    own.loc[0, "estimate"] = np.nan
    own.loc[1, "w1"] = np.inf
    found = _runs.ordered(own, "estimate", ("net", "rate"))
    assert (found.runs, found.diverged) == (10, 2)


@pytest.mark.parametrize(
    ("signal", "cost"),
    [([1, 2, 3], 0.0), ([3, 2, 1], 100.0), ([np.nan] * 3, 100.0), ([2, 1, np.nan], 50.0)],
)
def test_what_choosing_costs(signal: list[float], cost: float) -> None:
    assert _runs.lost(pd.Series(signal), pd.Series([2.0, 3.0, 4.0])) == pytest.approx(cost)


def test_choosing_what_diverged_costs_the_worst_that_did_not() -> None:
    assert _runs.lost(pd.Series([2, 1, 3]), pd.Series([2.0, np.nan, 4.0])) == pytest.approx(100.0)
