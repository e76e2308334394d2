"""The experiment of clips: settling on curves whose settling is known, the clip itself, and the power of the depth."""

import numpy as np
import pandas as pd
import pytest
import torch

from replication.experiments import _base, clip_power
from replication.experiments.clip_power import CLIPS, DEPTHS, settled
from replication.papers.wgan2017 import clip_power as panel
from replication.techniques import clipping
from replication.tensors.draws import Draws


@pytest.mark.parametrize("scale", [1e-9, 1.0, -40.0])
@pytest.mark.parametrize("tau", [10.0, 100.0])
def test_an_exponential_settles_after_log_twenty_time_constants(scale, tau):
    steps = np.arange(0, 2000)
    found = settled(steps, scale * (1 - np.exp(-steps / tau)))
    assert found == pytest.approx(tau * np.log(20), abs=1)


def test_settling_waits_for_the_last_excursion():
    steps, values = np.arange(100), np.ones(100)
    values[0] = 0.0
    assert settled(steps, values) == 1
    values[60] = 1.04
    assert settled(steps, values) == 1
    values[60] = 1.2
    assert settled(steps, values) == 61
    assert settled(steps, np.linspace(0, 1, 100)) == 95, "what still moves settles at the very end"
    assert settled(steps, np.zeros(100)) == 0
    assert np.isnan(settled(steps, np.where(values > 1, np.nan, values)))


def test_every_leading_index_has_its_own_clip():
    net = _base.critic(Draws([0, 0, 0]), [2, 16, 16], init="fan_in")
    clipping.Technique(list(CLIPS)).after_critic_step(net)
    for weight in net.parameters():
        largest = weight.abs().flatten(1).amax(1)
        assert (largest <= torch.tensor(CLIPS)).all()
    inner = net[2].weight.abs().flatten(1).amax(1)
    torch.testing.assert_close(inner, torch.tensor(CLIPS), msg="U(+-1/4) reaches every clip")


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_critic_with_every_weight_at_the_clip_is_as_steep_as_the_power_says(depth):
    """Slope sqrt(2) c^L width^(L-1) where all units are on; nothing that is clipped to c can be steeper."""
    trial = clip_power._trial(Draws([0] * len(CLIPS)), depth, 1)
    places = torch.rand(len(CLIPS), 20, 2) + 0.1
    clips = torch.tensor(CLIPS)
    steepest = 2**0.5 * clips**depth * clip_power.WIDTH ** (depth - 1)
    trial.method.technique.after_critic_step(trial.net)
    assert (trial.slopes(places).amax(1) <= steepest * 1.0001).all()
    with torch.no_grad():
        for weight in trial.net.parameters():
            weight.copy_(clips.reshape(-1, *[1] * (weight.dim() - 1)).expand_as(weight))
    found = trial.slopes(places)
    torch.testing.assert_close(found, steepest[:, None].expand_as(found), rtol=1e-4, atol=0)


def _ends(power, settle):
    rows = [
        {"part": "end", "layers": depth, "clip": c, "seed": seed, "step": 7000,
         "slope": (1 + seed) * c ** power(depth), "settled": settle(c)}
        for depth in DEPTHS for c in CLIPS for seed in (0, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_evidence_reads_the_power_and_the_order_at_every_depth():
    found = panel.evidence(_ends(lambda depth: depth, lambda c: 1000 * c))
    assert set(found) == {
        f"{claim}/depth_{depth}" for claim in ("WGAN17-C12a", "WGAN17-C12b") for depth in DEPTHS
    }
    for depth in DEPTHS:
        assert found[f"WGAN17-C12a/depth_{depth}"] == pytest.approx([0, 0], abs=1e-9)
        assert found[f"WGAN17-C12b/depth_{depth}"] == [1, 1]
    # A clip that does not act: the slope is the same for every clip, and so is the time.
    found = panel.evidence(_ends(lambda depth: 0, lambda c: 100))
    assert found["WGAN17-C12a/depth_5"] == pytest.approx([-5, -5])
    assert found["WGAN17-C12b/depth_5"] == [0, 0]


def test_a_seed_without_a_number_is_no_number_and_no_error():
    table = _ends(lambda depth: depth, lambda c: 1000 * c)
    table.loc[(table["seed"] == 0) & (table["layers"] == 3), ["slope", "settled"]] = np.nan
    for key, values in panel.evidence(table).items():
        assert np.isnan(values[0]) == key.endswith("_3")
        assert np.isfinite(values[1])


@pytest.mark.parametrize(
    ("small", "large", "later"),
    [(500, 4000, 1), (500, 7000, 1), (7000, 4000, 0), (4000, 4000, 0), (7000, 7000, np.nan)],
)
def test_a_run_that_ended_before_it_settled_bounds_the_order_and_gives_no_time(small, large, later):
    times = {CLIPS[0]: 1000, CLIPS[1]: small, CLIPS[2]: large}
    table = _ends(lambda depth: depth, times.get)
    assert panel.evidence(table)["WGAN17-C12b/depth_5"] == pytest.approx([later] * 2, nan_ok=True)
    said = panel.remarks(table).get("WGAN17-C12b/depth_5", "")
    assert ("2 of 2 with clip 0.01" in said) == (small == 7000)
    assert ("2 of 2 with clip 0.1" in said) == (large == 7000)
    assert said == "" or said.startswith("not settled by step 7,000: ")


def test_the_gap_is_measured_below_the_rounding_of_the_scores():
    """Scores near 1e-3 that differ by 1e-12: float32 sees nothing, the estimate does."""
    trial = clip_power._trial(Draws([0] * len(CLIPS)), 5, 1)
    with torch.no_grad():
        for weight in trial.net.parameters():
            weight.fill_(1e-3)
    gap = clip_power._estimate(trial, 256)
    real, fake = trial.fresh(256)
    shift = float((real - fake).double().mean(1).sum(1)[0])
    assert gap == pytest.approx([1e-15 * clip_power.WIDTH**4 * shift] * 3, rel=0.5)
