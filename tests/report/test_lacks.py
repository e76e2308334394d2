"""Every figure of runs, and every page, of results that lack something a study may lack."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import lacks
import numpy as np
import pandas as pd
import pytest
import synthetic
from conftest import Built
from matplotlib.figure import Figure

from replication.analysis import tracking
from replication.figures import panel as panels
from replication.figures import style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.plan import registry
from replication.plan.study import Study
from replication.report import arm, build, context, cost

HEADS = {panel: registry.panel_metadata(panel) for panel in registry.panels()}
#: The others show no run, so nothing that a study lacks reaches them, or experiments too, which nobody invented.
OF_RUNS = [p for p, head in HEADS.items() if head["RUNS"] and not head.get("EXPERIMENTS")]
#: What is left out in every run of the tests; `make test-slow` leaves out everything else.
ALWAYS = ("labels", "scores above zero")
#: Arms on images that stand for those of a convolutional net too.
CONVOLVED = ("gan_ns", "wgan_clip")
#: Methods that no panel of points looks at by name, and a data set of points of which few do.
LEFT_OUT, SECOND = ("sngan",), "grid"


@pytest.fixture(scope="module")
def whole(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[lacks.Invented]:
    """Two seeds and half of the checkpoints of the invented results, and convolutional nets, in their own folder."""
    folder = shutil.copytree(built.folder, tmp_path_factory.mktemp("lacks") / "study")
    raw = synthetic.config()
    arm = {"dataset": synthetic.DATASET, "net": lacks.CONVOLUTIONAL, "methods": list(CONVOLVED)}
    raw["profiles"]["tiny"]["arms"].append(arm)
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracking, "following", remembered(tracking.following))
        read = Frames.read(built.study)
        tables = {name: few(getattr(read, name)) for name in ("runs", "curves", "quality")}
        whole = lacks.Invented(**vars(read) | tables | {"study": Study(raw)})
        yield lacks.measured(whole, whole.quality)


def remembered(following: Callable[..., tracking.Following]) -> Callable[..., tracking.Following]:
    """The same function, computed once for each pair of courses: most are those of a study that lacks nothing."""

    @cache
    def known(signal: tuple[float, ...], badness: tuple[float, ...]) -> tracking.Following:
        return following(signal, badness)

    return lambda signal, badness: known(tuple(signal), tuple(badness))


def few(table: pd.DataFrame) -> pd.DataFrame:
    """Two seeds, half of the checkpoints, fewer arms, and those of `CONVOLVED` on a convolutional net."""
    of_both = (table["dataset"] != SECOND) | table["method"].isin(CONVOLVED)
    table = table[(table["seed"] < 2) & ~table["method"].isin(LEFT_OUT) & of_both]
    if "metric" in table:
        order = table.groupby([*ARM, "seed", "metric"])["step"].rank()
        table = table[order % 2 == 0]
    images = table["dataset"] == synthetic.DATASET
    twin = table[images & table["method"].isin(CONVOLVED) & (table["variant"] == "paper")]
    return pd.concat([table, twin.assign(net=lacks.CONVOLUTIONAL)], ignore_index=True)


def some_slow(lack: str) -> Any:
    return pytest.param(lack, marks=() if lack in ALWAYS else pytest.mark.slow)


@pytest.fixture(scope="module", params=map(some_slow, lacks.LACKS))
def lacking(request: pytest.FixtureRequest, whole: lacks.Invented) -> Frames:
    """The results without what the parameter names."""
    return lacks.LACKS[request.param](whole)


def drawn(panel: str, frames: Frames) -> Figure:
    """As `panels.render`, without files, and as far as the ticks; a warning is an error.

    The figure is drawn in a folder that holds nothing to open.
    """
    module = registry.load_panel(panel)
    own = frames.only(registry.panel_metadata(panel)["RUNS"])
    with style.applied(), warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("error")
        table = panels.tabled(panel, own.study, own)
        why = panels.reason(panel, own.study, own) if table.empty else ""
        with tempfile.TemporaryDirectory() as empty, contextlib.chdir(empty):
            figure = panels.figure(panel, table, why)
        for axes in figure.axes:
            axes.get_xticks()
            axes.get_yticks()
        stored = pd.read_csv(io.StringIO(panels.numbers(table).to_csv(index=False)))
        for speak in ("evidence", "remarks") if len(stored) else ():
            getattr(module, speak, lambda table: None)(stored)
    return figure


@pytest.mark.parametrize("panel", OF_RUNS)
def test_a_panel_shows_what_there_is_or_says_what_is_missing(lacking: Frames, panel: str) -> None:
    figure = drawn(panel, lacking)
    if not figure.axes:
        (said,) = figure.texts
        assert said.get_text().startswith("Nothing to show: ")
        return
    for axes in figure.axes:
        shown = np.isfinite(axes.dataLim.get_points()).any() or axes.child_axes or axes.texts
        assert shown or not axes.axison


def test_every_page_is_written(
    lacking: Frames, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Frames, "read", classmethod(lambda cls, study: lacking))
    # They read the evidence of each arm, and what is lacking here was invented as tables.
    monkeypatch.setattr(arm, "arms", lambda studies: [])
    monkeypatch.setattr(context, "leaderboards", lambda studies: [])
    monkeypatch.setattr(cost, "cost", lambda drawn, studies: cost.Cost([], []))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heads = {panel: registry.panel_metadata(panel) for panel in OF_RUNS}
        for panel in (p for p in OF_RUNS if "CASE" in heads[p]):  # pages quote these
            table = panels.tabled(panel, built.study, lacking.only(heads[panel]["RUNS"]))
            panels.numbers(table).to_csv(built.study.paths.panel(panel)[-1], index=False)
        build.build(built.study)
