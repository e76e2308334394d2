"""Singular values and effective ranks against weights whose values are known."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import torch

from replication.experiments import _base, spectra
from replication.papers.sngan2018 import critic_steps
from replication.plan.config import Experiments
from replication.tensors.draws import Draws


def test_effective_rank_counts_equal_values_and_ignores_scale():
    assert spectra.effective_rank(torch.ones(2, 7)).tolist() == pytest.approx([7, 7])
    assert spectra.effective_rank(torch.tensor([5.0, 0, 0])).item() == pytest.approx(1)
    values = torch.tensor([2.0, 1.0])  # (4 + 1)^2 / (16 + 1)
    assert spectra.effective_rank(values).item() == pytest.approx(25 / 17)
    assert spectra.effective_rank(30 * values).item() == pytest.approx(25 / 17)


def test_singular_values_of_a_rotated_diagonal_and_of_a_broken_seed():
    turn, _ = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))
    other, _ = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))
    known = torch.tensor([3.0, 2.0, 1.0, 0.5], dtype=torch.float64)
    weight = torch.stack([turn @ known.diag() @ other, torch.full((4, 4), math.nan)])
    sound, broken = spectra.singular_values(weight)
    assert torch.allclose(sound, known)
    assert broken.isnan().all()


@pytest.mark.parametrize("method", ["sn", "wn", "clip"])
def test_normalised_weights_are_what_the_next_pass_uses(method: str):
    """The net computed from them by hand gives the critic's scores, and asking leaves the critic as it is."""
    critic = _base.critic(Draws((0, 1)), [2, 6, 5], "leaky_relu")
    spectra.METHODS[method]().technique.wrap_critic(critic, Draws((0, 1)))
    x = torch.randn(2, 9, 2)
    first, again = spectra.normalised(critic), spectra.normalised(critic)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    h = x
    for weight in first[:-1]:
        h = torch.nn.functional.leaky_relu(h @ weight, 0.2)  # biases start at 0
    assert torch.allclose((h @ first[-1])[..., 0], critic(x), atol=1e-5)


def test_weights_have_the_norms_that_their_method_promises():
    critics = {}
    for method in ("sn", "wn"):
        critics[method] = _base.critic(Draws((0,)), [2, 6, 6], "leaky_relu")
        spectra.METHODS[method]().technique.wrap_critic(critics[method], Draws((0,)))
    for _ in range(200):  # passes of power iteration
        critics["sn"](torch.zeros(1, 1, 2))
    for spectral, by_unit in zip(*map(spectra.normalised, critics.values()), strict=True):
        assert spectra.singular_values(spectral)[0, 0].item() == pytest.approx(1, abs=1e-4)
        assert by_unit.norm(dim=1)[0].tolist() == pytest.approx([1.0] * by_unit.shape[2])


def test_a_game_learns():
    table, untrained = (
        spectra._played("wn", 5, Experiments(seeds=2, effort=effort)) for effort in (0.4, 0.005)
    )
    trained, before = (
        t.loc[t["what"] == "w1"].set_index("seed")["value"] for t in (table, untrained)
    )
    assert (trained < 0.75 * before).all()
    assert table.loc[table["what"] == "rank", "value"].between(0, 1).all()


def test_the_running_estimate_never_exceeds_the_largest_singular_value():
    """u^T W v <= sigma for unit u and v, so the normalised value is 1 at least; other divisors are not so bound."""
    table = spectra._played("sn", 5, Experiments(seeds=2, effort=0.04))
    largest = table.loc[table["what"] == "largest", "value"]
    assert len(largest)
    assert (largest > 1 - 1e-5).all()
    assert largest.max() < 1.5


def test_slope_of_a_known_law():
    """W1 = 1 - 0.3 log n for SN and 1 + 0.2 log n for WN: slopes of -W1 differ by 0.5."""
    laws = {"sn": -0.3, "wn": 0.2}
    rows = [
        {"method": m, "n_dis": n, "seed": s, "value": 1 + s + b * math.log(n)}
        for m, b in laws.items()
        for n in spectra.CRITIC_STEPS
        for s in (0, 1)
    ]
    assert critic_steps.evidence(pd.DataFrame(rows))["SN18-C7"] == pytest.approx([0.5, 0.5])
