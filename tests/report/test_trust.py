"""Scores through a classifier that has not learned its classes carry a warning."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import torch

from replication.data import _base as data
from replication.data._base import Images
from replication.features import lenet
from replication.figures.results import Frames
from replication.metrics import _trust
from replication.plan.paths import Paths
from replication.report import tables

NAN, PATHS = float("nan"), Paths.of("trust")


class Known(SimpleNamespace):
    """Results of bars of which nothing is known but the record of their classifier."""

    doubted = Frames.doubted


def frames(record: dict[str, Any]) -> Frames:
    """Results whose scores look through the classifier of a record."""
    budget = SimpleNamespace(evaluation=SimpleNamespace(extractor="lenet"))
    study = SimpleNamespace(config=SimpleNamespace(budget=budget))
    known = Known(study=study, datasets=["bars"], about=lambda dataset: {"classifier": record})
    return known  # type: ignore[return-value]


def bars(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Noise ``[n, 1, 10, 10]`` with a bright bar that lies (class 0) or stands (class 1)."""
    images = torch.rand(n, 1, 10, 10, generator=torch.Generator().manual_seed(seed)) - 1
    labels = torch.arange(n) % 2
    images[labels == 0, :, 4:6] += 1
    images[labels == 1, :, :, 4:6] += 1
    return images.clamp(-1, 1), labels


def trained(monkeypatch: pytest.MonkeyPatch, *, mixed_up: bool) -> dict:
    """The record of a classifier of bars, whose labels may be mixed up."""
    (train, y), (heldout, z) = bars(200, 0), bars(41, 1)
    if mixed_up:
        y, z = (
            v[torch.randperm(len(v), generator=torch.Generator().manual_seed(2))] for v in (y, z)
        )
    monkeypatch.setattr(data, "load", lambda path: Images(train, heldout, y, z))
    lenet.train(PATHS, "bars", epochs=5, threads=1)
    record = _trust.record(PATHS, "lenet", "bars")
    assert record == json.loads(PATHS.classifier("bars").with_suffix(".json").read_text())
    return record


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("accuracy", "chance", "enough"),
    [(0.19, 0.1, False), (0.2, 0.1, True), (0.74, 0.5, False), (0.75, 0.5, True), (0.94, 0.9, False)],
)  # fmt: skip
def test_learned_is_twice_chance_or_half_way_to_one(
    accuracy: float, chance: float, enough: bool
) -> None:
    assert lenet.learned(accuracy, chance) is enough


def test_guessing_names_the_most_frequent_class() -> None:
    assert lenet.guessing(torch.tensor([0, 2, 2, 1, 2])) == 0.6


def test_labels_that_are_mixed_up_are_warned_of_and_right_ones_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = trained(monkeypatch, mixed_up=True)
    assert record["chance"] == 21 / 41
    assert record["learned"] is False
    assert _trust.doubt("lenet", "bars", record) == (
        f"the LeNet of bars is right on {record['accuracy']:.0%} of held-out images, guessing on 51%: its scores "
        "mean little; check the labels, or raise classifier_epochs in the profile's evaluation"
    )
    names = (
        "fid_lenet_bars",
        "inception_score_lenet_bars_heldout",
        "w1_pixels",
        "fid",
        "fid_untrained_bars",
    )
    found = [frames(record).doubted(name) for name in names]
    assert found == [True, True, False, False, False]
    record = trained(monkeypatch, mixed_up=False)
    assert record["learned"] is True
    assert _trust.doubt("lenet", "bars", record) == ""
    assert not frames(record).doubted("fid_lenet_bars")


def test_of_a_net_that_nothing_is_known_of_nothing_is_said() -> None:
    assert _trust.record(PATHS, "untrained", "bars") == {}
    assert _trust.doubt("untrained", "bars", {}) == ""


def test_the_main_table_marks_such_scores_and_says_what_the_mark_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = frames(trained(monkeypatch, mixed_up=True))
    rows = [("precision_lenet_bars", 0.93), ("recall_lenet_bars", 0.0), ("w1_pixels", 3.0)]
    own = pd.DataFrame(rows, columns=["metric", "mean"]).set_index("metric")
    own = own.assign(ci_low=NAN, ci_high=NAN, n_seeds=2)
    cells = [tables.final(known, own, metric) for metric in own.index]
    assert [cell.text for cell in cells] == ["0.930 ‡ †", "0.00 ‡", "3.00"]
    noted = tables.noted("Quality.", [cells])
    assert "†: recall is below" in noted
    assert "‡: the classifier" in noted
    assert tables.noted("Quality.", [cells[2:]]) == "Quality."
    known = frames(trained(monkeypatch, mixed_up=False))
    assert tables.final(known, own, "recall_lenet_bars").text == "0.00"
