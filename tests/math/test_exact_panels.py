"""The panels that need no run: their texts, their figures, and evidence that survives the csv file."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from replication.claims.schema import all_claims, papers
from replication.figures import style
from replication.plan import registry

PANELS = (
    *(
        panel
        for panel in registry.panels()
        if panel.startswith("theory/") and not registry.panel_metadata(panel).get("EXPERIMENTS")
    ),
    "arjovsky_bottou2017/theorem_2_5",
    "ebgan2017/parallel_lines",
    "ebgan2017/theorem1",
    "goodfellow2014/optimal_discriminator",
    "lsgan2017/chi2",
    "lsgan2017/losses",
    "salimans2016/historical_averaging",
    "salimans2016/label_smoothing",
    "salimans2016/xy_game",
    "ttur2017/toy",
    "wgan2017/fig1",
)


@pytest.mark.parametrize("panel", PANELS)
def test_texts(panel):
    head = registry.panel_metadata(panel)
    assert head["RUNS"] == []
    assert all(head[name] for name in ("TITLE", "CAPTION", "PAPER_SHOWS"))
    assert not head["TITLE"].endswith(".")
    assert head["EXPLAINED"].count(". ") == 1, "two sentences"
    assert head["EXPLAINED"].endswith(".")


@pytest.mark.parametrize("panel", PANELS)
def test_panel_stands_alone(panel):
    module = registry.load_panel(panel)
    table = module.data(None)
    with style.applied():
        figure = module.draw(table, None)
        figure.draw_without_rendering()
    assert figure.get_figwidth() == style.WIDTH
    if not hasattr(module, "evidence"):
        return
    evidence = module.evidence(table)
    asked = {key: claim.panel for claim in all_claims(papers().values()) for key in claim.keys}
    assert {asked[key] for key in evidence} == {panel}
    text = table.to_csv(index=False, float_format="%.6g")
    read = module.evidence(pd.read_csv(io.StringIO(text)))
    for key, values in evidence.items():
        assert read[key] == pytest.approx(values, rel=1e-3, abs=1e-9)
