"""Every panel: what it says of itself, the numbers it writes, and figures fit for print."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import synthetic
from conftest import Built

from replication.analysis import tracking
from replication.evidence import pictures
from replication.evidence.evaluate import EACH, LAST
from replication.figures import names, style, walks
from replication.figures import panel as panels
from replication.figures.results import Frames
from replication.papers.wgan_gp2017 import fig3
from replication.plan import registry
from replication.plan.paths import Paths

PANELS = registry.panels()
OF_RUNS = [p for p in PANELS if registry.panel_metadata(p)["RUNS"]]
DRAWN = [p for p in OF_RUNS if registry.panel_metadata(p)["RUNS"] == ["@images/*"]]
DRAWN += ["goodfellow2014/walks"]
ARM = synthetic.ARM


@pytest.mark.parametrize("panel", PANELS)
def test_head_says_what_the_panel_shows(panel: str) -> None:
    head = registry.panel_metadata(panel)
    assert head["TITLE"]
    assert len(head["CAPTION"]) > 80
    assert re.fullmatch(r"(\w+:\S.*)?", head["MIRRORS"])
    assert bool(head["MIRRORS"]) <= bool(head["PAPER_SHOWS"])


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_asks_for_what_its_head_says_that_it_shows(panel: str) -> None:
    module = registry.load_panel(panel)
    asked = set(inspect.signature(module.data).parameters)
    head = registry.panel_metadata(panel)
    assert ("frames" in asked) == bool(head["RUNS"])
    assert ("experiment" in asked) == bool(head.get("EXPERIMENTS"))
    assert asked <= {"frames", "experiment", "held_out"}
    assert list(inspect.signature(module.draw).parameters) == ["table"]


def test_a_panel_need_not_say_that_it_mirrors_nothing_and_shows_no_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "x.py"
    file.write_text('TITLE = "Points"\n')
    monkeypatch.setattr(registry, "panel_source", lambda panel: file)
    unsaid = {"MIRRORS": "", "PAPER_SHOWS": "", "RUNS": []}
    assert registry.panel_metadata("a/x") == {"TITLE": "Points"} | unsaid


def test_pictures_are_in_the_table_and_not_in_its_csv(inside: Built) -> None:
    table = panels.tabled(
        "benchmark/samples", inside.study, Frames.read(inside.study).only(["@images/*"])
    )
    assert {picture.shape for picture in table["picture"]} == {(64, 1, 28, 28)}
    stored = inside.numbers("benchmark/samples")
    assert list(stored) == [*ARM, "step", "n_samples"]
    pd.testing.assert_frame_equal(panels.numbers(table), stored)


@pytest.mark.parametrize("panel", DRAWN)
def test_figure_is_small_and_its_type_is_legible(built: Built, panel: str) -> None:
    svg = (built.folder / built.study.paths.panel(panel)[0]).read_text()
    assert len(svg) < 300_000
    width = float(re.search(r'width="([\d.]+)pt"', svg)[1])
    sizes = [float(s) for s in re.findall(r"font(?:-size)?:[^;\"]*?([\d.]+)px", svg)]
    assert sizes
    assert min(sizes) * style.WIDTH * 72 / width >= 7


@pytest.mark.parametrize("panel", DRAWN)
def test_only_the_colours_of_methods_and_page_are_used(built: Built, panel: str) -> None:
    svg = (built.folder / built.study.paths.panel(panel)[0]).read_text()
    methods = {names.colour(m).lower() for m in registry.ids("methods")}
    used = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", svg))
    assert used <= methods | {style.INK, style.MUTED, style.GRID, style.PAPER}


@pytest.mark.parametrize("panel", OF_RUNS)
def test_a_profile_without_its_arms_still_gives_a_figure(
    inside: Built, panel: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    head = registry.panel_metadata(panel) | {"RUNS": ["cifar10/*"]}
    monkeypatch.setattr(registry, "panel_metadata", lambda panel: head)
    monkeypatch.setattr(
        Paths, "panel", lambda self, p: [tmp_path / f"x{s}" for s in (".svg", ".csv")]
    )
    monkeypatch.setattr(Paths, "picture", lambda self, p: tmp_path / "x.png")
    (tmp_path / "x.png").touch()  # of a time when there was something to show
    panels.render(inside.study, panel)
    assert "Nothing to show" in (tmp_path / "x.svg").read_text()
    assert not (tmp_path / "x.png").exists()
    assert list(pd.read_csv(tmp_path / "x.csv").index) == []


def test_quality_lines_are_mean_and_range_over_seeds(inside: Built) -> None:
    table = inside.numbers("wgan_gp2017/fig3")
    assert (
        len(table) == 6 * 4 * 2 * 8 - 2 * 5
    )  # seeds, arms, metrics, checkpoints; one run ended early
    figure = fig3.draw(table)
    score = table[names.stems(table["metric"]) == "inception_score"]
    by_steps, by_seconds = figure.axes[2:4]
    for arm, steps, seconds in zip(
        names.arms_of(score), by_steps.lines, by_seconds.lines, strict=False
    ):
        own = names.rows_of(score, arm)
        courses = own.pivot(index="step", columns="seed", values="value")
        np.testing.assert_allclose(steps.get_ydata(), courses.mean(axis=1))
        np.testing.assert_array_equal(steps.get_xdata(), courses.index)
        np.testing.assert_allclose(seconds.get_xdata(), own.groupby("step")["seconds"].mean())


ADAM, FAST = ("paper", "rmsprop"), ("lr_1e-3", "another")


def scores_while_training(net: str, recipe: tuple[str, str], heights: list[float]) -> pd.DataFrame:
    """Two seeds of clipping, the DCGAN and the penalty with Adam and RMSProp; they end at these scores minus seed."""
    plain, rmsprop = recipe
    methods = (("wgan_clip", plain), ("gan_ns", plain), ("wgan_gp", plain), ("wgan_gp", rmsprop))
    rows = [
        ("mnist", net, *arm, seed, "inception_score", step, seconds, value)
        for arm, height in zip(methods, heights, strict=True)
        for seed in (0, 1)
        for step, seconds, value in (
            (10, 1.0, 1.0),
            (20, 2.0, height + seed),
            (30, 6.0 / height, height - seed),
        )
    ]
    return pd.DataFrame(rows, columns=[*ARM, "seed", "metric", "step", "seconds", "value"])


@pytest.mark.parametrize("recipe", [ADAM, FAST])
def test_what_the_third_figure_says_of_convolutional_nets(recipe: tuple[str, str]) -> None:
    heights = [2.0, 4.0, 3.0, 2.5]
    found = fig3.evidence(scores_while_training("dcgan", recipe, heights))
    plain, rmsprop = recipe
    with_dcgan = f"mnist/dcgan/wgan_gp/{plain} and mnist/dcgan/gan_ns/{plain}"
    with_clip = f"mnist/dcgan/wgan_gp/{rmsprop} and mnist/dcgan/wgan_clip/{plain}"
    of_rmsprop = {with_clip: pytest.approx([2.5 / 2, 1.5 / 1])}
    assert found == ({"WGP17-C6a": of_rmsprop} if recipe == ADAM else {}) | {
        "WGP17-C6b": {with_dcgan: pytest.approx([3 / 4, 2 / 3])},
        "WGP17-C6d": {with_dcgan: pytest.approx([4 / 3, 4 / 3])},
    }  # and no calm: a third of three checkpoints has no spread
    assert fig3.evidence(scores_while_training("mlp", recipe, heights)) == {}


def test_two_recipes_of_the_third_figure_are_judged_apart() -> None:
    both = pd.concat([
        scores_while_training("dcgan", ADAM, [2.0, 4.0, 3.0, 2.5]),
        scores_while_training("dcgan", FAST, [2.0, 4.0, 6.0, 2.2]),
    ])  # fmt: skip
    found = fig3.evidence(both)
    assert [list(own.values()) for own in found.values()] == [
        [pytest.approx([2.5 / 2, 1.5 / 1])],  # of the printed rates alone
        [pytest.approx([3 / 4, 2 / 3]), pytest.approx([6 / 4, 5 / 3])],
        [pytest.approx([4 / 3, 4 / 3]), pytest.approx([4 / 6, 4 / 6])],
    ]


def test_the_penalty_is_compared_at_equal_generator_steps() -> None:
    both = scores_while_training("dcgan", ADAM, [2.0, 4.0, 3.0, 2.5])
    both.loc[both["method"] == "wgan_gp", "step"] /= 5
    found = fig3.controls(both)
    assert set(found) == {"WGP17-C6a", "WGP17-C6b", "WGP17-C6c"}
    for own in found.values():
        assert [steps for steps in own["steps"].values()] == [pytest.approx([0.2, 0.2])]


def test_the_penalty_is_compared_where_both_scores_have_nearly_stopped() -> None:
    """Over the last third the penalty's score stays at 3 or falls from 4 to 2; the DCGAN's at 4, or from 5 to 3."""
    both = scores_while_training("dcgan", ADAM, [2.0, 4.0, 3.0, 2.5])
    (moved,) = fig3.controls(both)["WGP17-C6b"]["plateau"].values()
    assert moved == pytest.approx([0.0, 1.0])


def test_calm_is_the_spread_about_a_line() -> None:
    assert fig3._calm(pd.Series([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0, abs=1e-12)
    # about the line of [1, -1, -1, 1], which is flat: sum of squares 4 over 2 degrees of freedom
    assert fig3._calm(pd.Series([1.0, -1.0, -1.0, 1.0])) == pytest.approx(2**0.5)
    assert np.isnan(fig3._calm(pd.Series([1.0, 2.0, 4.0])))


def test_signals_and_final_table_repeat_the_collected_tables(built: Built) -> None:
    runs = built.table("runs.csv")
    curves = built.table("curves.parquet")
    quality = built.table("quality.parquet")
    expected = tracking.tracking(runs, curves, quality).set_index([*ARM, "quality", "estimate"])
    shown = built.numbers("can_i_read_my_loss/rivals")
    shown = shown[shown["signal"].isin(tracking.ESTIMATES)]
    means = shown.groupby([*ARM, "quality", "signal"])["spearman"].mean()
    signals = set(tracking.ESTIMATES) - {"estimate_train"}
    assert set(shown["signal"]) == signals
    assert len(means) == 4 * len(signals)
    for key, mean in means.items():
        assert mean == pytest.approx(expected.loc[key, "spearman"], abs=1e-5)
    summary = built.table("summary.csv")
    summary = summary[summary["dataset"] == "mnist_5k"].reset_index(drop=True)
    final = built.numbers("benchmark/final_table")
    summary = summary[summary["metric"].isin(final["metric"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(final[list(summary)], summary, rtol=1e-5)


def test_likelihoods_are_of_the_last_checkpoint_of_runs_that_finished(built: Built) -> None:
    table = built.numbers("goodfellow2014/parzen")
    assert len(table) == 4 * 6 - 1  # arms, seeds; one run ended early
    assert set(table["real"]) == {synthetic.METRICS["parzen"][-1]}
    last = {run.arm: run.checkpoints[-1] for run in built.study.runs.values()}
    assert (table["step"] == table[ARM].agg("/".join, axis=1).map(last)).all()


def test_samples_are_those_of_the_last_checkpoint_of_the_first_seed(inside: Built) -> None:
    frames = Frames.read(inside.study)
    arm = next(a for a in frames.arms if (a.method, a.variant) == ("wgan_gp", "hot"))
    run = next(r for r in inside.study.runs.values() if r.arm == "/".join(arm))
    sheets = frames.first_samples(arm)
    assert list(sheets) == list(run.checkpoints)
    *earlier, whole = map(len, sheets.values())
    assert (set(earlier), whole) == ({EACH["images"]}, LAST["images"])
    blocks = pictures.read_images(inside.study.paths.arm(run.arm) / "samples.png")
    of_last = {"seed": 0, "step": run.checkpoints[-1], "count": whole}
    (last,) = (images for entry, images in blocks if entry == of_last)
    np.testing.assert_array_equal(sheets[run.checkpoints[-1]], last)


def test_walks_are_those_of_the_first_seed_and_points_have_none(inside: Built) -> None:
    frames = Frames.read(inside.study)
    arm = next(a for a in frames.arms if (a.dataset, a.method) == (synthetic.DATASET, "gan_ns"))
    walked = frames.first_walks(arm)
    assert walked.shape == (5, 9, 1, 28, 28)
    digits = synthetic.all_digits()
    np.testing.assert_array_equal(walked[:, 0], digits[:5])
    np.testing.assert_array_equal(walked[:, -1], digits[-5:])
    points = next(a for a in frames.arms if a.dataset != synthetic.DATASET)
    assert frames.first_samples(points)
    assert frames.first_walks(points) is None


def test_walks_are_drawn_for_the_papers_recipes(inside: Built) -> None:
    table = walks.data(Frames.read(inside.study).only(["*/gan_ns/paper"]).only(["@images/*"]))
    assert len(table) == 6
    strip, plot = walks.draw(table).axes
    assert strip.images[0].get_array().shape[:2] == (5 * 29 - 1, 9 * 29 - 1)
    np.testing.assert_allclose(plot.lines[0].get_xdata(), table["smoothness"])


def test_sheet_puts_images_row_by_row_with_clear_gaps() -> None:
    images = np.stack([np.full((1, 2, 3), 17 * i, np.uint8) for i in range(5)])
    page = style.sheet(images, columns=3)
    assert page.shape == (5, 11, 4)
    for i in range(5):
        y, x = i // 3 * 3, i % 3 * 4
        assert (page[y : y + 2, x : x + 3, :3] == 17 * i).all()
        assert (page[y : y + 2, x : x + 3, 3] == 255).all()
    assert page[..., 3].astype(bool).sum() == 5 * 6


def test_drawing_the_benchmark_needs_no_torch() -> None:
    ours = [p for p in OF_RUNS if p.split("/")[0] in ("benchmark", "wgan2017", "wgan_gp2017")]
    code = (
        "import sys; from replication.plan import registry; import replication.report.build\n"
        f"for panel in {ours!r}: registry.load_panel(panel)\n"
        "sys.exit('torch' in sys.modules)"
    )
    root = Path(registry.PACKAGE).parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
