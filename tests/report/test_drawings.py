"""What figures show: scales that fit their values, every mark in the legend, nothing cut off in silence."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import models as _models
from replication.figures import pictures, style, walks
from replication.papers.goodfellow2014 import fig1
from replication.papers.mallasto2019 import minibatch
from replication.papers.wgan2017 import critic_steps, fig3_4, momentum
from replication.papers.wgan_gp2017 import gradient_norm

REAL_W1 = 0.05


@pytest.fixture(autouse=True)
def look() -> Iterator[None]:
    with style.applied():
        yield


def models(*scores: float) -> pd.DataFrame:
    """A model per score, worse from one to the next, of two methods."""
    rows = [
        (0, ("lsgan", "sngan")[i % 2], 1e-3, score, 5.0 + i, 5.5 + i, 50.0)
        for i, score in enumerate(scores)
    ]
    columns = ["seed", "method", "rate", "kid", "fid", "fid_again", "fid_before"]
    return pd.DataFrame(rows, columns=columns)


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


@pytest.mark.parametrize(
    ("scores", "scale"),
    [((0.3, 2.0, 14.0), "log"), ((11.0, 14.0), "linear"), ((-0.1, 2.0, 14.0), "linear")],
)
def test_a_score_has_a_logarithmic_axis_where_it_can_and_needs_one(
    scores: tuple[float, ...], scale: str
) -> None:
    figure = _models.draw(models(*scores), "kid", "KID")
    assert figure.axes[0].get_xscale() == scale
    assert legend(figure) == ["LSGAN", "SN-GAN"]


def test_a_ranking_is_within_a_seed_and_models_without_scores_have_no_place_in_it() -> None:
    """In one seed the score orders models as FID does, in the other the other way round: no mean of all models."""
    first, second = models(1.0, 2.0, 3.0, 4.0), models(40.0, 30.0, 20.0).assign(seed=1)
    lost = models(9.0).assign(fid=np.nan)
    table = _models.data(pd.concat([first, second, lost]), "kid")
    assert _models.correlations(table, "kid") == pytest.approx([1.0, -1.0])
    found = _models.controls(table)
    assert found["models"] == [4.0, 3.0]
    # FID 5, 6, 7, 8 of 50 and 5, 6, 7 of 50: the middle one is at 6.5 and at 6.
    assert found["learned"] == pytest.approx([1 - 6.5 / 50, 1 - 6 / 50])
    assert _models.ceiling(table) == "FID of other samples of the same models: ρ 1.00 with FID"


def estimates(outlier: float) -> pd.DataFrame:
    """Curves of two arms and five seeds, one of which leaves the others far behind at one step."""
    rows = [
        ("mnist_5k", "mlp", method, "paper", seed, step, value, value)
        for method, height in (("gan_ns", 0.2), ("lsgan", 900.0), ("sngan", 0.5))
        for seed in range(5)
        for step in (1, 2, 3, 4)
        for value in [outlier if (seed, step) == (4, 3) else height * (1 + 0.1 * seed)]
    ]
    columns = ["dataset", "net", "method", "variant", "seed", "step", "estimate_heldout", "estimate_train"]  # fmt: skip
    known = SimpleNamespace(
        curves=pd.DataFrame(rows, columns=columns),
        first_samples=lambda arm: {step: np.zeros((10, 1, 4, 4), np.uint8) for step in (1, 2, 4)},
    )
    return fig3_4.data(known)  # type: ignore[arg-type]


def test_one_seed_does_not_set_the_scale_of_an_estimate() -> None:
    figure = fig3_4.draw(estimates(outlier=-50.0))
    figure.draw_without_rendering()
    low, high = figure.axes[0].get_ylim()
    assert low == 0
    assert high == fig3_4.ABOVE_LOG_2
    assert 1000 < figure.axes[2].get_ylim()[1] < 2000


def test_estimates_of_a_column_stand_under_each_other() -> None:
    figure = fig3_4.draw(estimates(outlier=0.2))
    style._settle(figure)
    curves = [axes.get_position() for axes in figure.axes if axes.get_ylabel()]
    assert curves[0].x0 == curves[2].x0 != curves[1].x0
    assert len({round(place.width, 3) for place in curves}) == 1


def slopes(small: float) -> pd.DataFrame:
    rows = [
        ("slope", dataset, arm, np.nan, seed, (small if arm == "clip_0.01" else 1.0) * (1 + seed / 9))
        for dataset in gradient_norm.DATA
        for arm in gradient_norm.ARMS
        for seed in range(3)
    ]  # fmt: skip
    rows += [
        (what, "gaussians8", arm, step, np.nan, 1.0)
        for what in gradient_norm.TRAINING
        for arm in gradient_norm.ARMS
        for step in (0.0, 5.0)
    ]
    return pd.DataFrame(rows, columns=["what", "dataset", "arm", "step", "seed", "value"])


def test_steepness_near_one_is_not_squeezed_by_what_is_far_below() -> None:
    figure = gradient_norm.draw(slopes(small=1e-4))
    left, right, below = figure.axes
    assert right.get_ylim()[0] == gradient_norm.NEAR[0]
    assert below.get_ylim()[1] <= 1e-3
    shown = {line.get_marker() for axes in (right, below) for line in axes.lines if len(line.get_xdata())}  # fmt: skip
    assert shown == {handle.get_marker() for handle in figure.legends[0].legend_handles}
    assert len(legend(figure)) == len(gradient_norm.ARMS)
    assert left.get_yscale() == "log"
    assert len(gradient_norm.draw(slopes(small=0.9)).axes) == 2


def game(peak: float) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for step in (0, 60, 300, 6000):
        rows += [("density", 0, step, x, peak if x == 1 else 0.3) for x in (0.0, 1.0, 2.0)]
        rows += [("discriminator", 0, step, x, 0.5) for x in (0.0, 1.0)]
        rows += [("image", 0, step, 1.0, 0.0)]
        rows += [(what, seed, step, np.nan, 0.1) for what in ("w1", "half") for seed in (0, 1)]
    return pd.DataFrame(rows, columns=["what", "seed", "step", "x", "value"])


@pytest.mark.parametrize(("peak", "said"), [(3.14, ["↑ 3.1"]), (2.0, [])])
def test_a_bar_that_leaves_the_plot_says_how_high_it_is(peak: float, said: list[str]) -> None:
    figure = fig1.draw(game(peak))
    tops = [axes for axes in figure.axes if axes.patches]
    assert len(tops) == 4
    for axes in tops:
        assert [text.get_text() for text in axes.texts] == said


def outside(axes: Axes, values: pd.Series) -> int:
    low, high = axes.get_ylim()
    return int((~values.between(low, high)).sum())


def test_seeds_of_a_calm_method_can_be_told_apart() -> None:
    rows = [
        (method, n, 300, seed, base * (1 + 0.05 * seed))
        for method, base in (("gan_minimax", 2.0), ("wgan_clip", 0.25))
        for n in critic_steps.COUNTS
        for seed in range(8)
    ]
    table = pd.DataFrame(rows, columns=["method", "n_critic", "generator_steps", "seed", "w1"])
    gan, wgan = critic_steps.draw(table.assign(real=REAL_W1)).axes
    assert wgan.get_yscale() == "log"
    assert gan.get_ylim() == wgan.get_ylim()
    assert outside(wgan, table["w1"]) == 0
    assert wgan.get_ylim()[0] < REAL_W1
    table = pd.DataFrame(
        [
            (optimiser, seed, step, height * (seed - 2), 1.0 + seed)
            for optimiser, height in (("RMSProp", 0.1), ("Adam", 10.0))
            for seed in range(5)
            for step in (1, 2)
        ],
        columns=["optimiser", "seed", "step", "estimate", "w1"],
    )
    calm, wild, end = momentum.draw(table.assign(real=REAL_W1)).axes
    assert calm.get_ylim() == wild.get_ylim() == end.get_ylim()
    assert end.get_yscale() == "log"
    assert outside(wild, table["w1"]) == 0


def test_estimates_of_minibatches_are_shown_as_shares_of_the_exact_distance() -> None:
    rows = [
        (pair, solver, seed, 0, exact, share * exact, abs(share - 1), 0.4)
        for pair, exact in zip(minibatch.PAIRS, (0.5, 0.8, 1.3), strict=True)
        for solver, share in (("c_transform", 0.9), ("penalty", 1.1), ("clip", 0.0))
        for seed in (0, 1)
    ]
    columns = ["pair", "solver", "seed", "minibatch", "exact", "estimate", "error", "scaled"]
    *squares, right = minibatch.draw(pd.DataFrame(rows, columns=columns)).axes
    assert len({axes.get_ylim() for axes in squares}) == 1
    for axes in squares:
        shares = {round(float(y), 3) for line in axes.lines for y in np.ravel(line.get_ydata())}
        assert shares == {0.0, 0.9, 1.0, 1.1}
        assert axes.get_xlabel() == "exact W1"
    shown = [round(float(line.get_ydata()[0])) for line in right.lines[::2]]
    assert shown == [10, 10, 100, 40]
    assert len(right.get_xticks()) == len(shown)


def evenness(*datasets: str, walked: Any = None) -> pd.DataFrame:
    rows = [
        (dataset, "mlp", method, variant, seed, 10, 1.5 + seed / 9, variant == "lr_1e-3")
        for dataset in datasets
        for method in ("gan_minimax", "gan_ns")
        for variant in ("paper", "lr_1e-3")
        for seed in range(6)
    ]
    columns = ["dataset", "net", "method", "variant", "seed", "step", "smoothness", "learned"]
    return pd.DataFrame(rows, columns=columns).assign(picture=[walked] * len(rows))


def test_walks_stand_above_their_numbers_for_the_first_arm_of_each_method_that_learned() -> None:
    walked = np.zeros((5, 9, 1, 4, 4), np.uint8)
    *strips, plot = walks.draw(evenness("mnist", walked=walked)).axes
    titles = [axes.get_title(loc="left") for axes in strips]
    assert titles == ["GAN (minimax), lr 1e-3", "GAN (non-saturating), lr 1e-3"]
    assert len(plot.get_yticks()) == 4


def test_without_walks_only_the_numbers_are_drawn() -> None:
    (plot,) = walks.draw(evenness("cifar10", "mnist")).axes
    said = [label.get_text().replace("\n", " ") for label in plot.get_yticklabels()]
    assert said[:2] == ["CIFAR-10, GAN (minimax)", "CIFAR-10, GAN (minimax), lr 1e-3"]
    assert len(set(said)) == 8
    assert [line.get_xdata()[0] for line in plot.lines][-1] == walks.AT_MOST


def test_pictures_stand_at_chosen_steps_that_the_table_has_and_that_samples_were_kept_of() -> None:
    known = SimpleNamespace(first_samples=lambda arm: {s: np.full(2, s) for s in (9, 4, 2, 1)})
    rows = [
        ("ring", "points", "gan_ns", "decay", seed, step) for seed in (0, 1) for step in (2, 4, 6)
    ]
    table = pd.DataFrame(rows, columns=["dataset", "net", "method", "variant", "seed", "step"])
    found = pictures.at_steps(table, known, lambda steps: steps[-1:])  # type: ignore[arg-type]
    assert found["picture"].isna().tolist() == [True, False, True] * 2
    (shown,) = pictures.shown(found).to_dict("records")
    assert shown["step"] == 4
    np.testing.assert_array_equal(shown["picture"], [4, 4])
