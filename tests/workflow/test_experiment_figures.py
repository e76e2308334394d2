"""Figures of experiments that lack seeds, numbers, or values that have a logarithm."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workspace import Workspace, smoke

from replication.figures import panel as panels
from replication.figures import style
from replication.plan import registry

pytestmark = [pytest.mark.pipeline, pytest.mark.xdist_group("pipeline")]

HEADS = {panel: registry.panel_metadata(panel) for panel in registry.panels()}
#: Those that show experiments of the study alone.
OF_LABS = [
    panel
    for panel, head in HEADS.items()
    if head.get("EXPERIMENTS")
    and not head["RUNS"]
    and {*head["EXPERIMENTS"]} <= {*smoke().experiments}
]


def valued(value: float) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """One number for everything that an experiment measured, where its table calls that ``value``."""
    return lambda table: table.assign(value=value) if "value" in table else table


LACKS = {
    "seeds": lambda table: table[table["seed"] == table["seed"].min()],
    "numbers": valued(np.nan),
    "values above zero": valued(0.0),
}


#: Every figure lacks one of them in every run, and all of them in `make test-slow`.
LACKING = [
    pytest.param(panel, lack, marks=[] if (i - j) % len(LACKS) == 0 else [pytest.mark.slow])
    for i, panel in enumerate(OF_LABS)
    for j, lack in enumerate(LACKS)
]


@pytest.mark.parametrize(("panel", "lack"), LACKING)
def test_a_figure_of_a_lab_is_drawn(
    finished: Workspace, panel: str, lack: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(finished.folder)
    measured, study = panels.experiment, smoke()
    monkeypatch.setattr(
        panels, "experiment", lambda paths, name: LACKS[lack](measured(paths, name))
    )
    with style.applied(), warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("error")
        table = panels.tabled(panel, study, None)
        why = panels.reason(panel, study, None) if table.empty else ""
        monkeypatch.chdir(tmp_path)  # where there is nothing to open
        figure = panels.figure(panel, table, why)
        for axes in figure.axes:
            axes.get_xticks()
            axes.get_yticks()
        getattr(registry.load_panel(panel), "evidence", lambda table: None)(table)
    assert figure.axes or figure.texts[0].get_text().startswith("Nothing to show: ")
