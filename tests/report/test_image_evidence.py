"""What panels of images make of numbers that can be checked by hand."""

from __future__ import annotations

import itertools
from types import ModuleType, SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from replication.claims.schema import papers
from replication.figures import walks
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.papers.dcgan2015 import walks as of_dcgan
from replication.papers.elnekave2025 import patches
from replication.papers.goodfellow2014 import parzen
from replication.papers.goodfellow2014 import walks as of_perceptrons
from replication.papers.wgan2017 import fig5
from replication.papers.wgan_gp2017 import fig5a
from replication.plan import registry, study
from replication.plan.study import Study


class Known(SimpleNamespace):
    """Results of which some are known; what is worked out of them is worked out as ever."""

    learned = Frames.learned
    title = Frames.title


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


def test_every_penalised_arm_is_judged_by_itself() -> None:
    found = patches.evidence(correlations())
    # Perceptrons: 0.9, 0.7 and 0.3 of one seed, 0.4 less of the other, minus 0.3. Convolutions: 0.3 minus 0.5 and 0.1.
    perceptrons = [[0.6, 0.2], [0.4, 0.0], [0.0, -0.4]]
    assert sorted(found["ELN25-C2"].values(), reverse=True) == [
        pytest.approx(n) for n in perceptrons
    ]
    assert list(found["ELN25-C1"].values()) == [pytest.approx([-0.2, 0.2])]
    assert all(arm.split("/")[2] == "wgan_gp" for own in found.values() for arm in own)


def test_without_a_net_of_the_kind_there_is_no_evidence() -> None:
    table = correlations()
    found = patches.evidence(table[table["net"] == "mlp"])
    assert found["ELN25-C1"] == {}
    assert all(len(own) == 2 for own in found["ELN25-C2"].values())


def test_an_arm_that_has_nothing_to_tell_decides_nothing() -> None:
    table = correlations()
    table["told_apart"] = table["net"] == "mlp"
    found = patches.evidence(table)
    assert found["ELN25-C1"] == {}
    assert len(found["ELN25-C2"]) == 3


def test_every_convolutional_net_and_recipe_has_its_numbers() -> None:
    def of(net: str, slope: float, rho: float) -> pd.DataFrame:
        step = np.arange(5.0)
        return pd.DataFrame(
            {"dataset": "a", "net": net, "method": "wgan_gp", "variant": "paper", "seed": 0, "step": step,
             "estimate_train": slope * step, "estimate_heldout": step, "fid": rho * step, "learned": rho < 2}
        )  # fmt: skip

    plain, fast = "a/dcgan/wgan_gp/paper", "a/dcgan_8/wgan_gp/lr_1e-3"
    other = of("dcgan_8", 1, -1).assign(variant="lr_1e-3")
    found = fig5a.evidence(pd.concat([of("mlp", 1, 1), of("dcgan", -1, 1), other]))
    assert found["WGP17-C7a"] == {plain: pytest.approx([-1]), fast: pytest.approx([1])}
    assert found["WGP17-C7b"] == {plain: pytest.approx([1]), fast: pytest.approx([-1])}


def fids(
    net: str, wgan: dict[int, float], gan: dict[int, float], variant: str = "paper"
) -> pd.DataFrame:
    """FID by seed of both methods on one net."""
    rows = [
        ("a", net, method, variant, seed, value, True)
        for method, by_seed in (("wgan_clip", wgan), ("gan_ns", gan))
        for seed, value in by_seed.items()
    ]
    columns = ["dataset", "net", "method", "variant", "seed", "value", "learned"]
    return pd.DataFrame(rows, columns=columns)


def pair(net: str, variant: str = "paper") -> str:
    """How the two arms that are compared are named."""
    return f"a/{net}/wgan_clip/{variant} and a/{net}/gan_ns/{variant}"


