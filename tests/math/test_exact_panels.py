"""The panels that need no run: their texts, their figures, and evidence that survives the csv file."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from replication.claims.schema import all_claims, papers
from replication.figures import panel as panels
from replication.figures import style
from replication.plan import registry


def exact(panel: str) -> bool:
    """Whether a panel computes all that it shows: no run, no experiment, no file."""
    head = registry.panel_metadata(panel)
    return not any(head.get(name) for name in ("RUNS", "EXPERIMENTS", "FILES"))


PANELS = [panel for panel in registry.panels() if exact(panel)]


@pytest.mark.parametrize("panel", PANELS)
def test_texts(panel):
    head = registry.panel_metadata(panel)
    assert head["RUNS"] == []
    of_a_paper = ("PAPER_SHOWS",) if panel.split("/")[0] in papers() else ()
    assert all(head[name] for name in ("TITLE", "CAPTION", *of_a_paper))
    assert not head["TITLE"].endswith(".")
    assert head["EXPLAINED"].count(". ") == 1, "two sentences"
    assert head["EXPLAINED"].endswith(".")


@pytest.mark.parametrize("panel", PANELS)
def test_panel_stands_alone(panel, monkeypatch, tmp_path):
    module = registry.load_panel(panel)
    table = module.data()
    monkeypatch.chdir(tmp_path)  # where there is nothing to open
    with style.applied():
        figure = module.draw(table)
        figure.draw_without_rendering()
    assert figure.get_figwidth() == style.WIDTH
    if not hasattr(module, "evidence"):
        return
    evidence = module.evidence(table)
    asked = {key: claim.panel for claim in all_claims(papers().values()) for key in claim.keys}
    assert {asked[key] for key in evidence} == {panel}
    text = panels.numbers(table).to_csv(index=False, float_format="%.6g")
    read = module.evidence(pd.read_csv(io.StringIO(text)))
    for key, values in evidence.items():
        assert read[key] == pytest.approx(values, rel=1e-3, abs=1e-9)
