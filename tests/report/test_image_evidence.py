"""What panels of images make of numbers that can be checked by hand."""

from __future__ import annotations

import itertools
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from replication import registry, study
from replication.papers import _walks
from replication.papers._schema import papers
from replication.papers.benchmark import ranking
from replication.papers.dcgan2015 import walks as of_dcgan
from replication.papers.elnekave2025 import patches
from replication.papers.goodfellow2014 import walks as of_perceptrons
from replication.papers.wgan_gp2017 import fig5a
from replication.report.names import ARM

WALKS = ("goodfellow2014/walks", "dcgan2015/walks")
ARMS = [
    ("a", "mlp", "wgan_gp", "paper"),
    ("b", "mlp", "wgan_gp", "paper"),
    ("a", "dcgan_8", "wgan_gp", "paper"),
    ("a", "mlp", "wgan_gp", "lr_1e-3"),
    ("a", "mlp", "gan_ns", "paper"),
]


def correlations() -> pd.DataFrame:
    """Two seeds of every arm; the first arm's whole-image correlations are 0.9 and 0.5."""
    rows = [
        (*arm, seed, 0.9 - 0.4 * seed - 0.2 * number, 0.3)
        for number, arm in enumerate(ARMS)
        for seed in (0, 1)
    ]
    columns = ["dataset", "net", "method", "variant", "seed", patches.IMAGES, patches.PATCHES]
    return pd.DataFrame(rows, columns=columns).assign(learned=True, told_apart=True)


def test_only_the_papers_own_recipe_decides_and_a_seed_counts_once() -> None:
    found = patches.evidence(correlations())
    # Perceptrons: mean of 0.9 and 0.7, of 0.5 and 0.3, each minus 0.3. Convolutions: 0.3 minus 0.5 and 0.1.
    assert found["ELN25-C2"] == pytest.approx([0.5, 0.1])
    assert found["ELN25-C1"] == pytest.approx([-0.2, 0.2])


def test_without_a_net_of_the_kind_there_is_no_evidence() -> None:
    table = correlations()
    found = patches.evidence(table[table["net"] == "mlp"])
    assert found["ELN25-C1"] == []
    assert len(found["ELN25-C2"]) == 2


@pytest.mark.parametrize("column", ["learned", "told_apart"])
def test_an_arm_that_has_nothing_to_tell_decides_nothing(column: str) -> None:
    table = correlations()
    table[column] = table["net"] == "mlp"
    found = patches.evidence(table)
    assert found["ELN25-C1"] == []
    assert found["ELN25-C2"] == pytest.approx([0.5, 0.1])


def test_ranks_are_tested_by_permutation() -> None:
    x = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0])
    # 2 of the 120 orders are as extreme as a perfect one.
    assert ranking.ranked(x, x**3) == pytest.approx((1.0, 2 / 120))
    assert ranking.ranked(x, -x)[0] == pytest.approx(-1.0)
    assert all(np.isnan(ranking.ranked(x, 0 * x)))


def test_what_the_lowest_estimate_costs() -> None:
    own = pd.DataFrame(
        {"estimate_heldout": [3.0, 1.0, 2.0, 4.0, 5.0], "value": [10, 15, 20, 30, 40]}
    )
    assert ranking.says(own).endswith("picked: +50 %")
    assert ranking.says(own[:4]) == "4 runs: too few"


def test_the_net_whose_loss_falls_least_speaks_for_the_claim() -> None:
    def of(net: str, slope: float, rho: float) -> pd.DataFrame:
        step = np.arange(5.0)
        return pd.DataFrame(
            {"dataset": "a", "net": net, "method": "wgan_gp", "variant": "paper", "seed": 0, "step": step,
             "estimate_train": slope * step, "estimate_heldout": step, "fid": rho * step, "learned": rho < 2}
        )  # fmt: skip

    found = fig5a.evidence(pd.concat([of("mlp", -1, 1), of("dcgan_8", 1, -1)]))
    assert found["WGP17-C7/falls"] == pytest.approx([1])
    assert found["WGP17-C7/quality"] == pytest.approx([-1])
    found = fig5a.evidence(pd.concat([of("mlp", -1, 1), of("dcgan_8", 1, 2)]))
    assert found["WGP17-C7/falls"] == pytest.approx([-1])