def test_samples_are_compared_seed_by_seed_in_each_pair_of_arms() -> None:
    one = fids("dcgan", {0: 12.0, 1: 30.0, 2: 9.0}, {1: 20.0, 0: 10.0})  # seed 2 of GAN diverged
    first = {pair("dcgan"): pytest.approx([1.2, 1.5])}
    assert fig5.evidence(one)["WGAN17-C6"] == first
    other = fids("dcgan_8", {0: 5.0, 1: 18.0}, {0: 10.0, 1: 20.0})
    found = fig5.evidence(pd.concat([one, other], ignore_index=True))
    assert found["WGAN17-C6"] == first | {pair("dcgan_8"): pytest.approx([0.5, 0.9])}


def test_a_recipe_that_one_method_lacks_is_compared_with_no_other() -> None:
    shared = fids("dcgan", {0: 11.0}, {0: 10.0})
    alone = [fids("dcgan", {0: 90.0}, {}, "tuned"), fids("dcgan", {}, {0: 1.0}, "rmsprop")]
    found = fig5.evidence(pd.concat([shared, *alone], ignore_index=True))
    assert found["WGAN17-C6"] == {pair("dcgan"): pytest.approx([1.1])}
    assert fig5.evidence(alone[0]) == fig5.evidence(shared[:0]) == {"WGAN17-C6": {}}


def test_methods_are_compared_only_at_equal_generator_steps() -> None:
    """The panel measures how many WGAN took for one of GAN; which ratio will do, paper.yaml says."""
    table = fids("dcgan", {0: 76.0, 1: 70.0}, {0: 76.0, 1: 70.0})
    table["step"] = np.where(table["method"] == "gan_ns", 3500, 700)
    table["before"] = table["value"]
    assert fig5.controls(table)["WGAN17-C6"]["steps"] == {pair("dcgan"): [0.2, 0.2]}


def test_methods_are_compared_only_where_both_have_nearly_stopped() -> None:
    """Of the two the one counts whose FID moved more over the last third: from 15 to 10, and from 18 to 20."""
    table = fids("dcgan", {0: 20.0, 1: 20.0}, {0: 10.0, 1: 20.0}).assign(step=10)
    table["before"] = [21.0, 20.0, 15.0, 18.0]
    found = fig5.controls(table)["WGAN17-C6"]["plateau"]
    assert found == {pair("dcgan"): pytest.approx([0.5, 0.1])}


class Results(Frames):
    """Frames without files: every sheet is black, and the last checkpoint is the third."""

    def first_samples(self, arm: Arm) -> dict[int, np.ndarray]:
        return {step: np.zeros((64, 1, 4, 4), np.uint8) for step in (1, 2, 3)}

    def held_out(self, dataset: str, count: int) -> np.ndarray:
        return np.zeros((count, 1, 4, 4), np.uint8)


def results(**arms: list[list[float]]) -> Frames:
    """Results of arms ``method__variant`` with FID by seed and checkpoint; two checkpoints: the seed diverged."""
    quality, runs = [], []
    for name, courses in arms.items():
        arm = ("a", "dcgan", *name.split("__"))
        for seed, course in enumerate(courses):
            runs.append((*arm, seed, "diverged" if len(course) < 3 else "finished"))
            for step, value in enumerate(course, 1):
                quality.append((*arm, seed, step, "fid_lenet_a", value))
                quality.append((*arm, seed, step, "w1_pixels", 12.0))
    empty = pd.DataFrame(columns=["metric"])
    return Results(
        cast(Study, None),
        runs=pd.DataFrame(runs, columns=[*ARM, "seed", "state"]),
        curves=empty,
        quality=pd.DataFrame(quality, columns=[*ARM, "seed", "step", "metric", "value"]),
        summary=empty,
        tracking=empty,
        reference=pd.DataFrame([("a", "fid_lenet_a", 1.0)], columns=["dataset", "metric", "value"]),
    )


