"""The committed benchmarks: whole, of known origin, and as their page has them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from benchmarks import gpu, page, steps
from replication.plan import registry

COLUMNS = "method,net,ratio_step_to_floor,ratio_textbook_to_ours,utilisation,peak_mb,spread"


def test_the_table_has_every_net_for_each_of_its_methods() -> None:
    assert steps.TABLE.read_text(encoding="utf-8").splitlines()[0] == COLUMNS
    table = pd.read_csv(steps.TABLE)
    found = list(table[["net", "method"]].itertuples(index=False, name=None))
    methods = sorted(set(table["method"]))
    assert found == [(net, method) for net in steps.NETS for method in methods]
    assert set(methods) <= set(registry.ids("methods"))
    assert (table["ratio_step_to_floor"] > 0.9).all(), "no step is faster than its own products"


def test_the_page_shows_the_tables_as_they_are() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_every_table_says_what_it_was_made_on() -> None:
    made = json.loads(page.MADE.read_text(encoding="utf-8"))
    for stem in (file.stem for file in page.FOLDER.glob("*.csv")):
        assert set(made[stem]) == {"machine", "versions", "commit"}
        assert all(made[stem].values())


def test_the_check_of_a_gpu_runs_on_a_cpu_and_resumes_and_repeats_to_the_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gpu, "TURNS", 1)
    monkeypatch.setattr(gpu, "SECONDS", 0.0)
    found = gpu.row("gan_ns", "mlp", 2, "cpu")
    assert set(found) == set(gpu.COLUMNS)
    assert (found["resumes"], found["repeats"]) == ("yes", "yes")
    assert (found["waits"], found["ratio_captured"], found["peak_mb"]) == ("", "", ""), (
        "no GPU, no number"
    )
    assert found["milliseconds"] > 0


def test_a_weight_that_differs_is_seen() -> None:
    import torch

    ones = [torch.ones(3)]
    assert gpu.same(ones, [torch.ones(3)]) == "yes"
    assert gpu.same(ones, [torch.ones(3) + 1e-7]) == "no"