def test_the_least_even_arm_that_learned_speaks_for_a_seed() -> None:
    rows = [
        ("a", "mlp", method, variant, seed, 10, value + seed, learned)
        for method, variant, value, learned in (
            ("gan_ns", "paper", 1.5, True),
            ("gan_minimax", "paper", 2.0, True),
            ("gan_ns", "lr_1e-3", 4.5, False),
        )
        for seed in (0, 1)
    ]
    columns = ["dataset", "net", "method", "variant", "seed", "step", "smoothness", "learned"]
    table = pd.DataFrame(rows, columns=columns)
    assert of_perceptrons.evidence(table) == {"GAN14-C5": [2.0, 3.0]}
    assert of_dcgan.evidence(table) == {"DC15-C3": [2.0, 3.0]}
    assert of_perceptrons.evidence(table.assign(learned=True)) == {"GAN14-C5": [4.5, 5.5]}
    assert of_perceptrons.evidence(table.assign(learned=False)) == {"GAN14-C5": []}


@pytest.mark.parametrize(
    ("panel", "nets", "methods"),
    [
        (of_perceptrons, {"mlp", "mlp_512"}, {"gan_ns", "gan_minimax"}),
        (of_dcgan, {"dcgan", "dcgan_8"}, {"gan_ns"}),
    ],
)
def test_walks_of_a_paper_are_those_of_its_nets_and_games(
    panel: ModuleType, nets: set[str], methods: set[str]
) -> None:
    every = [
        f"mnist/{net}/{method}/lr_1e-3"
        for net in ("mlp", "mlp_512", "dcgan", "dcgan_8")
        for method in registry.ids("methods")
    ]
    found = {tuple(arm.split("/")[1:3]) for arm in every if study.matches(arm, panel.RUNS)}
    assert found == set(itertools.product(nets, methods))


def test_evenness_is_that_of_the_last_checkpoint_of_runs_that_finished() -> None:
    arm = ("mnist_5k", "mlp", "gan_ns", "paper")
    runs = [(*arm, 0, "finished", 20), (*arm, 1, "diverged", 10)]
    course = [(0, 10, 3.0, 50.0), (0, 20, 1.5, 9.0), (1, 10, 7.0, 50.0)]
    rows = [
        (*arm, seed, step, f"{metric}_lenet_mnist_5k", value)
        for seed, step, even, fid in course
        for metric, value in (("smoothness", even), ("fid", fid))
    ]
    frames = SimpleNamespace(
        runs=pd.DataFrame(runs, columns=[*ARM, "seed", "state", "step"]),
        quality=pd.DataFrame(rows, columns=[*ARM, "seed", "step", "metric", "value"]),
        metrics=lambda stem: [f"{stem}_lenet_mnist_5k"],
        real=lambda dataset, metric: 1.0,
    )
    (row,) = _walks.data(frames).to_dict("records")  # type: ignore[arg-type]
    assert (row["seed"], row["step"], row["smoothness"], row["learned"]) == (0, 20, 1.5, True)
    frames.quality.loc[frames.quality["metric"].str.startswith("fid"), "value"] = 50.0
    assert not _walks.data(frames)["learned"].any()  # type: ignore[arg-type]


def test_the_line_of_the_claims_is_drawn_where_they_have_it() -> None:
    claims = [claim for paper in papers().values() for claim in paper.claims]
    tests = [test for claim in claims if claim.panel in WALKS for test in claim.tests]
    assert [(t.direction, t.threshold) for t in tests] == [("at most", _walks.AT_MOST)] * 2
