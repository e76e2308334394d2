"""Whole studies of the user's own images end in a whole report, whatever meets in them."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import combinations
import pandas as pd
import pytest
from combinations import Row, arm, cover, factors
from workspace import Workspace

from replication.figures import names
from replication.plan import registry
from replication.report import pages

STUDIES = [pytest.param(row, id=combinations.title(row)) for row in cover(factors())]


def test_every_level_of_a_factor_meets_every_level_of_the_others() -> None:
    rows = cover(factors())
    for (one, its), (other, others) in itertools.combinations(factors().items(), 2):
        met = {(row[one], row[other]) for row in rows}
        assert met == set(itertools.product(its, others)), (one, other)
    methods = {method for row in rows for method in row["methods"].split("+")}
    assert methods == set(registry.ids("methods"))
    assert len(rows) <= 12


@pytest.mark.slow
@pytest.mark.pipeline
@pytest.mark.xdist_group("pipeline")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("row", STUDIES)
def test_a_study_ends_in_a_whole_report(finished: Workspace, tmp_path: Path, row: Row) -> None:
    workspace = finished.copied(tmp_path / "study")  # with its experiments, which no arm changes
    shutil.rmtree(workspace.folder / "results" / "smoke" / "logs")
    combinations.write(row, workspace.folder)
    workspace.succeed("snakemake", "--cores", "all", "all")
    assert faults(workspace.folder) == []
    assert silent_figures(workspace.folder) == []
    runs = pd.read_csv(workspace.folder / "results" / "smoke" / "runs.csv").astype(str)
    arms = runs[["dataset", "net", "method", "variant"]].agg("/".join, axis=1)
    written = pages.outputs({"smoke": list(dict.fromkeys(arms))})
    assert [page for page in written if not (workspace.folder / page).exists()] == []
    front = (workspace.folder / "reports" / "README.md").read_text(encoding="utf-8")
    for method in arm(row)["methods"]:
        assert f"\n| {names.method_label(method)} |" in front


def faults(folder: Path) -> list[str]:
    """The lines of a study's logs that speak of a fault."""
    logs = sorted((folder / "results" / "smoke" / "logs").rglob("*.log"))
    assert logs
    lines = [f"{log.name}: {line}" for log in logs for line in log.read_text().splitlines()]
    return [
        line for line in lines if re.search(r"\berror\b|traceback|warning", line, re.IGNORECASE)
    ]


def silent_figures(folder: Path) -> list[str]:
    """The panels that show nothing and do not say so."""
    silent = []
    for panel in registry.panels():
        stem = folder / "reports" / "figures" / "smoke" / panel
        empty = pd.read_csv(stem.with_suffix(".csv")).empty
        says = "Nothing to show: " in stem.with_suffix(".svg").read_text(encoding="utf-8")
        if empty != says:
            silent.append(panel)
    return silent
