"""Fewer images, worse scores: on the experiment's own table."""

import pytest

from replication.experiments import sample_size
from replication.plan.config import Experiments
from replication.plan.paths import Paths


def test_scores_get_worse_with_fewer_images(digits: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_size, "SIZES", (100, 2_000))
    table = sample_size.measure(Experiments(seeds=1, effort=1), digits).set_index(
        ["source", "images"]
    )
    for source in sample_size.SOURCES:
        assert table.loc[(source, 100), "fid"] > table.loc[(source, 2_000), "fid"]
        assert (
            table.loc[(source, 100), "inception_score"]
            < table.loc[(source, 2_000), "inception_score"]
        )
    assert table.loc[("noisy", 2_000), "fid"] > table.loc[("real", 2_000), "fid"]
