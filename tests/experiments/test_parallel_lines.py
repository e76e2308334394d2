"""The experiment of lines: its samplers, the optimum of its energies, and a table that reaches it."""

import numpy as np
import pandas as pd
import pytest
import torch

from replication.experiments import parallel_lines
from replication.experiments.parallel_lines import MARGIN, PLACES, SHARES, stage, value
from replication.papers.ebgan2017 import learned_energy, theorem1
from replication.papers.wgan2017 import trained_lines
from replication.plan.config import Experiments
from replication.tensors.draws import Draws
from replication.transport import divergences


def test_a_line_has_its_own_theta_and_the_heights_of_its_seed():
    draws = Draws([4, 5, 4, 5])
    drawn = parallel_lines.line(torch.tensor([0.2, 0.2, -1.0, -1.0]))(draws, "fake", 0, 500)
    assert (drawn[:2, :, 0] == 0.2).all()
    assert (drawn[2:, :, 0] == -1).all()
    torch.testing.assert_close(drawn[:2, :, 1], drawn[2:, :, 1])
    assert not torch.equal(drawn[0, :, 1], drawn[1, :, 1])
    assert drawn[0, :, 1].mean() == pytest.approx(0.5, abs=0.05)
    assert 0 <= drawn[..., 1].min() < 0.02 < 0.98 < drawn[..., 1].max() <= 1


def test_places_are_drawn_by_their_masses():
    p, q = stage(0.5)
    drawn = parallel_lines.places(np.stack([p, q]))(Draws([0, 1]), "real", 0, 40_000)
    for own, masses in zip(drawn[..., 0].long(), (p, q), strict=True):
        found = np.bincount(own, minlength=PLACES) / 40_000
        assert found == pytest.approx(masses, abs=0.01)


@pytest.mark.parametrize("share", SHARES)
def test_the_walk_is_the_one_of_the_exact_figure(share):
    for own, exact in zip(stage(share), theorem1.stage(share), strict=True):
        assert own == pytest.approx(exact, abs=1e-15)


@pytest.mark.parametrize("share", SHARES)
def test_no_energy_has_a_lower_value_than_m_times_one_minus_tv(share):
    p, q = stage(share)
    least = MARGIN * (1 - divergences.tv(p, q))
    assert value(p, q, np.where(p < q, MARGIN, 0.0)) == pytest.approx(least)
    for energies in np.random.default_rng(0).uniform(0, 2 * MARGIN, (200, PLACES)):
        assert value(p, q, energies) >= least - 1e-12
    # A margin that does not act would be seen: without it energies of generated samples have no end.
    assert value(p, q, np.where(p < q, 3 * MARGIN, 0.0)) > least or share == 1


def test_a_table_learns_the_value_from_samples():
    (values, *_) = parallel_lines._walk(Experiments(seeds=2, effort=0.3))
    error = values["value"] / [learned_energy.least_value(x) for x in values["x"]] - 1
    assert error.abs().max() < 0.05
    (start, *_) = parallel_lines._walk(Experiments(seeds=2, effort=0.001))
    untrained = start["value"] / [learned_energy.least_value(x) for x in start["x"]] - 1
    assert untrained.abs().max() > 1


def _lines(gap, js, seeds=2):
    table = parallel_lines._rows
    thetas = parallel_lines.THETAS
    rows = []
    for method, curve in (("wgan_gp", gap), ("gan_minimax", js)):
        values = np.repeat([[curve(t)] for t in thetas], seeds, axis=1)
        rows.append(table(method, "estimate", thetas, values).rename(columns={"x": "theta"}))
    return [r.rename(columns={"value": "estimate"}) for r in rows]


@pytest.mark.parametrize(
    ("gap", "js", "expected"),
    [
        (lambda t: 1.05 * abs(t), lambda t: np.log(2) * (t != 0), (1.0, np.log(2))),
        (lambda t: 1.05 * t, lambda t: min(abs(t), np.log(2)), (0.0, 0.2)),
    ],
    ids=["as claimed", "a gap with a sign and a JS that follows the distance"],
)
def test_evidence_of_the_lines(gap, js, expected):
    found = trained_lines.evidence(pd.concat(_lines(gap, js)))
    assert found["WGAN17-C1b"] == pytest.approx([expected[0]] * 2, abs=1e-9)
    assert found["WGAN17-C1c"] == pytest.approx([expected[1]] * 2)
