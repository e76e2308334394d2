"""Only a comparison with the training images tells copies from new images."""

import pytest

from replication.experiments import copies
from replication.metrics._base import parts
from replication.plan.config import Experiments
from replication.plan.paths import Paths


def test_the_memorised_share_grows_with_the_copies_and_nothing_else_minds(digits: Paths) -> None:
    table = copies.measure(Experiments(seeds=2, effort=0.4), digits)
    table = table.assign(stem=[parts(m).metric for m in table["metric"]])
    means = table.groupby(["stem", "share"])["value"].mean().unstack("share")
    memorised = means.loc["memorised"]
    assert list(memorised.index) == list(copies.SHARES)
    assert memorised.is_monotonic_increasing
    assert memorised[1.0] == 1
    # Of new images as many are close as of held-out ones, by definition 5 %; 400 drawn twice, so 4 sd are 0.03.
    assert memorised[0.0] == pytest.approx(0.05, abs=0.05)
    for metric in ("precision", "recall", "coverage"):
        assert means.loc[metric, 1.0] == pytest.approx(means.loc[metric, 0.0], abs=0.05)


def test_each_seed_knows_another_half(digits: Paths) -> None:
    table = copies.measure(Experiments(seeds=2, effort=0.1), digits)
    fid = table[[parts(m).metric == "fid" for m in table["metric"]]]
    assert fid.groupby("share")["value"].nunique().eq(2).all()
