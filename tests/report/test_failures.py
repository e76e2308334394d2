"""Failure modes: rules that choose a run, on tables with known answers; and what the page says of them."""

from __future__ import annotations

import contextlib
import math
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import SMALL, Built, Page

from replication.figures import panel as panels
from replication.figures.results import Frames
from replication.pages.failures import _cases, flat_estimate, saturated, swings
from replication.plan import registry
from replication.report import build, failures, glossary, pages

FAILURES = [panel for panel in registry.panels() if pages.of(panel) == pages.FAILURES]


@pytest.mark.parametrize("panel", FAILURES)
def test_a_way_to_fail_says_what_to_look_at_and_what_to_try(panel: str) -> None:
    head = registry.panel_metadata(panel)
    assert set(head["CASE"]) == {"measure", "shown", "limit"}
    assert head["CASE"]["shown"] in ("at most", "at least")
    assert len(head["LOOKS"]) > 80
    assert len(head["TRY"]) >= 3


def test_the_lowest_or_the_highest_score_is_chosen_and_ties_are_settled() -> None:
    index = pd.MultiIndex.from_tuples([("d", "n", "m", "v", s) for s in (3, 1, 2, 0)])
    scores = pd.Series([0.5, 0.5, 0.9, math.nan], index=index)
    assert _cases.extreme(scores, "at most") == ("d", "n", "m", "v", 1)
    assert _cases.extreme(scores, "at least") == ("d", "n", "m", "v", 2)
    assert _cases.extreme(scores * math.nan, "at most") is None


def test_a_run_whose_last_sheet_is_blank_is_passed_over_and_one_without_samples_is_not() -> None:
    sheets = {0: np.full((4, 1, 8, 8), 3, np.uint8), 1: np.eye(8, dtype=np.uint8)[None, None] * 255}
    known = SimpleNamespace(samples=lambda arm, seed: {9: sheets[seed]} if seed in sheets else {})
    index = pd.MultiIndex.from_tuples([("mnist_5k", "n", "m", "v", s) for s in (0, 1, 2)])
    for values, seed in (([1.0, 2.0, 3.0], 1), ([1.0, 3.0, 2.0], 2)):
        scores = pd.Series(values, index=index)
        found = _cases.most_extreme_seen(scores, "at most", known)  # type: ignore[arg-type]
        assert found == ("mnist_5k", "n", "m", "v", seed)


def test_a_swing_is_a_rise_above_the_lowest_earlier_value_of_the_last_half() -> None:
    step = np.arange(1, 9)
    assert swings.rebound(pd.DataFrame({"step": step, "value": [9, 1, 9, 8, 6, 4, 6, 3]})) == 1.5
    assert swings.rebound(pd.DataFrame({"step": step, "value": 9.0 - step})) == 1.0
    assert math.isnan(swings.rebound(pd.DataFrame({"step": [5], "value": [1.0]})))
    assert math.isnan(swings.rebound(pd.DataFrame({"step": [4, 5], "value": [0.0, 1.0]})))


def test_what_is_left_of_a_gradient_is_late_over_largest_early() -> None:
    assert saturated.left_over(pd.Series([1.0, 4, 2, 1, 1, 1, 0.1, 0.3])) == pytest.approx(0.05)
    assert math.isnan(saturated.left_over(pd.Series([1.0, math.nan, 1.0, 1.0])))
    assert math.isnan(saturated.left_over(pd.Series([1.0])))


def test_a_flat_estimate_counts_only_where_quality_at_least_halves() -> None:
    run = pd.DataFrame({"value": [8.0, 6.0, 4.0], "estimate_heldout": [0.6, 0.5, 0.55]})
    assert flat_estimate.movement(run) == pytest.approx(1 / 6)
    assert math.isnan(flat_estimate.movement(run.assign(value=[8.0, 6.0, 4.1])))
    assert math.isnan(flat_estimate.movement(run.assign(estimate_heldout=0.0)))


