"""What panels of images make of numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from replication.papers.benchmark import ranking
from replication.papers.elnekave2025 import patches
from replication.papers.goodfellow2014 import parzen
from replication.papers.wgan_gp2017 import fig5a

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


def nats(rows: list[tuple[str, list[float]]]) -> pd.DataFrame:
    """Parzen log-likelihoods of arms, one per seed; real digits reach 165."""
    columns = ["dataset", "net", "method", "variant"]
    parts = [
        pd.DataFrame({"seed": range(len(values)), "value": values}).assign(
            **dict(zip(columns, arm.split("/"), strict=True))
        )
        for arm, values in rows
    ]
    return pd.concat(parts, ignore_index=True).assign(step=9, real=165.2)


DECIDES = [
    ("mnist_5k/mlp/gan_minimax/paper", [240.0, 100.0]),
    ("mnist_5k/mlp_512/gan_ns/paper", [150.0, 280.0]),
]


def test_the_game_on_perceptrons_that_speaks_least_decides_the_likelihood() -> None:
    others = [
        ("mnist_5k/dcgan/gan_ns/paper", [-5.0, 999.0]),
        ("mnist_5k/mlp/gan_ns/lr_1e-3", [-5.0, 999.0]),
        ("mnist_5k/mlp/wgan_gp/paper", [-5.0, 999.0]),
    ]
    found = parzen.evidence(nats([*DECIDES, *others]))
    assert found["GAN14-C4/belief_net"] == [150, 100]
    assert found["GAN14-C4/printed"] == [150, 100]  # 75 and 125 away, against 15 and 55
    above = parzen.evidence(nats([*DECIDES, ("mnist/mlp/gan_ns/paper", [301.0, 101.0])]))
    assert above["GAN14-C4/belief_net"] == [150, 100]
    assert above["GAN14-C4/printed"] == [301, 100]
    assert not any(parzen.evidence(nats(others)).values())


def test_a_seed_that_one_game_did_not_finish_has_no_likelihood() -> None:
    for values in parzen.evidence(nats([DECIDES[0], ("mnist/mlp/gan_ns/paper", [150.0])])).values():
        assert values == pytest.approx([150, np.nan], nan_ok=True)


def test_a_reader_is_told_what_real_digits_reach() -> None:
    said = parzen.remarks(nats(DECIDES))
    assert said == {"GAN14-C4/printed": "real training digits reach 165 nats on mnist 5k"}
    assert parzen.remarks(nats(DECIDES).assign(real=np.nan)) == {}
