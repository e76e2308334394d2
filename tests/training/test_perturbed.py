"""Perturbed first weights: off by rounding alone, the same every time, and in a study of their own."""

from pathlib import Path

import torch
import yaml

from replication.experiments import _base
from replication.jobs import keys
from replication.nets._layers import Weighted
from replication.plan.study import Study
from replication.tensors.draws import Draws
from replication.training.perturbed import first_weights

SIZE = 1e-4


def weights(size: float, seeds: tuple[int, ...] = (3, 4)) -> torch.Tensor:
    """Of a critic's first layer, [seeds, 2, 50]."""
    with first_weights(size):
        net = _base.critic(Draws(seeds), [2, 50, 50])
    return next(layer for layer in net.modules() if isinstance(layer, Weighted)).weight.detach()


def test_weights_are_off_by_the_given_share():
    """(w' - w) / w is N(0, size^2): of 200 numbers the standard deviation is within 5 of its own errors, 5 %."""
    plain = weights(0.0)
    off = (weights(SIZE) / plain - 1) / SIZE
    assert 0.75 < off.std() < 1.25
    assert off.mean().abs() < 5 / 200**0.5


def test_one_unit_in_the_last_place_moves_some_weights_and_leaves_the_rest():
    moved = weights(1e-7) != weights(0.0)
    assert 0.1 < moved.double().mean() < 1
    assert torch.allclose(weights(1e-7), weights(0.0), rtol=1e-6, atol=0)


def test_they_are_the_same_every_time_and_each_seed_has_its_own():
    assert torch.equal(weights(SIZE), weights(SIZE))
    assert torch.equal(weights(SIZE)[1:], weights(SIZE, (4,)))


def test_afterwards_weights_are_as_before():
    before = weights(0.0)
    weights(SIZE)
    assert torch.equal(weights(0.0), before)


def test_a_perturbed_study_has_a_name_a_folder_and_keys_of_its_own():
    raw = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8")) | {"profile": "smoke"}
    plain, perturbed = Study(raw), Study(raw | {"perturbed": 1e-7})
    assert perturbed.name == "smoke_perturbed"
    assert list(perturbed.config.profiles) == ["smoke_perturbed"]
    assert perturbed.paths.root.name == "smoke_perturbed"
    assert perturbed.runs == plain.runs
    one, other = dict(keys.every(plain)), dict(keys.every(perturbed))
    differ = {name.split("/")[0] for name in one if one[name].own != other[name].own}
    assert {"train", "experiment"} <= differ
    assert not {"prepare", "classifier", "reference", "evaluate"} & differ