def test_the_least_modes_and_the_least_classes_are_those_of_quality(built: Built) -> None:
    quality = built.table("quality.parquet")
    runs = built.table("runs.csv")
    done = quality.merge(runs.loc[runs["state"] == "finished", _cases.KEY], on=_cases.KEY)
    last = done[done["step"] == done.groupby(_cases.KEY)["step"].transform("max")]
    sharp = last[(last["metric"] == "high_quality") & (last["value"] >= 0.5)]
    modes = last[last["metric"] == "modes"].merge(sharp[_cases.KEY], on=_cases.KEY)
    share = modes["value"] / modes["dataset"].map({"ring": 8, "grid": 25})
    assert built.numbers("failures/modes_lost")["score"].iloc[0] == pytest.approx(
        share.min(), rel=1e-5
    )
    entropy = last.loc[last["metric"].str.startswith("class_entropy"), "value"].min()
    shown = built.numbers("failures/one_class")["score"].iloc[0]
    assert shown == pytest.approx(math.exp(entropy - 2.29), rel=1e-5)


def test_the_first_run_to_diverge_is_drawn_and_all_are_counted(built: Built) -> None:
    runs = built.table("runs.csv")
    ended = runs[runs["state"] != "finished"]
    table = built.numbers("failures/diverged")
    assert set(table["score"]) == {len(ended)}
    first = ended.loc[ended["step"].idxmin()]
    own = table[table["own"]]
    assert set(own["seed"]) == {first["seed"]}
    assert set(own["variant"]) == {first["variant"]}


@pytest.mark.parametrize("panel", FAILURES)
def test_the_page_says_of_each_failure_what_its_csv_says(
    built: Built, inside: Built, panel: str
) -> None:
    case, table = registry.panel_metadata(panel)["CASE"], built.numbers(panel)
    said = failures._found(case, table, Frames.read(inside.study))
    assert said.replace("'", "&#39;") in built.read("failures.html")
    if not len(table):
        assert said == "No run of this study shows it."
        return
    shows = table["score"].iloc[0]
    reached = shows <= case["limit"] if case["shown"] == "at most" else shows >= case["limit"]
    assert said.startswith("The run that shows it best: " if reached else "No run of this study")


def test_where_no_run_diverged_the_page_says_so_and_shows_no_figure(
    built: Built, tmp_path: Path
) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    with contextlib.chdir(tmp_path / "copy"):
        runs = built.study.paths.table("runs.csv")
        pd.read_csv(runs).assign(state="finished").to_csv(runs, index=False)
        panels.render(built.study, "failures/diverged")
        build.build(built.study)
        text = Path("reports/failures.html").read_text()
    section = text[text.index('id="failure-failures-diverged"') :]
    section = section[: section.index("</section>")]
    assert "No run of this study shows it." in section
    assert "<figure" not in section


def test_spread_over_seeds_is_that_of_quality(built: Built) -> None:
    tables = Page(built.read("failures.html")).tables
    rows = next(t[1:] for t in tables if t[0][-1] == "Seeds")
    quality = built.table("quality.parquet")
    own = quality[(quality["method"] == "wgan_clip") & (quality["dataset"] == "mnist_5k")]
    own = own[own["metric"].str.startswith("fid")]
    last = own[own["step"] == own["step"].max()]["value"]
    row = next(r for r in rows if r[0].startswith(f"WGAN (clip){SMALL}") and r[1].startswith("FID"))
    shown = [float(cell) for cell in row[2:5]]
    assert shown == pytest.approx([last.min(), last.median(), last.max()], rel=0.006)
    assert row[5] == str(len(last))


def test_the_glossary_has_every_metric_and_method_once() -> None:
    groups = glossary.glossary()
    anchors = [entry.anchor for group in groups for entry in group.entries]
    assert len(anchors) == len(set(anchors))
    terms = {entry.term for group in groups for entry in group.entries}
    for kind in ("metrics", "methods", "features"):
        assert {registry.metadata(kind, name)["LABEL"] for name in registry.ids(kind)} <= terms
    text = " ".join(entry.text for group in groups for entry in group.entries)
    assert all(registry.summary("metrics", m) in text for m in registry.ids("metrics"))


def test_the_methods_page_has_every_metric_that_was_measured(built: Built) -> None:
    tables = Page(built.read("methods.html")).tables
    rows = next(t[1:] for t in tables if t[0][0] == "Metric")
    quality = built.table("quality.parquet")
    assert len(rows) == len(quality[["dataset", "metric"]].drop_duplicates())
    evaluation = built.study.config.budget.evaluation
    fid = next(row for row in rows if row[0].startswith("FID"))
    assert f"{evaluation.samples:,} generated" in fid[3]