def test_sheets_stand_beside_fid_at_the_last_checkpoint_of_seeds_that_finished() -> None:
    gan = [[90.0, 20.0, 10.0 + seed] for seed in range(6)]
    found = results(
        gan_ns__paper=gan, wgan_clip__paper=[[80.0, 80.0, 79.0], [50.0, 40.0]], gan_ns__alone=gan
    )
    table = fig5.data(found)
    assert set(table["variant"]) == {"paper"}
    by_method = table.groupby("method")
    assert by_method["value"].agg(list).to_dict() == {"gan_ns": [*range(10, 16)], "wgan_clip": [79]}
    assert by_method["before"].agg(list).to_dict() == {"gan_ns": 6 * [20], "wgan_clip": [80]}
    assert by_method["learned"].all().to_dict() == {"gan_ns": True, "wgan_clip": False}
    titles = [axes.get_title() for axes in fig5.draw(table).axes]
    assert titles == [
        "WGAN (clip), step 3\nFID (LeNet) 79.0",
        "GAN (non-saturating), step 3\nFID (LeNet) 12.5 (10.5 to 14.5)",
        "Real\nFID (LeNet) 1.00",
    ]


def test_without_a_shared_recipe_there_is_nothing_to_show() -> None:
    course = [[3.0, 2.0, 1.0]]
    assert fig5.data(results(gan_ns__alone=course, wgan_clip__paper=course)).empty


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


def test_both_games_on_perceptrons_decide_the_likelihood() -> None:
    others = [
        ("mnist_5k/dcgan/gan_ns/paper", [-5.0, 999.0]),
        ("mnist_5k/mlp/gan_ns/lr_1e-3", [-5.0, 999.0]),
        ("mnist_5k/mlp/wgan_gp/paper", [-5.0, 999.0]),
    ]
    found = parzen.evidence(nats([*DECIDES, *others]))
    assert found["GAN14-C4a"] == found["GAN14-C4b"] == dict(DECIDES)
    assert not any(parzen.evidence(nats(others)).values())


def test_a_reader_is_told_what_real_digits_reach() -> None:
    said = parzen.remarks(nats(DECIDES))
    assert said == {"GAN14-C4b": "real training digits reach 165 nats on MNIST, 5,000 digits"}
    assert parzen.remarks(nats(DECIDES).assign(real=np.nan)) == {}


def test_every_arm_has_its_evenness() -> None:
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
    every = {
        "a/mlp/gan_ns/paper": [1.5, 2.5],
        "a/mlp/gan_minimax/paper": [2.0, 3.0],
        "a/mlp/gan_ns/lr_1e-3": [4.5, 5.5],
    }
    assert of_perceptrons.evidence(table) == {"GAN14-C5": every}
    assert of_dcgan.evidence(table) == {"DC15-C3": every}
    assert of_perceptrons.evidence(table[:0]) == {"GAN14-C5": {}}


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
    frames = Known(
        runs=pd.DataFrame(runs, columns=[*ARM, "seed", "state", "step"]),
        quality=pd.DataFrame(rows, columns=[*ARM, "seed", "step", "metric", "value"]),
        metrics=lambda stem: [f"{stem}_lenet_mnist_5k"],
        real=lambda dataset, metric: 1.0,
        first_walks=lambda arm: None,
    )
    (row,) = walks.data(frames).to_dict("records")  # type: ignore[arg-type]
    assert (row["seed"], row["step"], row["smoothness"], row["learned"]) == (0, 20, 1.5, True)
    frames.quality.loc[frames.quality["metric"].str.startswith("fid"), "value"] = 50.0
    assert not walks.data(frames)["learned"].any()  # type: ignore[arg-type]


def test_the_line_of_the_claims_is_drawn_where_they_have_it() -> None:
    claims = [claim for paper in papers().values() for claim in paper.claims]
    tests = [test for claim in claims if claim.panel in WALKS for test in claim.tests]
    assert [(t.direction, t.threshold) for t in tests] == [("at most", walks.AT_MOST)] * 2
