"""The deep critic: gradients by layer, slopes and extreme weights, in cases solved by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from replication.experiments import deep_critic as experiment
from replication.experiments._base import critic
from replication.nets._layers import Linear
from replication.papers.wgan_gp2017 import fig1b
from replication.techniques import clipping
from replication.tensors.draws import Draws

DRAWS, WIDTH = Draws(range(2)), 6


def constant_chain(weight: float) -> nn.Module:
    """All weights equal, so on positive points each layer multiplies a gradient by width x weight."""
    net = critic(DRAWS, [2, *[WIDTH] * experiment.DEPTH])
    for layer in net.modules():
        if isinstance(layer, Linear):
            nn.init.constant_(layer.weight, weight)
    return net


@pytest.mark.parametrize("weight", [1e-3, 0.1, 1.0])
def test_each_layer_multiplies_the_gradient(weight):
    points = DRAWS.uniform("points", 0, (32, 2)) + 0.5
    norms = experiment.layer_gradients(constant_chain(weight), points, points + 1)
    assert norms.shape == (2, experiment.DEPTH + 1)
    back = (norms[:, :-2] - norms[:, 1:-1]).flatten().tolist()
    assert back == pytest.approx([math.log10(WIDTH * weight)] * len(back), rel=1e-6)
    # The score's own gradient: 1 / n on 2 n points.
    assert norms[:, -1].tolist() == pytest.approx([math.log10(math.sqrt(64) / 32)] * 2)


def test_dead_layers_give_no_number():
    points = DRAWS.uniform("points", 0, (32, 2)) + 0.5
    norms = experiment.layer_gradients(constant_chain(-1.0), points, points + 1)
    assert norms[:, 0].isnan().all()
    assert norms[:, -1].isfinite().all()


def table(slope: float, arm: str) -> pd.DataFrame:
    layers = np.arange(1, 14)
    return pd.DataFrame(
        {"what": "gradient", "arm": arm, "seed": 0, "step": np.nan, "layer": layers,
         "value": 2.0 + slope * (13 - layers)}
    )  # fmt: skip


def test_slopes_count_from_the_score_back_to_the_input():
    both = pd.concat([table(-0.7, "clip_0.01"), table(0.4, "gp")], ignore_index=True)
    assert fig1b.slopes(both).loc[0].to_dict() == pytest.approx({"clip_0.01": -0.7, "gp": 0.4})


def test_weights_are_judged_by_what_training_adds_under_the_clip_that_trains():
    shares = {"clip_0.01": (0.97, 0.98), "clip_0.1": (0.6, 0.7), "gp": (0.0, 0.1)}
    rows = [
        {"what": "extreme", "arm": arm, "seed": seed, "step": step, "value": value + 0.01 * seed}
        for arm, ends in shares.items()
        for seed in (0, 1)
        for step, value in zip((0, 250), ends, strict=True)
    ]
    slopes = [table(-0.7, arm).assign(seed=seed) for arm in fig1b.ARMS for seed in (0, 1)]
    whole = pd.concat([pd.DataFrame(rows), *slopes], ignore_index=True)
    found = fig1b.evidence(whole)
    assert found["WGP17-C3b"] == pytest.approx([0.1, 0.1])
    assert found["WGP17-C3a"] == pytest.approx([0.6, 0.6])
    assert fig1b.remarks(whole)["WGP17-C3b"].startswith(
        "mean share 0.605 right after the first clip"
    )


def test_extreme_share():
    ends = torch.tensor([[0.01, -0.01, 0.01, -0.0096]])
    assert experiment.extreme_share(ends).tolist() == [1.0]
    even = torch.linspace(-1, 1, 20_001)[None]
    assert experiment.extreme_share(even).item() == pytest.approx(0.05, abs=1e-3)


def test_the_first_clip_alone_puts_he_weights_at_the_ends():
    """He: U(-b, b) with b = sqrt(6 / 64) = 0.306, so a share 1 - 0.95 c / b of hidden weights is there at once."""
    net = critic(DRAWS, [2, *[64] * 3])
    clipping.Technique(0.1).after_critic_step(net)
    values = torch.cat(
        [m.weight.flatten(1) for m in list(net.modules()) if isinstance(m, Linear)][1:3], 1
    )
    expected = 1 - 0.095 / math.sqrt(6 / 64)
    assert experiment.extreme_share(values).tolist() == pytest.approx([expected] * 2, abs=0.01)
